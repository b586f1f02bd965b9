"""The chat page: kept conversations on the left, the conversation, its sources on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.resources import files
from typing import Any

import gradio as gr

from yibao import wording
from yibao.errors import YibaoError
from yibao.records import NO_FACETS
from yibao.web.conversing import Conversing
from yibao.web.frame import dialogs, facet_choices, header, history_list, labels, welcome
from yibao.web.panel import hits_panel
from yibao.web.search_settings import kept_settings
from yibao.web.session import UNCHANGED, Session, View

Updates = dict[Any, Any]
_RUNNING = '<span class="yb-running"></span>'  # style.css shows the stop button for it
_STYLES = ("style.css", "cards.css", "pages.css", "print.css")


def build_page(chat: Conversing) -> gr.Blocks:
    """Return the page; nothing is launched and no model is loaded here."""
    with gr.Blocks(title=wording.PAGE_TITLE, analytics_enabled=False, fill_width=True) as page:
        add_chat(page, chat)
    return page


def add_chat(page: gr.Blocks, chat: Conversing) -> None:
    """Lay the chat out inside ``page`` and wire its events."""
    parts = _laid_out()
    outputs = list(parts.values())

    def shown(view: View) -> Updates:
        return _updates(view, parts)

    def steps(views: Callable[..., Iterator[View]]) -> Callable[..., Iterator[Updates]]:
        def run(typed: str, session: Session, kept: Any, memory: Any) -> Iterator[Updates]:
            yield shown(UNCHANGED)
            with _told():
                yield from map(shown, views(typed, replace(chat.known(session, memory), kept=kept)))

        return run

    def arrive(memory: Any) -> Updates:
        with _told():
            return shown(chat.arrive(memory))

    def ready() -> Iterator[Updates]:
        """Wait for the model, then offer what the articles answer."""
        yield {parts["status"]: f'<p class="yb-loading" role="status">{wording.MODEL_LOADING}</p>'}
        with _told():
            chat.wait()
            yield {parts["status"]: "", parts["offered"]: facet_choices(chat.suggester.offered())}
            yield {parts["chat"]: gr.update(placeholder=welcome(chat.suggester.starters()))}

    private = {"api_visibility": "private", "show_progress": "hidden"}
    box, session = parts["question"], parts["session"]
    held = [session, parts["kept"], parts["memory"]]
    asking = steps(chat.ask)
    acting = steps(chat.act)
    # What is typed or clicked while an answer is on its way is done when that is there, not dropped.
    queued = private | {"trigger_mode": "always_last"}
    running = [event(asking, [box, *held], outputs, **queued) for event in (box.submit, parts["send"].click)]
    # static/page.js notes which link was clicked and presses this button, which nobody sees.
    acted = parts["opener"].click(
        acting,
        [parts["target"], *held],
        outputs,
        js="(_, ...held) => [window.ybClicked, ...held]",
        **queued,
    )
    acted.then(None, [parts["download"]], None, js="(text) => window.ybDownload(text)", **private)
    parts["stop"].click(lambda now: shown(chat.stop(now)), [session], outputs, cancels=[*running, acted], **private)
    parts["new"].click(lambda now: shown(chat.anew(now)), [session], outputs, **private)
    page.load(arrive, [parts["memory"]], outputs, **private)
    page.load(ready, None, [parts["status"], parts["chat"], parts["offered"]], **private)


def _laid_out() -> dict[str, Any]:
    """Create the components; the names are those of ``_updates``."""
    parts: dict[str, Any] = {
        # What the browser keeps is an id and nothing else, so the key that hides it need not be a secret.
        "memory": gr.BrowserState([], storage_key="yibao", secret="yibao"),  # noqa: S106
        "session": gr.State(Session()),
        "kept": kept_settings(),
    }
    _html(header(), "yb-header")
    _html(labels(), "yb-names")
    with gr.Row(elem_id="yb-main"):
        with gr.Column(scale=2, min_width=0, elem_id="yb-left"):
            parts["new"] = gr.Button(wording.NEW_CHAT, size="md", variant="secondary", elem_id="yb-new")
            parts["history"] = _html(history_list((), ""), "yb-history")
        with gr.Column(scale=6, min_width=0, elem_id="yb-middle"):
            parts["status"] = _html("", "yb-status")
            parts["chat"] = gr.Chatbot(
                elem_id="yb-chat", show_label=False, label=wording.CHAT_LABEL, layout="bubble", latex_delimiters=[],
                placeholder=welcome({}), buttons=[], feedback_options=None, autoscroll=False, height=None,
            )  # fmt: skip
            parts["running"] = _html("", "yb-running")
            with gr.Row(elem_id="yb-ask"):
                parts["question"] = gr.Textbox(
                    elem_id="yb-question", label=wording.QUESTION_LABEL, show_label=False, autofocus=True,
                    placeholder=wording.QUESTION_PLACEHOLDER, lines=1, max_lines=4, scale=8, container=False,
                    max_length=500,
                )  # fmt: skip
                parts["send"] = gr.Button(wording.SEND, variant="primary", scale=1, min_width=80, elem_id="yb-send")
                parts["stop"] = gr.Button(wording.STOP, variant="stop", scale=1, min_width=80, elem_id="yb-stop")
        with gr.Column(scale=5, min_width=0, elem_id="yb-side"):
            parts["panel"] = _html(hits_panel(None, 0, {}), "yb-panel")
    _html(dialogs(), "yb-dialogs")  # no event writes to it: an open dialog must stay open
    parts["offered"] = _html(facet_choices(NO_FACETS), "yb-offered")
    parts["target"] = gr.Textbox(visible=False)
    parts["download"] = gr.Textbox(visible=False)
    parts["opener"] = gr.Button(elem_id="yb-open")
    return parts


def _html(value: str, name: str) -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False)


def _updates(view: View, parts: dict[str, Any]) -> Updates:
    """Return what a view changes, by component.

    No value is a dictionary, and none is ``gr.update``: of views that follow each other Gradio sends what differs, and
    its page takes that out of dictionaries it has not shown yet, so a slow browser would miss the change.
    """
    values = {
        "session": view.session, "chat": view.messages, "panel": view.panel, "history": view.history,
        "question": view.question, "download": view.download,
    }  # fmt: skip
    updates: Updates = {parts[name]: value for name, value in values.items() if value is not None}
    if view.session is not None:
        updates[parts["memory"]] = [view.session.visitor, view.session.conversation]
    if view.running is not None:
        updates[parts["running"]] = _RUNNING if view.running else ""
    return updates


@contextmanager
def _told() -> Iterator[None]:
    """Show a user's error in its own words."""
    try:
        yield
    except YibaoError as error:
        raise gr.Error(str(error), print_exception=False) from error


def page_assets() -> dict[str, Any]:
    """Return theme, style and script for ``launch``: all of it local, system fonts only."""
    static = files("yibao.web").joinpath("static")
    fonts = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
    theme = gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=fonts, font_mono=["ui-monospace", "monospace"])
    script = static.joinpath("page.js").read_text(encoding="utf-8")
    styles = "\n".join(static.joinpath(name).read_text(encoding="utf-8") for name in _STYLES)
    # Not as ``css``: Gradio would prefix every rule, and what hangs on <html> or on the paper would match nothing.
    return {"theme": theme, "head": f"<style>{styles}</style><script>{script}</script>"}
