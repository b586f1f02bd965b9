"""What the reader makes of hits; its scores are set here, everything behind them is real."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from reader_samples import FILING
from yibao.language.facets import read_facets
from yibao.language.sentences import sentence_spans
from yibao.reader.checks import Checks
from yibao.reader.found import READ, SPREAD, judge_found
from yibao.reader.inputs import PassageText
from yibao.reader.judging import Judge, Signals
from yibao.reader.reading import UNREAD
from yibao.records import Article, Hit, Leg, Passage, Query, Sentence

NAMES = Signals(0.0, 0.0, 0.0, 0.0, Checks(*[0.0] * 10)).values()
JUDGE = Judge(dict.fromkeys(NAMES, 0.0) | {"margin": 1.0, "behind": -2.0, "other_place": -4.0, "closeness": 0.5}, 0.0)


class Scripted:
    """Gives the margins it was made with, one row a passage, and keeps what it was asked."""

    def __init__(self, *rows: Sequence[float]) -> None:
        self.rows = rows
        self.asked: list[tuple[str, list[PassageText]]] = []

    def read(self, question: str, passages: Sequence[PassageText]) -> list[list[float]]:
        self.asked.append((question, list(passages)))
        return [list(row) for row, _ in zip(self.rows, passages, strict=False)]

    def warm_up(self) -> None: ...


Found = tuple[list[Hit], dict[str, Article]]


@pytest.fixture
def found(make_article: Callable[..., Article]) -> Callable[..., Found]:
    def make(*texts: str) -> Found:
        hits, articles = [], {}
        for number, text in enumerate(texts):
            name = f"a{number}"
            articles[name] = make_article(id=name, text=text)
            spans = tuple(Sentence(a, b, None) for a, b in sentence_spans(text))
            passage = Passage(f"{name}@1", name, "标题", "", text, 0, len(text), spans)
            hits.append(Hit(passage, 0.8 - 0.1 * number, number + 1, {"dense": Leg(1, 0.9, (), ())}))
        return hits, articles

    return make


def query(text: str = "异地备案多久有效") -> Query:
    return Query(text, text, (), read_facets(text), None)


def cosines(hits: Sequence[Hit], value: float = 0.85) -> list[list[float]]:
    return [[value] * len(hit.passage.sentences) for hit in hits]


def test_the_best_sentence_has_the_share_one_and_the_others_less_the_further_behind(
    found: Callable[..., Found],
) -> None:
    hits, articles = found(FILING, FILING)
    judged = judge_found(Scripted([1.0, -2.0, 0.0], [2.0, 1.0, -5.0]), query(), hits, cosines(hits), articles, JUDGE)
    behind = 2.0 * (1 - 0.7 / 0.8)
    scores = [[1.0, -2.0, 0.0], [2.0 - behind, 1.0 - behind, -5.0 - behind]]
    best = scores[1][0]
    for row, wanted in zip(judged.scores, scores, strict=True):
        assert row == pytest.approx([math.exp((score - best) / SPREAD) for score in wanted])
    assert max(max(row) for row in judged.scores) == 1.0
    total = sum(math.exp(score) for row in scores for score in row)
    assert judged.confidence == pytest.approx(total / (total + 1.0))


def test_hits_that_are_not_read_get_zeros(found: Callable[..., Found]) -> None:
    hits, articles = found(*[FILING] * (READ + 2))
    reader = Scripted(*[[1.0, 0.0, -1.0]] * READ)
    judged = judge_found(reader, query(), hits, cosines(hits), articles, JUDGE)
    assert len(reader.asked[0][1]) == READ
    assert judged.scores[READ:] == ((0.0,) * 3,) * 2
    assert all(score > 0.0 for row in judged.scores[:READ] for score in row)


def test_a_sentence_beyond_the_length_limit_gets_zero(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judge_found(Scripted([-1.0, UNREAD, UNREAD]), query(), hits, cosines(hits), articles, JUDGE)
    assert judged.scores == ((1.0, 0.0, 0.0),)


def test_where_no_sentence_could_be_read_nothing_answers(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judge_found(Scripted([UNREAD] * 3), query(), hits, cosines(hits), articles, JUDGE)
    assert judged.scores == ((0.0, 0.0, 0.0),)
    assert judged.confidence == 0.0


def test_without_hits_nothing_answers() -> None:
    judged = judge_found(Scripted(), query(), [], [], {}, JUDGE)
    assert (judged.scores, judged.confidence) == ((), 0.0)


def test_a_hit_without_sentences_has_no_scores(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING, "")
    judged = judge_found(Scripted([1.0, 0.0, 0.0], []), query(), hits, cosines(hits), articles, JUDGE)
    assert judged.scores[1] == ()
    assert judge_found(Scripted([]), query(), hits[1:], [[]], articles, JUDGE).confidence == 0.0


def test_hits_that_all_score_nothing_are_none_behind_the_other(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING, FILING)
    hits = [replace(hit, score=0.0) for hit in hits]
    judged = judge_found(Scripted([0.0] * 3, [0.0] * 3), query(), hits, cosines(hits), articles, JUDGE)
    assert judged.scores == ((1.0,) * 3,) * 2


def test_the_reader_is_asked_the_completed_question_with_whole_passages(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    reader = Scripted([0.0] * 3)
    judge_found(reader, replace(query(), text="多久", normalized="异地备案多久"), hits, cosines(hits), articles, JUDGE)
    assert reader.asked == [("异地备案多久", [PassageText("标题", FILING, tuple(sentence_spans(FILING)))])]


def test_a_sentence_of_another_place_falls_behind(found: Callable[..., Found]) -> None:
    hits, articles = found("武汉备案6个月有效。长沙备案6个月有效。")
    judged = judge_found(Scripted([0.0, 0.0]), query("武汉备案多久"), hits, cosines(hits), articles, JUDGE)
    assert judged.scores == (pytest.approx((1.0, math.exp(-4.0 / SPREAD))),)


def test_a_closer_sentence_comes_first_where_the_reader_sees_no_difference(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judge_found(Scripted([0.0] * 3), query(), hits, [[0.8, 0.9, 0.85]], articles, JUDGE)
    assert judged.scores[0][1] == 1.0 > judged.scores[0][2] > judged.scores[0][0]
