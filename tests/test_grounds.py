"""Where a sentence may begin in a quote, and behind what it may end."""

from __future__ import annotations

import pytest

from yibao.answer.grounds import Grounds
from yibao.language.normalise import fold


@pytest.mark.parametrize(
    ("quote", "heads"),
    [
        ("在职职工报销70%，退休人员报销80%。", [0, 1]),
        ("备案的，报销80%，未备案的，报销60%。", [0, 2]),
        ("备案后，门诊报销50%；住院报销60%。", [0]),
        ("参保人缴费满一年，可以报销。有效期为半年。", [0, 2]),
        ("不予支付：美容的；整形的。", [0, 1, 2]),
    ],
)
def test_a_sentence_begins_where_no_condition_is_left_behind(quote: str, heads: list[int]) -> None:
    assert list(Grounds(fold(quote)).heads) == heads


@pytest.mark.parametrize(
    ("quote", "benefit", "ends"),
    [
        ("住院可以报销，最高不超过5万元。", True, [1]),
        ("住院可以报销，手续简便。", True, [0, 1]),
        ("住院可以报销。但美容除外。", True, [1]),
        ("单位应当申报，并应当公示。", False, [0, 1]),
        ("住院可以报销，应当先备案。", True, [1]),
        ("参保人缴费，可以报销。", True, [1]),
        ("断缴会清零，这是谣言。", False, [1]),
        ("能报销吗？可以。", True, [1]),
    ],
)
def test_a_sentence_ends_where_nothing_takes_it_back(quote: str, benefit: bool, ends: list[int]) -> None:
    assert sorted(Grounds(fold(quote)).ends(benefit=benefit).values()) == ends


def test_a_leading_line_holds_for_its_line_or_its_list() -> None:
    inline = Grounds(fold("误区：断缴清零。实际上，累计计算。\n另行通知。"))
    assert inline.leads == [[], [0], [], []]
    below = Grounds(fold("不予支付：\n- 美容；\n- 整形。\n\n其他可以报销。"))
    assert below.leads == [[], [0], [0], []]
