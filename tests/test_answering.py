from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from yibao.answering import Answering
from yibao.config import Config
from yibao.index.embedding import make_embedder
from yibao.language.segmenter import default_segmenter
from yibao.pipeline import Pipeline
from yibao.records import Answer, Query
from yibao.search.hybrid import Found, HybridSearch
from yibao.search.options import AS_SHIPPED


@pytest.fixture(scope="module")
def answering(real_pipeline: Pipeline) -> Answering:
    segmenter, embedder = default_segmenter(), make_embedder(Config().model)
    return Answering(
        reader=real_pipeline.reader,
        search=HybridSearch(real_pipeline.reader, embedder),
        correct=None,
        embedder=embedder,
        segmenter=segmenter,
        options=AS_SHIPPED,
        refuse_below=Config().refuse_below,
        top_k=4,
        today=date(2025, 5, 1),
    )


def test_steps_yield_the_question_what_was_found_and_the_answer(answering: Answering) -> None:
    query, found, answer = answering.steps("异地就医备案的有效期是多久", ())
    assert isinstance(query, Query)
    assert isinstance(found, Found)
    assert isinstance(answer, Answer)
    assert answer.hits == found.hits
    assert set(answer.timings) == {"total", "triage", "understand", "embed", "search", "answer"}


@pytest.mark.parametrize(
    ("question", "status"), [("", "no_answer"), ("?!", "no_answer"), ("我胸口疼得喘不上气", "emergency")]
)
def test_nothing_asked_and_an_emergency_yield_the_answer_alone(
    question: str, status: str, answering: Answering
) -> None:
    (answer,) = answering.steps(question, ())
    assert isinstance(answer, Answer)
    assert answer.status == status


def test_in_a_trial_no_other_question_is_tried(answering: Answering) -> None:
    *_, answer = answering.steps("怎么做红烧肉", (), trial=True)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.suggestions) == ("no_answer", ())


def test_a_strict_threshold_refuses(answering: Answering) -> None:
    *_, answer = replace(answering, refuse_below=1.0).steps("异地就医备案的有效期是多久", (), trial=True)
    assert isinstance(answer, Answer)
    assert answer.status == "no_answer"


def test_half_a_surrogate_pair_does_no_harm(answering: Answering) -> None:
    *_, answer = answering.steps("备案有效期多久\ud800", ["\udfff"])
    assert isinstance(answer, Answer)
    answer.text.encode()
