"""The last thing before the disk: nothing personal that a visitor typed is left in a record, wherever it stands in it.

Questions are masked before anything is derived from them; this holds although one day something is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from yibao.history.turns import Turn
from yibao.language.normalise import fold, well_formed
from yibao.records import Answer, Citation, Leg, Passage
from yibao.wording import MASKED

Mask = Callable[[str], str]

_WORD = re.compile("[0-9a-z零〇一二三四五六七八九幺@.]{3,}")  # what numbers and addresses are typed with, folded


def masked_turn(turn: Turn, mask: Mask) -> Turn:
    """Return the turn as it may be kept; quotes and passages, which are the articles' own words, stay as they are."""
    typed = (turn.asked.question, turn.answer.question, turn.answer.rewritten)
    return cast("Turn", _walked(turn, Hiding(mask, typed, turn.answer)))


class Hiding:
    """Takes out of texts what ``mask`` finds, and what it took out of the question wherever that turns up again."""

    def __init__(self, mask: Mask, typed: Iterable[str], answer: Answer) -> None:
        """Compare what was typed with what the mask leaves of it."""
        self._mask = mask
        self._typed = "\n".join(fold(well_formed(text)) for text in typed)
        self._left = fold(mask(self._typed))
        words = {word for word in _WORD.findall(self._typed) if word not in self._left}
        self._words = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))) if words else None
        found = {cited.quote: self._hidden(cited.quote) for cited in answer.citations}
        self._quotes = {changed: quote for quote, changed in found.items() if changed != quote}

    def text(self, text: str) -> str:
        """Return a text without what is hidden, the quotes in it word for word."""
        hidden = self._hidden(text)
        for changed, quote in self._quotes.items():
            hidden = hidden.replace(changed, quote)
        return hidden

    def terms(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        """Return the terms that are not pieces of what is hidden: a piece alone tells no mask what it is of."""
        return tuple(term for term in terms if not self._piece(term) and self._hidden(term) == term)

    def _piece(self, term: str) -> bool:
        folded = fold(term)
        return folded in self._typed and folded not in self._left

    def _hidden(self, text: str) -> str:
        text = self._mask(well_formed(text))
        if self._words is None:
            return text
        parts, position = [], 0
        for match in self._words.finditer(fold(text)):
            parts += [text[position : match.start()], MASKED["number"]]
            position = match.end()
        return "".join([*parts, text[position:]])


def _walked(value: Any, hiding: Hiding) -> Any:
    """Return a value of the same form, every text in it hidden, whatever record will hold it one day."""
    if isinstance(value, str):
        return hiding.text(value)
    if isinstance(value, Citation | Passage):
        return value
    if isinstance(value, Leg):
        pairs = tuple(pair for pair in value.synonyms if len(hiding.terms(pair)) == len(pair))
        return replace(value, matched=hiding.terms(value.matched), missed=hiding.terms(value.missed), synonyms=pairs)
    if isinstance(value, Answer):
        return _answer(value, hiding)
    return _structure(value, hiding)


def _answer(answer: Answer, hiding: Hiding) -> Answer:
    hidden: Answer = _structure(replace(answer, missing_terms=hiding.terms(answer.missing_terms)), hiding)
    # What an emergency says is a text of ours, with numbers to call.
    return replace(hidden, text=answer.text) if answer.status == "emergency" else hidden


def _structure(value: Any, hiding: Hiding) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _walked(getattr(value, each.name), hiding) for each in fields(value)})
    if isinstance(value, Mapping):
        return {name: _walked(each, hiding) for name, each in value.items()}
    return tuple(_walked(each, hiding) for each in value) if isinstance(value, tuple | list) else value
