"""What stands beside the conversation: the passages behind an answer, or an article with its quote in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao import wording
from yibao.records import Answer, Article, Citation, Hit
from yibao.web.marking import Line, Span, inside, lines_of
from yibao.web.markup import render

_WITHOUT_QUOTES = {"no_answer": wording.PANEL_TITLE_WEAK, "ask_back": wording.PANEL_TITLE_FOUND}


@dataclass(frozen=True)
class ShownLeg:
    """What one retriever said of a passage: ``share`` is its score in 0..1."""

    name: str
    rank: int
    share: float


@dataclass(frozen=True)
class Reasons:
    """Why a passage was found; ``words`` are rows of a label, a style and words found or missed."""

    hit: Hit
    legs: Sequence[ShownLeg]
    words: Sequence[tuple[str, str, Sequence[str]]]


@dataclass(frozen=True)
class ShownPassage:
    """A passage with its cited sentences marked; ``article`` is None where it was taken out since."""

    reasons: Reasons
    article: Article | None
    text: Sequence[Line]
    cited: bool


def hits_panel(answer: Answer | None, number: int, articles: Mapping[str, Article]) -> str:
    """Return the passages behind an answer, the cited ones set off; ``articles`` holds theirs by id."""
    if answer is None or not answer.hits:
        return render("panel", "nothing")
    title = wording.PANEL_TITLE if answer.citations else _WITHOUT_QUOTES.get(answer.status, wording.PANEL_TITLE)
    shown = [
        _passage(why, articles.get(why.hit.passage.article_id), answer.citations) for why in all_reasons(answer.hits)
    ]
    return render("panel", "passages", heading=title, shown=shown, number=number)


def article_panel(
    article: Article,
    spans: Sequence[Span],
    focus: int,
    number: int,
    *,
    place: tuple[int, int] | None = None,
    heading: str = "",
    why: Reasons | None = None,
) -> str:
    """Return a whole article with ``spans`` marked and the one at ``focus`` scrolled to.

    Args:
        article: what is shown.
        spans: offsets into its text.
        focus: the place in ``spans`` of the one asked for.
        number: the answer's place in the conversation.
        place: which citation of how many this is, from 1; None for a passage that was not cited.
        heading: the heading path over the quote.
        why: why the passage was found.
    """
    text = lines_of(article.text, spans, focus=focus)
    return render(
        "panel", "article", article=article, text=text, number=number, place=place, heading=heading, why=why
    )  # fmt: skip


def gone_panel(citation: Citation, number: int, place: tuple[int, int]) -> str:
    """Return what is left of a source whose article was taken out since: the quote, word for word."""
    quote = lines_of(citation.quote, [(0, len(citation.quote))], focus=0)
    return render("panel", "gone", citation=citation, quote=quote, number=number, place=place)


def all_reasons(hits: Sequence[Hit]) -> list[Reasons]:
    """Return why each passage was found: rank and score of each leg between 0 and 1, the words found and missed."""
    best: dict[str, float] = {}
    for hit in hits:
        for name, leg in hit.legs.items():
            best[name] = max(best.get(name, 0.0), leg.score)
    return [Reasons(hit, _legs(hit, best), _words(hit)) for hit in hits]


def _passage(why: Reasons, article: Article | None, citations: Sequence[Citation]) -> ShownPassage:
    passage = why.hit.passage
    spans = [(each.start, each.end) for each in citations if each.article_id == passage.article_id]
    text = lines_of(passage.text, inside(spans, passage.start, passage.end))
    return ShownPassage(why, article, text, cited=any(each.passage_id == passage.id for each in citations))


def _legs(hit: Hit, best: Mapping[str, float]) -> list[ShownLeg]:
    return [
        ShownLeg(wording.LEG_NAMES.get(name, name), leg.rank, _share(name, leg.score, best))
        for name, leg in sorted(hit.legs.items())
    ]


def _share(name: str, score: float, best: Mapping[str, float]) -> float:
    """Return a leg's score in 0..1: a cosine is there already, a sum of word weights is set against the best one."""
    top = best.get(name, 0.0)
    scaled = score if name == "dense" else score / top if top > 0 else 0.0
    return min(1.0, max(0.0, scaled))


def _words(hit: Hit) -> list[tuple[str, str, Sequence[str]]]:
    lexical = hit.legs.get("lexical")
    if lexical is None:
        return []
    others = [wording.SYNONYM.format(asked=asked, found=found) for asked, found in lexical.synonyms]
    rows = [
        (wording.MATCHED_TERMS, "yb-hit-term", lexical.matched),
        (wording.SYNONYM_TERMS, "yb-hit-term", others),
        (wording.MISSED_TERMS, "yb-missed-term", lexical.missed),
    ]
    return [row for row in rows if row[2]]
