"""All HTML of the page comes from the templates in ``html/``; what is put into them is text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from urllib.parse import urlencode

from markupsafe import Markup

from yibao import wording, wording_pages
from yibao.templating import Templates
from yibao.web.marking import lines_of

_LINE_ENDS = re.compile(r"[\r\n]+")


def _query(**values: Sequence[str]) -> str:
    return urlencode(values, doseq=True, errors="replace")


def _static(name: str) -> Markup:
    """Return a file of our own as it is: the only thing that is put into a template unescaped."""
    text = files("yibao.web").joinpath("static", name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704


_TEMPLATES = Templates(
    "yibao.web", "html", wording=wording, pages=wording_pages, lines=lines_of, query=_query, static=_static
)
render = _TEMPLATES.render


def render_message(template: str, macro: str, /, **values: object) -> str:
    """Return what a macro makes as one line: a blank line would end the HTML in the Markdown of a message."""
    return _LINE_ENDS.sub(" ", render(template, macro, **values))
