"""clean makes one form of text; fold keeps every offset."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.normalise import clean, fold

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT)
@settings(deadline=None, max_examples=300)
def test_fold_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_fold_keeps_the_length_of_every_code_point() -> None:
    assert all(len(fold(chr(code))) == 1 for code in range(0x30000))


@given(ANY_TEXT, ANY_TEXT)
@settings(deadline=None, max_examples=100)
def test_fold_works_character_by_character(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


@given(st.text())
@settings(deadline=None, max_examples=100)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff21\uff30\uff30 \uff16\u4e2a\u6708", "app 6\u4e2a\u6708"),
        ("\uff08\uff15\uff10\uff05\uff09\uff0c\uff1a\uff1b\uff01\uff1f", "(50%),:;!?"),
        ("\u3000", " "),
        ("APP", "app"),
        ("\u3002\u3001\u201c\u201d\u300a\u300b", "\u3002\u3001\u201c\u201d\u300a\u300b"),
        ("\u2026", "\u2026"),  # NFKC would make three full stops of it
        ("\u3392", "\u3392"),  # and MHz of this
        ("\u0130", "\u0130"),  # and i with a combining dot of this
    ],
)
def test_fold_values(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_fold_agrees_with_nfkc_where_that_is_one_character() -> None:
    for code in range(0xFF01, 0xFF5F):
        assert fold(chr(code)) == unicodedata.normalize("NFKC", chr(code)).lower()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("一\r\n二\r三\u2028四\u2029五\u0085六\u000c七\u000b八", "一\n二\n三\n四\n五\n六\n七\n八"),
        ("\ufeff医\u200b保\u200d报\u00ad销\u2060", "医保报销"),
        ("\u202e医保\u202c", "医保"),
        ("医\u0000保\u0007报\u001f销\u007f", "医保报销"),
        ("医\ud800保\udfff", "医保"),
        ("医\t保\u00a0报\u3000销\u2003费", "医 保 报 销 费"),
        ("**备案**有效期", "备案有效期"),
        ("备案***有效期**", "备案有效期"),
        ("__备案__有效期", "备案有效期"),
        ("行尾空格  \n下一行\u3000", "行尾空格\n下一行"),
        ("*\u200b*备案", "备案"),
    ],
)
def test_clean_values(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text", ["2*3=6", "snake_case", "____", "* 一项", "  缩进", "一\n\n二", "\U00020bb7\U0001f600"]
)
def test_clean_leaves_what_is_meant(text: str) -> None:
    assert clean(text) == text


@given(ANY_TEXT)
@settings(deadline=None, max_examples=200)
def test_cleaned_text_can_be_written_and_has_one_kind_of_line_end(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\r\u000b\u000c\u0085\u2028\u2029\u200b\ufeff\u0000\u00a0\u3000\t")


@given(st.text(alphabet="医保a1 \r\n\u3000\u200b\u3002"))
@settings(deadline=None, max_examples=200)
def test_clean_loses_no_visible_character(text: str) -> None:
    visible = [character for character in text if not character.isspace() and character != "\u200b"]
    assert [character for character in clean(text) if not character.isspace()] == visible
