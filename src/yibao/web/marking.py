"""Text becomes HTML: escaped, line ends and list marks shown, spans wrapped. Everything shown passes here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

Span = tuple[int, int]

_ITEM = re.compile(r"\A[-*+] +")
_HEADING = re.compile(r"\A(?:#{1,6} +)+")
_LINE_END = re.compile(r"\r\n?|\n")


def lines(text: str, *, starts_line: bool = True) -> str:
    """Escape text; line ends become breaks, heading marks and blank lines vanish, ``- `` becomes a bullet."""
    first, *others = _LINE_END.split(escape(text))
    shown = [_shown(first) if starts_line else first, *map(_shown, others)]
    return re.sub(r"(?:<br>){2,}", "<br>", "<br>".join(shown))


def wrapped(text: str, spans: Sequence[Span], opening: Callable[[int], str], closing: str) -> str:
    """Escape ``text`` and wrap its spans.

    Args:
        text: what is shown.
        spans: offsets into ``text``; where they overlap, the later one begins behind the earlier one.
        opening: the opening tag of the span at a place of ``spans``.
        closing: the closing tag.
    """
    parts: list[str] = []
    position = 0
    for place, (start, end) in sorted(enumerate(spans), key=lambda item: item[1]):
        begin = max(start, position)
        if begin >= end:
            continue
        parts += [_piece(text, position, begin), opening(place), _piece(text, begin, end), closing]
        position = end
    return "".join([*parts, _piece(text, position, len(text))])


def marked(text: str, spans: Sequence[Span], focus: int) -> str:
    """Escape ``text`` and wrap its spans in ``<mark>``; ``focus`` is the place of the span to scroll to."""
    return wrapped(text, spans, lambda place: '<mark class="yb-focus">' if place == focus else "<mark>", "</mark>")


def inside(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return the parts of spans that lie in ``start:end``, counted from ``start``; empty ones keep their place."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in spans]


def article_body(text: str, spans: Sequence[Span], focus: int) -> str:
    """Return an article's lines as paragraphs, headings set off, spans marked across line ends."""
    parts = []
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        heading = _HEADING.match(match.group())
        begin = start + heading.end() if heading else start
        tag = "h4" if heading else "p"
        parts.append(f"<{tag}>{marked(text[begin:end], inside(spans, begin, end), focus)}</{tag}>")
    return f'<div class="yb-article-body">{"".join(parts)}</div>'


def link(target: str, shown: str, *, name: str = "", title: str = "") -> str:
    """Return a link that ``static/page.js`` turns into an event.

    Args:
        target: what is asked for, without ``#yb-``.
        shown: the text of the link, not yet escaped.
        name: its class.
        title: what it does, where the text does not say it.
    """
    named = f' class="{name}"' if name else ""
    titled = f' title="{escape(title)}" aria-label="{escape(title)}"' if title else ""
    return f'<a{named} href="#yb-{target}"{titled}>{escape(shown)}</a>'


def _piece(text: str, start: int, end: int) -> str:
    return lines(text[start:end], starts_line=start == 0 or text[start - 1] == "\n")


def _shown(line: str) -> str:
    return _ITEM.sub("\u2022 ", _HEADING.sub("", line))
