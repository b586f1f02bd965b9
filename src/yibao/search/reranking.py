"""A second look at the best passages: a reranker scores question and passage together.

None is used unless it is configured: measured on the shipped questions, insurance clauses and web questions, the one
that needs no download moves nDCG@10 by 0.0 to 0.2 and costs another encoding. A cross-encoder reads both texts at once
and is far slower; its time is part of the step ``search`` in every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from yibao.index.dense import Scores
from yibao.index.embedding import Embedder, Vectors, open_model
from yibao.search.measuring import PassageCandidate

DEPTH = 20  # passages looked at again
TERM_SHARE = 0.1  # of the scaled score that a reranker over terms may move


class Reranker(Protocol):
    """Scores passages for a question; larger is better, the scale is its own."""

    name: str
    share: float  # 0..1: how much of the final score it decides, the rest is the fusion's

    def scores(self, question: str, terms: Sequence[str], candidates: Sequence[PassageCandidate]) -> Scores:
        """Return one score per candidate, shape (n,)."""
        ...


class TermReranker:
    """The mean over the question's words of the closest sentence of the passage, each word encoded by itself.

    Late interaction after Khattab and Zaharia, ColBERT (2020), with words for tokens and sentences for documents'
    tokens, because those vectors are in the index already.
    """

    name = "terms"
    share = TERM_SHARE

    def __init__(self, embedder: Embedder, sentences_of: Callable[[int], Vectors]) -> None:
        """Take the model, and what returns the sentence vectors of a passage row."""
        self._embedder = embedder
        self._sentences_of = sentences_of

    def scores(self, question: str, terms: Sequence[str], candidates: Sequence[PassageCandidate]) -> Scores:
        """Return mean cosines, in -1..1."""
        words = self._embedder.encode_queries(list(terms) or [question])
        return np.array([self._closest(words, self._sentences_of(each.row)) for each in candidates], np.float32)

    @staticmethod
    def _closest(words: Vectors, sentences: Vectors) -> float:
        return float((words @ sentences.T).max(axis=1).mean()) if len(sentences) else -1.0


class CrossEncoderReranker:
    """A cross-encoder by name or folder, through sentence-transformers; loaded at the first question."""

    share = 1.0

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        return open_model("CrossEncoder", self.name, self.name)

    def scores(self, question: str, terms: Sequence[str], candidates: Sequence[PassageCandidate]) -> Scores:
        """Return the model's relevance of each passage, read with its title.

        Raises:
            ModelError: the model cannot be loaded.
        """
        pairs = [(question, f"{each.passage.title}\n{each.passage.text}") for each in candidates]
        scores: Scores = np.asarray(self._model.predict(pairs, show_progress_bar=False), np.float32).reshape(-1)
        return scores


def make_reranker(name: str, embedder: Embedder, sentences_of: Callable[[int], Vectors]) -> Reranker | None:
    """Return the reranker of a configured name: ``none``, ``terms``, or a cross-encoder's name or folder."""
    if name == "none":
        return None
    return TermReranker(embedder, sentences_of) if name == "terms" else CrossEncoderReranker(name)
