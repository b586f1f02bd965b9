"""What stands beside the conversation: the passages behind an answer, or an article with its quote in view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from yibao import wording
from yibao.records import Answer, Article, Citation, Hit
from yibao.web.cards import badges
from yibao.web.marking import Span, article_body, inside, link, marked

_WITHOUT_QUOTES = {"no_answer": wording.PANEL_TITLE_WEAK, "ask_back": wording.PANEL_TITLE_FOUND}
_FOCUS = ' tabindex="-1"'  # page.js puts the reader here when the panel opens


def hits_panel(answer: Answer | None, number: int, articles: Mapping[str, Article]) -> str:
    """Return the passages behind an answer, the cited ones set off; ``articles`` holds theirs by id."""
    if answer is None or not answer.hits:
        return _panel("", f'<div class="yb-empty">{escape(wording.PANEL_EMPTY)}</div>')
    cited = {citation.passage_id for citation in answer.citations}
    title = wording.PANEL_TITLE if answer.citations else _WITHOUT_QUOTES.get(answer.status, wording.PANEL_TITLE)
    best = _best(answer.hits)
    cards = "".join(
        _hit_card(hit, articles.get(hit.passage.article_id), answer, number, best, cited=hit.passage.id in cited)
        for hit in answer.hits
    )
    return _panel(f'<h3 class="yb-panel-title"{_FOCUS}>{escape(title)}</h3>', cards)


def article_panel(
    article: Article,
    spans: Sequence[Span],
    focus: int,
    number: int,
    *,
    place: tuple[int, int] | None = None,
    heading: str = "",
    why: str = "",
) -> str:
    """Return a whole article with ``spans`` marked and the one at ``focus`` scrolled to.

    Args:
        article: what is shown.
        spans: offsets into its text.
        focus: the place in ``spans`` of the one asked for.
        number: the answer's place in the conversation.
        place: which citation of how many this is, from 1; None for a passage that was not cited.
        heading: the heading path over the quote.
        why: HTML from ``reasons``.
    """
    note = f'<p class="yb-notice">{escape(wording.EXCERPT_NOTE)}</p>' if article.kind == "excerpt" else ""
    path = f'<p class="yb-heading">{escape(heading)}</p>' if heading else ""
    shown = badges(article.region, article.insurance, article.published, article.kind)
    return _panel(
        _steps(number, place),
        f'<h3 class="yb-panel-title"{_FOCUS}>{escape(article.title)}</h3>{path}{shown}{note}{why}'
        f'{article_body(article.text, spans, focus)}<p class="yb-disclaimer">{escape(article.disclaimer)}</p>',
        name=" yb-article",
    )


def gone_panel(citation: Citation, number: int, place: tuple[int, int]) -> str:
    """Return what is left of a source whose article was taken out since: the quote, word for word."""
    return _panel(
        _steps(number, place),
        f'<h3 class="yb-panel-title"{_FOCUS}>{escape(citation.title)}</h3>'
        f'<p class="yb-notice">{escape(wording.ARTICLE_GONE)}</p>'
        f'<div class="yb-passage">{marked(citation.quote, [(0, len(citation.quote))], 0)}</div>',
        name=" yb-article",
    )


def reasons(hit: Hit, hits: Sequence[Hit]) -> str:
    """Return why a passage was found: rank and score of each leg between 0 and 1, and the words found and missed."""
    best = _best(hits)
    rows = _score_row(wording.LEG_FUSED, hit.rank, hit.score)
    rows += "".join(
        _score_row(wording.LEG_NAMES.get(name, name), leg.rank, _share(name, leg.score, best))
        for name, leg in sorted(hit.legs.items())
    )
    return (
        f'<details class="yb-why"><summary>{escape(wording.WHY_TITLE)}</summary>'
        f'<table title="{escape(wording.LEG_HELP)}"><tbody>{rows}</tbody></table>{_terms(hit)}'
        f'<p class="yb-why-help">{escape(wording.LEG_HELP)}</p></details>'
    )


def _panel(top: str, content: str, name: str = "") -> str:
    close = f'<button type="button" class="yb-close" data-yb-do="close">{escape(wording.CLOSE)}</button>'
    return f'<div class="yb-panel{name}"><div class="yb-top">{top}{close}</div>{content}</div>'


def _steps(number: int, place: tuple[int, int] | None) -> str:
    """Return the way back to the passages, and to the previous and next citation."""
    back = link(f"{number}-0", wording.BACK_TO_PASSAGES, name="yb-back")
    if place is None:
        return back
    at, count = place
    previous = link(f"{number}-{at - 1}", wording.PREVIOUS_SOURCE, name="yb-step") if at > 1 else ""
    following = link(f"{number}-{at + 1}", wording.NEXT_SOURCE, name="yb-step yb-next") if at < count else ""
    said = f"<span>{escape(wording.SOURCE_PLACE.format(number=at, count=count))}</span>"
    return f'{back}<span class="yb-step-group">{previous}{said}{following}</span>'


def _hit_card(
    hit: Hit, article: Article | None, answer: Answer, number: int, best: Mapping[str, float], *, cited: bool
) -> str:
    passage = hit.passage
    spans = [(c.start, c.end) for c in answer.citations if c.article_id == passage.article_id]
    heading = f'<div class="yb-heading">{escape(passage.heading)}</div>' if passage.heading else ""
    shown = badges(article.region, article.insurance, article.published, article.kind) if article else ""
    score = wording.SCORE_LABEL.format(score=f"{hit.score:.2f}")
    title = link(f"{number}-p{hit.rank}", passage.title, name="yb-title")
    text = marked(passage.text, [(a, b) for a, b in inside(spans, passage.start, passage.end) if a < b], -1)
    return (
        f'<div class="yb-hit{" yb-cited" if cited else ""}"><div class="yb-hit-head">{title}'
        f'<span class="yb-score" title="{escape(wording.SCORE_HELP)}">{score}'
        f'<i style="width:{100 * hit.score:.0f}%"></i></span></div>{heading}{shown}'
        f'<div class="yb-passage">{text}</div>{_legs(hit, best)}{_terms(hit)}</div>'
    )


def _legs(hit: Hit, best: Mapping[str, float]) -> str:
    parts = [
        f"{wording.LEG_NAMES.get(name, name)} {_share(name, leg.score, best):.2f} · "
        f"{wording.LEG_RANK.format(rank=leg.rank)}"
        for name, leg in sorted(hit.legs.items())
    ]
    shown = "".join(f"<span>{escape(part)}</span>" for part in parts)
    return f'<div class="yb-legs" title="{escape(wording.LEG_HELP)}">{shown}</div>' if parts else ""


def _best(hits: Sequence[Hit]) -> dict[str, float]:
    best: dict[str, float] = {}
    for hit in hits:
        for name, leg in hit.legs.items():
            best[name] = max(best.get(name, 0.0), leg.score)
    return best


def _share(name: str, score: float, best: Mapping[str, float]) -> float:
    """Return a leg's score in 0..1: a cosine is there already, a sum of word weights is set against the best one."""
    top = best.get(name, 0.0)
    scaled = score if name == "dense" else score / top if top > 0 else 0.0
    return min(1.0, max(0.0, scaled))


def _score_row(name: str, rank: int, score: float) -> str:
    return (
        f'<tr><th scope="row">{escape(name)}</th><td>{wording.LEG_RANK.format(rank=rank)}</td>'
        f'<td><span class="yb-bar"><i style="width:{100 * score:.0f}%"></i></span></td><td>{score:.2f}</td></tr>'
    )


def _terms(hit: Hit) -> str:
    lexical = hit.legs.get("lexical")
    if lexical is None:
        return ""
    others = [wording.SYNONYM.format(asked=asked, found=found) for asked, found in lexical.synonyms]
    rows = []
    for label, name, terms in (
        (wording.MATCHED_TERMS, "yb-hit-term", lexical.matched),
        (wording.SYNONYM_TERMS, "yb-hit-term", others),
        (wording.MISSED_TERMS, "yb-missed-term", lexical.missed),
    ):
        if terms:
            shown = "".join(f'<span class="{name}">{escape(term)}</span>' for term in terms)
            rows.append(f'<span class="yb-term-row"><span class="yb-term-label">{escape(label)}</span>{shown}</span>')
    return f'<div class="yb-terms">{"".join(rows)}</div>' if rows else ""
