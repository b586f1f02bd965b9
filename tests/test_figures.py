from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.figures import figures
from yibao.language.normalise import fold


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("报销百分之七十", ["70%"]), ("报销７０％", ["70%"]), ("报八成", ["80%"]), ("70%至80%", ["70%", "80%"]),
        ("6-12个月", ["6月", "12月"]), ("半年", ["6月"]), ("一年", ["12月"]), ("1年", ["12月"]), ("三个月", ["3月"]),
        ("20,000元", ["20000元"]), ("2万元", ["20000元"]), ("一万五千元", ["15000元"]), ("1.5万元", ["15000元"]),
        ("5至10万元", ["50000元", "100000元"]), ("15个工作日", ["15工作日"]), ("十五天", ["15天"]), ("两次", ["2次"]),
        ("2024年5月1日", ["2024-5-1"]), ("2024-05-01", ["2024-5-1"]), ("2024年", ["2024"]), ("5月1日", ["5月1日"]),
        ("0713-7220256", ["0713-7220256"]), ("拨打12393", ["12393"]), ("一个人", []), ("一种办法", []), ("一次性", []),
        ("三种办法", ["3个"]), ("一级医院", []), ("统一办理", []), ("二十三岁", ["23岁"]), ("", []),
    ],
)  # fmt: skip
def test_values_and_units_have_one_form(text: str, values: list[str]) -> None:
    assert [figure.value for figure in figures(fold(text))] == values


@given(st.integers(1, 9999), st.sampled_from(["元", "天", "%", "次", "岁"]))
def test_a_number_keeps_its_value(number: int, unit: str) -> None:
    assert [figure.value for figure in figures(f"约{number}{unit}。")] == [f"{number}{unit}"]
    assert [figure.value for figure in figures(f"约{number:,}{unit}。")] == [f"{number}{unit}"]


@given(st.text(alphabet="0123456789一二三十百千万亿半年月日元天%.,-~至个工作分之 ", max_size=60))
def test_any_text_of_figures_can_be_read(text: str) -> None:
    starts = [figure.start for figure in figures(text)]
    assert starts == sorted(starts)
