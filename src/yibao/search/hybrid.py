"""The search: both legs, fusion, facets, and the reasons for each hit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from yibao.index.embedding import Vectors
from yibao.index.store import IndexReader
from yibao.language.facets import read_regions, region_agrees
from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter
from yibao.language.terms import shown_terms
from yibao.records import Facets, Hit, Leg, Passage, Query
from yibao.search.evidence import Evidence, coverage, weigh
from yibao.search.fusion import fuse, leg_weights, scaled
from yibao.search.retrieval import DenseRetriever, LexicalRetriever, Retriever, Rows, Scores

LegChoice = Literal["hybrid", "dense", "lexical"]
CANDIDATES = 100  # asked of each leg
_OTHER_REGION = 0.3  # taken off the fused score of a passage that speaks for another region
_EVIDENCE_PASSAGES = 3  # looked at when the evidence is weighed


@dataclass(frozen=True)
class Found:
    """Hits, best first, and how likely they answer the question."""

    hits: tuple[Hit, ...]
    rows: tuple[int, ...]
    evidence: Evidence


class HybridSearch:
    """Searches one opened index; holds no state of any question."""

    def __init__(self, reader: IndexReader, segmenter: Segmenter) -> None:
        self._reader = reader
        self._segmenter = segmenter
        self._legs: dict[str, Retriever] = {
            "lexical": LexicalRetriever(reader.lexical),
            "dense": DenseRetriever(reader.dense, reader.sentences),
        }

    def rank(self, query: Query, vector: Vectors, leg: LegChoice, candidates: int) -> tuple[Rows, Scores]:
        """Return passage rows and scores of one leg or of the fusion, best first: no texts are read."""
        if leg != "hybrid":
            found = self._legs[leg].search(query, vector, candidates)
            return found.rows, found.scores
        rows, raw = self._candidates(query, vector, candidates)
        fused = fuse(raw, leg_weights(query))
        order = np.lexsort((rows, -fused))[:candidates]
        return rows[order], fused[order].astype(np.float32)

    def search(self, query: Query, vector: Vectors, top_k: int, leg: LegChoice = "hybrid") -> Found:
        """Return the ``top_k`` best passages with scores in 0..1 and the reasons for each."""
        rows, raw = self._candidates(query, vector, CANDIDATES)
        if not len(rows):
            return Found((), (), weigh(-1.0, -1.0, 0.0))
        fused = fuse(raw, leg_weights(query)) if leg == "hybrid" else scaled(raw[leg])
        best = np.lexsort((rows, -fused))[: max(top_k * 3, 20)]
        passages = self._reader.database.passages([int(row) for row in rows[best]])
        agreed = [
            score - self._penalty(query.facets, passage) for score, passage in zip(fused[best], passages, strict=True)
        ]
        order = sorted(range(len(best)), key=lambda n: (-agreed[n], passages[n].id))[:top_k]
        kept = best[order]
        chosen = [passages[n] for n in order]
        evidence = self._evidence(query, vector, raw, kept, rows, chosen)
        ranks = {name: _ranks(scores, rows) for name, scores in raw.items()}
        hits = tuple(
            Hit(
                passage=passage,
                score=float(np.clip(agreed[n], 0.0, 1.0)) * evidence.probability,
                rank=place,
                legs=self._reasons(query, passage, {name: (ranks[name][at], raw[name][at]) for name in raw}),
            )
            for place, (n, at, passage) in enumerate(zip(order, kept, chosen, strict=True), start=1)
        )
        return Found(hits, tuple(int(row) for row in rows[kept]), evidence)

    def _candidates(self, query: Query, vector: Vectors, count: int) -> tuple[Rows, dict[str, Scores]]:
        """Return the rows any leg found, and every leg's score of every one of them."""
        found = [leg.search(query, vector, count) for leg in self._legs.values()]
        rows = np.unique(np.concatenate([each.rows for each in found])).astype(np.int64)
        return rows, {name: leg.score(query, vector, rows) for name, leg in self._legs.items()}

    def _penalty(self, asked: Facets, passage: Passage) -> float:
        given = self.region_of(passage)
        return 0.0 if region_agrees(asked.regions, given) else _OTHER_REGION

    def region_of(self, passage: Passage) -> str | None:
        """Return the region a passage speaks for: its article's, else the one its own title names."""
        article = self._reader.database.article(passage.article_id)
        if article is not None and article.region:
            return article.region
        named = read_regions(passage.title)
        return named[0] if len(named) == 1 else None

    def _evidence(
        self, query: Query, vector: Vectors, raw: Mapping[str, Scores], kept: Rows, rows: Rows, passages: list[Passage]
    ) -> Evidence:
        top = kept[:_EVIDENCE_PASSAGES]
        closest = float(self._reader.sentences.best(vector, rows[top]).max(initial=-1.0))
        terms = shown_terms(query.normalized, self._segmenter)
        texts = [f"{p.title} {p.heading} {p.text}" for p in passages[:_EVIDENCE_PASSAGES]]
        covered = max((coverage(terms, text, self._reader.lexical) for text in texts), default=0.0)
        return weigh(closest, float(raw["dense"][top].max(initial=-1.0)), covered)

    def _reasons(self, query: Query, passage: Passage, scores: Mapping[str, tuple[int, float]]) -> dict[str, Leg]:
        text = fold(f"{passage.title} {passage.heading} {passage.text}")
        terms = shown_terms(query.normalized, self._segmenter)
        matched = tuple(term for term in terms if term in text)
        missed = tuple(term for term in terms if term not in text)
        return {
            name: Leg(rank, round(float(score), 4), matched, missed) if name == "lexical"
            else Leg(rank, round(float(score), 4), (), ())
            for name, (rank, score) in scores.items()
        }  # fmt: skip


def _ranks(scores: Scores, rows: Rows) -> list[int]:
    """Return each candidate's place in one leg, from 1, ties by row."""
    places = np.empty(len(scores), np.int64)
    places[np.lexsort((rows, -scores))] = np.arange(1, len(scores) + 1)
    return [int(place) for place in places]
