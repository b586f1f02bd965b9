"""How likely it is that the passages found answer the question: one number in 0..1.

A logistic model of three measures: the closest sentence, the passage's mixed cosine, and the share of the
question's weight (rare terms weigh more) that stands in the best passages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yibao.index.lexical import LexicalIndex
from yibao.language.normalise import fold

# Fitted on answerable and unanswerable web questions and on questions about the shipped articles.
INTERCEPT = -38.0
CLOSEST_SENTENCE = 24.0
PASSAGE = 18.0
COVERAGE = 3.0


@dataclass(frozen=True)
class Evidence:
    """The measures, each in -1..1 or 0..1, and the probability drawn from them."""

    closest_sentence: float
    passage: float
    coverage: float
    probability: float


def weigh(closest_sentence: float, passage: float, coverage: float) -> Evidence:
    """Draw the probability from the measures."""
    logit = INTERCEPT + CLOSEST_SENTENCE * closest_sentence + PASSAGE * passage + COVERAGE * coverage
    return Evidence(closest_sentence, passage, coverage, 1.0 / (1.0 + math.exp(-logit)))


def coverage(terms: Sequence[str], text: str, index: LexicalIndex) -> float:
    """Return the share of the terms' weight that stands in ``text``; 1 where there is nothing to cover."""
    folded = fold(text)
    weights = {term: index.rarity(term) for term in terms}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in folded) / total if total else 1.0
