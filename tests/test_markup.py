"""Every template over hostile text: the HTML has the shape that it has over harmless text, and shows what was given."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import yibao
from answer_samples import make_answer, make_citation, make_hit
from html_reader import EVIL, Reader
from yibao.history.turns import Asked, Conversation, Feedback, Turn
from yibao.index.database import ListedArticle
from yibao.records import Answer, Article, Choice, Contrast, ContrastRow, Facets, Leg, Passage, Query, Sentence
from yibao.search.evidence import NOTHING_FOUND
from yibao.search.hybrid import SearchResult
from yibao.web.cards import answer_card, question_card
from yibao.web.corpus_html import ListPage, article_detail, article_list, staged_report
from yibao.web.frame import facet_choices, history_list, welcome
from yibao.web.markup import render, render_message
from yibao.web.messages import UnderWay, progress_card, stopped_messages, turn_card
from yibao.web.panel import article_panel, gone_panel, hits_panel
from yibao.web.quality_html import failure_list, feedback
from yibao.web.retrieval_html import Run, comparison, earlier, run_panel
from yibao.web.services import RatedQuestion
from yibao.web.staged import Staged, StagedFile

PACKAGE = Path(yibao.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("*.html"))
HARMLESS = "甲"
HOSTILE = [
    EVIL,
    "'\"` onmouseover=alert(1) x='",
    "{{ 7 * 7 }}{% raw %}{# x #}${7*7}",
    "javascript:alert(1)",
    "]]></style></textarea></title><svg onload=alert(1)>",
    "\u2028一\u2029二\x85三\x0b四",
    "&lt;b&gt; &#60;",
    "半\ud83d个\udc00字",
    "\x00\ufeff\u202e\U0001f600",
]


def article(text: str) -> Article:
    return Article(
        id=text, title=text, text=f"{text}\n## {text}\n- {text}", source=f"x/{text.replace('/', '')}", published=text,
        region=text, insurance=("employee",), person=(), topics=(text,), kind="excerpt", disclaimer=text,
    )  # fmt: skip


def an_answer(text: str) -> Answer:
    one = article(text)
    citation = make_citation(one, 0, len(one.text), heading=text, facts=((0, len(text)),))
    hit = make_hit(one, heading=text)
    hit = replace(hit, legs={"lexical": Leg(1, 1.0, (text,), (text,), ((text, text),)), text: Leg(1, 1.0, (), ())})
    return make_answer(
        question="问", rewritten=text + "乙", citations=(citation,), hits=(hit,), notices=(text,), disclaimer=text,
        facets=Facets((text,), (), (text,), ()), contrasts=(Contrast("table", text, (ContrastRow(text, text, 1),)),),
        unanswered=(f"缺{text}",), missing_terms=(f"无{text}",), suggestions=(text,), choices=(Choice(text, text),),
        summary=f"{text}[1]", timings={text: 1.0},
    )  # fmt: skip


def everything(text: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of all that is made of texts from outside."""
    answer, one = an_answer(text), article(text)
    citation, hit = answer.citations[0], answer.hits[0]
    turn = Turn(Asked(text), answer, feedback=Feedback("bad", "region", text), related=(text,))
    yield "card", turn_card(turn, 0)
    yield "refusal", answer_card(replace(answer, status="no_answer", citations=(), text=text), 0)
    yield "emergency", answer_card(replace(answer, status="emergency", text=text), 0)
    yield "question", question_card(text)
    yield (
        "progress",
        progress_card(
            UnderWay(
                Asked(text), 0, Query(text, text, (), answer.facets, None), SearchResult((hit,), (0,), NOTHING_FOUND)
            )
        ),
    )
    yield "stopped", "".join(message["content"] for message in stopped_messages((), Asked(text)))
    yield "history", history_list((Conversation("abc", text, "2025"),), "abc")
    yield "welcome", welcome({text: (text,)})
    yield "facets", facet_choices(Facets((text,), (), (text,), ()))
    yield "hits", hits_panel(answer, 0, {one.id: one})
    yield "article", article_panel(one, [(0, len(text))], 0, 0, heading=text)
    yield "gone", gone_panel(citation, 0, (1, 1))
    whole = Passage(text, one.id, text, text, one.text, 0, len(one.text), (Sentence(0, len(text), None),))
    yield "detail", article_detail(one, [whole, whole], {text}, terms=(text,), removable=text + "?")
    fields = {name: getattr(one, name, 1) for name in ListedArticle.__dataclass_fields__} | {"passages": 1}
    yield "list", article_list(ListPage([ListedArticle(**fields)], 1, 1, 2, {}, {}, {text}, text, text))
    files = (StagedFile(text, Path("x"), (one,), (whole,), text, None), StagedFile(text, Path("x"), (), (), None, text))
    yield "staged", staged_report(Staged(Path("x"), files), text)
    run = Run(answer, 0.5, {one.id: one})
    yield "run", run_panel(run, run, 0) + comparison(run, run) + earlier([text])
    row = {
        "kind": text, "question": text, "history": [text], "wanted": text, "got": "answered", "confidence": 0.5, "rank": 1,
        "expected": text, "shown": text,
    }  # fmt: skip
    yield "failures", failure_list([row])
    yield "feedback", feedback({text: 1}, [RatedQuestion(text, {text: 1})])
    yield "never", render("quality", "never_evaluated", command=text) + render("quality", "problem", text=text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_in_every_template(text: str) -> None:
    for (name, html), (_, harmless) in zip(everything(text), everything(HARMLESS * len(text)), strict=True):
        reader = Reader(html)
        assert reader.open == [], name
        assert reader.shape == Reader(harmless).shape, name
        assert all(re.match(r"#yb-|tel:1[12]0$|corpus\?article=|retrieval\?q=", link) for link in reader.links), name
        seen = text.encode("utf-8", "replace").decode()
        assert seen.replace("\x00", "\ufffd") in reader.text.replace("\x00", "\ufffd"), name
        json.dumps(html).encode("utf-8")
        html.encode("utf-8")


def test_every_template_is_among_them() -> None:
    names = {path.stem for path in TEMPLATES}
    assert names == {"card", "corpus", "frame", "message", "panel", "pieces", "quality", "report", "retrieval"}


def test_a_message_is_one_line() -> None:
    assert render_message("card", "alarm", parts=["一\n\n二\r三"]).count("一 二 三") == 1


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_lets_anything_through_unescaped(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup|\bforceescape\b", text)
    for value in re.findall(r'(?:href|src|action|style)="\s*([^"]{0,9})', text):
        assert value.startswith(("#yb-", "tel:", "corpus?", "retrieval", "width:", "flex:")), value


def test_only_our_own_files_and_plots_are_taken_as_they_are() -> None:
    made = [path.name for path in PACKAGE.rglob("*.py") for _ in re.findall(r"\bMarkup\(", path.read_text("utf-8"))]
    assert sorted(made) == ["markup.py", "report.py"]


@pytest.mark.parametrize(
    "path", [*sorted((PACKAGE / "web").glob("*.py")), PACKAGE / "evaluation" / "report.py"], ids=lambda path: path.name
)
def test_no_python_writes_markup(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if re.search(r"(?<!\?P)</?[a-zA-Z!]", text) and text != "<svg"] == []
