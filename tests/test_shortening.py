"""What may be left out of a unit: the words themselves are compared."""

from __future__ import annotations

import pytest

from yibao.answer.shortening import inner_jumps
from yibao.answer.units import units_of
from yibao.language.normalise import fold


def left_out(text: str, *, duty: bool = False) -> set[str]:
    unit = units_of(fold(text))[0]
    return {"".join(unit.tokens[start:end]) for start, end in inner_jumps(unit, duty=duty)}


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("用微信、支付宝、银行卡缴费", "、支付宝"),
        ("急救中心（站）派车", "(站)"),
        ("异地都能报销", "都"),
        ("转诊、急诊等临时外出人员备案", "转诊、急诊等"),
        ("可以在窗口或者网上办", "或线上"),
    ],
)
def test_may_be_left_out(text: str, may: str) -> None:
    assert may in left_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "甲、乙共同负担", "应当提供甲或者乙", "只能用于甲、乙", "除甲、乙外", "甲、乙、丙三种", "提供甲和乙的",
        "参保人（退休）报销", "费用（不含药费）报销", "每年报销", "通常报销", "部分地区报销",
        "由二级及以上医院出具", "未及时足额缴费",
    ],
)  # fmt: skip
def test_may_not_be_left_out(text: str) -> None:
    assert {each for each in left_out(text) if each not in "()"} == set()


def test_a_duty_named_before_holds_for_the_list() -> None:
    assert "或乙" in left_out("提供甲或乙")
    assert left_out("提供甲或乙", duty=True) == set()
