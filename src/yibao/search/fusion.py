"""Several legs become one ranking.

Fixed weights make a hybrid worse than its better leg on some kind of text: on short web questions meaning
wins, on long policy questions terms do. So the weight of the terms depends on the question.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from yibao.records import Query
from yibao.search.retrieval import Scores

LEXICAL_WEIGHT_SHORT = 0.2
LEXICAL_WEIGHT_LONG = 0.5
_SHORT, _LONG = 10, 22  # characters of the question


def leg_weights(query: Query) -> dict[str, float]:
    """Return the share of each leg, summing to 1: terms count the more, the longer the question."""
    position = np.clip((len(query.normalized) - _SHORT) / (_LONG - _SHORT), 0.0, 1.0)
    lexical = float(LEXICAL_WEIGHT_SHORT + position * (LEXICAL_WEIGHT_LONG - LEXICAL_WEIGHT_SHORT))
    return {"lexical": lexical, "dense": 1.0 - lexical}


def fuse(scores: Mapping[str, Scores], weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Return the weighted sum of the legs, each scaled to 0..1 over the candidates; shape (n,), in 0..1."""
    size = len(next(iter(scores.values())))
    fused = np.zeros(size)
    for leg, raw in scores.items():
        fused += weights[leg] * scaled(raw)
    return fused


def scaled(raw: Scores) -> npt.NDArray[np.float64]:
    """Scale so that the least candidate gets 0 and the best 1; all equal and positive: all 1."""
    values = raw.astype(np.float64)
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    if high == low:
        return np.full(len(values), 1.0 if high > 0 else 0.0)
    return (values - low) / (high - low)
