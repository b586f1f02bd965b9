"""The search: both legs, fusion, facets, and the reasons for each hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yibao.index.embedding import Vectors
from yibao.index.store import IndexReader
from yibao.language.answer_types import Wanted, answer_fits, organisations, speaks_of, wanted_answers
from yibao.language.facets import region_agrees
from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter
from yibao.language.terms import shown_terms
from yibao.records import NO_FACETS, Article, Facets, Hit, Leg, Passage, Query
from yibao.search.evidence import NOTHING_FOUND, Evidence, Measures, weigh
from yibao.search.fusion import fuse, scaled
from yibao.search.options import AS_SHIPPED, LegChoice, SearchOptions
from yibao.search.retrieval import DenseRetriever, LexicalRetriever, Retriever, Rows, Scores

CANDIDATES = 100  # asked of each leg
_LOOKED_AT = 20  # candidates whose articles are read for their facets
_OTHER_REGION = 0.3  # taken off the scaled score of a passage that speaks for another region
_OTHER_INSURANCE = 0.1
_EVIDENCE_PASSAGES = 3  # looked at when the evidence is weighed


@dataclass(frozen=True)
class Found:
    """Hits, best first, their passage rows, and how likely they answer the question."""

    hits: tuple[Hit, ...]
    rows: tuple[int, ...]
    evidence: Evidence


@dataclass(frozen=True)
class _Candidate:
    """A passage on its way to becoming a hit; ``at`` is its place among all candidates of both legs."""

    row: int
    at: int
    passage: Passage
    article: Article
    score: float


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
        fused = scaled(fuse(raw["lexical"], raw["dense"]))
        order = np.lexsort((rows, -fused))[:candidates]
        return rows[order], fused[order].astype(np.float32)

    def search(self, query: Query, vector: Vectors, top_k: int, options: SearchOptions = AS_SHIPPED) -> Found:
        """Return the ``top_k`` best passages with scores in 0..1 and the reasons for each."""
        rows, raw = self._candidates(query, vector, CANDIDATES)
        terms = shown_terms(query.normalized, self._segmenter)
        if not len(rows):
            return Found((), (), NOTHING_FOUND)
        hybrid = options.leg == "hybrid"
        fused = scaled(fuse(raw["lexical"], raw["dense"], options.lexical_weight) if hybrid else raw[options.leg])
        chosen = self._with_facets(query.facets if options.facets else NO_FACETS, rows, fused, top_k)
        evidence = weigh(self._measures(query, vector, raw["dense"], chosen[:_EVIDENCE_PASSAGES]))
        ranks = {name: _ranks(scores, rows) for name, scores in raw.items()}
        hits = tuple(
            Hit(
                passage=candidate.passage,
                score=float(np.clip(candidate.score, 0.0, 1.0)) * evidence.probability,
                rank=place,
                legs=_reasons(terms, candidate, raw, ranks),
            )
            for place, candidate in enumerate(chosen, start=1)
        )
        return Found(hits, tuple(candidate.row for candidate in chosen), evidence)

    def _candidates(self, query: Query, vector: Vectors, count: int) -> tuple[Rows, dict[str, Scores]]:
        """Return the rows any leg found, and every leg's score of every one of them."""
        found = [leg.search(query, vector, count) for leg in self._legs.values()]
        rows = np.unique(np.concatenate([each.rows for each in found])).astype(np.int64)
        return rows, {name: leg.score(query, vector, rows) for name, leg in self._legs.items()}

    def _with_facets(self, asked: Facets, rows: Rows, fused: np.ndarray, top_k: int) -> list[_Candidate]:
        """Move passages of other regions and insurances down, never out, and return the best."""
        best = np.lexsort((rows, -fused))[: max(top_k * 3, _LOOKED_AT)]
        passages = self._reader.database.passages([int(row) for row in rows[best]])
        articles = self._reader.database.articles_by_id({passage.article_id for passage in passages})
        candidates = []
        for at, passage in zip(best, passages, strict=True):
            article = articles[passage.article_id]
            score = float(fused[at]) - _penalty(asked, article)
            candidates.append(_Candidate(int(rows[at]), int(at), passage, article, score))
        return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.passage.id))[:top_k]

    def _measures(self, query: Query, vector: Vectors, dense: Scores, top: Sequence[_Candidate]) -> Measures:
        asked = query.facets
        texts = [f"{c.passage.title} {c.passage.heading} {c.passage.text} {c.article.published}" for c in top]
        agree = [region_agrees(asked.regions, c.article.region) for c in top]
        said = [
            agrees and (candidate.article.region is not None or any(_named(region, text) for region in asked.regions))
            for agrees, candidate, text in zip(agree, top, texts, strict=True)
        ]
        cosines = (self._reader.sentences.of_passage(candidate.row) @ vector for candidate in top)
        wanted, named = wanted_answers(query.normalized), organisations(query.normalized)
        answered = not wanted or any(_answers(wanted, named, candidate) for candidate in top)
        return Measures(
            closest=max(float(values.max(initial=-1.0)) for values in cosines),
            passage=max(float(dense[candidate.at]) for candidate in top),
            other_region=agree.count(False) / len(top) if asked.regions else 0.0,
            region_unsaid=(agree.count(True) - said.count(True)) / len(top) if asked.regions else 0.0,
            other_insurance=float(all(_other_insurance(asked, candidate.article) for candidate in top)),
            other_year=float(bool(asked.years) and not any(str(y) in text for y in asked.years for text in texts)),
            answer_missing=float(not answered),
            organisation_missing=float(not answered and bool(named)),
        )


def _answers(wanted: Wanted, named: list[str], candidate: _Candidate) -> bool:
    """Tell whether a sentence of a passage holds every kind of answer wanted, about the organisation named."""
    text, title = candidate.article.text, candidate.passage.title
    sentences = (text[s.start : s.end] for s in candidate.passage.sentences)
    return any(answer_fits(wanted, each) == 1.0 and speaks_of(f"{title} {each}", named) for each in sentences)


def _penalty(asked: Facets, article: Article) -> float:
    region = 0.0 if region_agrees(asked.regions, article.region) else _OTHER_REGION
    return region + (_OTHER_INSURANCE if _other_insurance(asked, article) else 0.0)


def _other_insurance(asked: Facets, article: Article) -> bool:
    return bool(asked.insurance and article.insurance) and not set(asked.insurance) & set(article.insurance)


def _named(region: str, text: str) -> bool:
    return region.rpartition("/")[2] in text


def _reasons(
    terms: Sequence[str], candidate: _Candidate, raw: Mapping[str, Scores], ranks: Mapping[str, Rows]
) -> dict[str, Leg]:
    passage = candidate.passage
    text = fold(f"{passage.title} {passage.heading} {passage.text}")
    matched = tuple(term for term in terms if term in text)
    missed = tuple(term for term in terms if term not in text)
    return {
        name: Leg(
            rank=int(ranks[name][candidate.at]),
            score=round(float(scores[candidate.at]), 4),
            matched=matched if name == "lexical" else (),
            missed=missed if name == "lexical" else (),
        )
        for name, scores in raw.items()
    }


def _ranks(scores: Scores, rows: Rows) -> Rows:
    """Return each candidate's place in one leg, from 1, ties by row."""
    places = np.empty(len(scores), np.int64)
    places[np.lexsort((rows, -scores))] = np.arange(1, len(scores) + 1)
    return places
