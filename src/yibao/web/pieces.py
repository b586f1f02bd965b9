"""What the HTML of several pages is made of. Everything that comes from outside is escaped.

What can be clicked is a button with ``data-do`` and ``data-id``; ``CLICKS``, the script of the component it stands in,
turns a click into the event ``select``, and gives the keyboard its place back when the component is drawn anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

from yibao import wording
from yibao.errors import YibaoError
from yibao.language.normalise import fold

CLICKS = """
let last = null;
const same = (one) => last && one.dataset.do === last.action && one.dataset.id === last.id;
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button || button.disabled) return;
  last = { action: button.dataset.do, id: button.dataset.id };
  trigger("select", last);
});
watch("value", () => {
  const button = [...element.querySelectorAll("button[data-do]")].find(same);
  if (button && document.activeElement === document.body) button.focus({ preventScroll: true });
});
"""
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n")


@contextmanager
def shown_errors() -> Iterator[None]:
    """Turn what a user caused into a message on the page; nothing else is caught."""
    import gradio as gr

    try:
        yield
    except YibaoError as error:
        raise gr.Error(str(error), print_exception=False) from error


def page_header(title: str, subtitle: str) -> str:
    """Return the heading of a page."""
    return f'<header class="yb-page-head"><h1>{escape(title)}</h1><p>{escape(subtitle)}</p></header>'


def action(name: str, target: str, label: str, style: str = "", **attributes: str) -> str:
    """Return a button that does ``name`` to ``target``."""
    more = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return (
        f'<button type="button" class="yb-act {style}" data-do="{name}" data-id="{escape(target)}"{more}>'
        f"{escape(label)}</button>"
    )


def badges(
    region: str | None, insurance: Sequence[str], published: str | None, kind: str, more: Sequence[str] = ()
) -> str:
    """Return what an article is about as a row of small labels."""
    names = [region or "", *(wording.INSURANCE_NAMES[name] for name in insurance)]
    names += [published or wording.DATE_UNKNOWN, *more]
    shown = [f'<span class="yb-badge">{escape(name)}</span>' for name in names if name]
    if kind == "excerpt":
        shown.append(f'<span class="yb-badge yb-excerpt">{escape(wording.EXCERPT_BADGE)}</span>')
    return f'<span class="yb-badges">{"".join(shown)}</span>'


def marked(text: str, terms: Sequence[str]) -> str:
    """Escape text and mark the words looked for, which are folded; of two at one place the longer."""
    folded = fold(text)
    parts: list[str] = []
    position = 0
    while position < len(text):
        places = [(folded.find(term, position), -len(term)) for term in terms if term]
        found = [place for place in places if place[0] >= 0]
        if not found or len(folded) != len(text):
            break
        start, length = min(found)
        parts.append(escape(text[position:start]) + f"<mark>{escape(text[start : start - length])}</mark>")
        position = start - length
    return "".join([*parts, escape(text[position:])])


def readable(text: str, terms: Sequence[str]) -> str:
    """Escape and mark light Markdown: headings set off, no blank lines."""
    return _HEADING.sub(r'<b class="yb-cut-heading">\1</b>', _BLANK.sub("\n", marked(text, terms)))
