"""Reads the HTML that the page makes: is it well formed, does it hold only what it may, what does a reader see."""

from __future__ import annotations

import re
from html.parser import HTMLParser

EVIL = "<script>alert('1')</script>&amp;\"><img src=x onerror=alert(1)>"
TAGS = {
    "div", "p", "a", "span", "mark", "h2", "h3", "h4", "i", "br", "strong", "ul", "ol", "li", "table", "thead", "tbody",
    "tr", "th", "td", "details", "summary", "button", "nav", "header", "h1", "dialog", "form", "fieldset", "legend",
    "label", "input", "textarea", "select", "option",
}  # fmt: skip
# What Gradio's sanitizer leaves in a message; the rest of the page is not sanitized and may hold more.
ATTRIBUTES = {
    "class", "href", "title", "aria-label", "style", "role", "scope", "tabindex", "type", "id", "hidden",
    "name", "value", "required", "rows", "maxlength", "method", "autocomplete", "aria-pressed", "aria-current",
    "data-title",
}  # fmt: skip
_EMPTY = {"br", "input"}
_LINK = re.compile(r"#yb-|tel:\d+$|corpus\?article=|retrieval\?q=")


class Reader(HTMLParser):
    """Collects tags, attribute names, where links lead and what a reader sees; ``shape`` is all but the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.shape: list[tuple[str, ...]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]
        self.shape.append((tag, *(name for name, _ in attrs)))
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.shape.append(("/", tag))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_is_safe(html: str) -> Reader:
    """Fail unless every tag is closed and known and no attribute could run anything."""
    reader = Reader(html)
    assert reader.open == []
    assert set(reader.tags) <= TAGS
    assert reader.attributes <= ATTRIBUTES
    assert [link for link in reader.links if not _LINK.match(link)] == []
    return reader
