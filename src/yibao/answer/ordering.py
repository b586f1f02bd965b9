"""Do the parts of a sentence stand in an order that says the same as the quote?

Sentences and rules of a quote may change places, and so may the units of one rule. Inside a unit one phrase may stand
elsewhere: who pays whom cannot be exchanged by moving one thing once. A part is said in one piece; only what it begins
with, its subject, may stand apart from the rest. First and then are never exchanged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from yibao.answer.claims import RULES, marks_of
from yibao.answer.grounds import Grounds
from yibao.answer.laying import Laid
from yibao.answer.units import shape_of

_NAME = 4  # tokens beside a point where an order is turned that may name a person
_SUBJECT = 6  # tokens that may stand before a condition: 本人在出院后
_PHRASES = ((2, 3), (3, 2))  # tokens in a row on either side of the point where an order is turned


def turned_units(laid: Laid) -> set[int] | None:
    """Return the units in which a phrase was moved, or None where the order says something else."""
    grounds, turned = laid.grounds, set[int]()
    placed = [(n, place) for n, place in enumerate(laid.places) if place is not None]
    for i in range(1, len(placed)):
        one, other = grounds.unit_of[placed[i - 1][1]], grounds.unit_of[placed[i][1]]
        if placed[i][1] > placed[i - 1][1]:
            continue
        told = one != other and grounds.units[other].is_topic and not _begins(laid, placed[i - 1][0], placed[i][0])
        if told or not _may_change(grounds, one, other):  # 应当说明放弃, for 放弃的, 应当说明
            return None
        if one == other:
            if one in turned or not _may_turn(laid, placed, i):
                return None
            turned.add(one)
    pieces = _pieces([place for _, place in placed], grounds)
    return None if pieces is None or (pieces and turned) else turned


def _may_turn(laid: Laid, placed: Sequence[tuple[int, int]], i: int) -> bool:
    """Tell whether a phrase may stand elsewhere in its unit: no name or time (缴子女保费: 子女缴保费)."""
    around = "".join(laid.claim[max(placed[i][0] - _NAME, 0) : placed[i][0] + _NAME])
    unit = laid.grounds.units[laid.grounds.unit_of[placed[i][1]]]
    if any(mark.kind == "person" for mark in marks_of(around)) or re.search("[前后]", unit.shape):
        return False
    return any(_in_a_row(placed[max(i - k, 0) : i], k) and _in_a_row(placed[i : i + m], m) for k, m in _PHRASES)


def _begins(laid: Laid, last: int, n: int) -> bool:
    """Tell whether a unit begins between two tokens of a sentence, or only a subject stands before the second."""
    border = max(border for border in laid.borders if border <= n)
    subject = shape_of(laid.claim[border:n])
    return border > last or (len(subject) <= _SUBJECT and not re.search("[CFNDMOXW不#]", subject))


def _may_change(grounds: Grounds, one: int, other: int) -> bool:
    """Tell whether two units may change places: no sequence is told, and not two conditions with what follows each."""
    units = grounds.units
    first, groups = grounds.first, grounds.groups
    if first[one] == first[other] and any(RULES["sequence"].search(unit.text) for unit in units[other : one + 1]):
        return False
    topics = [n for n, unit in enumerate(units) if groups[n] == groups[one] and unit.is_topic]
    return one == other or groups[one] != groups[other] or len(topics) <= 1


def _in_a_row(placed: Sequence[tuple[int, int]], size: int) -> bool:
    return len(placed) == size and all(z - a == size - 1 for a, z in zip(placed[0], placed[-1], strict=True))


def _pieces(places: list[int], grounds: Grounds) -> bool | None:
    """Tell whether a unit or a rule is said in two pieces; None where the first of them is more than a subject."""
    apart = False
    for part_of in (range(len(grounds.units)), grounds.groups):
        pieces: defaultdict[int, list[list[int]]] = defaultdict(list)
        for part, run in groupby(places, key=lambda place: part_of[grounds.unit_of[place]]):
            pieces[part].append(list(run))
        for part, (first, *rest) in pieces.items():
            if len(rest) > 1 or (
                rest and not grounds.starts[part] == first[0] <= first[-1] < grounds.starts[part + 1] - 1
            ):
                return None
            apart = apart or bool(rest)
    return apart
