"""What a sentence may leave out inside a unit of a quote and still say the truth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from yibao.answer.claims import INHERITED, RULES, marks_of
from yibao.answer.units import MODAL, Unit
from yibao.language.quantities import read_figures

_FILLING = "()等都"  # tokens that may be left out anywhere, but for 不都
_FREE_IN_BRACKETS = frozenset(["figure", "care", "place", "turn"])  # such a bracket explains, it does not restrict
_LONGEST_ITEM = 6  # tokens of a list's first or last item where no item between them tells
_FARTHEST = 40  # tokens of any outer item
_AND_OTHERS = re.compile("等.{0,7}$")
_CRITICAL = RULES["critical"]


def inner_jumps(unit: Unit, *, duty: bool) -> Iterator[tuple[int, int]]:
    """Yield start and end of the tokens of a unit that a sentence may leave out.

    ``duty`` tells that the sentence of the unit names a duty before it.
    """
    shape = unit.shape
    yield from (match.span() for match in re.finditer(f"(?<![不XW])[{_FILLING}]", shape))
    yield from (m.span() for m in RULES["fillers"].finditer(shape) if not re.search("[FXW不]", shape[: m.start()]))
    for bracket in re.finditer(r"\([^()]*\)", shape):
        inner = bracket.group()
        told = inner[1:-1] in shape[: bracket.start()] or inner[1:5] in ("以下简称", "下称")  # 农合(新农合)
        told = (
            told
            or {m.kind for m in marks_of(inner)}
            <= {m.kind for m in marks_of("".join(unit.tokens)[: bracket.start()])} & INHERITED
        )
        if told or not (MODAL.search(inner) or {mark.kind for mark in marks_of(inner)} - _FREE_IN_BRACKETS):
            yield bracket.span()
    if unit.border[:1] == ":":
        yield from (match.span() for match in RULES["these"].finditer(shape))
    for examples in re.finditer(
        "(?:^|(?<=[CNM]))(?P<named>[^CNM]*?、.*?)等(?=[^、或])", shape
    ):  # 转诊、旅游急诊等 | 临时外出就医人员
        if not _CRITICAL.search(examples["named"]):
            yield examples.span()
    counted = any(figure.kind == "count" for figure in read_figures(unit.text))
    if not counted and not RULES["together"].search(shape):
        for marks in _lists(shape):
            if _may_be_shortened(unit, marks, duty=duty):
                yield from _items(unit, marks)


def _lists(shape: str) -> list[list[int]]:
    """Return the places of the marks between the items of each list; what rules, 应当对, parts one from the next."""
    lists: list[list[int]] = []
    for match in re.finditer("[、或](?!以[上下])", shape):
        if lists and not _CRITICAL.search(shape[lists[-1][-1] : match.start()]):
            lists[-1].append(match.start())
        else:
            lists.append([match.start()])
    return lists


def _may_be_shortened(unit: Unit, marks: Sequence[int], *, duty: bool) -> bool:
    """Tell whether a list still says the truth with an item less: not one of conditions, nor of all that is allowed.

    Of conditions joined by "or" each is enough; of duties joined by "or" none is.
    """
    shape, modal = unit.shape, MODAL.search(unit.shape)
    if any(shape[mark] == "或" for mark in marks):
        return not duty and not re.search("[NMO]", shape[: marks[-1]])
    restricts = modal is not None and marks[-1] < modal.start() and "的" in unit.text
    return not unit.is_topic and not restricts and "O" not in shape[: marks[0]]


def _items(unit: Unit, marks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the items of a list, each with the mark beside it; where the outer ones begin and end is not marked."""
    shape = unit.shape
    yield from pairwise(marks)
    longest = max((b - a for a, b in pairwise(marks)), default=_LONGEST_ITEM)
    for start in range(max(0, marks[0] - _FARTHEST), marks[0]):
        first = shape[start : marks[0]]
        if (start == 0 or len(first) <= longest) and not _CRITICAL.search(first):
            yield from ((start, mark + 1) for mark in marks)
    for end in range(marks[-1] + 2, min(len(shape), marks[-1] + _FARTHEST) + 1):
        last = shape[marks[-1] + 1 : end]
        at_border = end == len(shape) or MODAL.match(shape, end) or shape[end] == "等" or _AND_OTHERS.search(last)
        if (at_border or len(last) <= longest) and not _CRITICAL.search(last):
            yield from ((mark, end) for mark in marks)
    if shape[marks[0]] == "或" and unit.is_topic:  # each of two conditions is enough
        yield marks[0], len(shape)
