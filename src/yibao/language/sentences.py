"""Sentence borders in Chinese text, as spans of the original."""

from __future__ import annotations

import re

from yibao.language.normalise import fold

# On folded text: full stops of both kinds, runs of them, and the quotes or brackets that close behind them.
# An ASCII full stop ends a sentence only between a Han character and white space: 3.5%, 1. and URLs hold.
# So does ? or ! between two ASCII letters or digits, as in https://example.cn/a?id=1.
_END = re.compile(
    r"(?:(?:[\u3002\uff61]|(?<![a-z0-9/])[!?]|[!?](?![a-z0-9]))+|\u2026+|(?<=[\u3400-\u9fff\u201d)])\.(?=\s|$))[\u201d\u2019\"'\u300d\u300f)\u300b]*|\n+"
)
_CLAUSE_END = re.compile(r"[;\uff1b]|[,\u3001:]")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of the sentences in ``text[start:end]``, in order, without surrounding space."""
    end = len(text) if end is None else end
    before = max(0, start - 1)  # the patterns look one character back
    folded = fold(text[before:end])
    spans: list[tuple[int, int]] = []
    position = start
    for match in _END.finditer(folded, start - before):
        spans.append((position, before + match.end()))
        position = before + match.end()
    spans.append((position, end))
    stripped = (strip_span(text, a, b) for a, b in spans)
    return [(a, b) for a, b in stripped if a < b]


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span until neither end is white space."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def split_long(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    """Cut a sentence longer than ``limit`` characters, at a semicolon or comma where there is one."""
    spans: list[tuple[int, int]] = []
    while end - start > limit:
        folded = fold(text[start : start + limit])
        window = [match.end() for match in _CLAUSE_END.finditer(folded)]
        strong = [cut for cut in window if folded[cut - 1] == ";"]
        late = [cut for cut in (strong or window) if cut > limit // 3]
        cut = start + (late[-1] if late else limit)
        spans.append((start, cut))
        start = cut
    spans.append((start, end))
    stripped = (strip_span(text, a, b) for a, b in spans)
    return [(a, b) for a, b in stripped if a < b]
