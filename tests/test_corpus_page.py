from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.errors import InputError
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Passage
from yibao.request import Request
from yibao.web.corpus_html import article_detail, staged_report
from yibao.web.corpus_page import Chosen, CorpusPage, _clicked
from yibao.web.services import PageServices

HOSTILE = "---\ntitle: '<b>标题</b>'\ntopics: ['<i>题']\n---\n医保<script>alert(1)</script>报销。\n"
CARE = "---\ntitle: 长期护理保险怎么申请\n---\n长期护理保险向街道服务窗口申请。\n"


@pytest.fixture
def config(small_corpus: Path, tmp_path: Path) -> Config:
    for number in range(20):
        (small_corpus / f"more{number:02}.md").write_text(f"# 第{number}篇\n\n门诊统筹的第{number}条规定。\n", "utf-8")
    (small_corpus / "hostile.md").write_text(HOSTILE, "utf-8")
    config = Config(
        corpus=(str(small_corpus),), index=str(tmp_path / "index"), uploads=str(tmp_path / "uploads"), model="hash"
    )
    index_with(config)
    return config


@pytest.fixture
def pipeline(config: Config) -> Pipeline:
    return open_pipeline(config)


@pytest.fixture
def page(config: Config, pipeline: Pipeline) -> CorpusPage:
    return CorpusPage(PageServices(config, lambda: pipeline))


def add(page: CorpusPage, tmp_path: Path, **files: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    page.uploads.add(page.uploads.stage([tmp_path / name for name in files]), ())


def rows(listed: str) -> list[str]:
    return re.findall(r'class="yb-row" value="#yb-open-([^"]+)"', listed)


def test_the_heading_counts_articles_passages_and_what_is_off(page: CorpusPage, pipeline: Pipeline) -> None:
    passages = pipeline.reader.manifest.passages
    assert pages.CORPUS_COUNTS.format(articles=24, passages=passages) in page.counts()
    page.switched("", "filing")
    assert pages.CORPUS_COUNTS_OFF.format(off=1) in page.counts()


def test_the_list_is_turned_over_and_holds_every_article_once(page: CorpusPage, pipeline: Pipeline) -> None:
    seen = [rows(page.listed(Chosen(), number, "")) for number in (1, 2)]
    assert sorted(seen[0] + seen[1]) == sorted(pipeline.reader.manifest.articles)
    assert rows(page.listed(Chosen(), 99, "")) == seen[1]
    assert rows(page.listed(Chosen(), -5, "")) == seen[0]
    assert "disabled" in page.listed(Chosen(), 1, "")


def test_words_and_filters_narrow_the_list(page: CorpusPage) -> None:
    nothing = [""] * 5 + [None, None]
    assert rows(page.listed(Chosen(), 1, "异地 备案", *nothing)) == ["filing"]
    assert rows(page.listed(Chosen(), 1, "", "陕西", *nothing[1:])) == ["sub/account"]
    assert rows(page.listed(Chosen(), 1, "", "", "employee", *nothing[2:])) == ["sub/account"]
    assert rows(page.listed(Chosen(), 1, "", *nothing[:5], "2025-03-31", "2025-04-01")) == ["filing"]
    assert "filing" not in rows(page.listed(Chosen(), 1, "", *nothing[:5], "2025-04-02", None))
    assert pages.LIST_EMPTY in page.listed(Chosen(), 1, "宇宙飞船", *nothing)
    with pytest.raises(InputError, match="昨天"):
        page.listed(Chosen(), 1, "", *nothing[:5], "昨天", None)


def test_the_menus_hold_what_articles_name_and_the_province_of_a_city(page: CorpusPage) -> None:
    regions, topics = page.menus()
    assert [value for _, value in regions] == ["", "-", "陕西"]
    assert ("<i>题（1）", "<i>题") in [(unescape(label), value) for label, value in topics]


def test_an_article_is_shown_with_the_borders_of_passages_and_sentences(page: CorpusPage, pipeline: Pipeline) -> None:
    shown = page.detail(Chosen("filing"), "备案")
    (passage,) = [passage for _, passage in pipeline.reader.database.passages_of("filing")]
    assert shown.count('class="yb-cut"') == 1
    assert shown.count('class="yb-sentence"') == len(passage.sentences) == 2
    assert pages.PASSAGE_SIZE.format(sentences=2, characters=len(passage.text)) in shown
    assert "<mark>备案</mark>" in shown
    assert re.sub("<[^>]+>", "", shown).count("异地就医备案的有效期是6个月。") == 1
    assert pages.DETAIL_EMPTY in page.detail(Chosen(), "")
    assert pages.DETAIL_GONE in page.detail(Chosen("nothing"), "")


def test_what_an_article_holds_is_text(page: CorpusPage) -> None:
    for shown in (page.listed(Chosen("hostile"), 1, "医保"), page.detail(Chosen("hostile"), "医保")):
        assert "<script>alert" not in shown
        assert "<b>标题" not in shown
        assert "<i>题" not in shown


def test_a_switch_leads_to_what_is_searched_and_back(page: CorpusPage, pipeline: Pipeline) -> None:
    passage_id = pipeline.reader.database.passages_of("filing")[0][1].id
    chosen = _clicked(page, Chosen("filing"), "switch", passage_id)
    assert 'aria-checked="false"' in page.detail(chosen, "")
    assert pages.LIST_OFF.format(count=1) in page.listed(chosen, 1, "备案")
    found = [hit.passage.id for hit in pipeline.find(Request("异地就医备案的有效期", top_k=30)).hits]
    assert found
    assert passage_id not in found
    _clicked(page, chosen, "switch", passage_id)
    assert 'aria-checked="true"' in page.detail(chosen, "")
    assert passage_id in [hit.passage.id for hit in pipeline.find(Request("异地就医备案的有效期")).hits]


def test_a_switch_of_another_article_or_of_nothing_does_nothing(page: CorpusPage, pipeline: Pipeline) -> None:
    other = pipeline.reader.database.passages_of("birth")[0][1].id
    for chosen in (Chosen("filing"), Chosen()):
        _clicked(page, chosen, "switch", other)
    assert pages.CORPUS_COUNTS_OFF.format(off=1) not in page.counts()


def test_a_whole_article_is_switched_off_unless_all_of_it_is(make_article) -> None:
    article = make_article(text="一。二。")
    passages = [Passage(f"one@{n}", "one", "标题", "", "一。", 0, 2, ()) for n in (1, 2)]
    assert pages.ARTICLE_OFF in article_detail(article, passages, {"one@1"})
    assert pages.ARTICLE_ON in article_detail(article, passages, {"one@1", "one@2"})


def test_removal_asks_first_and_is_offered_for_added_articles_only(page: CorpusPage, tmp_path: Path) -> None:
    add(page, tmp_path, **{"护理.md": CARE})
    assert 'value="#yb-remove-' not in page.detail(Chosen("filing"), "")
    shown = page.detail(Chosen("护理"), "")
    assert 'value="#yb-remove-护理"' in shown
    assert 'value="#yb-confirm-护理"' not in shown
    asked = _clicked(page, Chosen("护理"), "remove", "护理")
    assert pages.ARTICLE_REMOVE_SURE.format(name="护理.md", count=1) in page.detail(asked, "")
    assert _clicked(page, Chosen("护理"), "confirm", "护理") == Chosen("护理")  # nobody was asked
    assert _clicked(page, asked, "open", "护理") == Chosen("护理")
    assert page.removed("护理").startswith("已删除")
    assert pages.DETAIL_GONE in page.detail(Chosen("护理"), "")


def test_added_articles_are_marked_and_can_be_listed_alone(page: CorpusPage, tmp_path: Path) -> None:
    add(page, tmp_path, **{"护理.md": CARE})
    listed = page.listed(Chosen(), 1, "", "", "", "", "", "uploaded", None, None)
    assert rows(listed) == ["护理"]
    assert pages.ORIGIN_UPLOADED in listed


def test_the_report_on_files_escapes_names_and_shows_the_cut_of_one(page: CorpusPage, tmp_path: Path) -> None:
    (tmp_path / "a&b.md").write_text(CARE, "utf-8")
    (tmp_path / "c&d.exe").write_text("x", "utf-8")
    staged = page.uploads.stage([tmp_path / "a&b.md", tmp_path / "c&d.exe"])
    closed, opened = staged_report(staged, ""), staged_report(staged, "a&b.md")
    assert pages.UPLOAD_STAGED.format(files=2, addable=1) in closed
    assert "a&amp;b.md" in closed
    assert "c&amp;d.exe" in closed
    assert "yb-preview" not in closed
    assert opened.count('class="yb-cut"') == 1
    assert 'role="switch"' not in opened
