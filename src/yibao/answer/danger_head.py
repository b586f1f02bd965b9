"""How much a text sounds like danger: two linear models over its characters.

Their weights stand in ``danger_head.json``, made by ``python -m yibao.evaluation.triage_training`` from the labelled
sentences in ``danger_sentences.jsonl``; that file names the figures of the cross-validation. No encoder is needed, so
an emergency is recognised with any model, before anything is loaded.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

WEIGHTS = Path(__file__).parent / "danger_head.json"
SENTENCES = Path(__file__).parent / "danger_sentences.jsonl"

Emergency = Literal["medical", "self_harm"]

_CLAUSE = re.compile("[^,。!?;:\n ]+")
_DIGIT = re.compile("[0-9]")
_LONGEST_RUN = 3  # characters
_FARTHEST = 5  # characters from the first of a pair to the second
_WINDOW, _STEP = 80, 40  # characters: a longer text is read piece by piece, or one sentence would drown in it
_PER_POINT = 100  # weights are stored in hundredths


def grams(text: str) -> frozenset[str]:
    """Return what the models see of folded text.

    Runs of one to three characters, with the start and the end of the text, and pairs of characters of one clause that
    stand two to five apart (``胸_疼``). All digits are alike.
    """
    text = _DIGIT.sub("0", text)
    framed = f"^{text}$"
    runs = {framed[at : at + length] for length in range(1, _LONGEST_RUN + 1) for at in range(len(framed) - length + 1)}
    pairs = {
        f"{clause[at]}_{other}"
        for clause in _CLAUSE.findall(text)
        for at in range(len(clause))
        for other in clause[at + 2 : at + _FARTHEST + 1]
    }
    return frozenset(runs | pairs)


@dataclass(frozen=True)
class Linear:
    """A weight for each gram; the sum is divided by the root of the number of grams, known or not."""

    intercept: float
    weights: Mapping[str, float]

    def score(self, seen: AbstractSet[str]) -> float:
        """Return the log-odds for the grams of a text."""
        known = sum(self.weights.get(gram, 0.0) for gram in seen)
        return self.intercept + known / math.sqrt(max(1, len(seen)))


@dataclass(frozen=True)
class DangerHead:
    """``danger`` against none, ``self_harm`` against other danger; a ``danger`` of ``threshold`` or more counts."""

    danger: Linear
    self_harm: Linear
    threshold: float

    def judge(self, folded: str) -> Emergency | None:
        """Tell which danger a folded text speaks of; a long one is judged by its most alarming piece."""
        seen = self._most_alarming(folded)
        return None if self.danger.score(seen) < self.threshold else self._kind(seen)

    def kind(self, folded: str) -> Emergency:
        """Tell which danger it is, in a text that is known to speak of one."""
        return self._kind(self._most_alarming(folded))

    def _most_alarming(self, folded: str) -> frozenset[str]:
        return max((grams(piece) for piece in pieces(folded)), key=self.danger.score)

    def _kind(self, seen: AbstractSet[str]) -> Emergency:
        return "self_harm" if self.self_harm.score(seen) > 0 else "medical"


def pieces(text: str) -> Iterator[str]:
    """Yield a text of up to 80 characters whole, a longer one in pieces of 80 that overlap by half."""
    for start in range(0, max(1, len(text) - _STEP), _STEP):
        yield text[start : start + _WINDOW]


@cache
def danger_head() -> DangerHead:
    """Return the shipped models, read once."""
    values = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    danger, self_harm = (
        Linear(values[name]["intercept"], {g: w / _PER_POINT for g, w in values[name]["weights"].items()})
        for name in ("danger", "self_harm")
    )
    return DangerHead(danger, self_harm, values["threshold"])


def stored(model: Linear) -> dict[str, object]:
    """Return a model as it stands in the file: weights in hundredths, without those that round to nothing."""
    weights = {gram: round(weight * _PER_POINT) for gram, weight in sorted(model.weights.items())}
    return {"intercept": round(model.intercept, 4), "weights": {gram: w for gram, w in weights.items() if w}}
