from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from answer_samples import make_answer, make_citation
from yibao.evaluation.questions import Question
from yibao.history.feedback import export_feedback, feedback_counts, worst_rated
from yibao.history.store import History
from yibao.history.turns import Asked, Feedback, Turn
from yibao.records import Article


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.db", lambda text: text.replace("张三", "某人"))


def test_feedback_becomes_candidates_for_the_question_set(
    history: History, make_article: Callable[..., Article]
) -> None:
    citation = make_citation(make_article(id="filing", text="有效期是6个月。"), 0, 8)
    answer = make_answer(question="张三那湖北呢", rewritten="湖北备案多久", citations=(citation,))
    _, turn = history.add("me", None, Turn(Asked("张三那湖北呢"), answer))
    history.rate("me", turn, Feedback("bad", "region", "张三要湖北的"), ["张三备案多久"])
    (row,) = export_feedback(history)
    assert row["question"] == "某人那湖北呢"
    assert row["history"] == ["某人备案多久"]
    assert row["standalone"] == "湖北备案多久"
    assert row["gold"] == [{"article": "filing", "quote": "有效期是6个月。"}]
    assert row["feedback"]["reason"] == "region"
    assert row["feedback"]["comment"] == "某人要湖北的"
    assert "张三" not in json.dumps(row, ensure_ascii=False)


def test_a_candidate_has_every_field_of_a_question(history: History) -> None:
    _, turn = history.add("me", None, Turn(Asked("备案"), make_answer()))
    history.rate("me", turn, Feedback("good"), ())
    (row,) = export_feedback(history)
    assert set(Question.__dataclass_fields__) <= set(row)


def test_without_feedback_there_is_nothing(history: History) -> None:
    assert list(export_feedback(history)) == []


def test_verdicts_and_reasons_are_counted_in_words(history: History) -> None:
    for question, feedback in (
        ("甲", Feedback("good")), ("乙", Feedback("bad", "region")), ("乙", Feedback("bad")), ("丙", Feedback("bad", "region")),
    ):  # fmt: skip
        _, turn = history.add("me", None, Turn(Asked(question), make_answer(question=question)))
        history.rate("me", turn, feedback, ())
    assert feedback_counts(history) == {"有用": 1, "没用": 3, "地区不符": 2}
    assert worst_rated(history, 5) == [("乙", {"没用": 2, "地区不符": 1}), ("丙", {"没用": 1, "地区不符": 1})]
    assert [question for question, _ in worst_rated(history, 1)] == ["乙"]
