"""Where what a quote says begins anew, and which lines hold for what stands below them."""

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
    assert sorted(Grounds(fold(quote)).heads) == heads


def test_a_leading_line_holds_for_its_line_or_its_list() -> None:
    inline = Grounds(fold("误区：断缴清零。实际上，累计计算。\n另行通知。"))
    assert inline.leads == [[], [0], [], []]
    below = Grounds(fold("不予支付：\n- 美容；\n- 整形。\n\n其他可以报销。"))
    assert below.leads == [[], [0], [0], []]
    items = Grounds(fold("不予支付：\n\n（一）美容；\n\n（二）整形。\n\n其他可以报销。"))
    assert items.leads == [[], [0], [0], []]


def test_units_belong_to_the_rule_that_they_stand_in() -> None:
    grounds = Grounds(fold("备案的，报销80%，未备案的，报销60%。"))
    assert grounds.groups == [0, 0, 2, 2]
    assert [grounds.unit_of[place] for place in grounds.starts[:-1]] == [0, 1, 2, 3]
