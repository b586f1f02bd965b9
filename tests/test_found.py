"""What the reader makes of hits; its scores are set here, everything behind them is real."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import pytest

from reader_samples import FILING
from yibao.language.facets import read_facets
from yibao.language.sentences import sentence_spans
from yibao.reader.checks import Checks
from yibao.reader.found import READ, SPREAD, Judged, judge_found, read_found
from yibao.reader.inputs import PassageText
from yibao.reader.judging import Judge, Signals
from yibao.reader.reading import UNREAD
from yibao.records import Article, Hit, Leg, Passage, Query, Sentence

NAMES = Signals(*[0.0] * 6, Checks(*[0.0] * len(fields(Checks)))).values()
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


def judged_of(
    reader: Scripted, asked: Query, hits: list[Hit], near: list[list[float]], articles: dict[str, Article]
) -> Judged:
    return judge_found(JUDGE, hits, read_found(reader, asked, hits, near, lambda _: 0.0, articles))


def test_the_best_sentence_has_the_share_one_and_the_others_less_the_further_behind(
    found: Callable[..., Found],
) -> None:
    hits, articles = found(FILING, FILING)
    judged = judged_of(Scripted([1.0, -2.0, 0.0], [2.0, 1.0, -5.0]), query(), hits, cosines(hits), articles)
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
    judged = judged_of(reader, query(), hits, cosines(hits), articles)
    assert len(reader.asked[0][1]) == READ
    assert judged.scores[READ:] == ((0.0,) * 3,) * 2
    assert all(score > 0.0 for row in judged.scores[:READ] for score in row)


def test_a_sentence_beyond_the_length_limit_gets_zero(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judged_of(Scripted([-1.0, UNREAD, UNREAD]), query(), hits, cosines(hits), articles)
    assert judged.scores == ((1.0, 0.0, 0.0),)


def test_where_no_sentence_could_be_read_nothing_answers(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judged_of(Scripted([UNREAD] * 3), query(), hits, cosines(hits), articles)
    assert judged.scores == ((0.0, 0.0, 0.0),)
    assert judged.confidence == 0.0


def test_without_hits_nothing_answers() -> None:
    judged = judged_of(Scripted(), query(), [], [], {})
    assert (judged.scores, judged.confidence) == ((), 0.0)


def test_a_hit_without_sentences_has_no_scores(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING, "")
    judged = judged_of(Scripted([1.0, 0.0, 0.0], []), query(), hits, cosines(hits), articles)
    assert judged.scores[1] == ()
    assert judged_of(Scripted([]), query(), hits[1:], [[]], articles).confidence == 0.0


def test_hits_that_all_score_nothing_are_none_behind_the_other(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING, FILING)
    hits = [replace(hit, score=0.0) for hit in hits]
    judged = judged_of(Scripted([0.0] * 3, [0.0] * 3), query(), hits, cosines(hits), articles)
    assert judged.scores == ((1.0,) * 3,) * 2


def test_the_reader_is_asked_the_completed_question_with_whole_passages(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    reader = Scripted([0.0] * 3)
    judged_of(reader, replace(query(), text="多久", normalized="异地备案多久"), hits, cosines(hits), articles)
    assert reader.asked == [("异地备案多久", [PassageText("标题", FILING, tuple(sentence_spans(FILING)))])]


def test_a_sentence_of_another_place_falls_behind(found: Callable[..., Found]) -> None:
    hits, articles = found("武汉备案6个月有效。长沙备案6个月有效。")
    judged = judged_of(Scripted([0.0, 0.0]), query("武汉备案多久"), hits, cosines(hits), articles)
    assert judged.scores == (pytest.approx((1.0, math.exp(-4.0 / SPREAD))),)


def test_a_closer_sentence_comes_first_where_the_reader_sees_no_difference(found: Callable[..., Found]) -> None:
    hits, articles = found(FILING)
    judged = judged_of(Scripted([0.0] * 3), query(), hits, [[0.8, 0.9, 0.85]], articles)
    assert judged.scores[0][1] == 1.0 > judged.scores[0][2] > judged.scores[0][0]


def test_what_is_known_of_every_sentence(found: Callable[..., Found]) -> None:
    hits, articles = found("备案6个月有效。", "武汉急诊不用备案。手机可以办。")
    seen: list[str] = []

    def covered(text: str) -> float:
        seen.append(text)
        return 0.5 if "手机" in text else 0.0

    reader = Scripted([3.0], [1.0, UNREAD])
    (one,), (two, three) = read_found(reader, query("长沙备案多久"), hits, [[0.9], [0.8, 0.7]], covered, articles)
    assert (one.margin, two.margin, three.margin) == (3.0, 1.0, UNREAD)
    assert (one.closeness, two.closeness, three.closeness) == (0.9, 0.8, 0.7)
    assert (one.behind, two.behind) == (0.0, pytest.approx(0.125))
    assert {one.around, two.around} == {0.9}
    assert [(each.words, each.words_around) for each in (one, two, three)] == [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5)]
    assert (one.checks.other_place, one.checks.unsaid_place, two.checks.other_place) == (0.0, 1.0, 1.0)
    assert "标题  武汉急诊不用备案。" in seen
