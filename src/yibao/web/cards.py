"""Records become HTML: the answer card, the cited passages, an article with its quote marked.

Everything that comes from an article or a question is escaped. Marks are links whose target names the
answer and the citation (``#yb-2-1`` = answer 2, citation 1); ``static/page.js`` turns a click into an event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from yibao import wording
from yibao.records import Answer, Article, Citation, Hit

_ITEM = re.compile(r"\A[-*+] +")
_HEADING = re.compile(r"\A(?:#{1,6} +)+")
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_LINE_END = re.compile(r"\r\n?|\n")


def answer_card(answer: Answer, number: int) -> str:
    """Return the answer as one line of HTML (a blank line would end the block in Markdown)."""
    parts = [f'<p class="yb-notice">{escape(notice)}</p>' for notice in answer.notices]
    if answer.rewritten and answer.rewritten != answer.question and answer.status != "emergency":
        parts.insert(
            0, f'<p class="yb-understood">{_lines(wording.UNDERSTOOD_AS.format(question=answer.rewritten))}</p>'
        )
    if answer.summary:
        parts.append(_summary(answer, number))
    if answer.citations:
        parts += [_quote_line(citation, number) for citation in answer.citations]
        rows = "".join(_source_row(citation, number) for citation in answer.citations)
        parts.append(f'<div class="yb-sources"><div class="yb-sources-title">{wording.SOURCES_TITLE}</div>{rows}</div>')
    else:
        parts.append(f'<p class="yb-plain">{escape(answer.text)}</p>')
    parts.append(f'<p class="yb-disclaimer">{escape(answer.disclaimer)}</p>')
    return f'<div class="yb-card yb-{answer.status}">{"".join(parts)}</div>'


def question_card(question: str) -> str:
    """Return a question as typed, as text and nothing else."""
    return f'<div class="yb-question">{_lines(question)}</div>'


def hits_panel(answer: Answer | None, number: int, articles: Mapping[str, Article]) -> str:
    """Return the passages behind an answer, the cited ones set off; ``articles`` holds theirs by id."""
    if answer is None or not answer.hits:
        return f'<div class="yb-empty">{escape(wording.PANEL_EMPTY)}</div>'
    cited = {citation.passage_id for citation in answer.citations}
    title = wording.PANEL_TITLE if answer.citations else wording.PANEL_TITLE_WEAK
    cards = "".join(
        _hit_card(hit, articles[hit.passage.article_id], answer, number, cited=hit.passage.id in cited)
        for hit in answer.hits
    )
    return f'<div class="yb-panel"><h3>{escape(title)}</h3>{cards}</div>'


def article_panel(article: Article, spans: Sequence[tuple[int, int]], focus: int, number: int) -> str:
    """Return a whole article with ``spans`` marked and the one at ``focus`` scrolled to."""
    badges = _badges(article.region, article.insurance, article.published, article.kind)
    body = _article_body(article.text, spans, focus)
    note = f'<p class="yb-notice">{escape(wording.EXCERPT_NOTE)}</p>' if article.kind == "excerpt" else ""
    back = f'<a class="yb-back" href="#yb-{number}-0">{escape(wording.BACK_TO_PASSAGES)}</a>'
    return (
        f'<div class="yb-panel yb-article">{back}'
        f"<h3>{escape(article.title)}</h3>{badges}{note}{body}"
        f'<p class="yb-disclaimer">{escape(article.disclaimer)}</p></div>'
    )


def _summary(answer: Answer, number: int) -> str:
    """Return what a language model wrote, each number in it a mark that opens its citation."""
    by_number = {citation.number: citation for citation in answer.citations}

    def linked(match: re.Match[str]) -> str:
        citation = by_number.get(int(match[1]))
        return _mark(citation, number) if citation else match[0]

    text = _NUMBER.sub(linked, _lines(answer.summary))
    return f'<div class="yb-summary"><div class="yb-sources-title">{wording.SUMMARY_TITLE}</div><p>{text}</p></div>'


def _quote_line(citation: Citation, number: int) -> str:
    return f'<p class="yb-quote">{_lines(citation.quote)}{_mark(citation, number)}</p>'


def _mark(citation: Citation, number: int) -> str:
    label = wording.OPEN_SOURCE.format(number=citation.number, title=citation.title)
    return (
        f'<a class="yb-mark" href="#yb-{number}-{citation.number}" title="{escape(label)}" '
        f'aria-label="{escape(label)}">[{citation.number}]</a>'
    )


def _source_row(citation: Citation, number: int) -> str:
    badges = _badges(citation.region, citation.insurance, citation.published, citation.kind)
    return f'<div class="yb-source">{_mark(citation, number)} <span>{escape(citation.title)}</span>{badges}</div>'


def _hit_card(hit: Hit, article: Article, answer: Answer, number: int, *, cited: bool) -> str:
    passage = hit.passage
    spans = [(c.start, c.end) for c in answer.citations if c.article_id == passage.article_id]
    inside = [(max(a, passage.start) - passage.start, min(b, passage.end) - passage.start) for a, b in spans]
    lexical = hit.legs.get("lexical")
    terms = _terms(lexical.matched if lexical else (), lexical.missed if lexical else ())
    badges = _badges(article.region, article.insurance, article.published, article.kind)
    heading = f'<div class="yb-heading">{escape(passage.heading)}</div>' if passage.heading else ""
    score = wording.SCORE_LABEL.format(score=f"{hit.score:.2f}")
    return (
        f'<div class="yb-hit{" yb-cited" if cited else ""}">'
        f'<div class="yb-hit-head"><a class="yb-title" href="#yb-{number}-p{hit.rank}">{escape(passage.title)}</a>'
        f'<span class="yb-score" title="{escape(wording.SCORE_HELP)}">{score}'
        f'<i style="width:{100 * hit.score:.0f}%"></i></span></div>{heading}{badges}'
        f'<div class="yb-passage">{_marked(passage.text, [(a, b) for a, b in inside if a < b], -1)}</div>{terms}</div>'
    )


def _badges(region: str | None, insurance: Sequence[str], published: str | None, kind: str) -> str:
    names = [region or "", *(wording.INSURANCE_NAMES[name] for name in insurance)]
    names.append(published or wording.DATE_UNKNOWN)
    spans = "".join(f'<span class="yb-badge">{escape(name)}</span>' for name in names if name)
    if kind == "excerpt":
        spans += f'<span class="yb-badge yb-excerpt">{escape(wording.EXCERPT_BADGE)}</span>'
    return f'<div class="yb-badges">{spans}</div>'


def _terms(matched: Sequence[str], missed: Sequence[str]) -> str:
    shown = [f'<span class="yb-hit-term">{escape(term)}</span>' for term in matched]
    shown += [f'<span class="yb-missed-term">{escape(term)}</span>' for term in missed]
    return f'<div class="yb-terms">{"".join(shown)}</div>' if shown else ""


def _article_body(text: str, spans: Sequence[tuple[int, int]], focus: int) -> str:
    """Return an article's lines as paragraphs, headings set off, spans marked across line ends."""
    lines = []
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        heading = _HEADING.match(match.group())
        begin = start + heading.end() if heading else start
        inside = [(max(a, begin) - begin, min(b, end) - begin) for a, b in spans]
        tag = "h4" if heading else "p"
        lines.append(f"<{tag}>{_marked(text[begin:end], inside, focus)}</{tag}>")
    return f'<div class="yb-article-body">{"".join(lines)}</div>'


def _marked(text: str, spans: Sequence[tuple[int, int]], focus: int) -> str:
    """Escape ``text`` and wrap its spans in ``<mark>``; ``focus`` is the place of the span to scroll to."""
    parts = []
    position = 0
    for place, (start, end) in sorted(enumerate(spans), key=lambda item: item[1]):
        begin = max(start, position)
        if begin >= end:
            continue
        name = ' class="yb-focus"' if place == focus else ""
        parts += [_piece(text, position, begin), f"<mark{name}>{_piece(text, begin, end)}</mark>"]
        position = end
    return "".join([*parts, _piece(text, position, len(text))])


def _piece(text: str, start: int, end: int) -> str:
    return _lines(text[start:end], starts_line=start == 0 or text[start - 1] == "\n")


def _lines(text: str, *, starts_line: bool = True) -> str:
    """Escape text; line ends become breaks, heading marks and blank lines vanish, ``- `` becomes a bullet."""
    first, *others = _LINE_END.split(escape(text))
    shown = [_shown(first) if starts_line else first, *map(_shown, others)]
    return re.sub(r"(?:<br>){2,}", "<br>", "<br>".join(shown))


def _shown(line: str) -> str:
    return _ITEM.sub("\u2022 ", _HEADING.sub("", line))
