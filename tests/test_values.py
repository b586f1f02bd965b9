from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.language.values import Value, ValueKind, find_values, number_of

KINDS: tuple[ValueKind, ...] = ("share", "amount", "duration", "date", "count", "phone", "link", "place")


def written(text: str, kind: ValueKind) -> list[str]:
    return [text[value.start : value.end] for value in find_values(text, (kind,))]


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("share", "门诊报45%\uff0c住院报70%-80%\uff0c大病报60%至65.5%", ["45%", "70%-80%", "60%至65.5%"]),
        ("share", "报百分之五十\uff0c或百分之六十到百分之七十", ["百分之五十", "百分之六十到百分之七十"]),
        ("share", "能报七成\uff0c那边七成五", ["七成", "七成五"]),
        ("share", "成立三年\uff0c完成五项", []),
        ("amount", "每年400元/年\uff0c封顶20,000元\uff0c或1.5万元", ["400元/年", "20,000元", "1.5万元"]),
        ("amount", "六百元到账\uff0c5-8万元", ["六百元", "5-8万元"]),
        ("amount", "元旦和单元", []),
        (
            "duration",
            "15个工作日内\uff0c1到3个月\uff0c6-12个月\uff0c半年",
            ["15个工作日", "1到3个月", "6-12个月", "半年"],
        ),
        ("duration", "津贴为1个半月\uff0c长期有效", ["1个半月", "长期"]),
        ("duration", "2025年的政策\uff0c9月1日开始\uff0c没有等待期", ["没有等待期"]),
        ("date", "2024年5月开通\uff0c2024年9月到12月缴费", ["2024年5月", "2024年9月到12月"]),
        ("date", "每年9月至12月\uff0c于1953年建立\uff0c2025-04-19发布", ["每年9月至12月", "1953年", "2025-04-19"]),
        ("date", "6个月内有效\uff0c400元/年", []),
        ("count", "5种门诊慢特病\uff0c9类家庭成员\uff0c43个科室", ["5种", "9类", "43个"]),
        ("count", "6个月\uff0c15个工作日\uff0c3人", []),
        ("phone", "打12393或0713-7220256\uff0c13800138000", ["12393", "0713-7220256", "13800138000"]),
        ("phone", "共20000元\uff0c2024-05-01\uff0c1234", []),
        ("link", "网址\uff1ahttp://ybj.jxfz.gov.cn。", ["http://ybj.jxfz.gov.cn"]),
        ("place", "地址是临翔区南塘街116号\uff0c电话", ["临翔区南塘街116号"]),
        ("place", "具体地址是裕城路16号楼6A号。", ["裕城路16号楼6A号"]),
    ],
)
def test_values_are_found_where_they_stand(kind: ValueKind, text: str, values: list[str]) -> None:
    assert written(text, kind) == values


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("duration", "半年", "6个月"),
        ("duration", "一年", "12个月"),
        ("duration", "1年", "365天"),
        ("duration", "90天", "三个月"),
        ("duration", "六至十二个月", "6-12个月"),
        ("share", "50%", "百分之五十"),
        ("share", "五成", "50%"),
        ("share", "70%-80%", "70%至80%"),
        ("share", "七成五", "75%"),
        ("amount", "1.5万元", "15,000元"),
        ("amount", "四百元", "400元"),
        ("count", "十种", "10种"),
    ],
)
def test_other_writings_are_the_same_value(kind: ValueKind, one: str, two: str) -> None:
    (left,), (right,) = find_values(one, (kind,)), find_values(two, (kind,))
    assert left.same_as(right)
    assert right.same_as(left)


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("duration", "6个月", "1年"),
        ("duration", "15天", "15个工作日"),
        ("share", "50%", "50%-60%"),
        ("amount", "400元/年", "400元"),
        ("count", "5种", "5类"),
        ("phone", "12333", "12393"),
    ],
)
def test_other_values_are_not(kind: ValueKind, one: str, two: str) -> None:
    (left,), (right,) = find_values(one, (kind,)), find_values(two, (kind,))
    assert not left.same_as(right)


def test_a_range_holds_what_lies_in_it() -> None:
    year, half = find_values("6至12个月", ("duration",))[0], find_values("半年", ("duration",))[0]
    assert year.contains(half)
    assert not half.contains(year)
    assert not year.contains(find_values("2年", ("duration",))[0])


@pytest.mark.parametrize(
    ("text", "number"), [("20,000", 20000), ("1.5", 1.5), ("十五", 15), ("二十", 20), ("一百二十", 120), ("两", 2)]
)
def test_numbers_are_read(text: str, number: float) -> None:
    assert number_of(text) == number


@given(st.text(alphabet="0123456789%元万年个半月日至-到百分之五十成种,.。", max_size=30))
def test_every_value_is_a_slice_with_a_size_that_makes_sense(text: str) -> None:
    for value in find_values(text, KINDS):
        assert 0 <= value.start < value.end <= len(text)
        assert isinstance(value, Value)
        assert value.same_as(value)
