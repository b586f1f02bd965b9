"""An answer as text: the same parts in the same order in the terminal and in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from yibao import wording
from yibao.records import Answer, Citation, Contrast

# What would make Markdown of a quote; a mark [1] is left alone, and so is the dash of a list item.
_MARKDOWN = re.compile(r"[\\`*_<>~|$]|\[(?!\d+\])|^#")

# What Markdown would read as markup; at the start of a line list marks and headings are the article's own.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~])")
_HEADING = re.compile(r"\A#{1,6} +")


def source_line(citation: Citation) -> str:
    """Return one line that says where a quote stands: title, heading, region, insurance, date, kind."""
    parts = [f"《{citation.title}》"]
    if citation.heading:
        parts.append(citation.heading)
    if citation.region:
        parts.append(citation.region)
    parts += [wording.INSURANCE_NAMES[name] for name in citation.insurance]
    parts.append(citation.published or wording.DATE_UNKNOWN)
    if citation.kind == "excerpt":
        parts.append(wording.EXCERPT_LABEL)
    return " · ".join(parts)


def to_terminal(answer: Answer) -> str:
    """Return the answer for a terminal: summary, text, what belongs to it, sources, and the disclaimer exactly once."""
    summary = [wording.SUMMARY_TITLE, answer.summary, ""] if answer.summary else []
    blocks = ["\n".join([*_said_before(answer), *summary, answer.text]), *_said_after(answer, str)]
    if answer.citations:
        sources = [f"[{citation.number}] {source_line(citation)}" for citation in answer.citations]
        blocks.append("\n".join([wording.SOURCES_TITLE, *sources]))
    return "\n\n".join([*blocks, answer.disclaimer])


def to_markdown(answer: Answer) -> str:
    """Return question and answer as Markdown, the short facts bold, and the disclaimer exactly once at the end."""
    blocks = [f"## {_escaped(wording.MARKDOWN_QUESTION.format(question=' '.join(answer.question.split())))}"]
    blocks += [f"*{_escaped(said)}*" for said in _said_before(answer)]
    if answer.summary:
        blocks += [f"**{wording.SUMMARY_TITLE}**", _escaped(answer.summary)]
    if answer.citations:
        blocks += [_quoted(citation) for citation in answer.citations]
    else:
        blocks.append(_escaped(answer.text))
    blocks += _said_after(answer, _escaped)
    if answer.citations:
        sources = [f"{citation.number}. {_escaped(source_line(citation))}" for citation in answer.citations]
        blocks.append("\n".join([f"**{wording.SOURCES_TITLE}**", "", *sources]))
    return "\n\n".join([*blocks, f"*{answer.disclaimer}*"])


def _said_before(answer: Answer) -> list[str]:
    understood = answer.rewritten and answer.rewritten != answer.question
    first = [wording.UNDERSTOOD_AS.format(question=answer.rewritten)] if understood else []
    return [*first, *answer.notices]


def _said_after(answer: Answer, shown: Callable[[str], str]) -> list[str]:
    """Return contrasts, choices, gaps and suggestions, one block each; ``shown`` makes a text fit the medium."""
    blocks = []
    for contrast in answer.contrasts:
        title = wording.CONFLICT_TITLE if contrast.kind == "conflict" else wording.TABLE_TITLE
        rows = (f"{row.label}：{row.value}" for row in contrast.rows)
        marks = (f" [{row.number}]" for row in contrast.rows)
        values = [shown(row) + mark for row, mark in zip(rows, marks, strict=True)]
        blocks.append(_list(shown(title.format(subject=contrast.subject)), values))
    if answer.choices:
        blocks.append(_list("", [shown(choice.label) for choice in answer.choices]))
    if answer.unanswered:
        blocks.append(_list(wording.UNANSWERED_TITLE, map(shown, answer.unanswered)))
    if answer.missing_terms:
        blocks.append(shown(wording.MISSING_TERMS.format(terms="、".join(answer.missing_terms))))
    if answer.suggestions:
        blocks.append(_list(wording.SUGGESTIONS_TITLE, map(shown, answer.suggestions)))
    return blocks


def _list(title: str, items: Iterable[str]) -> str:
    return "\n".join([*([title, ""] if title else []), *(f"- {item}" for item in items)])


def _quoted(citation: Citation) -> str:
    """Return a quote as a Markdown quotation, headings without their marks, facts bold."""
    parts, position = [], 0
    for start, end in sorted((a - citation.start, b - citation.start) for a, b in citation.facts):
        if position <= start < end <= len(citation.quote):
            parts += [_escaped(citation.quote[position:start]), f"**{_escaped(citation.quote[start:end])}**"]
            position = end
    text = "".join([*parts, _escaped(citation.quote[position:])])
    rows = [_HEADING.sub("", line) for line in text.splitlines() if line.strip()]
    return "\n".join(f"> {line}" for line in rows) + f" \\[{citation.number}\\]"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
