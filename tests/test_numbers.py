from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.language.numbers import number_terms, value_of

SAME = [
    ["2万", "20000", "20,000元", "两万块", "2万元", "２０，０００元", "20000.00元"],
    ["1.5万元", "15000元", "一万五", "一万五千元"],
    ["百分之五十", "50%", "五成", "50.0%", "百分之50"],
    ["百分之八十五", "85%", "八成半"],
    ["半年", "6个月", "六个月", "6月"],
    ["一年", "12个月", "十二个月", "1年"],
    ["一年半", "18个月"],
    ["15个工作日", "十五个工作日", "15工作日"],
    ["医保发〔2024〕36号", "医保发[2024]36号", "医保发(2024)36号", "医保发【2024】第36号"],
    ["0713-7220256", "(0713)7220256", "07137220256", "0713 7220256"],
    ["2024年5月1日", "2024-05-01", "2024/5/1", "2024.5.1"],
    ["400元/年", "四百块", "400 元"],
    ["一百零五元", "105元"],
    ["100万", "一百万元", "1,000,000"],
]


@pytest.mark.parametrize("writings", SAME, ids=lambda writings: writings[0])
def test_all_writings_of_one_number_are_one_term(writings: list[str]) -> None:
    terms = {writing: number_terms(writing) for writing in writings}
    assert len({tuple(found) for found in terms.values()}) == 1, terms
    assert len(terms[writings[0]]) == 1


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("2025年缴费400元", ["#2025年", "#400"]),
        ("住院1300元, 三级医院85%", ["#85%", "#1300"]),
        ("成都三级医院", []),
        ("三五年", []),
        ("第三年", []),
        ("一二三四", []),
        ("2000", []),  # a year as likely as an amount
        ("20岁", []),
        ("有三百多种药", []),
        ("5种", []),
        ("", []),
    ],
)
def test_what_is_a_number_and_what_is_not(text: str, terms: list[str]) -> None:
    assert number_terms(text) == terms


def test_different_numbers_are_different_terms() -> None:
    texts = ["2万", "20万", "50%", "5%", "6个月", "6个工作日", "6天", "6周", "〔2024〕36号", "〔2023〕36号", "36元"]
    assert len({tuple(number_terms(text)) for text in texts}) == len(texts)


@given(st.integers(1000, 10**9).filter(lambda number: not 1900 <= number <= 2099))
def test_separators_change_nothing(number: int) -> None:
    assert number_terms(f"{number:,}元") == number_terms(f"{number}元") == number_terms(str(number)) == [f"#{number}"]


@given(st.text(alphabet="一二三四五六七八九十百千万亿零两0123456789.,%年月日元成半个〔〕()号- ", max_size=60))
def test_any_mixture_of_digits_is_read_without_harm(text: str) -> None:
    for term in number_terms(text):
        assert term[0] == "#"
        assert "inf" not in term
        assert "nan" not in term


def test_hostile_input_takes_no_longer() -> None:
    started = time.perf_counter()
    number_terms("1" * 20_000 + "十" * 20_000 + "12,345元" * 5_000 + "百分之" * 5_000)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一百二十", 120),
        ("两万五千", 25_000),
        ("十五", 15),
        ("一万二", 12_000),
        ("两千五", 2500),
        ("三亿", 3e8),
        ("3.5万", 35_000),
        ("2百万", 2_000_000),
    ],
)
def test_value(written: str, value: float) -> None:
    assert value_of(written) == value


@pytest.mark.parametrize("written", ["三五", "备案", "", "1.2.3", "一a"])
def test_no_value(written: str) -> None:
    assert value_of(written) is None
