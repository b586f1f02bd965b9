"""Pieces of the page of retrieval as HTML: what one search found and why, and what moved against the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from yibao import wording_pages as pages
from yibao.records import Answer, Article, Hit, Leg
from yibao.web.pieces import badges, readable

_BEGINNING = 110  # characters of a passage shown before it is opened


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


def earlier(history: Sequence[str]) -> str:
    """Return the questions before this one, where there are any."""
    text = pages.FAILURE_EARLIER.format(questions=" / ".join(history))
    return f'<p class="yb-hint">{escape(text)}</p>' if history else ""


def comparison(first: Run, second: Run) -> str:
    """Return in one line what two searches have in common."""
    one, other = first.ranks, second.ranks
    if one == other:
        return f'<p class="yb-said" role="status">{pages.RUN_SAME}</p>'
    shared = one.keys() & other.keys()
    text = pages.RUN_SHARED.format(
        shared=len(shared), moved=sum(one[name] != other[name] for name in shared),
        first=len(one.keys() - other.keys()), second=len(other.keys() - one.keys()),
    )  # fmt: skip
    return f'<p class="yb-said" role="status">{text}</p>'


def run_panel(run: Run, against: Run, side: int) -> str:
    """Return what one side found; ``side`` is 0 or 1."""
    answer = run.answer
    title = f'<h2 class="yb-side">{pages.SIDES[side]}</h2>'
    if answer.status == "emergency":
        return f'<section class="yb-run">{title}<p class="yb-notice">{pages.RUN_EMERGENCY}</p></section>'
    template = pages.RUN_ANSWERED if answer.status != "no_answer" else pages.RUN_REFUSED
    verdict = template.format(confidence=f"{answer.confidence:.2f}", threshold=f"{run.threshold:.2f}")
    understood = ""
    if answer.rewritten and answer.rewritten != answer.question:
        understood = f'<p class="yb-hint">{escape(pages.RUN_UNDERSTOOD.format(question=answer.rewritten))}</p>'
    other = pages.SIDES[1 - side]
    hits = "".join(_result(hit, run.articles[hit.passage.article_id], against.ranks, other) for hit in answer.hits)
    nothing = "" if hits else f'<p class="yb-notice">{pages.RUN_NOTHING}</p>'
    return (
        f'<section class="yb-run">{title}<p class="yb-verdict-line yb-{answer.status}">{verdict}</p>{understood}'
        f'{_timings(answer.timings)}{nothing}<ol class="yb-results">{hits}</ol></section>'
    )


def _result(hit: Hit, article: Article, ranks: Mapping[str, int], other: str) -> str:
    passage = hit.passage
    lexical = hit.legs.get("lexical")
    terms = lexical.matched if lexical else ()
    link = f"corpus?{urlencode({'article': passage.article_id})}"
    heading = f'<div class="yb-heading">{escape(passage.heading)}</div>' if passage.heading else ""
    first = passage.sentences[0].start - passage.start if passage.sentences else 0  # headings are shown above
    text = readable(passage.text[first : first + _BEGINNING], terms)
    if first or len(passage.text) > _BEGINNING:
        text = (
            f'<details><summary>{text}\u2026<b class="yb-whole">{pages.RESULT_WHOLE}</b></summary>'
            f"<div>{readable(passage.text, terms)}</div></details>"
        )
    return (
        f'<li class="yb-result"><div class="yb-result-head"><span class="yb-rank">{hit.rank}</span>'
        f"{_move(hit, ranks, other)}"
        f'<a class="yb-link" href="{escape(link)}" title="{pages.RESULT_ARTICLE}">{escape(passage.title)}</a>'
        f'<span class="yb-bar" title="{hit.score:.2f}"><i style="width:{100 * hit.score:.0f}%"></i></span>'
        f'<span class="yb-number">{hit.score:.2f}</span></div>{heading}'
        f"{badges(article.region, article.insurance, article.published, article.kind)}"
        f'<div class="yb-result-text">{text}</div>{_reasons(hit.legs)}</li>'
    )


def _move(hit: Hit, ranks: Mapping[str, int], other: str) -> str:
    """Return an arrow with the places between this rank and the other side's."""
    rank = ranks.get(hit.passage.id)
    if rank is None:
        kind, sign, said = "new", "\u2217", pages.MOVED_NEW.format(side=other)
    elif rank == hit.rank:
        kind, sign, said = "same", "=", pages.MOVED_NOT.format(side=other)
    else:
        up = rank > hit.rank
        places = abs(rank - hit.rank)
        kind, sign = ("up", f"\u2191{places}") if up else ("down", f"\u2193{places}")
        said = (pages.MOVED_UP if up else pages.MOVED_DOWN).format(side=other, places=places)
    return (
        f'<span class="yb-move yb-move-{kind}" title="{said}"><span aria-hidden="true">{sign}</span>'
        f'<span class="yb-unseen">{said}</span></span>'
    )


def _reasons(legs: Mapping[str, Leg]) -> str:
    """Return what each leg said, in its own rank and score, and which words were found."""
    parts = [
        f"<div><dt>{escape(pages.LEG_SHORT_NAMES.get(name, name))}</dt><dd>{pages.LEG_PLACE.format(rank=leg.rank)}"
        f"\u3000{pages.LEG_SCORE.format(score=f'{leg.score:.2f}')}</dd></div>"
        for name, leg in legs.items()
    ]
    for label, style, terms in (
        (pages.TERMS_MATCHED, "yb-hit-term", [term for leg in legs.values() for term in leg.matched]),
        (pages.TERMS_SYNONYMS, "yb-hit-term", ["\u2192".join(pair) for leg in legs.values() for pair in leg.synonyms]),
        (pages.TERMS_MISSED, "yb-missed-term", [term for leg in legs.values() for term in leg.missed]),
    ):
        if terms:
            shown = " ".join(f'<span class="{style}">{escape(term)}</span>' for term in terms)
            parts.append(f"<div><dt>{label}</dt><dd>{shown}</dd></div>")
    return f'<dl class="yb-facts">{"".join(parts)}</dl>'


def _timings(timings: Mapping[str, float]) -> str:
    """Return the seconds of each step as one bar with its parts named below."""
    steps = {name: seconds for name, seconds in timings.items() if name != "total"}
    whole = sum(steps.values()) or 1.0
    bar = "".join(
        f'<i class="yb-step-{place % 5}" style="flex:{max(seconds / whole, 0.005):.4f}"></i>'
        for place, seconds in enumerate(steps.values())
    )
    shown = {**steps, "total": timings.get("total", whole)}
    names = "".join(
        f'<li class="yb-step-{place % 5 if name != "total" else "total"}">{escape(pages.STEP_NAMES.get(name, name))} '
        f"{pages.TIMINGS_MS.format(milliseconds=f'{1000 * seconds:.1f}')}</li>"
        for place, (name, seconds) in enumerate(shown.items())
    )
    return (
        f'<div class="yb-timings" role="group" aria-label="{pages.TIMINGS_LABEL}">'
        f'<div class="yb-timing-bar" aria-hidden="true">{bar}</div><ul>{names}</ul></div>'
    )
