from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from yibao.corpus.reading import read_corpus
from yibao.errors import InputError
from yibao.evaluation.questions import KINDS, Question, of_half, read_questions, shipped_questions
from yibao.language.normalise import fold

WANTED = {"near-miss": 60, "off-topic": 30, "emergency": 40, "emergency-lookalike": 40, "follow-up": 50}


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return shipped_questions()


def test_there_are_at_least_400_of_every_kind(questions: list[Question]) -> None:
    counts = Counter(question.kind for question in questions)
    assert len(questions) >= 400
    assert set(counts) == set(KINDS)
    assert {kind: counts[kind] for kind in WANTED if counts[kind] < WANTED[kind]} == {}


def test_every_gold_is_a_slice_of_its_article(questions: list[Question], corpus: Path) -> None:
    texts = {article.id: article.text for article in read_corpus([corpus], 20_000_000).articles}
    broken = [q.id for q in questions for gold in q.gold if gold.quote not in texts.get(gold.article, "")]
    assert broken == []


def test_gold_stands_exactly_where_an_answer_is_wanted(questions: list[Question]) -> None:
    assert [q.id for q in questions if bool(q.gold) != (q.status in {"answered", "ask_back"})] == []


def test_only_direct_questions_share_a_long_run_with_their_gold(questions: list[Question]) -> None:
    def copied(question: Question) -> bool:
        asked = "".join(fold(question.question).split())
        golds = ["".join(fold(gold.quote).split()) for gold in question.gold]
        return any(asked[n : n + 14] in gold for gold in golds for n in range(len(asked) - 13))

    assert [q.id for q in questions if q.kind != "direct" and copied(q)] == []


def test_both_halves_hold_every_kind(questions: list[Question]) -> None:
    halves = [Counter(q.kind for q in of_half(questions, half)) for half in ("tune", "report")]
    for kind in KINDS:
        assert all(half[kind] >= 3 for half in halves), kind
    assert sum(halves[0].values()) + sum(halves[1].values()) == len(questions)


def test_no_question_is_asked_twice(questions: list[Question]) -> None:
    counts = Counter((q.question, q.history) for q in questions)
    assert [key for key, count in counts.items() if count > 1] == []


def test_follow_ups_have_a_history_and_a_self_contained_form(questions: list[Question]) -> None:
    assert [q.id for q in questions if q.kind == "follow-up" and not (q.history and q.standalone)] == []
    assert [q.id for q in questions if q.kind in {"typo", "traditional", "pinyin"} and not q.clean] == []


@pytest.mark.parametrize(
    "line", ["{", "[]", json.dumps({"id": "x"}), json.dumps({"id": "x", "kind": "?", "status": "answered"})]
)
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="1"):
        read_questions(path)
