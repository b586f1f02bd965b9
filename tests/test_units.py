"""Texts that say the same are written the same, texts that do not are not."""

from __future__ import annotations

import pytest

from yibao.answer.units import tokens_of, units_of
from yibao.language.normalise import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("需要备案", "须备案"), ("应当备案", "应备案"), ("可以报销", "能报销"), ("不能报销", "无法报销"),
        ("有效期是6个月", "有效期为半年"), ("无需备案", "不用备案"), ("参保人员", "参保人"), ("福建省福州市", "福州"),
        ("城乡居民基本医疗保险", "居民医保"), ("最高5万元", "最多50,000元"), ("从参保之日起", "自参保之日起"),
        ("住院的时候", "住院期间"), ("如果备案", "备案"), ("进行审核", "审核"), ("70%至80%", "70%到80%"),
    ],
)  # fmt: skip
def test_one_writing(one: str, other: str) -> None:
    assert tokens_of(fold(one)) == tokens_of(fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("可以备案", "应当备案"), ("应当备案", "必须备案"), ("可能报销", "可以报销"), ("未备案", "备案"), ("每年", "每月"),
        ("甲类", "乙类"), ("以上", "以下"), ("职工转居民", "居民转职工"), ("为子女缴费", "子女缴费"), ("仅住院", "住院"),
        ("不是所有都能", "都不能"), ("部分地区", "地区"), ("参保地", "就医地"), ("一年半", "一年"), ("先备案", "备案"),
        ("由甲向乙支付", "由乙向甲支付"), ("超过3个月", "不足3个月"), ("不超过5万元", "超过5万元"),
    ],
)  # fmt: skip
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert tokens_of(fold(one)) != tokens_of(fold(other))


def test_units_are_cut_at_punctuation_but_not_in_brackets_or_numbers() -> None:
    units = units_of(fold("第三条 参保人（含退休，不含学生）报销1,000元；\n- 其他：上午办理。"))
    assert [unit.text for unit in units] == ["参保人(含退休、不含学生)报销1,000元", "其他", "上午办理"]
    assert [unit.border[:1] for unit in units] == [";", ":", "\u3002"]
    assert [unit.ends_sentence for unit in units] == [False, False, True]
    assert len(units_of(fold("与上年相比，2021年上涨6%"))) == 2


@pytest.mark.parametrize(
    ("text", "topic", "asserts"),
    [
        ("备案的", True, False), ("如果已备案", True, False), ("出院后", True, False), ("按照病情", True, False),
        ("可以报销", False, True), ("报销80%", False, True), ("不再支付", False, True), ("连续缴费满一次", False, True),
        ("办理登记", False, False), ("从出生当日算起", False, False),
    ],
)  # fmt: skip
def test_conditions_are_told_from_statements(text: str, topic: bool, asserts: bool) -> None:
    (unit,) = units_of(fold(text))
    assert (unit.is_topic, unit.asserts) == (topic, asserts)
