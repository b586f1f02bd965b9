"""How a click reaches the server: one protocol for the chat and the pages beside it.

Whatever can be clicked names its target: a link as ``href="#yb-TARGET"``, a button as ``value="#yb-TARGET"`` (of a
message in the chat Gradio's sanitizer leaves no ``data-`` attributes). Templates make them by ``link`` and ``button``
of ``html/pieces.html``. A target is a verb, or a verb and what it is done to: ``switch-ID``; in the chat also a number
of an answer and what in it is meant, see ``targets.py``.

One listener in ``static/page.js`` takes every click. What needs no server (large print, printing, opening and closing)
is done there. Everything else becomes JSON, ``{"target", "text", "values"}``: what was clicked, its text, and what was
entered in a dialog. It is handed over by pressing a button that nobody sees and no key reaches: the one of its verb,
where the page has one, else the one of the page. A button that was clicked has the focus again when it is drawn anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yibao.language.normalise import well_formed

_VERB = re.compile(r"yb-(?P<verb>[a-z]+)(?:-(?P<value>.*))?", re.DOTALL)
_HAND_OVER = "(_, ...others) => [window.ybClicked, ...others]"


@dataclass(frozen=True)
class Click:
    """What was clicked: its target with ``yb-``, its text, and what a dialog added."""

    target: str
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def read_click(sent: str) -> Click | None:
    """Read what page.js sent; None for anything else. Halves of surrogate pairs, also escaped ones, are replaced."""
    try:
        parts = json.loads(sent)
        values = {well_formed(name): well_formed(value) for name, value in parts.get("values", {}).items()}
        return Click(well_formed(parts["target"]), well_formed(parts.get("text", "")), values)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # what is no text is not well formed
        return None


def read_verb(sent: str) -> tuple[str, str]:
    """Read the verb that was clicked, and what it is done to; both empty where nothing of that form was sent."""
    click = read_click(sent)
    match = _VERB.fullmatch(click.target) if click else None
    return (match["verb"], match["value"] or "") if match else ("", "")


def on_click(
    handler: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any], *, verb: str = "", **options: Any
) -> Any:
    """Draw the button that nobody sees into the open page, and return its event.

    Args:
        handler: called with what page.js sent, for ``read_click`` or ``read_verb``, and the values of ``inputs``.
        inputs: the components whose values it is given.
        outputs: those it changes.
        verb: hand over the clicks of this verb alone; empty: all that have no button of their own.
        options: of the event.
    """
    import gradio as gr

    sent = gr.Textbox(visible=False)  # holds nothing: it keeps the place of what was clicked
    button = gr.Button("", visible="hidden", elem_id=f"yb-on-{verb or 'click'}")
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    return button.click(handler, [sent, *inputs], outputs, js=_HAND_OVER, **(quiet | options))
