"""An answer becomes its card, from the record alone.

Everything that comes from an article or a question is escaped. What can be clicked is a link whose target names the
answer and the thing (``#yb-2-1`` = answer 2, citation 1, ``#yb-2-c0`` = its first choice); ``static/page.js`` turns a
click into an event. Gradio's sanitizer takes everything else out of messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from yibao import wording
from yibao.answer.rendering import unsaid_gaps
from yibao.language.normalise import fold
from yibao.language.script import simplified
from yibao.records import Answer, Citation, Contrast, Facets
from yibao.search.understanding import strip_courtesy
from yibao.web.marking import inside, lines, link, wrapped

_NUMBER = re.compile(r"\[(\d{1,3})\]")
_LINE_ENDS = re.compile(r"[\r\n]+")
_CALL = re.compile(r"1[12]0")


def answer_card(answer: Answer, number: int, *, actions: str = "") -> str:
    """Return the answer as one line of HTML (a blank line would end the block in Markdown).

    Args:
        answer: what is shown.
        number: its place in the conversation, from 0.
        actions: HTML that closes the card.
    """
    body = _alarm(answer) if answer.status == "emergency" else _body(answer, number)
    disclaimer = f'<p class="yb-disclaimer">{escape(answer.disclaimer)}</p>'
    html = f'<div class="yb-card yb-{answer.status}">{body}{disclaimer}{actions}</div>'
    return _LINE_ENDS.sub(" ", html)


def question_card(question: str) -> str:
    """Return a question as typed, as text and nothing else."""
    return f'<div class="yb-question">{lines(question)}</div>'


def facet_names(facets: Facets) -> list[str]:
    """Return the names of all facets in the order in which ``without_facet`` counts them."""
    return [
        *facets.regions,
        *(wording.INSURANCE_NAMES[name] for name in facets.insurance),
        *(wording.PERSON_NAMES.get(name, name) for name in facets.person),
        *(wording.YEAR_NAME.format(year=year) for year in facets.years),
        *(wording.TREATED_IN.format(region=region) for region in facets.treated_in),
    ]


def badges(region: str | None, insurance: Sequence[str], published: str | None, kind: str) -> str:
    """Return where and for whom a text holds, from when it is, and whether it is an excerpt."""
    names = [region or "", *(wording.INSURANCE_NAMES[name] for name in insurance)]
    names.append(published or wording.DATE_UNKNOWN)
    spans = "".join(f'<span class="yb-badge">{escape(name)}</span>' for name in names if name)
    if kind == "excerpt":
        spans += f'<span class="yb-badge yb-excerpt">{escape(wording.EXCERPT_BADGE)}</span>'
    return f'<div class="yb-badges">{spans}</div>'


def suggestion_links(title: str, questions: Sequence[str], number: int, letter: str) -> str:
    """Return questions to click, under a title; nothing where there are none."""
    if not questions:
        return ""
    links = "".join(
        f"<li>{link(f'{number}-{letter}{place}', question, name='yb-suggestion')}</li>"
        for place, question in enumerate(questions)
    )
    return f'<div class="yb-suggestions"><p class="yb-small-title">{escape(title)}</p><ul>{links}</ul></div>'


def _alarm(answer: Answer) -> str:
    """Return the emergency text: announced at once, every number to call a link."""
    text = _CALL.sub(lambda match: f'<a href="tel:{match.group()}">{match.group()}</a>', escape(answer.text))
    return (
        f'<div class="yb-alarm" role="alert"><p class="yb-alarm-title">{escape(wording.EMERGENCY_TITLE)}</p>'
        f'<p class="yb-plain">{text}</p><a class="yb-call" href="tel:120">{escape(wording.CALL_120)}</a></div>'
    )


def _body(answer: Answer, number: int) -> str:
    parts = [_understood(answer, number), _chips(answer, number)]
    parts += [f'<p class="yb-notice">{escape(notice)}</p>' for notice in answer.notices]
    parts.append(_summary(answer, number))
    if answer.citations:
        parts += [_quote_line(citation, number) for citation in answer.citations]
    else:
        parts.append(f'<p class="yb-plain">{lines(answer.text)}</p>')
    parts += [_contrast(contrast, answer, number) for contrast in answer.contrasts]
    parts += [_choices(answer, number), _gaps(answer), _sources(answer, number)]
    parts.append(suggestion_links(wording.SUGGESTIONS_TITLE, answer.suggestions, number, "s"))
    return "".join(parts)


def _understood(answer: Answer, number: int) -> str:
    """Say what was searched where that is more than the question without its courtesies, and offer the original."""
    if not answer.rewritten or _bare(answer.question) == _bare(answer.rewritten):
        return ""
    said = lines(wording.UNDERSTOOD_AS.format(question=answer.rewritten))
    help_text = wording.AS_TYPED_HELP.format(question=answer.question)
    return f'<p class="yb-understood">{said} {link(f"{number}-typed", wording.AS_TYPED, title=help_text)}</p>'


def _bare(question: str) -> str:
    return re.sub(r"\W", "", fold(simplified(strip_courtesy(question))))


def _chips(answer: Answer, number: int) -> str:
    if not answer.rewritten:
        return ""
    chips = [
        f'<a class="yb-chip" href="#yb-{number}-x{place}" title="{escape(wording.FACET_DROP.format(name=name))}">'
        f'{escape(name)}<span class="yb-x">\u00d7</span></a>'
        for place, name in enumerate(facet_names(answer.facets))
    ]
    add = link(f"{number}-facets", wording.FACET_ADD, name="yb-chip yb-add", title=wording.FACET_ADD_HELP)
    return f'<div class="yb-chips">{"".join(chips)}{add}</div>'


def _summary(answer: Answer, number: int) -> str:
    """Return what a language model wrote, each number in it a mark that opens its citation."""
    if not answer.summary:
        return ""
    cited = {citation.number: citation for citation in answer.citations}

    def linked(match: re.Match[str]) -> str:
        citation = cited.get(int(match[1]))
        return _mark(citation, number) if citation else match[0]

    text = _NUMBER.sub(linked, lines(answer.summary))
    title = f'<p class="yb-small-title">{escape(wording.SUMMARY_TITLE)}</p>'
    return f'<div class="yb-summary">{title}<p>{text}</p></div>'


def _quote_line(citation: Citation, number: int) -> str:
    facts = inside(citation.facts, citation.start, citation.end)
    quote = wrapped(citation.quote, facts, lambda _: '<strong class="yb-fact">', "</strong>")
    return f'<p class="yb-quote">{quote}{_mark(citation, number)}</p>'


def _mark(citation: Citation, number: int) -> str:
    label = wording.OPEN_SOURCE.format(number=citation.number, title=citation.title)
    return link(f"{number}-{citation.number}", f"[{citation.number}]", name="yb-mark", title=label)


def _sources(answer: Answer, number: int) -> str:
    more = wording.ALL_PASSAGES if answer.citations else wording.NEAREST_PASSAGES
    every = link(f"{number}-0", more.format(count=len(answer.hits)), name="yb-more") if answer.hits else ""
    if not answer.citations:
        return f'<p class="yb-nearest">{every}</p>' if every else ""
    rows = "".join(_source_row(citation, number) for citation in answer.citations)
    head = f'<div class="yb-sources-head"><span class="yb-sources-title">{wording.SOURCES_TITLE}</span>{every}</div>'
    return f'<div class="yb-sources">{head}{rows}</div>'


def _source_row(citation: Citation, number: int) -> str:
    shown = badges(citation.region, citation.insurance, citation.published, citation.kind)
    title = f'<span class="yb-source-title">{escape(citation.title)}</span>'
    return f'<div class="yb-source">{_mark(citation, number)}<div>{title}{shown}</div></div>'


def _contrast(contrast: Contrast, answer: Answer, number: int) -> str:
    """Return values side by side, with the date of each where sources disagree."""
    cited = {citation.number: citation for citation in answer.citations}
    conflict = contrast.kind == "conflict"
    title = (wording.CONFLICT_TITLE if conflict else wording.TABLE_TITLE).format(subject=contrast.subject)
    cells = []
    for row in contrast.rows:
        citation = cited.get(row.number)
        label, date = escape(row.label), (citation.published or wording.DATE_UNKNOWN) if conflict and citation else ""
        if date not in row.label:
            label += f'<span class="yb-date">{escape(date)}</span>'
        mark = _mark(citation, number) if citation else ""
        cells.append(f'<tr><th scope="row">{label}</th><td>{lines(row.value)}</td><td>{mark}</td></tr>')
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in wording.TABLE_COLUMNS)
    return (
        f'<div class="yb-contrast yb-contrast-{contrast.kind}"><p class="yb-contrast-title">{escape(title)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(cells)}</tbody></table></div>"
    )


def _choices(answer: Answer, number: int) -> str:
    links = "".join(
        link(f"{number}-c{place}", choice.label, name="yb-choice") for place, choice in enumerate(answer.choices)
    )
    return f'<div class="yb-choices">{links}</div>' if links else ""


def _gaps(answer: Answer) -> str:
    """Say which parts of the question no quote answers, and which of its words no article holds, where nothing has."""
    unanswered, missing = unsaid_gaps(answer)
    parts = ""
    if unanswered:
        items = "".join(f"<li>{escape(part)}</li>" for part in unanswered)
        parts += f'<div class="yb-gap"><p>{escape(wording.UNANSWERED_TITLE)}</p><ul>{items}</ul></div>'
    if missing:
        parts += f'<p class="yb-gap">{escape(wording.MISSING_TERMS.format(terms="、".join(missing)))}</p>'
    return parts
