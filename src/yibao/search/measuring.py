"""Looking at the best passages with the question in mind: the measures that the evidence is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yibao.index.dense import Scores
from yibao.index.embedding import Vectors
from yibao.language.answer_types import answer_fits, organisations, speaking_of, wanted_answers, wanted_subjects
from yibao.language.normalise import fold
from yibao.language.places import place_name, region_agrees
from yibao.records import Article, Facets, Passage, Query
from yibao.search.evidence import Measures
from yibao.search.scale import Closeness

MOST_GAP = 0.1  # of cosine, counted as 1; more says nothing more
ELSEWHERE = 0.05  # of cosine, taken off an amount, a share or a telephone that is not told of the region asked for


@dataclass(frozen=True)
class PassageCandidate:
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


def measure(query: Query, vector: Vectors, top: Sequence[PassageCandidate], closeness: Closeness) -> Measures:
    """Measure the best passages.

    Args:
        query: the question.
        vector: of the question, unit length.
        top: the passages looked at, at least one.
        closeness: of questions to what stands in the index.
    """
    asked = query.facets
    texts = [f"{c.passage.title} {c.passage.heading} {c.passage.text} {c.article.published}" for c in top]
    agree = [region_agrees(asked.regions, candidate.article.region) for candidate in top]
    cosines = [closeness.sentences(candidate.row, vector) for candidate in top]
    named = organisations(query.normalized)
    closest = max(float(row.max(initial=-1.0)) for row in cosines)
    told = [each for candidate, row in zip(top, cosines, strict=True) for each in _told(query, named, candidate, row)]
    gap = _answer_gap(query.normalized, told, closest)
    return Measures(
        closest=closest,
        passage=max(candidate.dense for candidate in top),
        other_region=agree.count(False) / len(top) if asked.regions else 0.0,
        other_insurance=float(all(other_insurance(asked, candidate.article) for candidate in top)),
        other_year=float(bool(asked.years) and not any(str(y) in text for y in asked.years for text in texts)),
        answer_gap=gap,
        organisation_missing=float(gap == 1.0 and bool(named)),
    )


def other_insurance(asked: Facets, article: Article) -> bool:
    """Tell whether an article is about another kind of insurance than was asked for."""
    return bool(asked.insurance and article.insurance) and not set(asked.insurance) & set(article.insurance)


@dataclass(frozen=True)
class _Told:
    """A sentence that speaks of what is asked about, ``about`` with title and heading.

    ``here`` where no region is asked for, or the passage names it, or its article speaks for it.
    """

    cosine: float
    text: str
    about: str
    here: bool


def _answer_gap(question: str, told: Sequence[_Told], closest: float) -> float:
    """Return how far behind the best sentence the best one is that holds what is asked for, in 0..1.

    One sentence must speak of the subject and tell what is asked. What it is about may stand in its title or heading,
    what it tells only in itself. What every place has for itself counts less where it is not told of the region
    asked for.
    """
    subjects = wanted_subjects(question)
    speaking = [each for each in told if all(answer_fits([subject], each.about) for subject in subjects)]
    holding = [
        [
            each.cosine - (ELSEWHERE if not each.here and kind.needs_place(each.text) else 0.0)
            for each in speaking
            if answer_fits([kind], each.text)
        ]
        for kind in wanted_answers(question)
    ]
    if subjects:
        holding.append([each.cosine for each in speaking])
    gap = max((closest - max(cosines, default=-1.0) for cosines in holding), default=0.0)
    return min(1.0, gap / MOST_GAP)


def _told(query: Query, named: list[str], candidate: PassageCandidate, cosines: Scores) -> Iterator[_Told]:
    passage, article = candidate.passage, candidate.article
    texts = [article.text[each.start : each.end] for each in passage.sentences]
    asked = query.facets.regions
    named_here = any(place_name(region) in candidate.searched_text for region in asked)
    here = not asked or named_here or (bool(article.region) and region_agrees(asked, article.region))
    for cosine, text, speaks in zip(cosines, texts, speaking_of(named, passage.title, texts), strict=True):
        if speaks:
            yield _Told(float(cosine), text, f"{passage.title} {passage.heading} {text}", here)
