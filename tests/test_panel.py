from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from answer_samples import make_answer, make_citation, make_hit
from html_reader import EVIL, Reader, assert_is_safe
from yibao import wording
from yibao.records import Article, Hit, Leg
from yibao.web.markup import render
from yibao.web.panel import all_reasons, article_panel, gone_panel, hits_panel

MakeArticle = Callable[..., Article]


def reasons(hit: Hit, hits: tuple[Hit, ...]) -> str:
    return render("panel", "reasons", why=next(each for each in all_reasons(hits) if each.hit is hit))


@pytest.fixture
def evil(make_article: MakeArticle) -> Article:
    return make_article(id="evil", title=EVIL, text=f"## {EVIL}\n{EVIL}", region=EVIL, kind="excerpt", disclaimer=EVIL)


def test_without_hits_the_panel_explains_itself() -> None:
    for answer in (None, make_answer()):
        assert wording.PANEL_EMPTY in Reader(hits_panel(answer, 0, {})).text


def test_the_panel_marks_the_cited_sentence_and_sets_its_passage_off(make_article: MakeArticle) -> None:
    cited, other = make_article(id="a", title="甲文", text="备案有效。手机办理。"), make_article(id="b", title="乙文")
    answer = make_answer(citations=(make_citation(cited, 5, 10),), hits=(make_hit(cited), make_hit(other, 2, 0.25)))
    html = hits_panel(answer, 3, {"a": cited, "b": other})
    assert "备案有效。<mark>手机办理。</mark>" in html
    assert html.count("<mark>") == html.count("yb-cited") == 1
    assert html.index("yb-cited") < html.index("甲文") < html.index("乙文")
    assert 'href="#yb-3-p1"' in html
    assert 'href="#yb-3-p2"' in html


def test_the_panel_shows_score_legs_and_terms(make_article: MakeArticle) -> None:
    article = make_article()
    html = hits_panel(make_answer(hits=(make_hit(article, score=0.876),)), 0, {"one": article})
    assert "相关度 0.88" in html
    assert "width:88%" in html
    assert '<span class="yb-hit-term">备案</span>' in html
    assert '<span class="yb-missed-term">有效期</span>' in html
    assert "意思相近 0.90 · 第 2 名" in html
    assert "字词相同 1.00 · 第 1 名" in html


def test_a_passage_whose_article_is_gone_is_still_shown(make_article: MakeArticle) -> None:
    assert "正文。" in hits_panel(make_answer(hits=(make_hit(make_article()),)), 0, {})


@pytest.mark.parametrize(
    ("status", "title"),
    [("no_answer", wording.PANEL_TITLE_WEAK), ("ask_back", wording.PANEL_TITLE_FOUND)],
)
def test_the_panel_says_what_its_passages_are(make_article: MakeArticle, status: str, title: str) -> None:
    article = make_article()
    assert title in hits_panel(make_answer(status=status, hits=(make_hit(article),)), 0, {"one": article})


def test_the_panel_escapes_everything(evil: Article) -> None:
    hit = make_hit(evil, heading=EVIL)
    answer = make_answer(citations=(make_citation(evil, 3, 12),), hits=(hit,))
    assert_is_safe(hits_panel(answer, 0, {"evil": evil}))


def test_an_excerpt_wears_a_badge(make_article: MakeArticle) -> None:
    article = make_article(kind="excerpt")
    assert wording.EXCERPT_BADGE in hits_panel(make_answer(hits=(make_hit(article),)), 0, {"one": article})


def test_an_article_opens_whole_with_its_quote_in_focus(make_article: MakeArticle) -> None:
    article = make_article(title="备案", text="## 怎么办\n带身份证。去窗口。\n\n- 或在手机上办。")
    html = article_panel(article, [(12, 16), (7, 12)], 1, 4, heading="怎么办")
    assert html.count("<mark") == 2
    assert '<mark class="yb-focus">带身份证。</mark><mark>去窗口。</mark>' in html
    assert "<h4>怎么办</h4>" in html
    assert '<p class="yb-heading">怎么办</p>' in html
    assert 'href="#yb-4-0"' in html
    assert html.endswith(f'<p class="yb-disclaimer">{wording.DISCLAIMER}</p></div>')


@pytest.mark.parametrize(
    ("place", "links"), [((1, 3), ["2"]), ((2, 3), ["1", "3"]), ((3, 3), ["2"]), ((1, 1), []), (None, [])]
)
def test_one_steps_from_citation_to_citation(
    make_article: MakeArticle, place: tuple[int, int] | None, links: list[str]
) -> None:
    html = article_panel(make_article(), [], -1, 5, place=place)
    assert re.findall(r'class="yb-step[^"]*" href="#yb-5-(\d)"', html) == links
    if place:
        assert wording.SOURCE_PLACE.format(number=place[0], count=place[1]) in html


def test_an_excerpt_opens_with_a_note(make_article: MakeArticle) -> None:
    assert wording.EXCERPT_NOTE in article_panel(make_article(kind="excerpt"), [], 0, 0)
    assert wording.EXCERPT_NOTE not in article_panel(make_article(), [], 0, 0)


def test_an_article_is_escaped(evil: Article) -> None:
    reader = assert_is_safe(article_panel(evil, [(5, 20), (40, 60)], 0, 0))
    assert reader.text.count(EVIL) == 5  # title, region, heading, line, disclaimer


def test_of_an_article_that_is_gone_the_quote_is_left(evil: Article) -> None:
    html = gone_panel(make_citation(evil, 3, 12), 0, (1, 2))
    assert wording.ARTICLE_GONE in html
    assert '<mark class="yb-focus">' in html
    assert_is_safe(html)


def test_reasons_are_ranks_and_scores_between_0_and_1(make_article: MakeArticle) -> None:
    best, other = make_hit(make_article(), score=0.8), make_hit(make_article(), 2, 0.4)
    other = type(other)(other.passage, 0.4, 2, {"lexical": Leg(7, 1.0, (), ()), "dense": Leg(3, 1.2, (), ())})
    text = Reader(reasons(other, (best, other))).text
    assert "综合第 2 名0.40" in text
    assert "字词相同第 7 名0.40" in text  # 1.0 against the best 2.5
    assert "意思相近第 3 名1.00" in text


def test_a_passage_without_a_common_word_has_a_score_of_0(make_article: MakeArticle) -> None:
    hit = make_hit(make_article())
    hit = type(hit)(hit.passage, 0.4, 1, {"lexical": Leg(1, 0.0, (), ())})
    assert "0.00" in reasons(hit, (hit,))


def test_a_word_found_under_another_name_is_shown(make_article: MakeArticle) -> None:
    hit = make_hit(make_article())
    hit = type(hit)(hit.passage, 0.4, 1, {"lexical": Leg(1, 1.0, (), (), (("报销", "支付"),))})
    assert "报销→支付" in Reader(reasons(hit, (hit,))).text
