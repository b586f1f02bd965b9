from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from yibao.evaluation.outcomes import DEPTH, Outcome, run
from yibao.evaluation.questions import Gold, Question
from yibao.records import NO_FACETS, Answer, Article, Citation, Facets, Hit, Passage
from yibao.request import Request
from yibao.search.evidence import NOTHING_FOUND
from yibao.search.hybrid import SearchResult
from yibao.wording import DISCLAIMER

MakeArticle = Callable[..., Article]
TEXT = "零一二三四五六七八九" * 3  # 30 characters, so that offsets can be read off


def question(**fields: Any) -> Question:
    values: dict[str, Any] = {
        "id": "q", "kind": "direct", "question": "问", "history": (), "standalone": "", "clean": "",
        "gold": (Gold("one", "零一二三四五六七八九零"),), "all_needed": False, "status": "answered",
        "facets": NO_FACETS, "note": "",
    }  # fmt: skip
    return Question(**(values | fields))


def hit(rank: int, start: int, end: int, article: str = "one") -> Hit:
    passage = Passage(f"{article}:{start}", article, "标题", "", TEXT[start:end], start, end, ())
    return Hit(passage, 0.9, rank, {})


def citation(quote: str, start: int, article: str = "one") -> Citation:
    return Citation(1, "p", article, "标题", "", None, None, (), "article", quote, start, start + len(quote))


def answer(**fields: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "问", "rewritten": "问", "status": "answered", "text": "答", "citations": (), "hits": (),
        "notices": (), "facets": NO_FACETS, "disclaimer": DISCLAIMER, "confidence": 0.75, "timings": {"total": 0.0125},
    }  # fmt: skip
    return Answer(**(values | fields))


class Given:
    """Answers every question as given, from articles given; notes what it was asked."""

    def __init__(self, articles: Mapping[str, Article], answer_to: Callable[[str], Answer]) -> None:
        self.article = articles.__getitem__
        self.asked: list[tuple[str, Sequence[str]]] = []
        self.legs: dict[str, tuple[Hit, ...]] = {"lexical": (), "dense": ()}
        self._answer_to = answer_to

    def ask(self, request: Request) -> Answer:
        assert request.top_k == DEPTH
        self.asked.append((request.question, request.history))
        return self._answer_to(request.question)

    def find(self, request: Request) -> SearchResult:
        return SearchResult(self.legs[request.options.leg], (), NOTHING_FOUND)


@pytest.fixture
def two_articles(make_article: MakeArticle) -> dict[str, Article]:
    """With the same text."""
    return {name: make_article(id=name, text=TEXT) for name in ("one", "two")}


@pytest.fixture
def outcome_of(two_articles: dict[str, Article]) -> Callable[..., Outcome]:
    """Ask one question that is answered as given, over two articles."""

    def outcome(asked: Question, given: Answer, **legs: tuple[Hit, ...]) -> Outcome:
        pipeline = Given(two_articles, lambda _question: given)
        pipeline.legs |= legs
        (found,) = run([asked], pipeline)
        return found

    return outcome


def test_the_rank_of_a_gold_is_that_of_the_first_passage_with_it(outcome_of: Callable[..., Outcome]) -> None:
    hits = (hit(1, 12, 30), hit(2, 0, 30, "two"), hit(3, 0, 20), hit(4, 0, 30))
    assert outcome_of(question(), answer(hits=hits)).gold_ranks == (3,)


def test_a_gold_that_no_passage_shows_has_rank_0(outcome_of: Callable[..., Outcome]) -> None:
    found = outcome_of(question(), answer(hits=(hit(1, 20, 30),)))
    assert (found.gold_ranks, found.first_rank, found.evidence_at) == ((0,), 0, 0)
    assert found.recall(10) == 0.0


@pytest.mark.parametrize(("end", "rank"), [(5, 0), (6, 1), (11, 1)])
def test_most_of_a_gold_is_enough(outcome_of: Callable[..., Outcome], end: int, rank: int) -> None:
    assert outcome_of(question(), answer(hits=(hit(1, 0, end),))).gold_ranks == (rank,)  # of 11 characters


def test_half_of_a_gold_is_not_enough(outcome_of: Callable[..., Outcome]) -> None:
    gold = (Gold("one", TEXT[0:10]),)
    assert outcome_of(question(gold=gold), answer(hits=(hit(1, 5, 20),))).gold_ranks == (0,)
    assert outcome_of(question(gold=gold), answer(hits=(hit(1, 4, 20),))).gold_ranks == (1,)


def test_evidence_counts_what_a_reader_has_read_until_the_gold_ends(outcome_of: Callable[..., Outcome]) -> None:
    gold = (Gold("one", TEXT[9:13]),)
    hits = (hit(1, 20, 30), hit(2, 5, 25))
    assert outcome_of(question(gold=gold), answer(hits=hits)).evidence_at == 10 + (13 - 5)


def test_of_alternatives_the_first_counts_and_of_needed_ones_the_last(outcome_of: Callable[..., Outcome]) -> None:
    gold = (Gold("one", TEXT[0:4]), Gold("two", TEXT[9:13]))
    hits = (hit(1, 0, 10), hit(2, 0, 20, "two"))
    any_one = outcome_of(question(gold=gold), answer(hits=hits))
    all_of_them = outcome_of(question(gold=gold, all_needed=True), answer(hits=hits))
    assert any_one.gold_ranks == all_of_them.gold_ranks == (1, 2)
    assert (any_one.evidence_at, all_of_them.evidence_at) == (4, 10 + 13)
    assert (any_one.recall(1), all_of_them.recall(1), all_of_them.recall(2)) == (1.0, 0.5, 1.0)


def test_needed_evidence_is_incomplete_without_one_of_them(outcome_of: Callable[..., Outcome]) -> None:
    gold = (Gold("one", TEXT[0:4]), Gold("two", TEXT[9:13]))
    assert outcome_of(question(gold=gold, all_needed=True), answer(hits=(hit(1, 0, 10),))).evidence_at == 0


@pytest.mark.parametrize(("all_needed", "share"), [(False, 1.0), (True, 0.5)])
def test_the_card_holds_a_gold_that_a_quote_holds(
    outcome_of: Callable[..., Outcome], all_needed: bool, share: float
) -> None:
    gold = (Gold("one", TEXT[0:4]), Gold("one", TEXT[4:9]))
    given = answer(citations=(citation(TEXT[0:6], 0),))
    assert outcome_of(question(gold=gold, all_needed=all_needed), given).gold_in_card == share


def test_the_card_may_set_other_space_between_the_characters(make_article: MakeArticle) -> None:
    given = Given(
        {"one": make_article(text="每年 400\n元")}, lambda _question: answer(citations=(citation("每年400 元", 0),))
    )
    (found,) = run([question(gold=(Gold("one", "每年 400\n元"),))], given)
    assert (found.gold_in_card, found.broken_quotes) == (1.0, 1)


def test_a_quote_that_is_no_slice_of_its_article_is_broken(outcome_of: Callable[..., Outcome]) -> None:
    given = answer(citations=(citation(TEXT[0:6], 0), citation(TEXT[0:6], 1), citation("编的", 0)))
    assert outcome_of(question(), given).broken_quotes == 2


def test_facets_are_counted_by_value(outcome_of: Callable[..., Outcome]) -> None:
    wanted = Facets(("陕西", "福建/福州"), ("employee",), (), (2025,))
    given = Facets(("陕西",), ("resident",), (), (2025,))
    found = outcome_of(question(facets=wanted), answer(facets=given))
    assert (found.facets_right, found.facets_wanted, found.facets_given) == (2, 4, 3)


def test_a_follow_up_is_asked_once_more_in_its_self_contained_form(two_articles: dict[str, Article]) -> None:
    hits = {"那居民呢": (hit(1, 20, 30), hit(2, 0, 20)), "居民报多少": (hit(1, 0, 20),)}
    pipeline = Given(two_articles, lambda text: answer(hits=hits[text]))
    follow_up = question(question="那居民呢", history=("职工报多少",), standalone="居民报多少")
    (found,) = run([follow_up], pipeline)
    assert pipeline.asked == [("那居民呢", ("职工报多少",)), ("居民报多少", ())]
    assert (found.first_rank, found.standalone_rank) == (2, 1)
    assert found.question == "职工报多少 / 那居民呢"


def test_a_mistyped_question_is_asked_once_more_as_it_should_be(two_articles: dict[str, Article]) -> None:
    pipeline = Given(two_articles, lambda _question: answer())
    run([question(question="报消", clean="报销"), question()], pipeline)
    assert [text for text, _ in pipeline.asked] == ["报消", "报销", "问"]


def test_each_leg_has_its_own_rank(outcome_of: Callable[..., Outcome]) -> None:
    given, lexical, dense = answer(hits=(hit(1, 0, 20),)), (hit(1, 20, 30), hit(2, 0, 20)), (hit(1, 20, 30),)
    assert outcome_of(question(), given, lexical=lexical, dense=dense).leg_ranks == {"lexical": 2, "dense": 0}


def test_what_the_answer_says_is_kept(outcome_of: Callable[..., Outcome]) -> None:
    found = outcome_of(question(status="no_answer", gold=()), answer())
    assert (found.wanted, found.got, found.confidence, found.shown) == ("no_answer", "answered", 0.75, "答")
    assert found.timings_ms == {"total": 12.5}
    assert (found.gold_count, found.gold_ranks, found.gold_in_card, found.expected) == (0, (), 0.0, "")


def test_a_gold_that_is_not_in_its_article_belongs_to_another_index(outcome_of: Callable[..., Outcome]) -> None:
    with pytest.raises(LookupError, match="one: 别的话"):
        outcome_of(question(gold=(Gold("one", "别的话"),)), answer())
    with pytest.raises(LookupError, match="three"):
        outcome_of(question(gold=(Gold("three", "零"),)), answer())


def test_an_outcome_comes_back_from_json(outcome_of: Callable[..., Outcome]) -> None:
    found = outcome_of(question(), answer(hits=(hit(1, 0, 20),)))
    assert Outcome.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_other_fields_are_no_outcome(outcome_of: Callable[..., Outcome]) -> None:
    row = outcome_of(question(), answer()).to_json()
    with pytest.raises(TypeError):
        Outcome.from_json(row | {"more": 1})
    with pytest.raises(KeyError):
        Outcome.from_json({})
