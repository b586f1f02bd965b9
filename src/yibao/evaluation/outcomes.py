"""Asking every question of a set, and noting what came back: one outcome per question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

from yibao.evaluation.questions import Gold, Question
from yibao.records import Answer, Article, Facets, Hit
from yibao.request import Request, SearchOptions
from yibao.search.hybrid import SearchResult

FindArticle = Callable[[str], Article]
Leg = Literal["lexical", "dense"]
LEGS: tuple[Leg, ...] = ("lexical", "dense")

DEPTH = 10  # passages asked for


@dataclass(frozen=True)
class Outcome:
    """What one question brought.

    ``gold_ranks`` holds the rank (from 1) of the first passage with each gold, 0 where it is not among them;
    ``evidence_at`` the number of characters shown, passage after passage, until the wanted golds were complete
    (0 where they never were); ``gold_in_card`` the share of the wanted golds that the answer quotes; ``leg_ranks`` the
    rank of the first gold by each leg alone.
    """

    id: str
    kind: str
    half: str
    question: str
    wanted: str
    got: str
    gold_count: int
    all_needed: bool
    gold_ranks: tuple[int, ...]
    evidence_at: int
    gold_in_card: float
    confidence: float
    facets_right: int
    facets_wanted: int
    facets_given: int
    broken_quotes: int
    standalone_rank: int
    leg_ranks: dict[str, int]
    timings_ms: dict[str, float]
    shown: str
    expected: str

    @property
    def first_rank(self) -> int:
        """Rank of the first passage with any gold, 0 without one."""
        return _first(self.gold_ranks)

    def recall(self, depth: int) -> float:
        """Share of the wanted golds among the first ``depth`` passages: all of them, or any one."""
        found = sum(0 < rank <= depth for rank in self.gold_ranks)
        return found / self.gold_count if self.all_needed else float(found > 0)

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Outcome:
        """Return the outcome that ``to_json`` wrote, also after a way through JSON.

        Raises:
            KeyError, TypeError: ``row`` holds other fields.
        """
        return cls(**(row | {"gold_ranks": tuple(row["gold_ranks"])}))


class Answerer(Protocol):
    """What is evaluated: it answers, searches, and shows its articles."""

    def ask(self, request: Request) -> Answer:
        """Answer one question."""
        ...

    def find(self, request: Request) -> SearchResult:
        """Return what is found."""
        ...

    def article(self, article_id: str) -> Article:
        """Return an article."""
        ...


def run(questions: Sequence[Question], pipeline: Answerer) -> list[Outcome]:
    """Ask every question and compare. A follow-up is asked once more in its self-contained form."""
    return [_outcome(question, pipeline) for question in questions]


def _outcome(question: Question, pipeline: Answerer) -> Outcome:
    find_article = pipeline.article
    request = Request(question.question, question.history, DEPTH)
    answer = pipeline.ask(request)
    self_contained = question.standalone or question.clean
    other = pipeline.ask(Request(self_contained, top_k=DEPTH)) if self_contained else answer
    legs = {leg: pipeline.find(replace(request, options=SearchOptions(leg=leg))).hits for leg in LEGS}
    ranks = _gold_ranks(question.gold, answer.hits, find_article)
    right, wanted, given = _facets(question.facets, answer.facets)
    return Outcome(
        id=question.id,
        kind=question.kind,
        half=question.half,
        question=" / ".join([*question.history, question.question]),
        wanted=question.status,
        got=answer.status,
        gold_count=len(question.gold),
        all_needed=question.all_needed,
        gold_ranks=ranks,
        evidence_at=_evidence_at(question, answer.hits, find_article),
        gold_in_card=_gold_in_card(question, answer),
        confidence=answer.confidence,
        facets_right=right,
        facets_wanted=wanted,
        facets_given=given,
        broken_quotes=sum(c.quote != find_article(c.article_id).text[c.start : c.end] for c in answer.citations),
        standalone_rank=_first(_gold_ranks(question.gold, other.hits, find_article)),
        leg_ranks={leg: _first(_gold_ranks(question.gold, hits, find_article)) for leg, hits in legs.items()},
        timings_ms={step: round(1000 * seconds, 2) for step, seconds in answer.timings.items()},
        shown=answer.text,
        expected="\n".join(gold.quote for gold in question.gold),
    )


def _first(ranks: Sequence[int]) -> int:
    return min((rank for rank in ranks if rank), default=0)


def _span(gold: Gold, find_article: FindArticle) -> tuple[int, int]:
    """Return where a gold stands in its article.

    Raises:
        LookupError: the article or the quote is not in the index: the set does not belong to it.
    """
    start = find_article(gold.article).text.find(gold.quote)
    if start < 0:
        raise LookupError(f"{gold.article}: {gold.quote}")
    return start, start + len(gold.quote)


def _holds(hit: Hit, gold: Gold, span: tuple[int, int]) -> bool:
    """Tell whether a passage shows a gold: most of it, since a passage may end inside a long one."""
    if hit.passage.article_id != gold.article:
        return False
    overlap = min(hit.passage.end, span[1]) - max(hit.passage.start, span[0])
    return overlap * 2 > span[1] - span[0]


def _gold_ranks(golds: Sequence[Gold], hits: Sequence[Hit], find_article: FindArticle) -> tuple[int, ...]:
    spans = [_span(gold, find_article) for gold in golds]
    return tuple(
        next((hit.rank for hit in hits if _holds(hit, gold, span)), 0) for gold, span in zip(golds, spans, strict=True)
    )


def _evidence_at(question: Question, hits: Sequence[Hit], find_article: FindArticle) -> int:
    shown = 0
    reached: dict[int, int] = {}
    for hit in hits:
        for number, gold in enumerate(question.gold):
            span = _span(gold, find_article)
            if number not in reached and _holds(hit, gold, span):
                reached[number] = shown + min(span[1], hit.passage.end) - hit.passage.start
        shown += len(hit.passage.text)
    if question.all_needed:
        return max(reached.values()) if reached and len(reached) == len(question.gold) else 0
    return min(reached.values(), default=0)


def _gold_in_card(question: Question, answer: Answer) -> float:
    quoted = ["".join(citation.quote.split()) for citation in answer.citations]
    found = sum(any("".join(gold.quote.split()) in quote for quote in quoted) for gold in question.gold)
    if not question.gold:
        return 0.0
    return found / len(question.gold) if question.all_needed else float(found > 0)


def _facets(wanted: Facets, given: Facets) -> tuple[int, int, int]:
    """Return how many facet values are right, wanted and given; topics are not labelled in question sets."""
    left, right = (
        {(name, value) for name, values in asdict(each).items() if name != "topics" for value in values}
        for each in (wanted, given)
    )
    return len(left & right), len(left), len(right)
