from __future__ import annotations

from collections.abc import Callable

import pytest

from answer_samples import make_hit
from yibao import wording
from yibao.answer.refusing import MOST_SUGGESTIONS, missing_terms, refusal_text, suggestions
from yibao.evaluation.questions import shipped_questions
from yibao.pipeline import Pipeline
from yibao.records import Answer, Article
from yibao.request import Request

KNOWN = {"医保", "·医保", "·报销", "·销比", "·比例"}


def test_a_term_is_missing_where_neither_it_nor_its_characters_stand_side_by_side() -> None:
    assert missing_terms(["医保", "报销比例", "红烧肉", "比例尺"], KNOWN.__contains__) == ("红烧肉", "比例尺")


def test_a_latin_word_is_missing_where_it_is_unknown() -> None:
    assert missing_terms(["mri"], KNOWN.__contains__) == ("mri",)


def test_the_text_names_terms_and_the_hotline_only_where_there_are_any() -> None:
    assert refusal_text([], KNOWN.__contains__) == wording.NOT_COVERED
    text = refusal_text(["医保", "红烧肉"], (KNOWN | {"12393"}).__contains__)
    assert text.splitlines() == [
        wording.NOT_COVERED,
        wording.LOOKED_FOR.format(terms="医保、红烧肉"),
        wording.ASK_HOTLINE,
    ]


def test_the_nearest_titles_are_worth_a_try(make_article: Callable[..., Article]) -> None:
    hits = [make_hit(make_article(id=str(n), title=f"题{max(n, 2)}"), rank=n) for n in range(1, 9)]
    assert suggestions(hits) == ("题2", "题3", "题4", "题5", "题6")


def test_passages_that_share_no_word_are_no_neighbours(make_article: Callable[..., Article]) -> None:
    hit = make_hit(make_article())
    legs = {name: type(leg)(leg.rank, leg.score, (), ()) for name, leg in hit.legs.items()}
    assert suggestions([type(hit)(hit.passage, hit.score, hit.rank, legs)]) == ()


@pytest.fixture(scope="module")
def refused(real_pipeline: Pipeline) -> list[Answer]:
    questions = [question for question in shipped_questions() if question.status == "no_answer"]
    answers = [real_pipeline.ask(Request(question.question, question.history)) for question in questions]
    return [answer for answer in answers if answer.status == "no_answer"]


def test_every_suggestion_is_answered(refused: list[Answer], real_pipeline: Pipeline) -> None:
    suggested = {suggestion for answer in refused for suggestion in answer.suggestions}
    assert len(suggested) >= 20
    assert [each for each in suggested if real_pipeline.ask(Request(each)).status != "answered"] == []


def test_every_missing_term_stands_in_no_article(refused: list[Answer], real_pipeline: Pipeline) -> None:
    texts = [f"{article.title}\n{article.text}" for article in real_pipeline.reader.database.articles()]
    missing = {term for answer in refused for term in answer.missing_terms}
    assert missing
    assert [term for term in missing if any(term in text for text in texts)] == []


def test_refusals_hold_no_more_than_three_suggestions(refused: list[Answer]) -> None:
    assert max(len(answer.suggestions) for answer in refused) == MOST_SUGGESTIONS
