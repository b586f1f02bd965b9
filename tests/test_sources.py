from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from answer_samples import make_answer, make_citation, make_hit
from yibao import wording
from yibao.records import Answer, Article
from yibao.web.sources import open_target, passages
from yibao.web.targets import Target


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(id="filing", title="备案", text="有效期是6个月。可以在手机上办理。")


@pytest.fixture
def answer(article: Article) -> Answer:
    citations = (make_citation(article, 0, 8, heading="时限"), make_citation(article, 8, 17, number=2))
    return make_answer(citations=citations, hits=(make_hit(article),))


def finder(*articles: Article) -> Callable[[str], Article]:
    return {article.id: article for article in articles}.__getitem__


def test_a_mark_opens_its_article_at_its_quote(article: Article, answer: Answer) -> None:
    html = open_target(Target("", 3, 1), answer, 3, finder(article))
    assert ">备案</h3>" in html
    assert '<mark class="yb-focus">有效期是6个月。</mark><mark>可以在手机上办理。</mark>' in html
    assert wording.SOURCE_PLACE.format(number=1, count=2) in html
    assert '<p class="yb-heading">时限</p>' in html
    assert wording.WHY_TITLE in html


def test_of_two_quotes_in_one_article_the_one_asked_for_is_in_focus(article: Article, answer: Answer) -> None:
    html = open_target(Target("", 0, 2), answer, 0, finder(article))
    assert '<mark>有效期是6个月。</mark><mark class="yb-focus">可以在手机上办理。</mark>' in html


def test_a_title_opens_the_article_of_that_passage(article: Article, answer: Answer) -> None:
    html = open_target(Target("p", 0, 1), answer, 0, finder(article))
    assert html.count("yb-focus") == 1
    assert "yb-step-group" not in html


@pytest.mark.parametrize("target", [Target("", 0, 0), Target("", 0, 99), Target("p", 0, 99), Target("other", 0, 1)])
def test_anything_else_shows_the_passages(article: Article, answer: Answer, target: Target) -> None:
    assert open_target(target, answer, 0, finder(article)) == passages(answer, 0, finder(article))


def test_of_an_article_that_is_gone_the_quote_is_left(answer: Answer) -> None:
    html = open_target(Target("", 0, 1), answer, 0, finder())
    assert wording.ARTICLE_GONE in html
    assert "有效期是6个月。" in html


def test_an_article_written_anew_is_not_marked_in_the_wrong_place(article: Article, answer: Answer) -> None:
    changed = replace(article, text="前面多了一句。" + article.text)
    assert wording.ARTICLE_GONE in open_target(Target("", 0, 1), answer, 0, finder(changed))


def test_passages_of_articles_that_are_gone_are_still_shown(answer: Answer) -> None:
    html = passages(answer, 0, finder())
    assert "可以在手机上办理。" in html
    assert open_target(Target("p", 0, 1), answer, 0, finder()) == html


def test_without_an_answer_the_panel_explains_itself() -> None:
    assert wording.PANEL_EMPTY in passages(None, 0, None)
