"""Index terms: words twice, characters and bigrams once, nothing dropped as a stop word."""

from __future__ import annotations

from collections import Counter

import pytest

from yibao.language.segmenter import Segmenter
from yibao.language.terms import GRAM_PREFIX, grams, index_terms, shown_terms, words


def test_words_are_folded_and_carry_letters_or_digits(segmenter: Segmenter) -> None:
    assert words("医保App\uff0c６个月\uff01", segmenter) == ["医保", "app", "6", "个", "月"]


def test_grams_stay_within_a_run_of_chinese() -> None:
    assert grams("医保卡\uff0c备案6个月", 2) == ["\u00b7医保", "\u00b7保卡", "\u00b7备案", "\u00b7个月"]


def test_grams_of_one_character() -> None:
    assert grams("医保a", 1) == ["\u00b7医", "\u00b7保"]


def test_a_run_shorter_than_the_size_has_no_grams() -> None:
    assert grams("医a保", 2) == []


def test_characters_beyond_the_basic_plane_are_chinese_too() -> None:
    assert grams("\U00020bb7家", 2) == [GRAM_PREFIX + "\U00020bb7家"]


def test_index_terms_count_words_twice(segmenter: Segmenter) -> None:
    assert Counter(index_terms("医保卡", segmenter)) == {
        "医保卡": 2, "\u00b7医": 1, "\u00b7保": 1, "\u00b7卡": 1, "\u00b7医保": 1, "\u00b7保卡": 1,
    }  # fmt: skip


def test_the_word_and_the_bigram_are_different_terms(segmenter: Segmenter) -> None:
    assert {"医保", "\u00b7医保"} <= set(index_terms("医保", segmenter))


@pytest.mark.parametrize("word", ["不能", "没有", "以上", "以下", "不予", "不得", "除外"])
def test_words_that_turn_a_rule_around_are_kept(segmenter: Segmenter, word: str) -> None:
    text = f"这种情况{word}报销"
    assert word in index_terms(text, segmenter)
    assert word in shown_terms(text, segmenter)


def test_a_negated_question_has_other_terms_than_the_plain_one(segmenter: Segmenter) -> None:
    negated = set(index_terms("哪些情况不能报销", segmenter))
    assert "不能" in negated - set(index_terms("哪些情况能报销", segmenter))


def test_question_and_article_share_terms_whatever_the_width(segmenter: Segmenter) -> None:
    assert index_terms("\uff21\uff30\uff30\u3000备案", segmenter) == index_terms("app 备案", segmenter)


def test_shown_terms_leave_out_fillers_and_single_characters(segmenter: Segmenter) -> None:
    assert shown_terms("请问异地就医备案有效期是多少个月\uff1f", segmenter) == ["异地就医", "备案", "有效期"]


def test_shown_terms_keep_numbers_and_name_each_once(segmenter: Segmenter) -> None:
    assert shown_terms("备案6个月后再备案", segmenter).count("备案") == 1
    assert "6" in shown_terms("备案6个月", segmenter)


def test_nothing_has_no_terms(segmenter: Segmenter) -> None:
    assert index_terms(" \uff0c\u3002\uff01", segmenter) == []
