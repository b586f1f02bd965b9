"""One table of writings, to which the reader and all who read through it are held.

``data/quantities.jsonl``: a text, where it is from, and its quantities as [surface, kind, low, high, unit, bound].
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.claims import marks_of
from yibao.answer.statements import read_statements
from yibao.language.facts import find_facts
from yibao.language.normalise import fold
from yibao.language.quantities import FOREVER, Quantity, QuantityKind, read_figures, read_quantities
from yibao.language.terms import number_terms


class Expected(NamedTuple):
    """A quantity as the table tells it."""

    surface: str
    kind: QuantityKind
    low: float
    high: float
    unit: str
    bound: str

    @property
    def ends(self) -> tuple[float, ...]:
        return (self.low,) if self.low == self.high else (self.low, self.high)


class Case(NamedTuple):
    """A line of the table."""

    text: str
    source: str
    quantities: list[Expected]


def read_table() -> list[Case]:
    lines = (Path(__file__).parent / "data" / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, lines)
    return [Case(row["text"], row["from"], [Expected(*each) for each in row["quantities"]]) for row in rows]


TABLE = read_table()


def surface(text: str, quantity: Quantity) -> str:
    return text[quantity.start : quantity.end]


def test_the_table_is_large_and_from_real_texts(corpus: Path) -> None:
    assert len({case.text for case in TABLE}) == len(TABLE) >= 300
    assert sum(case.source != "written" for case in TABLE) >= 150
    whole = "\n".join(path.read_text(encoding="utf-8") for path in corpus.rglob("*.md"))
    shipped = [case.text for case in TABLE if case.source == "corpus"]
    assert len(shipped) >= 50
    assert [text for text in shipped if text not in whole] == []


def test_the_reader_reads_the_table() -> None:
    for text, _, quantities in TABLE:
        found = [(surface(text, q), q.kind, q.low, q.high, q.unit, q.bound) for q in read_quantities(text)]
        assert found == [(*each[:2], near(each.low), near(each.high), *each[4:]) for each in quantities], text


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-4)


def digits(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def date_of(value: float) -> list[str]:
    year, month, day = int(value) // 10_000, int(value) // 100 % 100, int(value) % 100
    if month and day:
        return [(f"{year}年" if year else "") + f"{month}月{day}日"]
    return [f"{year}年"] * bool(year) + [f"{month}月"] * bool(month)


def searched_by(each: Expected) -> list[str]:
    """Return the index terms that a quantity of the table must have, by the table alone."""
    if each.kind in ("phone", "document"):
        return [f"#{each.unit}"]
    if each.kind == "date":
        return [f"#{part}" for end in each.ends for part in date_of(end)]
    if each.bound == "about" and each.low != each.high:
        return []
    if each.kind == "amount" or (each.kind == "number" and each.low >= 1000 and not 1900 <= each.low <= 2099):
        return [f"#{digits(end)}" for end in each.ends]
    if each.kind == "duration" and 0 < each.low < FOREVER:
        return [f"#{digits(end)}{each.unit.removeprefix('个')}" for end in each.ends]
    return [f"#{digits(end)}{each.unit}" for end in each.ends] if each.kind == "share" else []


def test_index_terms_have_the_value_of_the_table() -> None:
    for text, _, quantities in TABLE:
        assert number_terms(text) == [term for each in quantities for term in searched_by(each)], text


ASKING: dict[str, str] = {
    "share": "报销比例是哪个", "amount": "要多少钱", "duration": "多久", "date": "何时开始", "count": "占地",
    "phone": "电话", "link": "网址",
}  # fmt: skip


def test_facts_are_set_off_in_the_whole_of_their_writing() -> None:
    for text, _, quantities in TABLE:
        for kind, question in ASKING.items():
            wanted = [q.surface for q in quantities if q.kind == kind or (q.kind, kind) == ("duration", "date")]
            if not wanted and kind == "amount":
                wanted = [q.surface for q in quantities if q.kind == "number" and set(q.surface) & set("百千万亿")]
            assert [text[start:end] for start, end in find_facts(question, text)] == wanted, text


def claimed(each: Expected) -> list[str]:
    """Return the figures that a claim with a quantity of the table is compared by."""
    if each.kind == "link" or (each.kind == "duration" and each.low in (0, FOREVER)):
        return []
    if each.kind == "count" and each.low == 1 and each.surface[0] == "一" and each.unit not in ("次", "倍"):
        return []
    if each.kind in ("phone", "document", "code") or (each.kind == "date" and not each.low):
        return [each.unit]
    if each.kind == "date":
        yearly = "每年" if each.unit.endswith("/年") else ""
        edge = each.unit.partition("/")[0][1:]  # 底 of 月底
        return [yearly + ("".join(date_of(end)) or f"{int(end)}日") + edge for end in each.ends]
    if each.kind == "time":
        return [f"{int(end) // 60}:{int(end) % 60:02d}" for end in each.ends]
    return [("第" if each.kind == "ordinal" else "") + digits(end) + each.unit for end in each.ends]


def test_claims_are_compared_by_the_value_of_the_table() -> None:
    for text, _, quantities in TABLE:
        figures = [mark.value for mark in marks_of(fold(text)) if mark.kind == "figure"]
        assert figures == [figure for each in quantities for figure in claimed(each)], text


STATED: dict[str, str] = {
    "share": "门诊报销比例为{}。", "amount": "住院起付线为{}。", "duration": "备案有效期为{}。", "date": "集中缴费期为{}。",
    "count": "门诊慢特病有{}。", "phone": "咨询热线{}。",
}  # fmt: skip


def stands_alone(each: Expected) -> bool:
    """Tell whether a quantity of the table can be one of the topics in ``STATED``, without the words around it."""
    if each.kind == "count":
        return each.unit == "种"
    if each.kind == "phone":
        return len(each.unit) == 5 and each.unit.startswith("12")
    return each.kind in STATED and (each.kind != "date" or (each.unit[0] in "月日" and each.low >= 100))


def test_contrasts_have_the_value_of_the_table() -> None:
    checked = {each for case in TABLE for each in case.quantities if stands_alone(each)}
    assert len(checked) >= 200
    for each in checked:
        values = [statement.value for statement in read_statements(STATED[each.kind].format(each.surface))]
        found = [(value.kind, value.low, value.high) for value in values if value]
        assert found == [(each.kind, near(each.low), near(each.high))], each


SAME = [
    ["一万二千元", "12000元", "1.2万元", "12,000元", "12，000元", "1万2千元", "１．２万元", "一万两千元"],
    ["2万元", "20000元", "20,000元", "两万块", "２０，０００元", "20000.00元", "人民币2万元", "¥20000"],
    ["4万8千元", "48000元", "4.8万元", "四万八千元", "4万8千块"],
    ["4万8千", "48000", "4.8万", "四万八"],
    ["1.5万元", "15000元", "一万五千元"],
    ["400元/年", "每年400元", "每人每年400元", "四百元/年", "400元/人/年"],
    ["100万元", "一百万元", "1,000,000元", "1百万元"],
    ["一百零五元", "105元", "一百〇五元"],
    ["500元至1万元", "500-10000元", "五百元到一万元"],
    ["5-8万元", "50000元至80000元", "五至八万元", "5万元—8万元"],
    ["百分之五十", "50%", "五成", "50.0%", "百分之50", "５０％"],
    ["百分之八十五", "85%", "八成半", "八成五"],
    ["百分之五十五点五", "55.5%", "百分之55.5"],
    ["70%-80%", "70%至80%", "七成至八成", "百分之七十到百分之八十", "百分之七十至八十"],
    ["千分之五", "0.5%", "5‰"],
    ["半年", "6个月", "六个月"],
    ["一年", "12个月", "十二个月", "1年"],
    ["一年半", "18个月", "1年半", "十八个月", "1.5年", "一年零六个月"],
    ["两个半月", "2.5个月", "2个半月"],
    ["半年至一年", "6个月到12个月", "6-12个月", "六至十二个月"],
    ["15个工作日", "十五个工作日", "15工作日"],
    ["3到5个工作日", "3-5个工作日", "三至五个工作日"],
    ["两周", "14天", "2个星期", "十四日"],
    ["一个半小时", "90分钟", "1.5小时"],
    ["60周岁", "60岁", "六十周岁"],
    ["2024年5月1日", "2024-05-01", "2024/5/1", "2024.5.1", "二〇二四年五月一日", "2024年05月01日"],
    ["9月至12月", "9-12月", "九月到十二月"],
    ["第三十条", "第30条"],
    ["〔2024〕36号", "[2024]36号", "(2024)36号", "【2024】第36号"],
    ["0713-7220256", "(0713)7220256", "07137220256", "0713 7220256"],
    ["400-800-1234", "4008001234"],
    ["三位", "3名", "三个人"],
]


@pytest.mark.parametrize("writings", SAME, ids=lambda writings: writings[0])
def test_all_writings_of_one_value_are_one_to_all(writings: list[str]) -> None:
    found = [read_quantities(text) for text in writings]
    assert [len(each) for each in found] == [1] * len(writings), found
    values = [each[0] for each in found]
    assert [(value.start, value.end) for value in values] == [(0, len(text)) for text in writings]
    assert all(one.same_as(two) for one in values for two in values)
    assert len({value.forms for value in values}) == 1
    assert len({tuple(number_terms(text)) for text in writings}) == 1


@pytest.mark.parametrize("writings", [["2万", "20000", "20,000元", "两万块"], ["半年", "6月"], ["100万", "1,000,000"]])
def test_index_terms_need_no_unit(writings: list[str]) -> None:
    assert len({tuple(number_terms(text)) for text in writings}) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ["2万元", "20万元", "50%", "5%", "6个月", "6个工作日", "6天", "6周", "〔2024〕36号", "〔2023〕36号", "36元"],
        ["一年半", "12个月", "两年半"],
        ["400元/年", "400元/月", "400元"],
        ["5种", "5类", "5个", "5次", "5岁"],
        ["第三十条", "第三条", "30条"],
        ["5月底", "5月初", "5月15日"],
        ["9月", "9个月", "9日"],
        ["12333", "12393"],
        ["5%", "5个百分点"],
        ["50%", "50%-60%"],
        ["15天", "15个工作日"],
    ],
    ids=lambda texts: texts[0],
)
def test_other_values_are_other_values_to_all(texts: list[str]) -> None:
    values = [read_quantities(text)[0] for text in texts]
    assert len({value.forms for value in values}) == len(texts)
    assert not any(one.same_as(two) for one in values for two in values if one is not two)


@pytest.mark.parametrize(("one", "two"), [("1年", "365天"), ("90天", "三个月"), ("一个月", "30天")])
def test_lengths_of_time_in_other_units_are_the_same_within_tolerance(one: str, two: str) -> None:
    (left,), (right,) = read_quantities(one), read_quantities(two)
    assert left.same_as(right)
    assert right.same_as(left)
    assert left.forms != right.forms  # a claim must keep the unit


def test_a_range_holds_what_lies_in_it() -> None:
    (year,), (half,), (two,) = read_quantities("6至12个月"), read_quantities("180天"), read_quantities("2年")
    assert year.contains(half)
    assert not half.contains(year)
    assert not year.contains(two)


def test_a_date_of_every_year_is_the_same_date_but_another_claim() -> None:
    (every,), (once,) = read_quantities("每年9月至12月"), read_quantities("9月至12月")
    assert every.same_as(once)
    assert every.forms == ("每年9月", "每年12月")
    assert once.forms == ("9月", "12月")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025年的政策，9月1日开始，没有等待期", ["2025年", "9月1日", "没有等待期"]),
        ("共20000元，2024-05-01，1234", ["20000元", "2024-05-01", "1234"]),
        ("15个工作日内，1到3个月，6-12个月，半年", ["15个工作日", "1到3个月", "6-12个月", "半年"]),
        ("每年400元/年，封顶20,000元，或1.5万元", ["400元/年", "20,000元", "1.5万元"]),
        ("由50%升到70%", ["50%", "70%"]),
        ("住院1300元, 三级医院85%", ["1300元", "85%"]),
        ("最高3天到500元", ["3天", "500元"]),
        ("每人三百一年", ["三百", "一年"]),
        ("在职报70%，退休报80%", ["70%", "80%"]),
        ("6个月，15个工作日，3人", ["6个月", "15个工作日", "3人"]),
        ("", []),
    ],
)
def test_quantities_of_a_sentence_stand_apart(text: str, found: list[str]) -> None:
    assert [surface(text, quantity) for quantity in read_quantities(text)] == found


def test_what_only_says_that_something_is_counts_for_no_claim() -> None:
    text = "一种办法，一个人办一次，备案长期有效，见https://example.cn"
    assert [surface(text, quantity) for quantity in read_figures(text)] == ["一次"]


@given(st.integers(1000, 10**9).filter(lambda number: not 1900 <= number <= 2099))
def test_separators_change_nothing(number: int) -> None:
    assert number_terms(f"{number:,}元") == number_terms(f"{number}元") == number_terms(str(number)) == [f"#{number}"]


@given(st.integers(1, 9999), st.sampled_from(["元", "天", "%", "次", "岁"]))
def test_a_number_keeps_its_value(number: int, unit: str) -> None:
    for text in (f"约{number}{unit}。", f"约{number:,}{unit}。"):
        (found,) = read_quantities(text)
        assert (found.forms, found.bound) == ((f"{number}{unit}",), "about")


ALPHABET = "零一二三四五六七八九十百千万亿两半0123456789.,%年月日号元成折个至到-~第每〔〕()分之约以上内号点时: "


@given(st.text(alphabet=ALPHABET, max_size=60))
def test_any_mixture_is_read_apart_and_in_order(text: str) -> None:
    found = read_quantities(text)
    places = [place for quantity in found for place in (quantity.start, quantity.end)]
    assert places == sorted(places)
    assert all(0 <= quantity.start < quantity.end <= len(text) for quantity in found)
    assert all(quantity.same_as(quantity) for quantity in found)
    assert all(form and "inf" not in form and "nan" not in form for quantity in found for form in quantity.forms)


@given(st.text(max_size=60))
def test_offsets_are_those_of_the_text_itself(text: str) -> None:
    for quantity in read_quantities(f"{text}\u3000４００元/年"):
        assert 0 <= quantity.start < quantity.end <= len(text) + 7


def seconds(text: str) -> float:
    """Return the least of three: what else the machine does only adds."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        read_quantities(text)
        taken.append(time.process_time() - started)
    return min(taken)


HOSTILE = [
    "1,",
    "1-",
    "一1",
    "3到",
    "12,345元",
    "百分之",
    "1万1千",
    "三成五",
    "0713-",
    "每人每年1",
    "(0",
    "9月1日至",
    "1/",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    size = 8_192
    short, long = (seconds((piece * n)[:n]) for n in (size, 8 * size))
    assert long < 24 * max(short, 0.005)


@pytest.mark.parametrize("piece", ["1", "十", "一", "1.", "三五", "千", "零"])
def test_a_run_of_a_million_numerals_costs_no_more_than_a_text(piece: str) -> None:
    plain = seconds("每人每年缴费四百元。" * 10_000)
    assert seconds(piece * (1_000_000 // len(piece))) < 10 * plain
