from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from yibao.config import Config
from yibao.flow import Flow, last
from yibao.index.embedding import Vectors, make_embedder
from yibao.language.segmenter import default_segmenter
from yibao.pipeline import Pipeline
from yibao.records import NO_FACETS, Answer, Query
from yibao.request import Request
from yibao.search.hybrid import HybridSearch, SearchResult


@pytest.fixture(scope="module")
def flow(real_pipeline: Pipeline) -> Flow:
    segmenter, embedder = default_segmenter(), make_embedder(Config().model)
    return Flow(
        reader=real_pipeline.reader,
        search=HybridSearch(real_pipeline.reader, embedder),
        correct=lambda text: text,
        embedder=embedder,
        segmenter=segmenter,
        refuse_below=Config().refuse_below,
        top_k=4,
        today=date(2025, 5, 1),
    )


def test_steps_yield_the_question_what_was_found_and_the_answer(flow: Flow) -> None:
    query, found, answer = flow.steps(Request("异地就医备案的有效期是多久", ()))
    assert isinstance(query, Query)
    assert isinstance(found, SearchResult)
    assert isinstance(answer, Answer)
    assert answer.hits == found.hits
    assert set(answer.timings) == {"total", "triage", "understand", "embed", "search", "answer"}


@pytest.mark.parametrize(
    ("question", "status"), [("", "no_answer"), ("?!", "no_answer"), ("我胸口疼得喘不上气", "emergency")]
)
def test_nothing_asked_and_an_emergency_yield_the_answer_alone(question: str, status: str, flow: Flow) -> None:
    (answer,) = flow.steps(Request(question, ()))
    assert isinstance(answer, Answer)
    assert answer.status == status


def test_what_is_proposed_is_tried_in_one_batch_and_only_what_is_answered_stays(flow: Flow) -> None:
    batches: list[list[str]] = []

    class Counting:
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            batches.append(list(texts))
            return flow.embedder.encode_queries(texts)

    counting = replace(flow, embedder=Counting())  # type: ignore[arg-type]  # all that a question uses of one
    answer = last(counting.steps(Request("红烧肉能用医保卡买吗")))
    assert answer.status == "no_answer"
    assert [len(batch) for batch in batches] == [1, 5]
    assert answer.suggestions == tuple(t for t in batches[1] if flow.answered([t]) == [True])[:3]


def test_every_number_of_hits_has_the_same_answer(flow: Flow) -> None:
    question = "异地就医备案的有效期是多久，临时备案呢"
    answers = [last(flow.steps(Request(question, top_k=count))) for count in (1, 4, 10, 50)]
    assert len({(each.text, each.confidence, each.notices) for each in answers}) == 1
    quoted = {citation.passage_id for citation in answers[0].citations}
    assert [len(each.hits) for each in answers] == [max(count, len(quoted)) for count in (1, 4, 10, 50)]
    assert all(quoted <= {hit.passage.id for hit in each.hits} for each in answers)


def test_nothing_behind_the_doors_sees_a_personal_number(flow: Flow) -> None:
    request = Request("13812345678这个号怎么办异地就医备案", ["我的身份证11010519491231002X能备案吗"])
    steps = [repr(step) for step in flow.steps(request)]
    assert len(steps) == 3
    assert not [step for step in steps if "13812345678" in step or "11010519491231002" in step]


def test_facets_set_by_hand_are_cleaned_too(flow: Flow) -> None:
    facets = replace(NO_FACETS, regions=("13812345678", "\ud800"), treated_in=("北京",))
    answer = last(flow.steps(Request("异地就医怎么备案", facets=facets)))
    assert answer.facets.treated_in == ("北京",)
    assert "13812345678" not in repr(answer)
    repr(answer.to_json()).encode()


def test_several_questions_are_told_apart_in_one_batch(flow: Flow) -> None:
    questions = ["异地就医备案的有效期是多久", "怎么做红烧肉", "", "我胸口疼得喘不上气", "异地就医备案的有效期是多久"]
    assert flow.answered(questions) == [True, False, False, False, True]
    assert flow.answered([]) == []


def test_a_strict_threshold_refuses(flow: Flow) -> None:
    *_, answer = replace(flow, refuse_below=1.0).steps(Request("异地就医备案的有效期是多久"))
    assert isinstance(answer, Answer)
    assert answer.status == "no_answer"


def test_half_a_surrogate_pair_does_no_harm(flow: Flow) -> None:
    *_, answer = flow.steps(Request("备案有效期多久\ud800", ["\udfff"]))
    assert isinstance(answer, Answer)
    answer.text.encode()
