"""How likely it is that the passages found answer the question: one number in 0..1.

A logistic model over a few measures that a person would look at too. Its coefficients stand in ``evidence.json``,
made by ``python -m yibao.evaluation.training``; that file names the questions they were fitted on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from yibao.index.lexical import LexicalIndex
from yibao.language.normalise import fold

COEFFICIENTS = Path(__file__).parent / "evidence.json"


@dataclass(frozen=True)
class Measures:
    """What was found, measured over the best passages; every value is in -1..1 or 0..1.

    Cosines: ``closest`` of the best sentence, ``passage`` of the best passage. ``other_region`` is the share of the
    passages that speak for another region than asked. Flags: ``other_insurance`` and ``other_year`` where all passages
    are about another one. ``answer_gap`` is how far behind the best sentence the best one
    stays that holds what is asked for: the kind of answer (an amount, a time, a number to call), of the place asked
    for, the organisation or benefit by name, undoing where that is asked. It is 1 where none does, 0 where nothing of
    that is asked for. ``organisation_missing`` is a flag: it is 1, and an organisation is named.
    Tried and dropped, because they added nothing on questions not fitted on: the share of the question's rare terms in
    the best passage, sentence and title, the weightiest term that is missing, the share of passages that name no
    region where one is asked for, and how much closer the question comes without a term that the passages lack.
    """

    closest: float
    passage: float
    other_region: float
    other_insurance: float
    other_year: float
    answer_gap: float
    organisation_missing: float


@dataclass(frozen=True)
class Evidence:
    """The measures and the probability drawn from them."""

    measures: Measures
    probability: float


NOTHING_FOUND = Evidence(Measures(-1.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.0)


def weigh(measures: Measures) -> Evidence:
    """Draw the probability from the measures."""
    intercept, weights = _coefficients()
    logit = intercept + sum(weights[name] * value for name, value in asdict(measures).items())
    return Evidence(measures, 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))))


@lru_cache(maxsize=1)
def _coefficients() -> tuple[float, dict[str, float]]:
    values = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return float(values["intercept"]), {name: float(weight) for name, weight in values["weights"].items()}


@dataclass(frozen=True)
class TermWeights:
    """The terms of a question, each with its share of the whole weight; rare terms weigh more."""

    shares: dict[str, float]

    @classmethod
    def of(cls, terms: Sequence[str], index: LexicalIndex) -> TermWeights:
        """Weigh ``terms`` by their rarity in ``index``."""
        weights = {term: index.rarity(term) for term in terms}
        total = sum(weights.values())
        return cls({term: weight / total for term, weight in weights.items()} if total else {})

    def covered(self, text: str) -> float:
        """Return the share of the weight that stands in ``text``; 0 for a question that names nothing."""
        folded = fold(text)
        return sum(share for term, share in self.shares.items() if term in folded)
