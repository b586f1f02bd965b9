"""BM25 over index terms with ``bm25s`` (Lù, 2024), Lucene's variant.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

K1 = 1.5
B = 0.75
SYNONYM_WEIGHT = 0.4  # of a term that the question does not hold itself; measured against 0.2, 0.7 and 1


class LexicalIndex:
    """Row i holds the terms of passage i; scores are raw BM25 sums, larger is better, 0 without a match."""

    def __init__(self, model: Any, size: int) -> None:
        self._model = model
        self._size = size

    @classmethod
    def build(cls, documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """Index the terms of each passage."""
        import bm25s

        model = bm25s.BM25(method="lucene", k1=K1, b=B)
        vocabulary: dict[str, int] = {}
        rows = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms] for terms in documents]
        if vocabulary:
            model.index((rows, vocabulary), show_progress=False)
        return cls(model, len(documents))

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Read what ``save`` wrote; ``size`` is the number of passages."""
        import bm25s

        if not (folder / "params.index.json").is_file():
            return cls(bm25s.BM25(), size)
        return cls(bm25s.BM25.load(str(folder), mmap=True), size)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._vocabulary:
            self._model.save(str(folder), show_progress=False)

    def __len__(self) -> int:
        return self._size

    @property
    def _vocabulary(self) -> dict[str, int]:
        return getattr(self._model, "vocab_dict", None) or {}

    def scores(self, terms: Sequence[str], synonyms: Sequence[str] = ()) -> npt.NDArray[np.float32]:
        """Return the BM25 score of every passage, shape (n,); terms of ``synonyms`` count less."""
        scores = self._sums(terms)
        return scores + np.float32(SYNONYM_WEIGHT) * self._sums(synonyms) if synonyms else scores

    def _sums(self, terms: Sequence[str]) -> npt.NDArray[np.float32]:
        known = [self._vocabulary[term] for term in terms if term in self._vocabulary]
        if not known or not self._size:
            return np.zeros(self._size, np.float32)
        scores: npt.NDArray[np.float32] = self._model.get_scores_from_ids(known)
        return scores

    def search(
        self, terms: Sequence[str], top_k: int, synonyms: Sequence[str] = ()
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Return the rows with the highest positive scores, best first, ties by row."""
        scores = self.scores(terms, synonyms)
        rows = np.flatnonzero(scores > 0.0)
        if len(rows) > top_k:
            cut = np.partition(scores[rows], -top_k)[-top_k]
            rows = rows[scores[rows] >= cut]
        order = np.lexsort((rows, -scores[rows]))[:top_k]
        return rows[order], scores[rows[order]]

    def rarity(self, term: str) -> float:
        """Return log(1 + N / df): how much a term tells; a term that no passage holds tells most."""
        if not self.knows(term):
            return math.log(1.0 + 2.0 * self._size)
        return math.log(1.0 + self._size / max(1, len(self._holding(term))))

    def coverage(self, terms: Iterable[str], row: int) -> float:
        """Return how much of what the terms tell, by rarity, a passage holds, in 0..1; 0 without terms."""
        told = {term: self.rarity(term) for term in terms}
        held = sum(rarity for term, rarity in told.items() if self.knows(term) and row in self._holding(term))
        return held / sum(told.values()) if told else 0.0

    def _holding(self, term: str) -> npt.NDArray[np.integer]:
        """Return the rows that hold a known term."""
        number = self._vocabulary[term]
        bounds = self._model.scores["indptr"]
        rows: npt.NDArray[np.integer] = self._model.scores["indices"][bounds[number] : bounds[number + 1]]
        return rows

    def knows(self, term: str) -> bool:
        """Tell whether any passage holds ``term``."""
        return term in self._vocabulary

    def document_counts(self) -> dict[str, int]:
        """Return for each term the number of passages that hold it."""
        if not self._vocabulary:
            return {}
        counts = np.diff(np.asarray(self._model.scores["indptr"]))
        return {term: int(counts[number]) for term, number in self._vocabulary.items() if number < len(counts)}
