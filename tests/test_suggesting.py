"""Whatever is offered to click is answered: held against the real articles and the real model."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao import wording
from yibao.config import Config
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request
from yibao.web.suggesting import MAX_RELATED, PER_TOPIC, Suggester


@pytest.mark.parametrize("question", [question for questions in wording.STARTERS.values() for question in questions])
def test_the_shipped_articles_answer_every_question_offered_at_the_start(
    real_pipeline: Pipeline, question: str
) -> None:
    answer = real_pipeline.ask(Request(question))
    assert answer.status == "answered"
    assert answer.citations


def test_all_topics_are_offered_over_the_shipped_articles(real_pipeline: Pipeline) -> None:
    suggester = Suggester(lambda: real_pipeline)
    assert suggester.starters() == wording.STARTERS
    assert suggester.starters() is suggester.starters()  # tried once


def test_related_questions_are_new_and_answered(real_pipeline: Pipeline) -> None:
    asked = "异地就医备案的有效期是多久？"
    answer = real_pipeline.ask(Request(asked))
    related = Suggester(lambda: real_pipeline).related(answer, [asked, "异地就医备案电话是多少"])
    assert 1 <= len(related) <= MAX_RELATED
    assert "异地就医备案电话是多少？" not in related
    quoted = {citation.title for citation in answer.citations}
    for question in related:
        assert question.rstrip("？") not in quoted
        assert real_pipeline.ask(Request(question)).status == "answered"


def test_a_refusal_leads_nowhere(real_pipeline: Pipeline) -> None:
    assert Suggester(lambda: real_pipeline).related(real_pipeline.ask(Request("红烧肉怎么做才好吃")), []) == ()


@pytest.fixture
def own(small_corpus: Path, tmp_path: Path) -> Pipeline:
    """Other articles: the usual questions are not theirs. The bundled model, so that refusing means something."""
    config = Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"))
    index_with(config)
    return open_pipeline(config)


def test_over_other_articles_titles_are_offered(own: Pipeline) -> None:
    starters = Suggester(lambda: own).starters()
    assert starters
    offered = [question for questions in starters.values() for question in questions]
    assert all(own.ask(Request(question)).status == "answered" for question in offered)
    assert all(len(questions) <= PER_TOPIC for questions in starters.values())


def test_offered_facets_are_those_of_the_articles(own: Pipeline) -> None:
    offered = Suggester(lambda: own).offered()
    assert (offered.regions, offered.insurance, offered.years) == (("陕西",), ("employee",), (2025,))


def test_a_new_build_is_tried_anew(own: Pipeline, small_corpus: Path, tmp_path: Path) -> None:
    suggester = Suggester(lambda: own)
    before = suggester.starters()
    (small_corpus / "new.md").write_text("---\ntitle: 门诊怎么报销\n---\n门诊报销比例是50%\u3002\n", "utf-8")
    index_with(Config(corpus=(str(small_corpus),), index=str(tmp_path / "index")))
    own.reload()
    assert suggester.starters() is not before
