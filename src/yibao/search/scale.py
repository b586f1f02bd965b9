"""Cosines of any model on the scale that fusion, evidence and answers were measured on.

Models differ in where they put unrelated and related texts: e5 between 0.75 and 0.95, others between 0.1 and 0.7. A few
questions with a sentence that answers them (``scale.json``) tell where a model puts them; a straight line through both
points maps its cosines to those of the bundled model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

from yibao.index.dense import Scores
from yibao.index.embedding import BUNDLED_MODEL, HASH_MODEL, Embedder, Vectors
from yibao.index.store import IndexReader

PAIRS = Path(__file__).parent / "scale.json"
_LEAST_RANGE = 0.01  # of cosine; a model that tells less apart is taken as it is
_AS_IT_IS = (BUNDLED_MODEL, HASH_MODEL)
Numbers = TypeVar("Numbers", float, Scores)


@dataclass(frozen=True)
class CosineScale:
    """The median cosine of a question with sentences of other questions, and with the sentence that answers it."""

    unrelated: float
    related: float

    @classmethod
    def of(cls, embedder: Embedder) -> CosineScale:
        """Measure a model; the bundled one is what the others are compared with.

        Raises:
            ModelError: the model cannot be loaded.
        """
        if embedder.name in _AS_IT_IS:
            return REFERENCE
        questions, sentences = zip(*json.loads(PAIRS.read_text(encoding="utf-8")), strict=True)
        cosines = embedder.encode_queries(questions) @ embedder.encode_passages(sentences).T
        same = np.eye(len(cosines), dtype=bool)
        return cls(float(np.median(cosines[~same])), float(np.median(cosines[same])))

    def common(self, cosines: Numbers) -> Numbers:
        """Return cosines as the bundled model would give them."""
        return REFERENCE.unrelated + (cosines - self.unrelated) * self.slope

    @property
    def slope(self) -> float:
        """Factor from a difference of this model's cosines to one on the common scale."""
        span = self.related - self.unrelated
        return (REFERENCE.related - REFERENCE.unrelated) / span if span >= _LEAST_RANGE else 1.0


REFERENCE = CosineScale(unrelated=0.8356, related=0.9243)  # of the bundled model over the pairs


class Closeness:
    """Cosines of one model over one index, on the common scale."""

    def __init__(self, reader: IndexReader, embedder: Embedder) -> None:
        self._reader = reader
        self._embedder = embedder

    @cached_property
    def scale(self) -> CosineScale:
        """Of the model; measured at the first question, because that is when the model is loaded."""
        return CosineScale.of(self._embedder)

    def sentences(self, row: int, vector: Vectors) -> Scores:
        """Return the closeness of each sentence of a passage to a question."""
        return self.scale.common(self._reader.sentences.of_passage(row) @ vector)
