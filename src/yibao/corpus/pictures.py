"""Pictures in a text: nobody here can read them, so they are taken out, counted, and their captions kept.

Written as Markdown, as wiki link, as HTML, or as a ``data:`` address, which holds the picture itself in letters.
Every pattern takes time linear in the length of the text: it begins with a fixed mark and stops at the next one.
"""

from __future__ import annotations

import re

# RFC 2397. Behind ``;base64,`` lines may be wrapped, as mail programs and some editors do.
_DATA = re.compile(
    r"(?<![a-z])data:(?:[a-z]{1,20}/[a-z0-9.+-]{1,80}|(?=;base64,))(?:;[a-z0-9=.+-]{1,80}){0,5},"
    r"[a-z0-9+/=_%.~!*$&;:@?,-]*(?:\n[ >]*[a-z0-9+/]{40,}={0,2}(?![^\s\"')>]))*",
    re.IGNORECASE,
)
_HELD = "\x00"  # stands for a data: address, which a cleaned text cannot hold
_TARGET = r"(?:<[^<>\n]*>|(?:[^\s()<>]|\([^\s()<>]*\))*)"
_TITLE = r"(?:\s*(?:\"[^\"\n]*\"|'[^'\n]*'))?"
_MARKDOWN = re.compile(rf"!\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\](?:\( ?{_TARGET}{_TITLE} *\)|\[[^\[\]\n]*\])")
_WIKI = re.compile(
    r"!\[\[[^\[\]\n]*?\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?|avif|heic)(?:[|#][^\[\]\n]*)?\]\]", re.IGNORECASE
)
_DEFINED = re.compile(r"^ {0,3}\[[^\[\]\n]+\]: *<?\x00>?.*$\n?", re.MULTILINE)
_HTML = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_DRAWING = re.compile(r"<svg\b|</svg\s*>", re.IGNORECASE)


def without_pictures(text: str) -> tuple[str, int]:
    """Return a cleaned text without its pictures, and how many they were."""
    count = 0

    def caption(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return match.group(1).strip() if match.re is _MARKDOWN else _alternative(match.group())

    text = _DEFINED.sub("", _DATA.sub(_HELD, text))
    text, drawings = _without_drawings(text)
    for pattern in (_WIKI, _MARKDOWN, _HTML):
        text = pattern.sub(caption, text)
    return text.replace(_HELD, ""), count + drawings + text.count(_HELD)


def _alternative(tag: str) -> str:
    named = _ALTERNATIVE.search(tag)
    return (named.group(1) or named.group(2) or "").strip() if named else ""


def _without_drawings(text: str) -> tuple[str, int]:
    """Take out ``<svg>...</svg>``; one that is not closed stays, for nobody knows where it ends."""
    kept: list[str] = []
    position, opened, count = 0, None, 0
    for mark in _DRAWING.finditer(text):
        if mark.group()[1] != "/":
            opened = mark.start() if opened is None else opened
        elif opened is not None:
            kept.append(text[position:opened])
            position, opened, count = mark.end(), None, count + 1
    return "".join([*kept, text[position:]]), count
