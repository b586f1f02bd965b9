"""The page of retrieval: one question, two settings side by side; either may become the default of the chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from yibao import wording_pages as pages
from yibao.request import Request, SearchOptions
from yibao.search.understanding import MAX_QUESTION_CHARACTERS
from yibao.web.markup import render
from yibao.web.pieces import html_block, page_header, shown_errors
from yibao.web.retrieval_html import Run, comparison, earlier, run_panel
from yibao.web.search_settings import (
    Control,
    SearchSettings,
    changes,
    controls,
    from_browser,
    from_form,
    kept_settings,
    shipped,
    to_browser,
    to_form,
)
from yibao.web.services import PageServices

Link = tuple[str, tuple[str, ...]]

_EARLIER = 20  # questions


def search(services: PageServices, question: str, history: Sequence[str], settings: SearchSettings) -> Run:
    """Search and answer one question.

    Raises:
        YibaoError: the index or the model cannot be used.
    """
    pipeline = services.pipeline()
    answer = pipeline.ask(Request(question, history, settings.top_k, options=settings.options))
    threshold = settings.options.refuse_below
    ids = {hit.passage.article_id for hit in answer.hits}
    articles = {article_id: pipeline.article(article_id) for article_id in ids}
    return Run(answer, services.config.refuse_below if threshold is None else threshold, articles)


def compared(
    services: PageServices, question: str, sides: tuple[SearchSettings, SearchSettings], history: Sequence[str] = ()
) -> list[str]:
    """Return the line that compares and the two panels; the hint where there is no question."""
    if not any(character.isalnum() for character in question):
        return ["", render("pieces", "empty", text=pages.RETRIEVAL_EMPTY), ""]
    first, second = (search(services, question, history, side) for side in sides)
    return [earlier(history) + comparison(first, second), run_panel(first, second, 0), run_panel(second, first, 1)]


def add_retrieval_page(services: PageServices) -> None:
    """Draw the page into the open ``gr.Blocks`` route and wire its events."""
    config = services.config
    kept = kept_settings()
    linked = gr.State(("", ()))  # a question that a link brought, and the questions before it
    html_block(page_header(pages.RETRIEVAL_TITLE, pages.RETRIEVAL_SUBTITLE), "yb-retrieval-head")
    with gr.Row(elem_id="yb-probe"):
        question = gr.Textbox(
            label=pages.RETRIEVAL_QUESTION, placeholder=pages.RETRIEVAL_QUESTION_HINT, show_label=False, lines=1,
            container=False, max_length=MAX_QUESTION_CHARACTERS, scale=8, elem_id="yb-probe-question",
        )  # fmt: skip
        run = gr.Button(pages.RETRIEVAL_RUN, variant="primary", scale=1, min_width=80, elem_id="yb-probe-run")
    usual = to_form(shipped(config), config)
    with gr.Row(elem_id="yb-settings"):
        forms = [_form(side, usual) for side in range(2)]
    with gr.Row(elem_id="yb-default", equal_height=True):
        state = html_block(name="yb-default-state")
        reset = gr.Button(pages.SETTINGS_RESET, size="sm", scale=0, min_width=120, elem_id="yb-reset-settings")
    summary = html_block(name="yb-comparison")
    with gr.Row(elem_id="yb-runs"):
        panels = [_panel(side) for side in range(2)]

    size = len(usual)
    fields = [component for components, _ in forms for component in components]
    shown = [summary, *panels]

    def compare(text: str, link: Link, *values: Any) -> list[str]:
        sides = from_form(values[:size], config), from_form(values[size:], config)
        with shown_errors():
            return compared(services, text, sides, link[1] if text == link[0] else ())

    def first(request: gr.Request, stored: object) -> list[Any]:
        text, history = _asked_for(request)
        own = from_browser(stored, config)
        other = shipped(config)
        if own == other:
            other = SearchSettings(SearchOptions(leg="lexical"), config.top_k)
        with shown_errors():
            results = compared(services, text, (own, other), history)
        asked = text or gr.skip()  # whoever was quicker than this with typing keeps what was typed
        return [asked, (text, history), *to_form(own, config), *to_form(other, config), _state(own, services), *results]

    def saved(side: int) -> Any:
        def save(*values: Any) -> tuple[dict[str, Any], str]:
            settings = from_form(values, config)
            gr.Info(pages.SETTINGS_SAVED.format(side=pages.SIDES[side]))
            return to_browser(settings), _state(settings, services)

        return save

    def restored(text: str, link: Link, *values: Any) -> list[Any]:
        gr.Info(pages.SETTINGS_WAS_RESET)
        results = compare(text, link, *usual, *values)
        return [{}, _state(shipped(config), services), *usual, *results]

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    gr.on(None, first, kept, [question, linked, *fields, state, *shown], **quiet)
    for event in (question.submit, run.click):
        event(compare, [question, linked, *fields], shown, api_visibility="private")
    for component in fields:
        changed = component.release if isinstance(component, gr.Slider) else component.input
        changed(compare, [question, linked, *fields], shown, trigger_mode="always_last", **quiet)
    for side, (components, save) in enumerate(forms):
        save.click(saved(side), components, [kept, state], **quiet)
    reset.click(restored, [question, linked, *forms[1][0]], [kept, state, *forms[0][0], *shown], **quiet)


def _asked_for(request: gr.Request) -> Link:
    """Return the question of a link to this page and those before it, each cut to what can be asked."""
    asked = [(name, value[:MAX_QUESTION_CHARACTERS]) for name, value in request.query_params.multi_items()]
    text = next((value for name, value in asked if name == "q"), "")
    return text, tuple(value for name, value in asked if name == "h")[:_EARLIER]


def _form(side: int, values: list[Any]) -> tuple[list[Any], Any]:
    """Draw one side's controls and the button that makes them the default."""
    with gr.Column(min_width=320), gr.Accordion(pages.SIDES[side], elem_classes="yb-settings-side"):
        components = [_component(control, value) for control, value in zip(controls(), values, strict=True)]
        save = gr.Button(pages.SETTINGS_SAVE, size="sm", elem_id=f"yb-save-{side}")
    return components, save


def _panel(side: int) -> Any:
    with gr.Column(min_width=320):
        return html_block(name=f"yb-run-{side}")


def _component(control: Control, value: Any) -> Any:
    label, info = control.label, control.help or None
    if control.choices:
        names = [(pages.OPTION_VALUES.get(choice, choice), choice) for choice in control.choices]
        return gr.Radio(names, value=value, label=label, info=info)
    if control.limits is None:
        return gr.Checkbox(value, label=label, info=info)
    low, high, step = control.limits
    return gr.Slider(low, high, value=value, step=step, label=label, info=info)


def _state(settings: SearchSettings, services: PageServices) -> str:
    """Say which settings the chat uses in this browser."""
    own = changes(settings, services.config)
    text = pages.SETTINGS_STORED.format(changes="\uff0c".join(own)) if own else pages.SETTINGS_SHIPPED
    return render("pieces", "hint", text=text)
