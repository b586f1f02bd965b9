from __future__ import annotations

from importlib.resources import files

import pytest

from yibao.language.normalise import fold
from yibao.language.synonyms import synonyms_of

LINES = [
    line.split()
    for line in files("yibao.language").joinpath("data", "synonyms.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("门槛费是多少", ("门槛费", "起付线")),
        ("爸妈能用我的卡吗", ("爸妈", "父母")),
        ("新农合还能报吗", ("新农合", "城乡居民医保")),
        ("医保卡丢了", ("医保卡", "社保卡")),
        ("异地怎么办", ("异地", "跨省")),
        ("怎么报销", ("报销", "结算")),
    ],
)
def test_other_words_for_those_of_the_question(question: str, pair: tuple[str, str]) -> None:
    assert pair in synonyms_of(question)


def test_a_word_that_stands_there_already_is_not_given() -> None:
    assert ("门槛费", "起付线") not in synonyms_of("门槛费就是起付线吗")


def test_of_overlapping_words_the_longest_counts() -> None:
    assert {word for word, _ in synonyms_of("城乡居民医保缴费")} == {"城乡居民医保"}


def test_a_question_without_listed_words_has_none() -> None:
    assert synonyms_of("流鼻血") == ()


def test_full_width_and_repeated_words_change_nothing() -> None:
    assert synonyms_of("门槛费，门槛费") == synonyms_of("门槛费")


@pytest.mark.parametrize("words", LINES, ids=lambda words: words[0])
def test_every_group_is_well_formed(words: list[str]) -> None:
    assert len(words) == len(set(words)) > 1
    assert all(word == fold(word) for word in words)
