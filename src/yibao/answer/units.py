"""A text cut at its punctuation, each unit in one writing: what is said alike is written alike (需要, 应当, 须: ``N``).

The tokens of a unit are its characters, each figure with its unit as one token, and a capital letter for each class of
words that says what may or must be (see ``claims.json``). Words that say nothing (的, 了) are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import zip_longest

from yibao.answer.claims import INHERITED, RULES, WRITINGS, marks_of
from yibao.language.places import find_places
from yibao.language.quantities import read_figures

MODAL = RULES["modal"]
DUTY = RULES["duty"]
_WRITTEN = re.compile("|".join(f"(?P<w{number}>{pattern})" for number, (_, pattern) in enumerate(WRITINGS)))
_BRACKETS = re.compile(r"\([^()\n]*\)|《[^《》\n]*》")
_EXCEPTED = re.compile("^(?:但是?)?(?:(.*?)(?<![免解消拆清删扣排废])除了?(?!外)(.{2,}?)[以之]?外?|(.{2,}?)的?除外)$")
_BORDER = re.compile(r"(?<!\d)[,:]|[,:](?!\d)|[;。!?\n]+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LIST_MARK = re.compile(
    r"(?m)^[ \t]*(?:[-*+]|#+|\d{1,2}[.、](?!\d)|\([一二三四五六七八九十\d]+\)|第[一二三四五六七八九十百]+条)[ \t]*"
)
_OPENING_SIZE = 5  # characters in which a unit names whom it is about


@dataclass(frozen=True)
class Unit:
    """What stands between two marks of punctuation; ``border`` is the one behind it."""

    text: str
    tokens: tuple[str, ...]
    border: str

    @cached_property
    def shape(self) -> str:
        """One character a token; a figure is ``#``."""
        return shape_of(self.tokens)

    @property
    def ends_sentence(self) -> bool:
        """Whether a full stop, a line end or nothing stands behind it."""
        return self.border[:1] not in (",", ":", ";", " ")

    @cached_property
    def is_topic(self) -> bool:
        """Whether it says only for whom, when or where something holds."""
        rules = MODAL.search(self.shape) or "#" in self.shape
        return bool(RULES["topic"].search(self.text) or (RULES["adjunct"].search(self.text) and not rules))

    @cached_property
    def asserts(self) -> bool:
        """Whether it says that something is so or has to be: then it is no condition of what follows."""
        return bool(RULES["asserts"].search(self.shape) or self.text.startswith("由")) and not self.is_topic

    @cached_property
    def has_own_subject(self) -> bool:
        """Whether it says who may or must do something, or to whom alone it is open."""
        modal = MODAL.search(self.shape)
        subject = self.shape[: modal.start()] if modal else ""
        if not modal or modal.group() == "O":
            return bool(modal)
        return bool(RULES["agent"].search(subject) and not RULES["acts"].search(subject))

    @cached_property
    def opening(self) -> dict[str, str]:
        """Who, where or which it begins with, by kind."""
        marks = [mark for mark in marks_of(self.text[:_OPENING_SIZE]) if mark.kind in INHERITED]
        return {"person" if mark.kind == "insurance" else mark.kind: mark.value for mark in marks}


@lru_cache(maxsize=256)
def units_of(folded: str) -> tuple[Unit, ...]:
    """Return the units of a folded text, without list marks; a bracket belongs to the unit that it stands in."""
    plain = _LIST_MARK.sub("", folded)
    plain = _BRACKETS.sub(lambda match: re.sub(r"[,:;。!?]|\s+", "、", match.group()), plain)
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
            units[-1] = replace(units[-1], border=units[-1].border + border)
    return tuple(units)


def tokens_of(folded: str) -> tuple[str, ...]:
    """Return the tokens of a folded text that holds no borders."""
    text = RULES["opening"].sub("", _EXCEPTED.sub(r"\1除\2\3外", folded))
    text = re.sub(r"(\d+元)[/／](?=[年月人次])(.)", r"每\2\1", text)
    places = find_places(text)
    for place, following in reversed([*zip_longest(places, places[1:])]):  # 福建省福州市 is 福州
        inside = following and following.start == place.tail and following.region.startswith(f"{place.region}/")
        text = text[: place.start if inside else place.end] + text[place.tail :]
    tokens: list[str] = []
    at = 0
    for figure in read_figures(text):
        tokens += _WRITTEN.sub(_writing, text[at : figure.start])
        if tokens[-1:] in (["为"], ["从"], ["于"]):
            tokens.pop()
        tokens += [f"#{form}" for form in figure.forms]
        at = figure.end
    tokens += _WRITTEN.sub(_writing, text[at:])
    return tuple(tokens[:-1] if tokens[-1:] == ["时"] else tokens)


def shape_of(tokens: Sequence[str]) -> str:
    """Return one character a token, so that a pattern finds the places of tokens."""
    return "".join(token if len(token) == 1 else "#" for token in tokens)


def _writing(match: re.Match[str]) -> str:
    writing = WRITINGS[int((match.lastgroup or "w0")[1:])][0]
    return match.group() if writing == "$" else writing
