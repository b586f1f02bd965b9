"""What several pages are made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from yibao.errors import YibaoError
from yibao.web.markup import render


def html_block(value: str = "", name: str | None = None) -> Any:
    """Draw a component for HTML of our own templates, in our own style: Gradio's is for prose, and breaks lists."""
    import gradio as gr

    return gr.HTML(value, elem_id=name, apply_default_css=False)


def page_header(title: str, subtitle: str) -> str:
    """Return the heading of a page."""
    return render("pieces", "page_header", title=title, subtitle=subtitle)


@contextmanager
def shown_errors() -> Iterator[None]:
    """Turn what a user caused into a message on the page; nothing else is caught."""
    import gradio as gr

    try:
        yield
    except YibaoError as error:
        raise gr.Error(str(error), print_exception=False) from error
