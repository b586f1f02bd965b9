"""Retrievers: each returns passage rows and raw scores, best first, and can score any row afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yibao.index.dense import DenseIndex, Rows, Scores, SentenceVectors
from yibao.index.embedding import Vectors
from yibao.index.lexical import LexicalIndex
from yibao.records import Query

SENTENCE_SHARE = 0.5  # of the dense score; measured: lifts the dense leg on every set tried


@dataclass(frozen=True)
class RankedRows:
    """What a retriever found: rows and raw scores, best first, ties by row."""

    rows: Rows
    scores: Scores


class Retriever(Protocol):
    """One leg of the search. Larger scores are better; their scale is the retriever's own."""

    name: str

    def search(self, query: Query, vector: Vectors, top_k: int) -> RankedRows:
        """Return at most ``top_k`` passages."""
        ...

    def score(self, query: Query, vector: Vectors, rows: Rows) -> Scores:
        """Return the raw score of each given passage, found or not."""
        ...


class LexicalRetriever:
    """BM25 over words, numbers, characters and bigrams, and those of synonyms."""

    name = "lexical"

    def __init__(self, index: LexicalIndex) -> None:
        self._index = index

    def search(self, query: Query, vector: Vectors, top_k: int) -> RankedRows:
        """Return the passages that share terms with the question."""
        return RankedRows(*self._index.search(query.tokens, top_k, query.synonym_tokens))

    def score(self, query: Query, vector: Vectors, rows: Rows) -> Scores:
        """Return BM25 sums; 0 where no term is shared."""
        return self._index.scores(query.tokens, query.synonym_tokens)[rows]


class DenseRetriever:
    """Half the passage's cosine, half its best sentence's.

    FAISS names the candidates by passage; a sentence vector can lift a long passage that answers in one line.
    """

    name = "dense"

    def __init__(self, index: DenseIndex, sentences: SentenceVectors) -> None:
        self._index = index
        self._sentences = sentences

    def search(self, query: Query, vector: Vectors, top_k: int) -> RankedRows:
        """Return the passages closest in meaning."""
        rows, cosines = self._index.search(vector, top_k)
        scores = self._mixed(vector, rows, cosines)
        order = np.lexsort((rows, -scores))
        return RankedRows(rows[order], scores[order])

    def score(self, query: Query, vector: Vectors, rows: Rows) -> Scores:
        """Return the mixed cosine of each passage."""
        return self._mixed(vector, rows, self._index.cosines(vector, rows))

    def _mixed(self, vector: Vectors, rows: Rows, cosines: Scores) -> Scores:
        best = self._sentences.best(vector, rows)
        scores: Scores = ((1 - SENTENCE_SHARE) * cosines + SENTENCE_SHARE * best).astype(np.float32)
        return scores
