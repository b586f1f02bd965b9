"""What the page of retrieval shows: what one search found and why, what moved; ``html/retrieval.html`` is how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao import wording_pages as pages
from yibao.records import Answer, Article, Hit, Leg
from yibao.web.corpus_html import readable
from yibao.web.marking import Line
from yibao.web.markup import render

_BEGINNING = 110  # characters of a passage shown before it is opened
_LEAST = 0.005  # share of the bar that a step is given


@dataclass(frozen=True)
class Run:
    """One search: the answer it led to, the least confidence it needed, and the articles of its hits."""

    answer: Answer
    threshold: float
    articles: Mapping[str, Article]

    @property
    def ranks(self) -> dict[str, int]:
        """Rank of each passage by id."""
        return {hit.passage.id: hit.rank for hit in self.answer.hits}


@dataclass(frozen=True)
class Move:
    """Where a passage stands on the other side: an arrow with the places between, and the same in words."""

    kind: str
    sign: str
    said: str


@dataclass(frozen=True)
class ShownResult:
    """A passage found; ``whole`` is empty where ``beginning`` is all of it. ``words`` are label, style and terms."""

    hit: Hit
    article: Article
    move: Move
    beginning: Sequence[Line]
    whole: Sequence[Line]
    words: Sequence[tuple[str, str, Sequence[str]]]


@dataclass(frozen=True)
class Step:
    """What one step took, and its share of the bar."""

    name: str
    seconds: float
    share: float = 1.0


@dataclass(frozen=True)
class ShownRun:
    """One side of the page; ``side`` is 0 or 1."""

    run: Run
    side: int
    steps: Sequence[Step]
    total: Step
    results: Sequence[ShownResult]


def earlier(history: Sequence[str]) -> str:
    """Return the questions before this one, where there are any."""
    text = pages.FAILURE_EARLIER.format(questions=" / ".join(history))
    return render("pieces", "hint", text=text) if history else ""


def comparison(first: Run, second: Run) -> str:
    """Return in one line what two searches have in common."""
    one, other = first.ranks, second.ranks
    shared = one.keys() & other.keys()
    text = pages.RUN_SHARED.format(
        shared=len(shared), moved=sum(one[name] != other[name] for name in shared),
        first=len(one.keys() - other.keys()), second=len(other.keys() - one.keys()),
    )  # fmt: skip
    return render("pieces", "said", text=pages.RUN_SAME if one == other else text)


def run_panel(run: Run, against: Run, side: int) -> str:
    """Return what one side found; ``side`` is 0 or 1."""
    other = pages.SIDES[1 - side]
    results = [_result(hit, run.articles[hit.passage.article_id], against.ranks, other) for hit in run.answer.hits]
    steps, total = _steps(run.answer.timings)
    return render("retrieval", "run", shown=ShownRun(run, side, steps, total, results))


def _result(hit: Hit, article: Article, ranks: Mapping[str, int], other: str) -> ShownResult:
    passage = hit.passage
    lexical = hit.legs.get("lexical")
    terms = lexical.matched if lexical else ()
    first = passage.sentences[0].start - passage.start if passage.sentences else 0  # headings are shown above
    beginning = passage.text[first : first + _BEGINNING]
    whole = readable(passage.text, terms) if len(beginning) < len(passage.text) else ()
    return ShownResult(
        hit, article, _move(hit, ranks.get(passage.id), other), readable(beginning, terms), whole, _words(hit.legs)
    )


def _move(hit: Hit, rank: int | None, other: str) -> Move:
    if rank is None:
        return Move("new", "\u2217", pages.MOVED_NEW.format(side=other))
    if rank == hit.rank:
        return Move("same", "=", pages.MOVED_NOT.format(side=other))
    places = abs(rank - hit.rank)
    if rank > hit.rank:
        return Move("up", f"\u2191{places}", pages.MOVED_UP.format(side=other, places=places))
    return Move("down", f"\u2193{places}", pages.MOVED_DOWN.format(side=other, places=places))


def _words(legs: Mapping[str, Leg]) -> list[tuple[str, str, list[str]]]:
    """Return which words of the question were found, found under another name, and missed."""
    synonyms = ["\u2192".join(pair) for leg in legs.values() for pair in leg.synonyms]
    return [
        (pages.TERMS_MATCHED, "yb-hit-term", [term for leg in legs.values() for term in leg.matched]),
        (pages.TERMS_SYNONYMS, "yb-hit-term", synonyms),
        (pages.TERMS_MISSED, "yb-missed-term", [term for leg in legs.values() for term in leg.missed]),
    ]


def _steps(timings: Mapping[str, float]) -> tuple[list[Step], Step]:
    """Return the seconds of each step, and of all."""
    steps = {name: seconds for name, seconds in timings.items() if name != "total"}
    whole = sum(steps.values()) or 1.0
    shown = [Step(name, seconds, max(seconds / whole, _LEAST)) for name, seconds in steps.items()]
    return shown, Step("total", timings.get("total", whole))
