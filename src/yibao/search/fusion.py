"""Two legs become one ranking.

Fixed weights on legs scaled to 0..1 make a hybrid worse than its better leg on some kind of text: scaling throws away
how far the legs spread, and that is what tells which of them to believe. So raw scores are added: BM25 grows with the
length of the question by itself. Where one passage leads clearly in meaning, the words count less; where the best one
holds all the rare words of the question, which is not by chance, they count most.

Measured (nDCG@10, lexical / dense / hybrid): see the table in README; ``yibao eval FOLDER`` repeats it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from yibao.index.dense import Scores

SPREAD = 0.06  # what counts as a clear difference of cosines; e5 packs unrelated and related texts into 0.75..0.95
LEXICAL_WEIGHT = 0.4  # of one BM25 point, when nothing leads in meaning and one passage holds every term
COVERAGE_POWER = 1.5  # a passage with half the terms makes the words count about a third
LEAD = 0.012  # the lead in cosine at which the weight of the words falls to a third
RUNNER_UP = 5  # the lead is measured over the passage of this rank


def fuse(lexical: Scores, dense: Scores, coverage: float, lexical_weight: float = 1.0) -> npt.NDArray[np.float64]:
    """Return one score per candidate, larger is better, from the raw scores of both legs; shape (n,).

    Args:
        lexical: BM25 sums.
        dense: cosines.
        coverage: how much of the question's terms the passage holds that is best by them, in 0..1.
        lexical_weight: multiplies the measured weight of the words.
    """
    if not len(dense):
        return np.zeros(0)
    weight = lexical_weight * LEXICAL_WEIGHT * coverage**COVERAGE_POWER * np.exp(-lead(dense) / LEAD)
    fused: npt.NDArray[np.float64] = dense.astype(np.float64) / SPREAD + weight * lexical
    return fused


def lead(dense: Scores) -> float:
    """Return how far the best candidate is ahead of the one at rank ``RUNNER_UP`` (or the last)."""
    best = np.sort(dense)[::-1]
    return float(best[0] - best[min(RUNNER_UP, len(best)) - 1])


def scaled(raw: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Scale so that the least candidate gets 0 and the best 1; all equal and positive: all 1."""
    values = raw.astype(np.float64)
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    if high == low:
        return np.full(len(values), 1.0 if high > 0 else 0.0)
    return (values - low) / (high - low)
