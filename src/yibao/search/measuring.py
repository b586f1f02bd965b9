"""Looking at the best passages with the question in mind: the measures that the evidence is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yibao.index.embedding import Vectors
from yibao.language.answer_types import Wanted, answer_fits, organisations, speaks_of, wanted_answers
from yibao.language.normalise import fold
from yibao.language.places import region_agrees
from yibao.records import Article, Facets, Passage, Query
from yibao.search.evidence import Measures
from yibao.search.scale import Closeness

MOST_GAIN = 0.02  # of cosine, counted as 1; more says nothing more


@dataclass(frozen=True)
class Candidate:
    """A passage on its way to becoming a hit; ``at`` is its place among all candidates, ``dense`` its raw score."""

    row: int
    at: int
    passage: Passage
    article: Article
    dense: float
    score: float

    @property
    def searched_text(self) -> str:
        """Title, heading path and text, folded."""
        return fold(f"{self.passage.title} {self.passage.heading} {self.passage.text}")


def measure(
    query: Query, vector: Vectors, terms: Sequence[str], top: Sequence[Candidate], closeness: Closeness
) -> Measures:
    """Measure the best passages.

    Args:
        query: the question.
        vector: its unit vector.
        terms: its words that are worth looking for.
        top: the passages looked at, at least one.
        closeness: of questions to what stands in the index.
    """
    asked = query.facets
    texts = [f"{c.passage.title} {c.passage.heading} {c.passage.text} {c.article.published}" for c in top]
    agree = [region_agrees(asked.regions, candidate.article.region) for candidate in top]
    wanted, named = wanted_answers(query.normalized), organisations(query.normalized)
    answered = not wanted or any(_answers(wanted, named, candidate) for candidate in top)
    return Measures(
        closest=max(float(closeness.sentences(each.row, vector).max(initial=-1.0)) for each in top),
        passage=max(candidate.dense for candidate in top),
        stray_term=_stray_term(query, vector, terms, top, closeness),
        other_region=agree.count(False) / len(top) if asked.regions else 0.0,
        other_insurance=float(all(other_insurance(asked, candidate.article) for candidate in top)),
        other_year=float(bool(asked.years) and not any(str(y) in text for y in asked.years for text in texts)),
        answer_missing=float(not answered),
        organisation_missing=float(not answered and bool(named)),
    )


def other_insurance(asked: Facets, article: Article) -> bool:
    """Tell whether an article is about another kind of insurance than was asked for."""
    return bool(asked.insurance and article.insurance) and not set(asked.insurance) & set(article.insurance)


def _stray_term(
    query: Query, vector: Vectors, terms: Sequence[str], top: Sequence[Candidate], closeness: Closeness
) -> float:
    """Return how much the question gains in closeness without a term that the passage lacks, in -1..1.

    Where a passage lacks a term but means the same (起付线 for 门槛费), taking the term out moves the question away;
    where the passage is about something else, it comes closer. Largest over the terms, least over the passages.
    """
    texts = [candidate.searched_text for candidate in top]
    lacking = [term for term in terms if not all(term in text for text in texts)]
    if not lacking:
        return 0.0
    question = fold(query.normalized)
    without = [question.replace(term, "", 1) for term in lacking]
    gains = closeness.gains(without, vector, [candidate.row for candidate in top]) / MOST_GAIN
    least = min(
        max((float(gains[n, at]) for n, term in enumerate(lacking) if term not in text), default=0.0)
        for at, text in enumerate(texts)
    )
    return min(1.0, max(-1.0, least))


def _answers(wanted: Wanted, named: list[str], candidate: Candidate) -> bool:
    """Tell whether a sentence of a passage holds every kind of answer wanted, about the organisation named."""
    text, title = candidate.article.text, candidate.passage.title
    sentences = (text[s.start : s.end] for s in candidate.passage.sentences)
    return any(answer_fits(wanted, each) == 1.0 and speaks_of(f"{title} {each}", named) for each in sentences)
