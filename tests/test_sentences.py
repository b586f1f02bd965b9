"""Sentence borders: where they are, and that nothing is lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.sentences import sentence_spans, split_long, strip_span

CHINESE = st.text(
    alphabet="医保报销比例12.5%aZ \n\u3002\uff01\uff1f!?.\u2026\u201c\u201d\uff08\uff09\uff0c\uff1b:/\u300b"
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一句\u3002第二句\uff01第三句\uff1f", ["第一句\u3002", "第二句\uff01", "第三句\uff1f"]),
        ("能报吗?能报!真的吗?!好\u3002", ["能报吗?", "能报!", "真的吗?!", "好\u3002"]),
        ("等等\u2026\u2026还有\u3002", ["等等\u2026\u2026", "还有\u3002"]),
        (
            "他说\uff1a\u201c可以报\u3002\u201d然后走了\u3002",
            ["他说\uff1a\u201c可以报\u3002\u201d", "然后走了\u3002"],
        ),
        ("\uff08可以报\u3002\uff09下一句", ["\uff08可以报\u3002\uff09", "下一句"]),
        ("见\u300a办法\u3002\u300b下一句", ["见\u300a办法\u3002\u300b", "下一句"]),
        ("一行\n二行\n\n  三行  ", ["一行", "二行", "三行"]),
        ("没有句号", ["没有句号"]),
        ("分号\uff1b不断句\u3002", ["分号\uff1b不断句\u3002"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_borders(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "比例为3.5%到12.75%",
        "1. 备案要求",
        "打开https://example.cn/a.html?id=1&name=b查询",
        "打开http://example.cn/?page=2查询",
        "版本为V2.0.1的App",
    ],
)
def test_points_and_marks_inside_numbers_and_addresses_are_no_borders(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["到此结束. 下一句", "到此结束.\n下一句"])
def test_an_ascii_full_stop_behind_chinese_ends_a_sentence(text: str) -> None:
    assert sentences(text) == ["到此结束.", "下一句"]


def test_a_part_of_a_text_gives_offsets_in_the_whole() -> None:
    text = "甲\u3002乙\u3002丙\u3002"
    assert sentence_spans(text, 2, 4) == [(2, 4)]


@given(CHINESE)
@settings(deadline=None, max_examples=300)
def test_every_visible_character_is_in_exactly_one_sentence(text: str) -> None:
    counts = [0] * len(text)
    for start, end in sentence_spans(text):
        for n in range(start, end):
            counts[n] += 1
    assert all(count == 1 for count, character in zip(counts, text, strict=True) if not character.isspace())
    assert max(counts, default=0) <= 1


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_sentences_are_in_order_and_have_no_space_around(text: str) -> None:
    spans = sentence_spans(text)
    assert spans == sorted(spans)
    assert all(text[start:end] and text[start:end] == text[start:end].strip() for start, end in spans)


@given(CHINESE)
@settings(deadline=None, max_examples=100)
def test_no_sentence_goes_past_a_line(text: str) -> None:
    assert all("\n" not in sentence for sentence in sentences(text))


def test_strip_span() -> None:
    assert strip_span("  医保 \n", 0, 6) == (2, 4)
    assert strip_span("   ", 0, 3) == (3, 3)


def test_a_short_sentence_is_not_cut() -> None:
    assert split_long("甲乙丙", 0, 3, 3) == [(0, 3)]


def test_a_long_sentence_is_cut_at_the_last_semicolon() -> None:
    text = "甲" * 100 + "\uff0c" + "乙" * 100 + "\uff1b" + "丙" * 40 + "\uff0c" + "丁" * 100
    assert split_long(text, 0, len(text), 250) == [(0, 202), (202, 343)]


def test_a_long_sentence_is_cut_at_a_comma_where_there_is_no_semicolon() -> None:
    text = "甲" * 60 + "\uff0c" + "乙" * 30 + "\u3001" + "丙" * 60
    assert split_long(text, 0, len(text), 100) == [(0, 92), (92, 152)]


def test_a_comma_near_the_beginning_is_no_place_to_cut() -> None:
    assert split_long("甲\uff0c" + "乙" * 18, 0, 20, 12) == [(0, 12), (12, 20)]


def test_a_long_sentence_without_any_mark_is_cut_at_the_limit() -> None:
    assert split_long("甲" * 700, 0, 700, 350) == [(0, 350), (350, 700)]


@given(CHINESE, st.integers(1, 20))
@settings(deadline=None, max_examples=300)
def test_parts_keep_to_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    parts = split_long(text, 0, len(text), limit)
    assert all(0 < end - start <= limit for start, end in parts)
    assert "".join("".join(text[start:end].split()) for start, end in parts) == "".join(text.split())
