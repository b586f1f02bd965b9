from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from yibao.answer.medical import asks_a_doctor, holds_a_dose
from yibao.evaluation.questions import shipped_questions

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "medical_questions.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("half", [0, 1])
def test_recall_and_false_alarms_on_each_half(half: int) -> None:
    rows = [row for row in ROWS if hashlib.sha256(row["id"].encode()).digest()[0] % 2 == half]
    medical = [asks_a_doctor(row["question"]) for row in rows if row["medical"]]
    policy = [asks_a_doctor(row["question"]) for row in rows if not row["medical"]]
    assert sum(medical) / len(medical) >= 0.95
    assert sum(policy) / len(policy) <= 0.03


def test_half_of_the_sixty_questions_only_look_alike() -> None:
    assert len(ROWS) == 60
    assert sum(row["medical"] for row in ROWS) == 30


def test_no_question_that_an_article_answers_is_sent_to_a_doctor() -> None:
    sent = [question.question for question in shipped_questions() if asks_a_doctor(question.question)]
    answered = [question.question for question in shipped_questions() if question.status == "answered"]
    assert not set(sent) & set(answered)


@pytest.mark.parametrize("text", ["每次2片", "一日三次", "口服0.5g", "10毫升", "三粒"])
def test_doses_are_seen(text: str) -> None:
    assert holds_a_dose(text)


@pytest.mark.parametrize("text", ["报销45%", "15个工作日", "每年400元", "免费做1次痰涂片"])
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_a_dose(text)
