from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answer_samples import make_answer, make_citation, make_hit
from yibao import wording
from yibao.records import Article
from yibao.web.cards import answer_card, article_panel, hits_panel, question_card

EVIL = "<script>alert('1')</script>&amp;\"><img src=x onerror=alert(1)>"
TAGS = {"div", "p", "a", "span", "mark", "h3", "h4", "i", "br"}

MakeArticle = Callable[..., Article]


class Reader(HTMLParser):
    """Collects tags, attribute names and what a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_is_safe(html: str) -> Reader:
    reader = Reader(html)
    assert reader.open == []
    assert set(reader.tags) <= TAGS
    assert reader.attributes <= {"class", "href", "title", "aria-label", "style"}
    return reader


@pytest.fixture
def evil(make_article: MakeArticle) -> Article:
    return make_article(id="evil", title=EVIL, text=f"## {EVIL}\n{EVIL}", region=EVIL, kind="excerpt", disclaimer=EVIL)


def test_the_card_shows_quotes_with_marks_sources_and_disclaimer(make_article: MakeArticle) -> None:
    article = make_article(
        title="异地备案", text="有效期是6个月。", published="2025-04-01", region="陕西", insurance=("resident",)
    )
    html = answer_card(make_answer(citations=(make_citation(article, 0, 8),)), 2)
    assert '<p class="yb-quote">有效期是6个月。<a class="yb-mark" href="#yb-2-1"' in html
    assert html.count('href="#yb-2-1"') == 2
    text = Reader(html).text
    assert [text.count(part) for part in ("异地备案", "2025-04-01", "陕西", "居民医保", wording.DISCLAIMER)] == [1] * 5


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("no_answer", wording.NOT_COVERED),
        ("emergency", wording.EMERGENCY_TEXTS["medical"]),
        ("ask_back", wording.EMPTY_QUESTION),
    ],
)
def test_a_card_without_quotes_shows_the_text_and_the_disclaimer_once(status: str, text: str) -> None:
    html = answer_card(make_answer(status=status, text=text), 0)
    assert html.startswith(f'<div class="yb-card yb-{status}">')
    assert Reader(html).text == text + wording.DISCLAIMER


def test_notices_stand_before_the_quotes(make_article: MakeArticle) -> None:
    answer = make_answer(citations=(make_citation(make_article(text="正文"), 0, 2),), notices=("看清地区",))
    text = Reader(answer_card(answer, 0)).text
    assert text.index("看清地区") < text.index("正文")


def test_the_card_says_how_a_fragment_was_understood() -> None:
    html = answer_card(make_answer(question="那居民呢", rewritten="居民医保怎么报", status="no_answer"), 0)
    assert Reader(html).text.startswith(wording.UNDERSTOOD_AS.format(question="居民医保怎么报"))


@pytest.mark.parametrize("fields", [{}, {"rewritten": ""}, {"question": "救命 ", "status": "emergency"}])
def test_the_card_does_not_say_so_needlessly(fields: dict[str, str]) -> None:
    assert "yb-understood" not in answer_card(make_answer(**fields), 0)


def test_the_card_escapes_everything(evil: Article) -> None:
    citation = make_citation(evil, 0, len(evil.text), heading=EVIL)
    answer = make_answer(question="a", rewritten=EVIL, citations=(citation,), notices=(EVIL,), disclaimer=EVIL)
    reader = assert_is_safe(answer_card(answer, 0))
    assert reader.text.count(EVIL) == 7  # understood as, notice, two lines of the quote, title, region, disclaimer


def test_the_text_of_a_refusal_is_escaped() -> None:
    assert EVIL in assert_is_safe(answer_card(make_answer(status="no_answer", text=EVIL), 0)).text


@settings(deadline=None)
@given(st.text(st.sampled_from("<>&\"'/ \n\r#`*$[]x医"), max_size=40))
def test_a_question_is_shown_as_text_on_one_line_of_html(question: str) -> None:
    html = question_card(question)
    assert "\n" not in html
    assert "\r" not in html
    assert set(assert_is_safe(html).tags) <= {"div", "br"}


@settings(deadline=None)
@given(st.text(st.sampled_from("<>&\"'\n\r医"), max_size=30))
def test_the_card_is_one_line_whatever_was_asked(question: str) -> None:
    html = answer_card(make_answer(question="", rewritten=question), 0)
    assert len(re.split(r"[\r\n]", html)) == 1
    assert_is_safe(html)


def test_line_ends_of_a_question_become_breaks() -> None:
    assert question_card("一\n\n二\r\n三") == '<div class="yb-question">一<br>二<br>三</div>'


def test_number_signs_inside_a_line_are_no_heading() -> None:
    assert question_card("住在3# 楼") == '<div class="yb-question">住在3# 楼</div>'


def test_number_signs_after_a_mark_are_no_heading(make_article: MakeArticle) -> None:
    assert "<mark>去3</mark># 楼" in article_panel(make_article(text="去3# 楼"), [(0, 2)], -1, 0)


def test_without_hits_the_panel_explains_itself() -> None:
    for answer in (None, make_answer()):
        assert Reader(hits_panel(answer, 0, {})).text == wording.PANEL_EMPTY


def test_the_panel_marks_the_cited_sentence_and_sets_its_passage_off(make_article: MakeArticle) -> None:
    cited, other = make_article(id="a", title="甲文", text="备案有效。手机办理。"), make_article(id="b", title="乙文")
    answer = make_answer(citations=(make_citation(cited, 5, 10),), hits=(make_hit(cited), make_hit(other, 2, 0.25)))
    html = hits_panel(answer, 3, {"a": cited, "b": other})
    assert "备案有效。<mark>手机办理。</mark>" in html
    assert html.count("<mark>") == html.count("yb-cited") == 1
    assert html.index("yb-cited") < html.index("甲文") < html.index("乙文")
    assert 'href="#yb-3-p1"' in html
    assert 'href="#yb-3-p2"' in html


def test_the_panel_shows_score_and_terms(make_article: MakeArticle) -> None:
    article = make_article()
    html = hits_panel(make_answer(hits=(make_hit(article, score=0.876),)), 0, {"one": article})
    assert "相关度 0.88" in html
    assert "width:88%" in html
    assert '<span class="yb-hit-term">备案</span><span class="yb-missed-term">有效期</span>' in html


def test_the_panel_says_when_nothing_was_quoted(make_article: MakeArticle) -> None:
    article = make_article()
    assert wording.PANEL_TITLE_WEAK in hits_panel(make_answer(hits=(make_hit(article),)), 0, {"one": article})


def test_the_panel_escapes_everything(evil: Article) -> None:
    hit = make_hit(evil, heading=EVIL)
    answer = make_answer(citations=(make_citation(evil, 3, 12),), hits=(hit,))
    assert_is_safe(hits_panel(answer, 0, {"evil": evil}))


def test_an_excerpt_wears_a_badge(make_article: MakeArticle) -> None:
    article = make_article(kind="excerpt")
    assert wording.EXCERPT_BADGE in hits_panel(make_answer(hits=(make_hit(article),)), 0, {"one": article})


def test_an_article_opens_whole_with_its_quote_in_focus(make_article: MakeArticle) -> None:
    article = make_article(title="备案", text="## 怎么办\n带身份证。去窗口。\n\n- 或在手机上办。")
    html = article_panel(article, [(12, 16), (7, 12)], 1, 4)
    assert html.count("<mark") == 2
    assert '<mark class="yb-focus">带身份证。</mark><mark>去窗口。</mark>' in html
    assert "<h4>怎么办</h4>" in html
    assert 'href="#yb-4-0"' in html
    assert html.endswith(f'<p class="yb-disclaimer">{wording.DISCLAIMER}</p></div>')


def test_a_quote_over_several_lines_is_marked_on_each(make_article: MakeArticle) -> None:
    html = article_panel(make_article(text="甲如下\n\n- 乙\n- 丙"), [(0, 8)], 0, 0)
    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == ["甲如下", "\u2022 乙"]


def test_an_excerpt_opens_with_a_note(make_article: MakeArticle) -> None:
    assert wording.EXCERPT_NOTE in article_panel(make_article(kind="excerpt"), [], 0, 0)
    assert wording.EXCERPT_NOTE not in article_panel(make_article(), [], 0, 0)


def test_an_article_is_escaped(evil: Article) -> None:
    reader = assert_is_safe(article_panel(evil, [(5, 20), (40, 60)], 0, 0))
    assert reader.text.count(EVIL) == 5  # title, region, heading, line, disclaimer


TEXT = st.text(st.sampled_from('医保<&>"# \n-'), min_size=1, max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=4)


@settings(deadline=None)
@given(TEXT, SPANS)
def test_marking_never_changes_what_is_read(text: str, spans: list[tuple[int, int]]) -> None:
    article = Article("a", "题", text, "a.md", None, None, (), (), (), "article", wording.DISCLAIMER)
    marked, plain = (article_panel(article, each, 0, 0) for each in (spans, []))
    assert_is_safe(marked)
    assert re.sub("</?mark[^>]*>", "", marked).replace("<br>", "") == plain.replace("<br>", "")


@settings(deadline=None)
@given(TEXT, SPANS)
def test_marks_hold_exactly_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    text = text.replace("#", "").replace("\n", "")
    article = Article("a", "题", text, "a.md", None, None, (), (), (), "article", wording.DISCLAIMER)
    html = article_panel(article, spans, 0, 0)
    marked = "".join(unescape(part) for part in re.findall("<mark[^>]*>(.*?)</mark>", html))
    covered = {place for start, end in spans for place in range(start, min(end, len(text)))}
    assert marked == "".join(text[place] for place in sorted(covered))


def test_a_summary_is_escaped_and_its_numbers_open_the_citations(make_article: MakeArticle) -> None:
    citation = make_citation(make_article(text="在手机上绑定。"), 0, 7)
    card = answer_card(make_answer(citations=(citation,), summary=f"{EVIL}可以绑定。[1][7]"), 2)
    reader = Reader(card)
    assert set(reader.tags) <= TAGS
    assert "alert('1')" in reader.text
    assert card.count('href="#yb-2-1"') == 3
    assert "[7]" in reader.text
    assert "yb-2-7" not in card
    assert "yb-summary" not in answer_card(make_answer(citations=(citation,)), 2)
