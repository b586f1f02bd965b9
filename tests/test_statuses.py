from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from answer_samples import make_citation, make_hit
from yibao import wording
from yibao.answer.statuses import Draft, answered, emergency, not_covered, nothing_asked
from yibao.language.segmenter import Segmenter
from yibao.records import NO_FACETS, Article
from yibao.search.understanding import understand

MakeDraft = Callable[..., Draft]


@pytest.fixture
def make_draft(segmenter: Segmenter) -> MakeDraft:
    def make(question: str, **fields: object) -> Draft:
        values = {
            "hits": (),
            "confidence": 0.9,
            "notices": (),
            "timings": {"total": 0.25},
            "today": date(2025, 5, 1),
        } | fields
        return Draft(query=understand(question, (), segmenter), **values)

    return make


def test_answered_text_is_the_quotes_with_their_marks(
    make_draft: MakeDraft, make_article: Callable[..., Article]
) -> None:
    article = make_article(text="备案有效期是6个月。可在手机上办。")
    citations = [make_citation(article, 0, 10), make_citation(article, 10, 17, number=2)]
    answer = answered(make_draft("备案有效期"), citations)
    assert answer.text == "备案有效期是6个月。 [1]\n可在手机上办。 [2]"
    assert answer.status == "answered"
    assert answer.citations == tuple(citations)


def test_answered_carries_what_the_draft_knows(make_draft: MakeDraft, make_article: Callable[..., Article]) -> None:
    article = make_article()
    hits = (make_hit(article),)
    draft = make_draft("您好,请问陕西怎么备案", hits=hits, notices=("旧索引",))
    answer = answered(draft, [make_citation(article, 0, 2)])
    assert (answer.question, answer.rewritten) == ("您好,请问陕西怎么备案", "陕西怎么备案")
    assert (answer.hits, answer.confidence, answer.timings) == (hits, 0.9, {"total": 0.25})
    assert answer.facets.regions == ("陕西",)
    assert answer.notices[0] == "旧索引"


def test_another_region_than_asked_is_said(make_draft: MakeDraft, make_article: Callable[..., Article]) -> None:
    answer = answered(make_draft("陕西怎么备案"), [make_citation(make_article(region="湖北"), 0, 2)])
    assert answer.notices == (wording.OTHER_REGION.format(asked="陕西", given="湖北"),)


@pytest.mark.parametrize("region", ["陕西", "陕西/西安", None])
def test_a_region_that_agrees_needs_no_notice(
    make_draft: MakeDraft, make_article: Callable[..., Article], region: str | None
) -> None:
    answer = answered(make_draft("陕西怎么备案"), [make_citation(make_article(region=region), 0, 2)])
    assert answer.notices == ()


def test_a_quote_from_an_excerpt_is_said_once(make_draft: MakeDraft, make_article: Callable[..., Article]) -> None:
    excerpt = make_article(kind="excerpt")
    citations = [make_citation(excerpt, 0, 1), make_citation(excerpt, 2, 3, number=2)]
    assert answered(make_draft("怎么备案"), citations).notices == (wording.FROM_EXCERPT,)


def test_a_refusal_keeps_the_nearest_passages_and_quotes_nothing(
    make_draft: MakeDraft, make_article: Callable[..., Article]
) -> None:
    hits = (make_hit(make_article()),)
    answer = not_covered(make_draft("怎么做红烧肉", hits=hits, confidence=0.1))
    assert (answer.status, answer.text, answer.citations) == ("no_answer", wording.NOT_COVERED, ())
    assert (answer.hits, answer.confidence) == (hits, 0.1)


@pytest.mark.parametrize("kind", ["medical", "self_harm"])
def test_an_emergency_sends_to_120_and_shows_nothing_else(kind: str) -> None:
    answer = emergency("救命", kind, {"total": 0.01})  # type: ignore[arg-type]
    assert (answer.status, answer.text) == ("emergency", wording.EMERGENCY_TEXTS[kind])
    assert "120" in answer.text
    assert (answer.citations, answer.hits, answer.notices, answer.facets) == ((), (), (), NO_FACETS)


def test_nothing_asked_asks_for_a_question() -> None:
    answer = nothing_asked("  ")
    assert (answer.question, answer.rewritten, answer.status) == ("  ", "", "no_answer")
    assert answer.text == wording.EMPTY_QUESTION
    assert answer.timings == {"total": 0.0}


def test_every_kind_of_answer_carries_the_disclaimer(
    make_draft: MakeDraft, make_article: Callable[..., Article]
) -> None:
    draft = make_draft("怎么备案")
    kinds = [
        answered(draft, [make_citation(make_article(), 0, 2)]),
        not_covered(draft),
        emergency("救命", "medical", {}),
        nothing_asked(""),
    ]
    assert {answer.disclaimer for answer in kinds} == {wording.DISCLAIMER}
