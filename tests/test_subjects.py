from __future__ import annotations

import json
from pathlib import Path

import pytest

from yibao.evaluation.questions import of_half, shipped_questions
from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter
from yibao.search.subjects import names_subject
from yibao.search.understanding import understand

# Pairs on subjects that the shipped articles know nothing of: true follow-ups, and whole questions after another one.
PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "follow_ups.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(
    "question",
    [
        "护工费谁出",
        "学平险怎么理赔",
        "怎么办理近视手术报销",
        "生孩子报哪些",
        "抚顺有没有中医院",
        "在境外就医的费用能报吗",
    ],
)
def test_a_noun_of_its_own_is_a_subject(question: str, segmenter: Segmenter) -> None:
    assert names_subject(fold(question), False, segmenter)


@pytest.mark.parametrize(
    "question",
    ["要带户口本吗", "孩子也一样吗", "换个城市还能用吗", "材料交到哪里", "一年封顶多少", "我弟在四川参保的行吗"],
)
def test_what_belongs_to_something_else_is_none(question: str, segmenter: Segmenter) -> None:
    assert not names_subject(fold(question), False, segmenter)


def test_a_name_alone_is_an_answer_to_ours(segmenter: Segmenter) -> None:
    assert not names_subject("门诊慢特病", True, segmenter)


def right(pairs: list[tuple[str, tuple[str, ...], bool]], segmenter: Segmenter) -> float:
    told = [
        (understand(question, history, segmenter).carried_from is not None) == follows
        for question, history, follows in pairs
    ]
    return sum(told) / len(told)


@pytest.mark.parametrize("follows", [True, False])
def test_pairs_on_unknown_subjects_are_told_apart(follows: bool, segmenter: Segmenter) -> None:
    pairs = [(pair["q"], tuple(pair["history"]), follows) for pair in PAIRS if pair["follow"] is follows]
    assert len(pairs) >= 20
    assert right(pairs, segmenter) >= 0.9


def test_shipped_dialogues_are_told_apart(segmenter: Segmenter) -> None:
    tune = [each for each in of_half(shipped_questions(), "tune") if each.kind == "follow-up"]
    pairs = [(each.question, each.history, each.note != "subject changes") for each in tune]
    assert right(pairs, segmenter) >= 0.9
