"""Text becomes lines of pieces: headings told apart, list marks shown, spans set off. Every text shown passes here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from yibao.language.normalise import fold

Span = tuple[int, int]
Style = Literal["", "mark", "focus", "fact"]

_HEADING = re.compile(r"(?:#{1,6} +)+")
_ITEM = re.compile(r"[-*+] ")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Piece:
    """A stretch of one line in one style."""

    text: str
    style: Style = ""


@dataclass(frozen=True)
class Line:
    """One line; where ``heading``, without the number signs that made it one."""

    pieces: tuple[Piece, ...]
    heading: bool = False


def lines_of(
    text: str, spans: Sequence[Span] = (), *, style: Style = "mark", focus: int = -1, bullets: bool = True
) -> list[Line]:
    """Return the lines of a text with its spans set off; blank lines between others vanish.

    Args:
        text: what is shown.
        spans: offsets into ``text``; where they overlap, the later one begins behind the earlier one.
        style: how spans are set off.
        focus: the place of the span to scroll to, in a style of its own.
        bullets: whether the mark of a list item becomes a bullet.
    """
    styled = sorted((start, end, "focus" if at == focus else style) for at, (start, end) in enumerate(spans))
    shown: list[Line] = []
    for start, end in _bounds(text):
        heading = _HEADING.match(text, start, end)
        begin = heading.end() if heading else start
        line = text[begin:end]
        if bullets and _ITEM.match(line):
            line = "\u2022" + line[1:]
        shown.append(Line(_pieces(line, begin, styled), heading is not None))
    return [line for at, line in enumerate(shown) if at in (0, len(shown) - 1) or not _blank(line)]


def inside(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """Return the parts of spans that lie in ``start:end``, counted from ``start``; empty ones keep their place."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in spans]


def term_spans(text: str, terms: Iterable[str]) -> list[Span]:
    """Return where the words looked for, which are folded, stand in a text; of two at one place the longer."""
    folded = fold(text)
    longest_first = sorted(filter(None, terms), key=len, reverse=True)
    if not longest_first or len(folded) != len(text):
        return []
    return [match.span() for match in re.finditer("|".join(map(re.escape, longest_first)), folded)]


def _bounds(text: str) -> Iterator[Span]:
    """Yield start and end of each line, without its line end."""
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _pieces(line: str, offset: int, styled: Iterable[tuple[int, int, Style]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    position = 0
    for start, end, style in styled:
        begin, stop = max(start - offset, position), min(end - offset, len(line))
        if begin < stop:
            pieces += [Piece(line[position:begin]), Piece(line[begin:stop], style)]
            position = stop
    return tuple(piece for piece in [*pieces, Piece(line[position:])] if piece.text)


def _blank(line: Line) -> bool:
    return not any(piece.text.strip() for piece in line.pieces)
