"""Exact nearest neighbours by dot product with FAISS, and the sentence vectors beside them.

An index knows row numbers and scores, never text: row i of the vectors is passage i.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yibao.index.embedding import Vectors
from yibao.index.threads import keep_to_one_thread

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

_ROUNDING = 1e-6  # FAISS may sum a row in another order when it looks for all rows above a score


class DenseIndex:
    """Passage vectors in ``faiss.IndexFlatIP``: exact, so nothing has to be trained or tuned."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> DenseIndex:
        """Index unit rows of shape (n, dimension)."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Read an index; through Python's own file, because FAISS cannot open every non-ASCII path."""
        import faiss

        keep_to_one_thread()
        return cls(faiss.deserialize_index(np.frombuffer(path.read_bytes(), np.uint8)))

    def save(self, path: Path) -> None:
        """Write the index to ``path``."""
        import faiss

        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self) -> Vectors:
        """Return all rows, shape (n, dimension)."""
        rows: Vectors = self._index.reconstruct_n(0, len(self))
        return rows

    def search(self, query: Vectors, top_k: int) -> tuple[Rows, Scores]:
        """Return the rows nearest to one unit vector and their cosines, best first, ties by row.

        At most ``top_k``; fewer where the index is smaller. FAISS's padding of -1 never leaves here.
        """
        count = min(top_k, len(self))
        if count == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        found, places = self._index.search(query.reshape(1, -1), min(count + 1, len(self)))
        scores, rows = found[0], places[0]
        if count < len(rows) and scores[count - 1] == scores[count]:  # FAISS cuts through a tie anywhere
            _, scores, rows = self._index.range_search(query.reshape(1, -1), float(scores[count]) - _ROUNDING)
        rows, scores = rows[rows >= 0], scores[rows >= 0]
        order = np.lexsort((rows, -scores))[:count]
        return rows[order], scores[order]

    def vectors_of(self, rows: Rows) -> Vectors:
        """Return the given rows, shape (n, dimension)."""
        if not len(rows):
            return np.empty((0, self._index.d), np.float32)
        vectors: Vectors = self._index.reconstruct_batch(rows)
        return vectors

    def cosines(self, query: Vectors, rows: Rows) -> Scores:
        """Return the cosine of one unit vector with each of the given rows."""
        return self.vectors_of(rows) @ query


@dataclass(frozen=True)
class SentenceVectors:
    """One unit row per sentence; those of passage i are ``vectors[offsets[i]:offsets[i + 1]]``."""

    vectors: Vectors
    offsets: Rows

    @classmethod
    def load(cls, vectors: Path, offsets: Path) -> SentenceVectors:
        """Map the vectors into memory: a large corpus is read only where it is asked."""
        return cls(np.load(vectors, mmap_mode="r"), np.load(offsets))

    def of_passage(self, row: int) -> Vectors:
        """Return the sentence vectors of one passage, in the order of its sentences."""
        return np.asarray(self.vectors[self.offsets[row] : self.offsets[row + 1]])

    def best(self, query: Vectors, rows: Rows) -> Scores:
        """Return for each passage row the cosine of its best sentence with ``query`` (-1 without sentences)."""
        return np.array([self.of_passage(row).dot(query).max(initial=-1.0) for row in rows], np.float32)
