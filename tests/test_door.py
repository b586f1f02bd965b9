from __future__ import annotations

from collections.abc import Iterator

import pytest

from answer_samples import make_answer
from running import Opened
from yibao.api.door import Door
from yibao.api.failures import RefusedError
from yibao.api.ledger import Ledger
from yibao.pipeline import Pipeline
from yibao.records import Answer, Facets, Query
from yibao.request import Request, SearchOptions
from yibao.search.hybrid import SearchResult

QUESTION = "异地就医备案的有效期多久"


def door(pipeline: Pipeline | None, ledger: Ledger | None = None, *, waits: bool = False) -> Door:
    return Door("here", Opened(pipeline), ledger or Ledger(lambda: None), waits=waits)


def test_what_is_asked_through_a_door_is_what_the_pipeline_answers_and_is_counted(hash_pipeline: Pipeline) -> None:
    ledger = Ledger(lambda: None)
    answer = door(hash_pipeline, ledger).ask(Request(QUESTION, ["生育津贴怎么算"]))
    direct = hash_pipeline.ask(Request(QUESTION, ["生育津贴怎么算"])).to_json()
    assert answer.to_json() | {"timings_ms": 0} == direct | {"timings_ms": 0}
    assert b'yibao_questions_total{door="here",status="answered"} 1.0' in ledger.exposition()


def test_a_caller_may_say_how_many_hits_which_facets_and_how_to_search(hash_pipeline: Pipeline) -> None:
    facets = Facets(("陕西",), (), (), ())
    answer = door(hash_pipeline).ask(Request(QUESTION, (), 1, facets=facets, options=SearchOptions(refuse_below=1.0)))
    assert (len(answer.hits), answer.facets, answer.status) == (1, facets, "no_answer")


def test_steps_come_one_by_one_and_count_once(hash_pipeline: Pipeline) -> None:
    ledger = Ledger(lambda: None)
    kinds = []
    for step in door(hash_pipeline, ledger).steps(Request(QUESTION)):
        kinds.append(type(step))
        assert ledger.under_way == 1
    assert kinds == [Query, SearchResult, Answer]
    assert ledger.under_way == 0


class GrowingAnswers:
    """As a pipeline with a language model: the same answer several times, its summary growing."""

    def steps(self, *_: object, **__: object) -> Iterator[Answer]:
        for summary in ("", "可以", "可以绑定。[1]"):
            yield make_answer(summary=summary)


def test_an_answer_that_grows_is_counted_once_also_when_nobody_waits_for_its_end() -> None:
    ledger = Ledger(lambda: None)
    growing = door(GrowingAnswers(), ledger)  # type: ignore[arg-type]  # all that a door uses of one
    assert growing.ask(Request(QUESTION)).summary == "可以绑定。[1]"
    assert b'yibao_questions_total{door="here",status="answered"} 1.0' in ledger.exposition()
    steps = growing.steps(Request(QUESTION))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert b'yibao_questions_total{door="here",status="answered"} 2.0' in ledger.exposition()


def test_a_question_given_up_half_way_is_not_counted(hash_pipeline: Pipeline) -> None:
    ledger = Ledger(lambda: None)
    steps = door(hash_pipeline, ledger).steps(Request(QUESTION))
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert ledger.under_way == 0
    assert b"yibao_questions_total{" not in ledger.exposition()


def test_passages_and_articles_are_found_by_their_ids(hash_pipeline: Pipeline) -> None:
    here = door(hash_pipeline)
    hit = here.find(Request(QUESTION)).hits[0]
    assert here.passage(hit.passage.id) == hit.passage
    assert here.article(hit.passage.article_id).text[hit.passage.start : hit.passage.end] == hit.passage.text
    assert len(here.find(Request(QUESTION, top_k=1)).hits) == 1
    for find in (here.passage, here.article):
        with pytest.raises(LookupError, match="nosuch"):
            find("nosuch")


def test_a_door_for_programs_refuses_before_the_pipeline_is_ready() -> None:
    with pytest.raises(RefusedError) as caught:
        door(None).ask(Request(QUESTION))
    assert caught.value.status == 503


def test_a_door_that_waits_goes_to_the_source_even_so() -> None:
    with pytest.raises(AssertionError):  # the double has nothing to open
        door(None, waits=True).ask(Request(QUESTION))
