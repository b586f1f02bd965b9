from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline
from yibao.request import Request, SearchOptions
from yibao.web.retrieval_html import comparison, run_panel
from yibao.web.retrieval_page import compared, search
from yibao.web.search_settings import SearchSettings, shipped
from yibao.web.services import PageServices

QUESTION = "异地就医备案的有效期多久"
LEXICAL = SearchSettings(SearchOptions(leg="lexical"), 3)


@pytest.fixture
def services(small_corpus: Path, tmp_path: Path) -> PageServices:
    config = Config(
        corpus=(str(small_corpus),), index=str(tmp_path / "index"), uploads=str(tmp_path / "none"), model="hash",
        top_k=3, refuse_below=0.0,
    )  # fmt: skip
    index_with(config)
    pipeline = open_pipeline(config)
    return PageServices(config, lambda: pipeline)


def order(panel: str) -> list[str]:
    return re.findall(r'href="corpus\?article=([^"]+)"', panel)


def test_each_side_shows_its_own_hits_with_reasons_and_timings(services: PageServices) -> None:
    usual = shipped(services.config)
    _, first, second = compared(services, QUESTION, (usual, LEXICAL))
    for panel, settings in ((first, usual), (second, LEXICAL)):
        hits = services.pipeline().find(Request(QUESTION, top_k=settings.top_k, options=settings.options)).hits
        assert order(panel) == [hit.passage.article_id.replace("/", "%2F") for hit in hits]
        assert f"{hits[0].score:.2f}" in panel
        assert pages.LEG_PLACE.format(rank=hits[0].legs["dense"].rank) in panel
        assert all(name in panel for name in (pages.STEP_NAMES["embed"], pages.STEP_NAMES["total"]))
        assert f'<span class="yb-hit-term">{hits[0].legs["lexical"].matched[0]}</span>' in panel
        assert f'<span class="yb-missed-term">{hits[-1].legs["lexical"].missed[0]}</span>' in panel
    assert pages.SIDES[0] in first
    assert pages.SIDES[1] in second


def test_the_same_settings_on_both_sides_move_nothing(services: PageServices) -> None:
    usual = shipped(services.config)
    line, first, _ = compared(services, QUESTION, (usual, usual))
    assert pages.RUN_SAME in line
    assert first.count("yb-move-same") == len(order(first))


def test_moves_are_told_from_either_side(services: PageServices) -> None:
    run = search(services, QUESTION, (), shipped(services.config))
    hits = run.answer.hits
    turned = (replace(hits[1], rank=1), replace(hits[0], rank=2))  # the first two change places, the third is gone
    other = replace(run, answer=replace(run.answer, hits=turned))
    panel, back = run_panel(run, other, 0), run_panel(other, run, 1)
    assert pages.MOVED_UP.format(side=pages.SIDES[1], places=1) in panel
    assert pages.MOVED_DOWN.format(side=pages.SIDES[1], places=1) in panel
    assert panel.count("yb-move-new") == len(hits) - 2
    assert pages.MOVED_UP.format(side=pages.SIDES[0], places=1) in back
    assert pages.RUN_SHARED.format(shared=2, moved=2, first=len(hits) - 2, second=0) in comparison(run, other)


def test_the_threshold_decides_and_is_shown(services: PageServices) -> None:
    strict = SearchSettings(SearchOptions(refuse_below=1.0), 3)
    run = search(services, QUESTION, (), strict)
    assert run.answer.status == "no_answer"
    said = pages.RUN_REFUSED.format(confidence=f"{run.answer.confidence:.2f}", threshold="1.00")
    assert said in run_panel(run, run, 0)


def test_earlier_questions_complete_a_fragment(services: PageServices) -> None:
    usual = shipped(services.config)
    line, panel, _ = compared(services, "要带户口本吗", (usual, usual), ["陕西家庭共济怎么绑定"])
    assert "陕西家庭共济怎么绑定" in line
    assert order(panel)[0] == "sub%2Faccount"


def test_an_emergency_is_not_searched(services: PageServices) -> None:
    usual = shipped(services.config)
    _, panel, _ = compared(services, "我爸突然昏迷没有呼吸了怎么办", (usual, usual))
    assert pages.RUN_EMERGENCY in panel


@pytest.mark.parametrize("question", ["", "  ", "？？"])
def test_without_a_question_there_is_a_hint(services: PageServices, question: str) -> None:
    usual = shipped(services.config)
    assert pages.RETRIEVAL_EMPTY in compared(services, question, (usual, usual))[1]


def test_questions_and_articles_are_text(services: PageServices, small_corpus: Path) -> None:
    (small_corpus / "x.md").write_text("---\ntitle: '<img src=x>'\n---\n备案<script>alert(1)</script>。\n", "utf-8")
    index_with(services.config)
    services.pipeline().reload()
    usual = replace(shipped(services.config), top_k=30)
    shown = "".join(compared(services, "<script>alert(2)</script>备案呢", (usual, LEXICAL), ["<b>医保备案"]))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b>医保" not in shown
