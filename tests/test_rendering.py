from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from markdown_it import MarkdownIt

from answer_samples import make_answer, make_citation
from yibao import wording
from yibao.answer.rendering import source_line, to_markdown, to_terminal
from yibao.answer.statuses import Draft, emergency, not_covered, nothing_asked
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


def test_a_summary_stands_in_front_of_the_quotes(article: Article) -> None:
    citation = make_citation(article, 0, 7)
    text = to_terminal(
        make_answer(text=f"{citation.quote} [1]", citations=(citation,), summary="可以在手机上绑定。[1]")
    )
    assert text.index(wording.SUMMARY_TITLE) < text.index("可以在手机上绑定。[1]") < text.index(f"{citation.quote} [1]")
    assert wording.SUMMARY_TITLE not in to_terminal(make_answer(text="x", citations=(citation,)))
    blocks = to_markdown(make_answer(text="原句 [1]", citations=(citation,), summary="可以绑定。[1]")).split("\n\n")
    assert blocks[:3] == [f"**{wording.SUMMARY_TITLE}**", "可以绑定。[1]", "原句 [1]"]


def test_markdown_shows_notices_text_sources_and_disclaimer_in_this_order(article: Article) -> None:
    answer = make_answer(
        question="那陕西呢", rewritten="陕西共济", text="在手机上绑定。 [1]", citations=(make_citation(article, 0, 7),),
        notices=("看清地区",), suggestions=("共济能给父母用吗",),
    )  # fmt: skip
    assert to_markdown(answer).split("\n\n") == [
        "> " + wording.UNDERSTOOD_AS.format(question="陕西共济"),
        "> 看清地区",
        "在手机上绑定。 [1]",
        f"**{wording.SOURCES_TITLE}**",
        "- [1] 《共济怎么绑定》 · 陕西 · 职工医保 · 2025-04-01",
        f"**{wording.MORE_QUESTIONS}**",
        "- 共济能给父母用吗",
        f"{wording.DISCLAIMER}\n",
    ]


def test_markdown_shows_choices_and_contrasts() -> None:
    rows = (ContrastRow("一级|医院", "90%", 1), ContrastRow("三级医院", "85%", 2))
    answer = make_answer(
        text="看哪一级？", choices=(Choice("职工", "职工医保怎么报"),), contrasts=(Contrast("table", "住院报销", rows),)
    )
    shown = to_markdown(answer)
    assert "- 职工医保怎么报" in shown
    assert "**住院报销**\n\n| 适用 | 内容 | 依据 |\n| --- | --- | --- |\n| 一级\\|医院 | 90% | [1] |" in shown


def test_markdown_of_an_emergency_stands_out() -> None:
    lines = to_markdown(emergency("胸痛", "medical", {})).split("\n\n")
    assert all(line.startswith("**") and line.endswith("**") for line in lines[:-1])


@pytest.mark.parametrize("text", ["*重要* _x_ `y` <b> 3~5天~ [点这里](http://x) # 一 $a$ | \\", "# 标题", "![图](x)"])
def test_markdown_of_a_quote_reads_as_the_quote_stands(text: str) -> None:
    shown = to_markdown(make_answer(text=f"{text} [1]")).split("\n\n")[0]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(shown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == f"{text} [1]"


@pytest.mark.parametrize("answer", answers(), ids=["empty", "not covered", "emergency", "answered"])
def test_markdown_ends_with_the_disclaimer_exactly_once(answer: Answer) -> None:
    assert to_markdown(answer).count(wording.DISCLAIMER) == 1
    assert to_markdown(answer).endswith(f"\n\n{wording.DISCLAIMER}\n")


def test_markdown_says_what_no_article_answers() -> None:
    shown = to_markdown(make_answer(text="没有", unanswered=("要不要押金",), missing_terms=("押金",)))
    assert f"{wording.UNANSWERED_TITLE}\n\n- 要不要押金" in shown
    assert wording.MISSING_TERMS.format(terms="押金") in shown
