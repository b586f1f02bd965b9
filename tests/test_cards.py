from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer_samples import make_answer, make_citation, make_hit
from html_reader import EVIL, Reader, assert_is_safe
from yibao import wording
from yibao.records import Answer, Article, Choice, Contrast, ContrastRow, Facets
from yibao.web.cards import answer_card, facet_names, question_card
from yibao.web.markup import render

MakeArticle = Callable[..., Article]
FACETS = Facets(("陕西", "福建/福州"), ("employee",), ("retired",), (2025,), ("北京",))


@pytest.fixture
def evil(make_article: MakeArticle) -> Article:
    return make_article(id="evil", title=EVIL, text=f"## {EVIL}\n{EVIL}", region=EVIL, kind="excerpt", disclaimer=EVIL)


@pytest.fixture
def two(make_article: MakeArticle) -> Answer:
    one = make_article(title="甲文", text="报销60%。", published="2025-04-01")
    other = make_article(title="乙文", text="报销50%。")
    return make_answer(citations=(make_citation(one, 0, 6, facts=((2, 5),)), make_citation(other, 0, 6, number=2)))


def test_the_card_shows_quotes_with_marks_sources_and_disclaimer(make_article: MakeArticle) -> None:
    article = make_article(
        title="异地备案", text="有效期是6个月。", published="2025-04-01", region="陕西", insurance=("resident",)
    )
    html = answer_card(make_answer(citations=(make_citation(article, 0, 8),)), 2)
    assert '<p class="yb-quote">有效期是6个月。<a class="yb-mark" href="#yb-2-1"' in html
    assert html.count('href="#yb-2-1"') == 2
    text = Reader(html).text
    assert [text.count(part) for part in ("异地备案", "2025-04-01", "陕西", "居民医保", wording.DISCLAIMER)] == [1] * 5


@pytest.mark.parametrize(("status", "text"), [("no_answer", wording.NOT_COVERED), ("ask_back", "哪一种")])
def test_a_card_without_quotes_shows_the_text_and_the_disclaimer_once(status: str, text: str) -> None:
    html = answer_card(make_answer(status=status, text=text, rewritten=""), 0)
    assert html.startswith(f'<div class="yb-card yb-{status}">')
    assert Reader(html).text == text + wording.DISCLAIMER


def test_the_short_fact_is_set_off_inside_its_quote(two: Answer) -> None:
    assert '<p class="yb-quote">报销<strong class="yb-fact">60%</strong>。<a' in answer_card(two, 0)


def test_notices_stand_before_the_quotes(make_article: MakeArticle) -> None:
    answer = make_answer(citations=(make_citation(make_article(text="正文"), 0, 2),), notices=("看清地区",))
    text = Reader(answer_card(answer, 0)).text
    assert text.index("看清地区") < text.index("正文")


@pytest.mark.parametrize("kind", ["medical", "self_harm"])
def test_an_emergency_is_announced_and_can_be_called(kind: str) -> None:
    html = answer_card(make_answer(status="emergency", text=wording.EMERGENCY_TEXTS[kind]), 0)
    assert '<div class="yb-alarm" role="alert">' in html
    assert '<a class="yb-call" href="tel:120">' in html
    numbers = re.findall(r"1[12]0", wording.EMERGENCY_TEXTS[kind])
    assert [f'href="tel:{number}"' in html for number in numbers] == [True] * len(numbers)
    assert Reader(html).text.count(wording.DISCLAIMER) == 1
    assert "yb-chip" not in html


def test_the_card_says_how_a_fragment_was_understood_and_offers_the_original() -> None:
    html = answer_card(make_answer(question="那居民呢", rewritten="居民医保怎么报", status="no_answer"), 3)
    assert Reader(html).text.startswith(wording.UNDERSTOOD_AS.format(question="居民医保怎么报"))
    assert 'href="#yb-3-typed"' in html


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"rewritten": ""}, {"question": "救命 ", "status": "emergency"},
        {"question": "请问备案有效期多久？谢谢"}, {"question": "備案有效期多久"},
    ],
)  # fmt: skip
def test_the_card_does_not_say_so_needlessly(fields: dict[str, str]) -> None:
    assert "yb-understood" not in answer_card(make_answer(**fields), 0)


def test_every_facet_can_be_taken_away_and_more_added() -> None:
    html = answer_card(make_answer(facets=FACETS), 1)
    for place, name in enumerate(["陕西", "福建/福州", "职工医保", "退休", "2025 年", "在北京就医"]):
        assert re.search(f'href="#yb-1-x{place}"[^>]*>{name}<', html)
    assert 'href="#yb-1-facets"' in html
    assert facet_names(FACETS) == ["陕西", "福建/福州", "职工医保", "退休", "2025 年", "在北京就医"]


def test_nothing_asked_has_no_facets_to_add() -> None:
    assert "yb-chip" not in answer_card(make_answer(question="", rewritten="", text=wording.EMPTY_QUESTION), 0)


def test_choices_are_links_in_their_order() -> None:
    choices = (Choice("职工医保", "职工医保怎么报"), Choice("居民医保", "居民医保怎么报"))
    html = answer_card(make_answer(status="ask_back", text="哪一种？", choices=choices), 4)
    assert re.findall(r'href="#yb-4-c(\d)">([^<]+)<', html) == [("0", "职工医保"), ("1", "居民医保")]


def test_a_conflict_stands_side_by_side_with_dates_and_marks(two: Answer) -> None:
    rows = (ContrastRow("全国", "60%", 1), ContrastRow("全国", "50%", 2))
    html = answer_card(make_answer(citations=two.citations, contrasts=(Contrast("conflict", "比例", rows),)), 0)
    table = html[html.index("<table>") : html.index("</table>")]
    assert table.count("<tr>") == 3
    assert ("2025-04-01" in table, wording.DATE_UNKNOWN in table) == (True, True)
    assert table.index("60%") < table.index("50%")
    assert ('href="#yb-0-1"' in table, 'href="#yb-0-2"' in table) == (True, True)


def test_a_table_has_no_dates(two: Answer) -> None:
    contrast = Contrast("table", "比例", (ContrastRow("甲地", "60%", 1), ContrastRow("乙地", "50%", 9)))
    html = answer_card(make_answer(citations=two.citations, contrasts=(contrast,)), 0)
    table = html[html.index("<table>") : html.index("</table>")]
    assert "2025-04-01" not in table
    assert "yb-0-9" not in table


def test_what_is_missing_is_said_and_neighbours_are_offered() -> None:
    answer = make_answer(
        status="no_answer", text=wording.NOT_COVERED, unanswered=("要不要押金",), missing_terms=("押金", "收费"),
        suggestions=("备案电话是多少？",),
    )  # fmt: skip
    html = answer_card(answer, 0)
    text = Reader(html).text
    assert wording.UNANSWERED_TITLE + "要不要押金" in text
    assert wording.MISSING_TERMS.format(terms="押金、收费") in text
    assert 'href="#yb-0-s0">备案电话是多少？</a>' in html


def test_the_passages_can_be_opened_from_the_card(make_article: MakeArticle, two: Answer) -> None:
    hits = (make_hit(make_article()),)
    assert wording.ALL_PASSAGES.format(count=1) in answer_card(make_answer(citations=two.citations, hits=hits), 0)
    refused = answer_card(make_answer(status="no_answer", hits=hits), 0)
    assert f'href="#yb-0-0">{wording.NEAREST_PASSAGES.format(count=1)}' in refused


def test_the_card_escapes_everything(evil: Article) -> None:
    citation = make_citation(evil, 0, len(evil.text), heading=EVIL)
    rows = (ContrastRow(EVIL, EVIL, 1),)
    answer = make_answer(
        question="a", rewritten=EVIL, citations=(citation,), notices=(EVIL,), disclaimer=EVIL,
        facets=Facets((EVIL,), (), (EVIL,), ()), contrasts=(Contrast("conflict", EVIL, rows),), unanswered=(EVIL,),
        missing_terms=(EVIL,), suggestions=(EVIL,), choices=(Choice(EVIL, EVIL),),
    )  # fmt: skip
    reader = assert_is_safe(answer_card(answer, 0))
    assert reader.text.count(EVIL) == 14  # the gaps are in the notice already


@pytest.mark.parametrize("status", ["no_answer", "emergency", "ask_back"])
def test_the_text_of_a_refusal_is_escaped(status: str) -> None:
    assert EVIL in assert_is_safe(answer_card(make_answer(status=status, text=EVIL), 0)).text


@given(st.text(st.sampled_from("<>&\"'/ \n\r#`*$[]x医"), max_size=40))
def test_a_question_is_shown_as_text_on_one_line_of_html(question: str) -> None:
    html = question_card(question)
    assert "\n" not in html
    assert "\r" not in html
    assert set(assert_is_safe(html).tags) <= {"div", "br"}


@given(st.text(st.sampled_from("<>&\"'\n\r医"), max_size=30))
def test_the_card_is_one_line_whatever_was_asked(question: str) -> None:
    answer = make_answer(
        question="", rewritten=question, facets=Facets((question,), (), (), ()), unanswered=(question,),
        missing_terms=(question,), suggestions=(question,), choices=(Choice(question, ""),), notices=(question,),
        text=question,
    )  # fmt: skip
    html = answer_card(answer, 0)
    assert_is_safe(html)
    assert not re.search(r"[\r\n]", html)


def test_suggestions_without_questions_have_no_title() -> None:
    assert render("card", "suggestions", title="标题", questions=(), number=0, letter="s") == ""


def test_a_summary_is_escaped_and_its_numbers_open_the_citations(make_article: MakeArticle) -> None:
    citation = make_citation(make_article(text="在手机上绑定。"), 0, 7)
    card = answer_card(make_answer(citations=(citation,), summary=f"{EVIL}可以绑定。[1][7]"), 2)
    assert "alert('1')" in assert_is_safe(card).text
    assert card.count('href="#yb-2-1"') == 3
    assert "[7]" in card
    assert "yb-2-7" not in card
    assert "yb-summary" not in answer_card(make_answer(citations=(citation,)), 2)


def test_a_gap_that_is_said_already_is_not_said_twice() -> None:
    answer = make_answer(notices=("没有找到：押金",), unanswered=("押金",), missing_terms=("押金",))
    assert "yb-gap" not in answer_card(answer, 0)


def test_a_text_of_several_lines_keeps_them() -> None:
    assert "一<br>二" in answer_card(make_answer(status="no_answer", text="一\n二"), 0)
