"""Two steps of normalisation.

``clean`` runs once, when a file is read: from then on the article's text never changes and offsets count
its code points. ``fold`` is for searching and for rules: it maps one code point to one code point, so an
offset in the folded text is the same offset in the text.
"""

from __future__ import annotations

import re
import unicodedata

from yibao.language.script import simplified_character

# Lone surrogates come from broken \\u escapes; no file and no database takes them.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\u2028\u2029\u0085\u000b\u000c]")
_STRAY_EMPHASIS = re.compile(r"\*{2,}|(?<!_)__(?!_)")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def clean(text: str) -> str:
    """Return ``text`` with one kind of line end and of space, and without characters nobody can see.

    Windows line ends become line feeds; zero-width and control characters and stray ``**`` vanish.
    """
    text = _LINE_END.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _SPACE.sub(" ", text)
    text = _STRAY_EMPHASIS.sub("", text)
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def well_formed(text: str) -> str:
    """Replace half surrogate pairs, which JSON and command lines can hold but no tokenizer or file takes."""
    return _SURROGATE.sub("\ufffd", text)


class _FoldTable(dict[int, str]):
    """Filled as characters are met: NFKC, lower case and simplified script, where that is a single character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).lower()
        value = folded if len(folded) == 1 else character
        if "\u3400" <= value <= "\u9fff" or value >= "\U00020000":
            value = simplified_character(value)
        self[code] = value
        return value


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """Return ``text`` in half-width, lower case and simplified script, of exactly the same length."""
    return text.translate(_FOLD)
