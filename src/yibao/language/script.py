"""Traditional script becomes simplified, with OpenCC's tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=2)
def _converter(table: str) -> Any:
    import opencc

    return opencc.OpenCC(table)


def simplified_character(character: str) -> str:
    """Return the simplified form of one character, where that is a single one; else the character itself."""
    converted: str = _converter("t2s").convert(character)
    return converted if len(converted) == 1 else character


def simplified(text: str) -> str:
    """Return ``text`` in simplified script, words of Taiwan in those of the mainland; else unchanged.

    Characters are read in context (乾 in 乾淨 and in 乾隆), and the length may change: for searching, never for quotes.
    """
    if _converter("t2s").convert(text) == text:
        return text
    converted: str = _converter("tw2sp").convert(text)
    return converted
