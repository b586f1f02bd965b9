"""What flows through the pipeline: frozen records, complete when they are born, never mutated.

Offsets are code points of ``Article.text``. Scores shown to people are in 0..1, larger is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from yibao.plain import read_plain

ArticleKind = Literal["article", "excerpt"]
Status = Literal["answered", "no_answer", "ask_back", "emergency"]
Insurance = Literal["employee", "resident"]


@dataclass(frozen=True)
class Facets:
    """What a question or an article is about: where, which insurance, who, which year, what.

    Regions are ``省``, ``省/市`` or ``省/市/县`` in short form; what was not said is empty. ``regions`` are those whose
    rules are asked for (参保地), ``treated_in`` is 就医地 where the insurance is from elsewhere; ``topics`` are of the
    closed list in ``language.topics``.
    """

    regions: tuple[str, ...]
    insurance: tuple[Insurance, ...]
    person: tuple[str, ...]
    years: tuple[int, ...]
    treated_in: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


NO_FACETS = Facets(regions=(), insurance=(), person=(), years=())


@dataclass(frozen=True)
class Article:
    """One article as its reader understood it.

    ``id`` is the path under the corpus without suffix, plus ``#n`` where one page holds several.
    ``published`` is an ISO date or None where nobody stated it. An ``excerpt`` is a cut-off teaser.
    ``text`` is the body in light Markdown (``## `` headings, ``- `` and ``1. `` items).
    """

    id: str
    title: str
    text: str
    source: str
    published: str | None
    region: str | None
    insurance: tuple[Insurance, ...]
    person: tuple[str, ...]
    topics: tuple[str, ...]
    kind: ArticleKind
    disclaimer: str


@dataclass(frozen=True)
class Sentence:
    """A span of an article that may be quoted: ``article.text[start:end]``, a whole sentence or list item.

    ``intro`` is the span of the line that introduces the list the sentence belongs to, or None.
    """

    start: int
    end: int
    intro: tuple[int, int] | None


@dataclass(frozen=True)
class Passage:
    """A piece of an article, ``article.text[start:end] == text``.

    Title and heading path are searched along but never quoted.
    """

    id: str
    article_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Query:
    """A question as understood: ``tokens`` are index terms, ``carried_from`` the earlier question used.

    ``terms`` are its words that are worth looking for and worth showing as found or missed.
    ``synonyms`` are pairs of a word of the question and another word for it; ``synonym_tokens`` the index terms that
    these add.
    """

    text: str
    normalized: str
    tokens: tuple[str, ...]
    facets: Facets
    carried_from: str | None
    synonyms: tuple[tuple[str, str], ...] = ()
    synonym_tokens: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Leg:
    """What one retriever said of a passage: rank from 1, its own raw score, terms found and not found.

    ``synonyms`` are terms found under another name: (word of the question, word of the passage).
    """

    rank: int
    score: float
    matched: tuple[str, ...]
    missed: tuple[str, ...]
    synonyms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hit:
    """A passage that was found, with its fused score in 0..1, its rank among all from 1 and what each leg said."""

    passage: Passage
    score: float
    rank: int
    legs: Mapping[str, Leg]


@dataclass(frozen=True)
class Citation:
    """A quoted sentence: ``quote == article.text[start:end]``.

    ``facts`` are the spans of the article inside the quote that hold the short fact asked for: 45%, 15个工作日.
    """

    number: int
    passage_id: str
    article_id: str
    title: str
    heading: str
    published: str | None
    region: str | None
    insurance: tuple[Insurance, ...]
    kind: ArticleKind
    quote: str
    start: int
    end: int
    facts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Choice:
    """One way to make a question definite: what stands on the button, and the question it asks."""

    label: str
    question: str


@dataclass(frozen=True)
class ContrastRow:
    """One side of a contrast: who or where it holds for, the value, and the number of its citation."""

    label: str
    value: str
    number: int


@dataclass(frozen=True)
class Contrast:
    """Quotes that give different values for one thing.

    A ``conflict`` is a disagreement of sources over the same region, insurance and person, newest first; a ``table``
    sets values side by side that differ because they hold for different ones.
    """

    kind: Literal["conflict", "table"]
    subject: str
    rows: tuple[ContrastRow, ...]


@dataclass(frozen=True)
class Answer:
    """Everything a door needs to show an answer. ``disclaimer`` has no default: no answer without it.

    ``choices`` go with the status ``ask_back``; ``contrasts`` point to citations by number; ``unanswered`` are the
    parts of a question that no quote answers; ``missing_terms`` are words of the question that no article holds;
    ``suggestions`` are questions that the articles do answer. ``summary`` is what a language model wrote from the
    quotes, if there is one: sentences that end in ``[n]``, the number of a citation.
    """

    question: str
    rewritten: str
    status: Status
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    notices: tuple[str, ...]
    facets: Facets
    disclaimer: str
    confidence: float
    timings: Mapping[str, float]
    choices: tuple[Choice, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    unanswered: tuple[str, ...] = ()
    missing_terms: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    summary: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the public JSON form (the contract of ``yibao ask --json``)."""
        return {
            "question": self.question,
            "rewritten": self.rewritten,
            "status": self.status,
            "text": self.text,
            "summary": self.summary,
            "hits": [hit_to_json(hit) for hit in self.hits],
            **{name: [asdict(each) for each in getattr(self, name)] for name in ("citations", "choices", "contrasts")},
            **{name: list(getattr(self, name)) for name in ("notices", "unanswered", "missing_terms", "suggestions")},
            "facets": asdict(self.facets),
            "disclaimer": self.disclaimer,
            "confidence": round(self.confidence, 4),
            "timings_ms": {step: round(1000 * seconds, 2) for step, seconds in self.timings.items()},
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Answer:
        """Return the answer that has this JSON form, its passages without sentences; ValueError where it has not."""
        try:
            hits = [{**hit, "passage": {**hit, "id": hit["passage_id"], "sentences": ()}} for hit in values["hits"]]
            timings = {step: milliseconds / 1000 for step, milliseconds in values["timings_ms"].items()}
            return read_plain(Answer, {**values, "hits": hits, "timings": timings})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """Return a hit as plain values, its passage flattened into it."""
    shown = ("article_id", "title", "heading", "text", "start", "end")
    return {
        "passage_id": hit.passage.id,
        **{name: getattr(hit.passage, name) for name in shown},
        "score": round(hit.score, 4),
        "rank": hit.rank,
        "legs": {name: asdict(leg) for name, leg in hit.legs.items()},
    }
