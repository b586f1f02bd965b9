from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from typing import Any
from urllib.parse import quote

import pytest

from running import Address, Opened, running
from yibao import wording
from yibao.api.application import make_doors
from yibao.config import Config
from yibao.pipeline import Pipeline
from yibao.records import NO_FACETS, Facets, hit_to_json
from yibao.request import Request, SearchOptions
from yibao.search.understanding import MAX_QUESTION_CHARACTERS

QUESTION = "异地就医备案的有效期多久"


@pytest.fixture
def address(hash_pipeline: Pipeline) -> Iterator[Address]:
    with running(make_doors(Opened(hash_pipeline), Config()).app) as address:
        yield address


def test_an_answer_is_exactly_the_json_of_the_command_line(address: Address, hash_pipeline: Pipeline) -> None:
    reply = address.post("/v1/ask", {"question": QUESTION})
    direct = hash_pipeline.ask(Request(QUESTION)).to_json()
    assert reply.status == 200
    assert list(reply.json) == list(direct)
    assert reply.json | {"timings_ms": 0} == _as_lists(direct) | {"timings_ms": 0}


def test_history_hits_and_facets_are_taken_over(address: Address) -> None:
    body = {
        "question": "换成陕西呢",
        "history": ["福建的家庭共济要绑定吗"],
        "top_k": 1,
        "facets": {"regions": ["海南"]},
    }
    answer = address.post("/v1/ask", body).json
    assert answer["rewritten"] == "陕西的家庭共济要绑定吗"
    assert len(answer["hits"]) == 1
    assert answer["facets"] == _as_lists(asdict(replace(NO_FACETS, regions=("海南",))))


def test_a_search_returns_hits_with_their_reasons(address: Address, hash_pipeline: Pipeline) -> None:
    for leg in ("hybrid", "dense", "lexical"):
        found = hash_pipeline.find(Request(QUESTION, top_k=3, options=SearchOptions(leg=leg)))
        reply = address.post("/v1/search", {"query": QUESTION, "top_k": 3, "leg": leg})
        assert reply.json["hits"] == [_as_lists(hit_to_json(hit)) for hit in found.hits]
        assert reply.json["confidence"] == round(found.evidence.probability, 4)


def test_ids_of_an_answer_open_the_article_and_the_passage(address: Address, hash_pipeline: Pipeline) -> None:
    citation = address.post("/v1/ask", {"question": "陕西家庭共济怎么绑定"}).json["citations"][0]
    assert citation["article_id"] == "sub/account"
    article = address.get(f"/v1/articles/{citation['article_id']}").json
    assert article == _as_lists(asdict(hash_pipeline.article("sub/account")))
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    passage = address.get(f"/v1/passages/{citation['passage_id']}").json
    assert article["text"][passage["start"] : passage["end"]] == passage["text"]
    assert (passage["passage_id"], passage["article_id"]) == (citation["passage_id"], "sub/account")
    assert passage["disclaimer"] == article["disclaimer"] == wording.DISCLAIMER


@pytest.mark.parametrize("name", ["nosuch", "a/b", "sub", "陕西", "%", "page#1", "x'; DROP TABLE articles; --"])
def test_an_unknown_id_is_named(address: Address, name: str) -> None:
    for kind, text in (("articles", wording.NO_SUCH_ARTICLE), ("passages", wording.NO_SUCH_PASSAGE)):
        reply = address.get(f"/v1/{kind}/{quote(name, safe='')}")
        assert (reply.status, reply.error) == (404, ("not_found", text.format(id=name)))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "question"),
        ([], "请求的正文"),
        ({"question": ""}, "question"),
        ({"question": 5}, "question"),
        ({"question": "x" * (MAX_QUESTION_CHARACTERS + 1)}, "question"),
        ({"question": "x", "nosuch": 1}, "nosuch"),
        ({"question": "x", "top_k": 0}, "top_k"),
        ({"question": "x", "top_k": 101}, "top_k"),
        ({"question": "x", "history": "y"}, "history"),
        ({"question": "x", "history": ["y"] * 51}, "history"),
        ({"question": "x", "facets": {"insurance": ["none"]}}, "facets.insurance.0"),
        ({"question": "\ud800"}, "question"),
    ],
)
def test_a_wrong_body_is_refused_by_the_name_of_what_is_wrong(address: Address, body: object, named: str) -> None:
    reply = address.post("/v1/ask", body)
    kind, message = reply.error
    assert (reply.status, kind) == (422, "invalid_request")
    assert message.startswith(f"{named} 不对：")
    assert not message.isascii()


def test_the_longest_question_is_answered(address: Address) -> None:
    assert address.post("/v1/ask", {"question": "备案" * (MAX_QUESTION_CHARACTERS // 2)}).status == 200


@pytest.mark.parametrize("question", ["\u3002", "\x00", "😀", " ", "<script>"])
def test_odd_questions_are_answered_with_the_disclaimer(address: Address, question: str) -> None:
    reply = address.post("/v1/ask", {"question": question})
    assert (reply.status, reply.json["disclaimer"]) == (200, wording.DISCLAIMER)
    assert address.post("/v1/search", {"query": question}).status == 200


def test_what_is_no_json_is_refused(address: Address) -> None:
    for body in (b"", b"{", b"\xff\xfe", b"[" * 50_000):
        reply = address.send("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        assert reply.status in {400, 422}
        assert reply.error[0] == "invalid_request"


def test_facets_of_the_caller_become_a_record() -> None:
    from yibao.api.schemas import AskedFacets

    values: dict[str, Any] = {
        "regions": ["陕西"], "insurance": ["employee"], "person": ["退休"], "years": [2025], "treated_in": ["北京"],
        "topics": ["异地就医"],
    }  # fmt: skip
    record = AskedFacets(**values).to_record()
    assert set(values) == {field.name for field in fields(Facets)}
    assert _as_lists(asdict(record)) == values


def _as_lists(value: object) -> object:
    """What JSON makes of tuples."""
    if isinstance(value, dict):
        return {name: _as_lists(each) for name, each in value.items()}
    return [_as_lists(each) for each in value] if isinstance(value, list | tuple) else value
