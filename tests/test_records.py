"""Records are complete when they are born, never change, and have one public form."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yibao import records
from yibao.records import NO_FACETS, Answer, Citation, Facets, Hit, Leg, Passage, Sentence, hit_to_json
from yibao.wording import DISCLAIMER

RECORDS = [value for value in vars(records).values() if isinstance(value, type) and is_dataclass(value)]

PASSAGE = Passage(
    id="a@1", article_id="a", title="标题", heading="一 > 二", text="备案\u3002", start=4, end=7,
    sentences=(Sentence(4, 7, None),),
)  # fmt: skip
HIT = Hit(PASSAGE, 0.123456, 1, {"lexical": Leg(2, 7.5, ("备案",), ("报销",))})
CITATION = Citation(
    number=1, passage_id="a@1", article_id="a", title="标题", heading="", published=None, region="陕西",
    insurance=("employee",), kind="article", quote="备案\u3002", start=4, end=7,
)  # fmt: skip
ANSWER = Answer(
    question="问", rewritten="问题", status="answered", text="备案\u3002[1]", citations=(CITATION,), hits=(HIT,),
    notices=("提醒",), facets=Facets(("陕西",), ("employee",), ("retired",), (2025,)), disclaimer=DISCLAIMER,
    confidence=0.98765, timings={"search": 0.0123456},
)  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_field_has_no_default_but_having_none(record: type) -> None:
    for field in fields(record):
        assert getattr(record, field.name, ()) in ((), "")


def test_an_answer_cannot_be_made_without_its_disclaimer() -> None:
    values: dict[str, Any] = {field.name: getattr(ANSWER, field.name) for field in fields(Answer)}
    del values["disclaimer"]
    with pytest.raises(TypeError, match="disclaimer"):
        Answer(**values)


@pytest.mark.parametrize(
    "record", [PASSAGE, HIT, CITATION, ANSWER, NO_FACETS], ids=lambda record: type(record).__name__
)
def test_records_never_change(record: Any) -> None:
    name = fields(record)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(record, name, "other")


def test_a_later_stage_makes_a_new_record() -> None:
    assert replace(HIT, rank=2).rank == 2
    assert HIT.rank == 1


def test_no_facets_says_nothing() -> None:
    assert Facets((), (), (), ()) == NO_FACETS


def test_the_public_form_of_an_answer() -> None:
    assert ANSWER.to_json() == {
        "question": "问",
        "summary": "",
        "rewritten": "问题",
        "status": "answered",
        "text": "备案\u3002[1]",
        "citations": [
            {
                "number": 1, "passage_id": "a@1", "article_id": "a", "title": "标题", "heading": "", "published": None,
                "region": "陕西", "insurance": ("employee",), "kind": "article", "quote": "备案\u3002",
                "start": 4, "end": 7, "facts": (),
            }
        ],
        "hits": [hit_to_json(HIT)],
        "notices": ["提醒"],
        "choices": [], "contrasts": [], "unanswered": [], "missing_terms": [], "suggestions": [],
        "facets": {
            "regions": ("陕西",), "insurance": ("employee",), "person": ("retired",), "years": (2025,),
            "treated_in": (), "topics": (),
        },
        "disclaimer": DISCLAIMER,
        "confidence": 0.9877,
        "timings_ms": {"search": 12.35},
    }  # fmt: skip


def test_the_public_form_of_a_hit_has_its_passage_in_it() -> None:
    assert hit_to_json(HIT) == {
        "passage_id": "a@1", "article_id": "a", "title": "标题", "heading": "一 > 二", "text": "备案\u3002",
        "start": 4, "end": 7, "score": 0.1235, "rank": 1,
        "legs": {"lexical": {"rank": 2, "score": 7.5, "matched": ("备案",), "missed": ("报销",), "synonyms": ()}},
    }  # fmt: skip


def test_the_public_form_is_json() -> None:
    parsed = json.loads(json.dumps(ANSWER.to_json(), ensure_ascii=False))
    assert parsed["facets"]["regions"] == ["陕西"]
    assert parsed["hits"][0]["legs"]["lexical"]["missed"] == ["报销"]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SPANS = st.tuples(st.integers(0, 99), st.integers(0, 99))
SHARES = st.floats(0, 1).map(lambda share: round(share, 4))
PASSAGES = st.builds(Passage, id=TEXTS, article_id=TEXTS, title=TEXTS, heading=TEXTS, text=TEXTS, sentences=st.just(()))
HITS = st.builds(Hit, passage=PASSAGES, score=SHARES, legs=st.dictionaries(TEXTS, st.builds(Leg, score=SHARES)))
ANSWERS = st.builds(
    Answer,
    question=TEXTS,
    hits=st.lists(HITS, max_size=2).map(tuple),
    citations=st.lists(st.builds(Citation, quote=TEXTS, facts=st.lists(SPANS, max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
    confidence=SHARES,
    timings=st.dictionaries(TEXTS, st.floats(0, 100).map(lambda seconds: round(seconds, 5)), max_size=3),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS)
def test_an_answer_comes_back_from_its_public_form(answer: Answer) -> None:
    back = Answer.from_json(json.loads(json.dumps(answer.to_json())))
    assert back.to_json() == answer.to_json()
    assert replace(back, timings={}) == replace(answer, timings={})
    assert back.timings == pytest.approx(dict(answer.timings), abs=1e-5)


def test_an_answer_written_before_a_field_was_added_gets_its_default() -> None:
    values = ANSWER.to_json()
    del values["choices"], values["contrasts"]
    assert Answer.from_json(values) == replace(ANSWER, confidence=0.9877, hits=Answer.from_json(ANSWER.to_json()).hits,
                                               timings={"search": 0.01235})  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"hits": [{}]}, {"hits": 3}, {"timings_ms": []}, {"status": "other"}, {"facets": None}]
)
def test_what_is_no_answer_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Answer.from_json(ANSWER.to_json() | wrong)
