from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from markdown_it import MarkdownIt

from answer_samples import make_answer, make_citation
from yibao import wording
from yibao.answer.rendering import source_line, to_markdown, to_terminal
from yibao.answer.writing import Draft, emergency, not_covered, nothing_asked
from yibao.language.segmenter import default_segmenter
from yibao.records import Answer, Article, Choice, Contrast, ContrastRow
from yibao.search.understanding import understand


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(
        title="共济怎么绑定", text="在手机上绑定。", published="2025-04-01", region="陕西", insurance=("employee",)
    )


def test_source_line_tells_where_a_quote_stands(article: Article) -> None:
    line = source_line(make_citation(article, 0, 7, heading="办理 > 线上"))
    assert line == "《共济怎么绑定》 · 办理 > 线上 · 陕西 · 职工医保 · 2025-04-01"


def test_source_line_says_when_the_date_is_unknown(make_article: Callable[..., Article]) -> None:
    assert source_line(make_citation(make_article(title="备案"), 0, 2)) == "《备案》 · 日期不详"


def test_source_line_labels_an_excerpt(make_article: Callable[..., Article]) -> None:
    line = source_line(make_citation(make_article(kind="excerpt", published="2025-03-12"), 0, 2))
    assert line.endswith(f"2025-03-12 · {wording.EXCERPT_LABEL}")


def test_terminal_shows_text_sources_and_disclaimer_in_this_order(article: Article) -> None:
    answer = make_answer(text="在手机上绑定。 [1]", citations=(make_citation(article, 0, 7),), notices=("看清地区",))
    assert to_terminal(answer).splitlines() == [
        "看清地区",
        "在手机上绑定。 [1]",
        "",
        wording.SOURCES_TITLE,
        "[1] 《共济怎么绑定》 · 陕西 · 职工医保 · 2025-04-01",
        "",
        wording.DISCLAIMER,
    ]


def test_terminal_says_how_a_fragment_was_understood() -> None:
    first = to_terminal(make_answer(question="那居民呢", rewritten="居民医保怎么报")).splitlines()[0]
    assert first == wording.UNDERSTOOD_AS.format(question="居民医保怎么报")


def test_terminal_does_not_repeat_a_question_taken_as_typed() -> None:
    assert to_terminal(make_answer(text="正文")) == f"正文\n\n{wording.DISCLAIMER}"


def answers() -> list[Answer]:
    draft = Draft(understand("怎么做红烧肉", (), default_segmenter()), (), 0.1, (), {}, date(2025, 5, 1))
    return [nothing_asked(""), not_covered(draft), emergency("胸痛", "medical", {}), make_answer(text="正文")]


@pytest.mark.parametrize("answer", answers(), ids=["empty", "not covered", "emergency", "answered"])
def test_terminal_ends_with_the_disclaimer_exactly_once(answer: Answer) -> None:
    shown = to_terminal(answer)
    assert shown.count(wording.DISCLAIMER) == 1
    assert shown.endswith(wording.DISCLAIMER)


def test_markdown_shows_question_quotes_sources_and_disclaimer_in_this_order(article: Article) -> None:
    citation = make_citation(article, 0, 7, facts=((1, 3),))
    answer = make_answer(question="怎么绑定？", rewritten="怎么绑定？", citations=(citation,), notices=("看清地区",))
    assert to_markdown(answer) == "\n\n".join([
        "## 问：怎么绑定？",
        "*看清地区*",
        "> 在**手机**上绑定。 \\[1\\]",
        f"**{wording.SOURCES_TITLE}**\n\n1. 《共济怎么绑定》 · 陕西 · 职工医保 · 2025-04-01",
        f"*{wording.DISCLAIMER}*",
    ])  # fmt: skip


def test_a_list_in_a_quote_stays_a_list(make_article: Callable[..., Article]) -> None:
    text = "## 材料\n- 身份证\n- 户口本"
    answer = make_answer(citations=(make_citation(make_article(text=text), 0, len(text)),))
    assert "> 材料\n> - 身份证\n> - 户口本 \\[1\\]" in to_markdown(answer)


def test_what_was_typed_is_no_markup_in_markdown() -> None:
    shown = to_markdown(make_answer(question="<b>*1*</b>\n# 二", text="[x](y)", status="no_answer"))
    assert "\\<b\\>\\*1\\*\\</b\\> # 二" in shown
    assert "\\[x\\](y)" in shown


@pytest.mark.parametrize("render", [to_terminal, to_markdown])
def test_both_media_show_what_belongs_to_an_answer(render: Callable[[Answer], str]) -> None:
    rows = (ContrastRow("湖北", "60%", 1), ContrastRow("陕西", "50%", 2))
    answer = make_answer(
        text="哪一种", contrasts=(Contrast("conflict", "比例", rows),), choices=(Choice("职工医保", "问"),),
        unanswered=("押金",), missing_terms=("收费",), suggestions=("电话是多少？",),
    )  # fmt: skip
    shown = render(answer)
    for line in (
        wording.CONFLICT_TITLE.format(subject="比例"), "- 湖北：60% [1]", "- 陕西：50% [2]", "- 职工医保",
        wording.UNANSWERED_TITLE, "- 押金", wording.MISSING_TERMS.format(terms="收费"), wording.SUGGESTIONS_TITLE,
        "- 电话是多少？",
    ):  # fmt: skip
        assert line in shown.splitlines()


@pytest.mark.parametrize("answer", answers(), ids=["empty", "not covered", "emergency", "answered"])
def test_markdown_ends_with_the_disclaimer_exactly_once(answer: Answer) -> None:
    shown = to_markdown(answer)
    assert shown.count(wording.DISCLAIMER) == 1
    assert shown.endswith(f"*{wording.DISCLAIMER}*")


@pytest.mark.parametrize("render", [to_terminal, to_markdown])
def test_a_summary_stands_in_front_of_the_quotes(article: Article, render: Callable[[Answer], str]) -> None:
    citation = make_citation(article, 0, 7)
    text = render(make_answer(text=f"{citation.quote} [1]", citations=(citation,), summary="可以绑定。[1]"))
    assert text.index(wording.SUMMARY_TITLE) < text.index("可以绑定") < text.index(citation.quote)
    assert wording.SUMMARY_TITLE not in render(make_answer(text="x", citations=(citation,)))
