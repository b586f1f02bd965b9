"""What a reader makes of one file."""

from __future__ import annotations

from dataclasses import dataclass

from yibao.records import Article

_TITLE_CHARACTERS = 300  # every passage carries its title along: the rest of a longer one is text


@dataclass(frozen=True)
class Read:
    """The articles of a file; ``remarks`` say, a line each, what of it was not read."""

    articles: tuple[Article, ...]
    remarks: tuple[str, ...] = ()


def title_and_text(title: str, text: str) -> tuple[str, str]:
    """Return both as they are; of a title that is far too long the beginning, and the whole of it above the text."""
    if len(title) <= _TITLE_CHARACTERS:
        return title, text
    return f"{title[:_TITLE_CHARACTERS]}\u2026", f"{title}\n\n{text}"
