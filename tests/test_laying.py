"""The tokens of a sentence find their places in a quote."""

from __future__ import annotations

from itertools import accumulate, chain

import pytest

from yibao.answer.grounds import Grounds
from yibao.answer.laying import Laid, lay
from yibao.answer.units import units_of
from yibao.language.normalise import fold


def laid(sentence: str, quote: str) -> Laid:
    units = [list(unit.tokens) for unit in units_of(fold(sentence))]
    return lay([*chain(*units)], [0, *accumulate(map(len, units))], Grounds(fold(quote)))


@pytest.mark.parametrize(
    ("sentence", "quote", "places"),
    [
        ("住院报销", "门诊住院报销", [2, 3, 4, 5]),
        ("报销，住院", "住院可以报销", [3, 4, 0, 1]),
        ("住院全部报销", "住院报销", [0, 1, None, None, 2, 3]),
        ("住院报销80%", "住院报销50%。", [0, 1, 2, 3, None]),
        ("乙药店住院报销", "甲药店报销。乙药店住院报销。", [5, 6, 7, 8, 9, 10, 11]),  # where more is the same
        ("标准，甲乙丙标准", "甲乙丙标准，由县定。", [None, None, 0, 1, 2, 3, 4]),
    ],
)
def test_the_longest_runs_come_first(sentence: str, quote: str, places: list[int | None]) -> None:
    assert list(laid(sentence, quote).places) == places


def test_a_laid_sentence_knows_what_either_text_has_alone() -> None:
    one = laid("退休人员住院都报销", "住院可以报销。门诊不报销。")
    assert [one.claim[start:end] for start, end in one.added()] == [("退", "休", "人"), ("都",)]
    assert one.touched == [0]
    assert [one.grounds.tokens[start:end] for start, end in one.missing(0)] == [["C"]]
    assert (one.unit_from(0), one.unit_from(len(one.claim))) == (0, None)
