from __future__ import annotations

import pytest

from yibao.index.database import NATIONWIDE, ArticleFilter
from yibao.language.segmenter import Segmenter
from yibao.pipeline import Pipeline
from yibao.search.browsing import Browsed, browse, words_to_find


@pytest.fixture
def look(real_pipeline: Pipeline, segmenter: Segmenter):
    def run(words: str = "", **wanted: str) -> Browsed:
        return browse(real_pipeline.reader, segmenter, words, ArticleFilter(**wanted))  # type: ignore[arg-type]

    return run


def test_without_words_every_article_is_listed_newest_first_and_undated_last(look, real_pipeline: Pipeline) -> None:
    found = look()
    assert len(found.articles) == len(real_pipeline.reader.manifest.articles)
    dates = [article.published or "" for article in found.articles]
    assert dates == sorted(dates, reverse=True)
    assert dates[-1] == ""
    assert found.terms == ()


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"region": "辽宁"}, lambda a: a.region and a.region.partition("/")[0] == "辽宁"),
        ({"region": "辽宁/抚顺"}, lambda a: a.region == "辽宁/抚顺"),
        ({"region": NATIONWIDE}, lambda a: a.region is None),
        ({"insurance": "resident"}, lambda a: "resident" in a.insurance),
        ({"topic": "家庭共济"}, lambda a: "家庭共济" in a.topics),
        ({"kind": "article"}, lambda a: a.kind == "article"),
        ({"since": "2025-04-19"}, lambda a: a.published and a.published >= "2025-04-19"),
        ({"until": "2025-04-18"}, lambda a: a.published and a.published <= "2025-04-18"),
        ({"kind": "excerpt", "topic": "异地就医"}, lambda a: a.kind == "excerpt" and "异地就医" in a.topics),
        ({"folder": "nowhere/"}, lambda a: a is None),
        ({"topic": "%"}, lambda a: a is None),
    ],
)
def test_filters_let_through_what_they_name_and_nothing_else(look, wanted, holds) -> None:
    every = look().articles
    assert [a.id for a in look(**wanted).articles] == [a.id for a in every if holds(a)]


def test_words_find_the_passages_that_hold_all_of_them(look, real_pipeline: Pipeline) -> None:
    found = look("异地 备案")
    assert found.all_terms
    passages = real_pipeline.reader.database.all_passages()
    expected = {p.article_id for p in passages if all(w in f"{p.title} {p.heading} {p.text}" for w in ("异地", "备案"))}
    assert {article.id for article in found.articles} == expected
    named = {passage.id: passage for passage in passages}
    for article_id, ids in found.matches.items():
        assert {named[each].article_id for each in ids} == {article_id}


def test_where_no_passage_holds_all_words_those_with_most_come_first(look) -> None:
    found = look("备案 太空舱")
    assert not found.all_terms
    assert found.articles
    assert found.terms[0] == "备案"


def test_words_and_filters_go_together(look) -> None:
    assert {a.region for a in look("报销", region="湖北").articles} <= {"湖北", "湖北/蕲春"}
    assert look("报销", region="湖北").articles


@pytest.mark.parametrize("words", ["備案", "  备案  ", "备案"])
def test_traditional_characters_and_spaces_make_no_difference(look, words: str) -> None:
    assert look(words).articles == look("备案").articles != ()


@pytest.mark.parametrize("words", ["宇宙飞船", "% _ '", "😀"])
def test_what_is_nowhere_finds_nothing(look, words: str) -> None:
    assert look(words).articles == ()


def test_single_characters_are_looked_for_where_there_is_nothing_else(segmenter: Segmenter) -> None:
    assert words_to_find("钱", segmenter) == ("钱",)
    assert words_to_find("", segmenter) == ()
