"""The search: both legs, fusion, facets, and the reasons for each hit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from yibao.index.dense import Rows, Scores
from yibao.index.embedding import Embedder, Vectors
from yibao.index.store import IndexReader
from yibao.language.places import region_agrees
from yibao.language.terms import number_terms
from yibao.records import NO_FACETS, Article, Facets, Hit, Leg, Query
from yibao.request import AS_SHIPPED, LegChoice, SearchOptions
from yibao.search.evidence import NOTHING_FOUND, Evidence, weigh
from yibao.search.fusion import fuse, scaled
from yibao.search.measuring import PassageCandidate, measure, other_insurance
from yibao.search.reranking import DEPTH as RERANK_DEPTH
from yibao.search.reranking import make_reranker
from yibao.search.retrieval import DenseRetriever, LexicalRetriever, Retriever
from yibao.search.scale import Closeness

CANDIDATES = 100  # asked of each leg
DEPTH = 30  # candidates that are read, reordered by facets and weighed as evidence, however many are returned
_OTHER_REGION = 0.3  # taken off the scaled score of a passage that speaks for another region
_TREATMENT_REGION = 0.15  # of one that speaks for the place of treatment, where the insurance is from elsewhere
_OTHER_INSURANCE = 0.1
_EVIDENCE_PASSAGES = 4  # looked at when the evidence is weighed


@dataclass(frozen=True)
class SearchResult:
    """Hits, best first, their passage rows, and how likely they answer the question."""

    hits: tuple[Hit, ...]
    rows: tuple[int, ...]
    evidence: Evidence

    def first(self, count: int) -> SearchResult:
        """Return the same with the ``count`` best hits alone."""
        return replace(self, hits=self.hits[:count], rows=self.rows[:count])


class HybridSearch:
    """Searches one opened index; holds no state of any question."""

    def __init__(
        self,
        reader: IndexReader,
        embedder: Embedder,
        reranker: str = "none",
        excluded: Collection[int] = (),
    ) -> None:
        """Search ``reader`` with the model it was built with.

        Args:
            reader: the opened index.
            embedder: see above.
            reranker: see ``make_reranker``.
            excluded: passage rows that are never found: somebody switched them off.
        """
        self._excluded = np.array(sorted(excluded), np.int64)
        self._reader = reader
        self.closeness = Closeness(reader, embedder)
        self._reranker = make_reranker(reranker, embedder, reader.sentences.of_passage)
        self._legs: dict[str, Retriever] = {
            "lexical": LexicalRetriever(reader.lexical),
            "dense": DenseRetriever(reader.dense, reader.sentences),
        }

    def rank(self, query: Query, vector: Vectors, leg: LegChoice, candidates: int) -> tuple[Rows, Scores]:
        """Return passage rows and scores of one leg or of the fusion, best first: no texts are read."""
        if leg != "hybrid":
            return self._ask(self._legs[leg], query, vector, candidates)
        rows, raw = self._candidates(query, vector, candidates)
        if not len(rows):
            return rows, np.zeros(0, np.float32)
        fused = scaled(self._fused(query, rows, raw))
        order = np.lexsort((rows, -fused))[:candidates]
        return rows[order], fused[order].astype(np.float32)

    def search(self, query: Query, vector: Vectors, count: int, options: SearchOptions = AS_SHIPPED) -> SearchResult:
        """Return the ``count`` best passages with scores in 0..1 and the reasons for each.

        Only the first ``DEPTH`` of the fusion are moved by facets and reranking, so that order and evidence do not
        depend on ``count``; more than those follow behind them as the fusion has them.
        """
        rows, raw = self._candidates(query, vector, CANDIDATES)
        if not len(rows):
            return SearchResult((), (), NOTHING_FOUND)
        hybrid = options.leg == "hybrid"
        fused = scaled(self._fused(query, rows, raw, options.lexical_weight) if hybrid else raw[options.leg])
        read = self._read(rows, fused, raw["dense"], max(count, DEPTH))
        first, rest = read[:DEPTH], read[DEPTH:]
        if options.rerank:
            first = self._rerank(query, first)
        ordered = _behind(_with_facets(query.facets if options.facets else NO_FACETS, first), rest)
        evidence = weigh(measure(query, vector, ordered[:_EVIDENCE_PASSAGES], self.closeness))
        chosen = ordered[:count]
        ranks = {name: _ranks(scores, rows) for name, scores in raw.items()}
        hits = tuple(
            Hit(
                passage=candidate.passage,
                score=float(np.clip(candidate.score, 0.0, 1.0)) * evidence.probability,
                rank=place,
                legs=_reasons(query, candidate, raw, ranks),
            )
            for place, candidate in enumerate(chosen, start=1)
        )
        return SearchResult(hits, tuple(candidate.row for candidate in chosen), evidence)

    def _candidates(self, query: Query, vector: Vectors, count: int) -> tuple[Rows, dict[str, Scores]]:
        """Return the rows any leg found, and every leg's score of every one of them."""
        found = [self._ask(leg, query, vector, count)[0] for leg in self._legs.values()]
        rows = np.unique(np.concatenate(found)).astype(np.int64)
        raw = {name: leg.score(query, vector, rows) for name, leg in self._legs.items()}
        return rows, raw | {"dense": self.closeness.scale.common(raw["dense"])}

    def _fused(
        self, query: Query, rows: Rows, raw: Mapping[str, Scores], lexical_weight: float = 1.0
    ) -> npt.NDArray[np.float64]:
        best = int(rows[raw["lexical"].argmax()])
        coverage = self._reader.lexical.coverage(query.tokens, best)
        return fuse(raw["lexical"], raw["dense"], coverage, lexical_weight)

    def _ask(self, leg: Retriever, query: Query, vector: Vectors, count: int) -> tuple[Rows, Scores]:
        """Return what one leg finds; extra hits are asked for, because excluded rows are dropped afterwards."""
        found = leg.search(query, vector, count + len(self._excluded))
        kept = ~np.isin(found.rows, self._excluded)
        return found.rows[kept][:count], found.scores[kept][:count]

    def _read(self, rows: Rows, fused: np.ndarray, dense: Scores, count: int) -> list[PassageCandidate]:
        """Return the ``count`` best with their texts."""
        best = np.lexsort((rows, -fused))[:count]
        passages = self._reader.database.passages([int(row) for row in rows[best]])
        articles = self._reader.database.articles_by_id({passage.article_id for passage in passages})
        return [
            PassageCandidate(
                int(rows[at]), int(at), passage, articles[passage.article_id], float(dense[at]), float(fused[at])
            )
            for at, passage in zip(best, passages, strict=True)
        ]

    def _rerank(self, query: Query, candidates: list[PassageCandidate]) -> list[PassageCandidate]:
        """Mix in what the reranker says of the best candidates; the others stay behind them."""
        reranker = self._reranker
        if reranker is None or not candidates:
            return candidates
        first, rest = candidates[:RERANK_DEPTH], candidates[RERANK_DEPTH:]
        again = scaled(reranker.scores(query.normalized, query.terms, first))
        share = reranker.share
        mixed = [
            replace(each, score=(1 - share) * each.score + share * score)
            for each, score in zip(first, again.tolist(), strict=True)
        ]
        return _behind(mixed, rest)


def _behind(first: list[PassageCandidate], rest: Sequence[PassageCandidate]) -> list[PassageCandidate]:
    """Return ``first`` with ``rest`` behind, none of which then scores higher than any before it."""
    least = min((each.score for each in first), default=0.0)
    return first + [replace(each, score=min(each.score, least)) for each in rest]


def _with_facets(asked: Facets, candidates: Sequence[PassageCandidate]) -> list[PassageCandidate]:
    """Move passages of other regions and insurances down, never out; best first."""
    moved = [replace(each, score=each.score - _penalty(asked, each.article)) for each in candidates]
    return sorted(moved, key=lambda candidate: (-candidate.score, candidate.passage.id))


def _penalty(asked: Facets, article: Article) -> float:
    return _other_region(asked, article) + (_OTHER_INSURANCE if other_insurance(asked, article) else 0.0)


def _other_region(asked: Facets, article: Article) -> float:
    """Return what a region costs: rules follow 参保地, and 就医地 has a say; a nationwide article costs nothing."""
    if region_agrees(asked.regions, article.region):
        return 0.0
    treats = asked.treated_in and region_agrees(asked.treated_in, article.region)
    return _TREATMENT_REGION if treats else _OTHER_REGION


def _reasons(
    query: Query, candidate: PassageCandidate, raw: Mapping[str, Scores], ranks: Mapping[str, Rows]
) -> dict[str, Leg]:
    text = candidate.searched_text
    numbers = set(number_terms(text))
    matched = tuple(term for term in query.terms if term in text or (set(number_terms(term)) & numbers))
    renamed = tuple((word, other) for word, other in query.synonyms if word not in text and other in text)
    absent = set(query.terms).difference(matched, (word for word, _ in renamed))
    missed = tuple(term for term in query.terms if term in absent)
    return {
        name: Leg(
            rank=int(ranks[name][candidate.at]),
            score=round(float(scores[candidate.at]), 4),
            matched=matched if name == "lexical" else (),
            missed=missed if name == "lexical" else (),
            synonyms=renamed if name == "lexical" else (),
        )
        for name, scores in raw.items()
    }


def _ranks(scores: Scores, rows: Rows) -> Rows:
    """Return each candidate's place in one leg, from 1, ties by row."""
    places = np.empty(len(scores), np.int64)
    places[np.lexsort((rows, -scores))] = np.arange(1, len(scores) + 1)
    return places
