"""Every quantity of a text, read in one place: numbers, shares, money, times, ages, dates, ordinals, counts, codes.

Index terms, facts set off, contrasts and the check of claims all read through ``read_quantities``, so that one
writing has one value for all of them.
"""

from yibao.language.quantities.quantity import FOREVER, Bound, Quantity, QuantityKind
from yibao.language.quantities.reading import read_figures, read_quantities
from yibao.language.quantities.units import base_unit

__all__ = ["FOREVER", "Bound", "Quantity", "QuantityKind", "base_unit", "read_figures", "read_quantities"]
