"""The chat page: conversation on the left, the passages behind the answer on the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

import gradio as gr

from yibao import wording
from yibao.errors import YibaoError
from yibao.records import Answer, Article, Citation
from yibao.web.cards import answer_card, article_panel, hits_panel, question_card
from yibao.web.search_settings import kept_settings

Ask = Callable[..., Answer]
FindArticle = Callable[[str], Article]
Messages = list[dict[str, str]]

_TARGET = re.compile(r"yb-(\d{1,4})-(p?)(\d{1,3})$")


def build_page(ask: Ask, find_article: FindArticle) -> gr.Blocks:
    """Return the page; nothing is launched and no model is loaded here.

    Args:
        ask: answers a question given the earlier questions of the dialogue and the search settings of the browser.
        find_article: returns the article of an id.
    """
    with gr.Blocks(title=wording.PAGE_TITLE, analytics_enabled=False, fill_width=True) as page:
        answers, kept = gr.State([]), kept_settings()
        gr.HTML(f'<header class="yb-header"><h1>{wording.PAGE_TITLE}</h1><p>{wording.PAGE_SUBTITLE}</p></header>')
        with gr.Row(elem_id="yb-main"):
            with gr.Column(scale=6, min_width=340, elem_id="yb-chat-column"):
                chat = gr.Chatbot(
                    elem_id="yb-chat", show_label=False, height="62vh", layout="bubble", latex_delimiters=[],
                    placeholder=wording.CHAT_WELCOME, buttons=["copy"], feedback_options=None,
                    autoscroll=False,
                )  # fmt: skip
                with gr.Row(elem_id="yb-ask"):
                    box = gr.Textbox(
                        elem_id="yb-question", show_label=False, placeholder=wording.QUESTION_PLACEHOLDER,
                        lines=1, max_lines=4, scale=8, autofocus=True, container=False, max_length=500,
                    )  # fmt: skip
                    send = gr.Button(wording.SEND, variant="primary", scale=1, min_width=72, elem_id="yb-send")
                with gr.Row(elem_id="yb-examples"):
                    examples = [gr.Button(text, size="sm", min_width=120) for text in wording.EXAMPLE_QUESTIONS]
                    clear = gr.Button(wording.NEW_CHAT, size="sm", variant="secondary", min_width=90, elem_id="yb-new")
            with gr.Column(scale=5, min_width=320, elem_id="yb-side"):
                panel = gr.HTML(hits_panel(None, 0, {}), elem_id="yb-panel")
        # static/page.js notes which mark was clicked and presses this button, which nobody sees.
        target = gr.Textbox(visible=False)
        opener = gr.Button(elem_id="yb-open")

        def respond(
            question: str, messages: Messages, given: list[Answer], stored: object
        ) -> tuple[str, Messages, list[Answer], str]:
            return _respond(partial(ask, stored=stored), find_article, question, messages, given)

        outputs = [box, chat, answers, panel]
        for event in (box.submit, send.click):
            event(respond, [box, chat, answers, kept], outputs, api_visibility="private")
        for button in examples:
            button.click(respond, [button, chat, answers, kept], outputs, api_visibility="private")
        for event in (clear.click, chat.clear):
            event(lambda: ([], [], hits_panel(None, 0, {})), None, [chat, answers, panel], api_visibility="private")
        opener.click(
            lambda name, given: open_target(name, given, find_article), [target, answers], panel,
            js="(_, answers) => [window.ybTarget, answers]", api_visibility="private", show_progress="hidden",
        )  # fmt: skip
    return page


def _respond(
    ask: Ask, find_article: FindArticle, question: str, messages: Messages, given: list[Answer]
) -> tuple[str, Messages, list[Answer], str]:
    """Answer, and return what changes: the box, the messages, the session's answers, the panel."""
    if not question.strip():
        raise gr.Error(wording.EMPTY_QUESTION, print_exception=False)
    try:
        answer = ask(question, [earlier.question for earlier in given])
    except YibaoError as error:
        raise gr.Error(str(error), print_exception=False) from error
    number = len(given)
    added = [
        {"role": "user", "content": question_card(question)},
        {"role": "assistant", "content": answer_card(answer, number)},
    ]
    return "", [*messages, *added], [*given, answer], _passages(answer, number, find_article)


def _passages(answer: Answer, number: int, find_article: FindArticle) -> str:
    ids = {hit.passage.article_id for hit in answer.hits}
    return hits_panel(answer, number, {article_id: find_article(article_id) for article_id in ids})


def open_target(name: str, given: Sequence[Answer], find_article: FindArticle) -> str:
    """Return the panel a click asks for; an unknown target leaves an empty one.

    ``yb-2-1`` is citation 1 of answer 2, ``yb-2-p3`` its third passage, ``yb-2-0`` the way back to its passages.
    """
    match = _TARGET.search(name)
    if not match or int(match[1]) >= len(given):
        return hits_panel(None, 0, {})
    number, place = int(match[1]), int(match[3])
    answer = given[number]
    if match[2]:
        wanted = [
            (hit.passage.article_id, hit.passage.start, hit.passage.end) for hit in answer.hits if hit.rank == place
        ]
    else:
        wanted = [(c.article_id, c.start, c.end) for c in answer.citations if c.number == place]
    if not wanted:
        return _passages(answer, number, find_article)
    article_id, start, end = wanted[0]
    spans = _cited_spans(answer.citations, article_id)
    if (start, end) not in spans:
        spans = [(start, end)]
    return article_panel(find_article(article_id), spans, spans.index((start, end)), number)


def _cited_spans(citations: Sequence[Citation], article_id: str) -> list[tuple[int, int]]:
    return [(citation.start, citation.end) for citation in citations if citation.article_id == article_id]


def page_assets() -> dict[str, Any]:
    """Return theme, style and script for ``launch``: all of it local, system fonts only."""
    static = files("yibao.web").joinpath("static")
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=fonts, font_mono=["ui-monospace", "monospace"])
    script = static.joinpath("page.js").read_text(encoding="utf-8")
    return {
        "theme": theme,
        "css": "".join(static.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "pages.css")),
        "head": f"<script>{script}</script>",
    }
