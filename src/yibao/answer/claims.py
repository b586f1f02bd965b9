"""A text as it can be compared: its units in one writing, so that what is said alike is written alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from pathlib import Path

from yibao.answer.figures import figures
from yibao.language.normalise import fold
from yibao.language.places import find_places

_VOCABULARY = json.loads((Path(__file__).parent / "claims.json").read_text(encoding="utf-8"))
_MARKS: list[tuple[str, str, str]] = _VOCABULARY["marks"]
_MARK = re.compile("|".join(f"(?P<m{number}>{pattern})" for number, (_, _, pattern) in enumerate(_MARKS)))
# Kinds that may also be said before the quoted units, in the heading, the title or the facets.
INHERITED = frozenset(_VOCABULARY["inherited"])
# Whoever writes so speaks to a model, not to a reader: nothing such a text says is evidence.
_TO_A_MODEL = re.compile("|".join(_VOCABULARY["to_a_model"]))
_WRITINGS: list[tuple[str, str]] = _VOCABULARY["one_writing"]
_WRITTEN = re.compile("|".join(f"(?P<w{number}>{pattern})" for number, (_, pattern) in enumerate(_WRITINGS)))
RULES: dict[str, str] = {name: rule for name, rule in _VOCABULARY.items() if isinstance(rule, str)}
_OPENING = re.compile(_VOCABULARY["opening"])
_BRACKETS = re.compile(r"\([^()\n]*\)")
_BORDER = re.compile(r"[,:](?!\d)|[;。!?\n]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LIST_MARK = re.compile(
    r"(?m)^[ \t]*(?:[-*+]|#+|\d{1,2}[.、](?!\d)|\([一二三四五六七八九十\d]+\)|第[一二三四五六七八九十百]+条)[ \t]*"
)


@dataclass(frozen=True)
class Mark:
    """Something that must be the same in sentence and quote: a figure, a denial, a limit, a person ..."""

    kind: str
    value: str


@dataclass(frozen=True)
class Unit:
    """What stands between two marks of punctuation: ``tokens`` are its characters and figures in one writing.

    ``border`` is the punctuation behind it. ``shape`` has one character a token, a figure is ``#``.
    """

    text: str
    tokens: tuple[str, ...]
    border: str

    @cached_property
    def shape(self) -> str:
        return "".join(token if len(token) == 1 else "#" for token in self.tokens)

    @property
    def ends_sentence(self) -> bool:
        return self.border[:1] not in (",", ":", ";", " ")


def speaks_to_a_model(text: str) -> bool:
    """Tell whether a text gives orders to whatever reads it, as planted in articles."""
    return bool(_TO_A_MODEL.search(fold(text)))


@lru_cache(maxsize=256)
def units_of(folded: str) -> tuple[Unit, ...]:
    """Return the units of a folded text, without list marks; a bracket belongs to the unit that it stands in."""
    plain = _LIST_MARK.sub("", folded)
    plain = _BRACKETS.sub(lambda match: re.sub(r"[,:;。!?]", "、", match.group()), plain)
    units: list[Unit] = []
    start, opening = 0, ""
    for match in [*_BORDER.finditer(plain), None]:
        text = plain[start : match.start() if match else len(plain)].strip()
        border = (match.group().strip(" \t") or " ") if match else ""
        start = match.end() if match else start
        if tokens := tokens_of(text):
            units.append(Unit(opening + text, tokens, border))
            opening = ""
        elif text:
            opening += text  # 实际上 says nothing, but what follows sets something right
        elif units and border.startswith("\n"):
            units[-1] = Unit(units[-1].text, units[-1].tokens, units[-1].border + border)
    return tuple(units)


def tokens_of(folded: str) -> tuple[str, ...]:
    """Return the characters of a folded text in one writing, each figure with its unit as one token."""
    text = _OPENING.sub("", folded)
    places = find_places(text)
    for place, following in reversed([*zip_longest(places, places[1:])]):  # 福建省福州市 is 福州
        inside = following and following.start == place.tail and following.region.startswith(f"{place.region}/")
        text = text[: place.start if inside else place.end] + text[place.tail :]
    tokens: list[str] = []
    at = 0
    for figure in figures(text):
        tokens += _rewritten(text[at : figure.start])
        if tokens[-1:] in (["为"], ["从"]):
            tokens.pop()
        tokens.append(f"#{figure.value}")
        at = figure.end
    tokens += _rewritten(text[at:])
    return tuple(tokens[:-1] if tokens[-1:] == ["时"] else tokens)


def _rewritten(text: str) -> str:
    return _WRITTEN.sub(_writing, text)


def _writing(match: re.Match[str]) -> str:
    writing = _WRITINGS[int((match.lastgroup or "w0")[1:])][0]
    return match.group() if writing == "$" else writing


def marks_of(folded: str) -> list[Mark]:
    """Return the critical marks in their order; a word that is said twice counts once, figures each time."""
    found = [(figure.start, Mark("figure", figure.value)) for figure in figures(folded)]
    for match in _MARK.finditer(folded):
        kind, value, _ = _MARKS[int((match.lastgroup or "m0")[1:])]
        found.append((match.start(), Mark(kind, value or match.group())))
    in_order = [mark for _, mark in sorted(found, key=lambda pair: pair[0])]
    return list(_each_once(in_order))


def _each_once(marks: Sequence[Mark]) -> Iterator[Mark]:
    seen: set[Mark] = set()
    for mark in marks:
        if mark.kind not in INHERITED or mark not in seen:
            yield mark
        seen.add(mark)
