"""An answer as text: the same parts in the same order in the terminal and in Markdown."""

from __future__ import annotations

import re

from yibao import wording
from yibao.records import Answer, Citation, Contrast

# What would make Markdown of a quote; a mark [1] is left alone, and so is the dash of a list item.
_MARKDOWN = re.compile(r"[\\`*_<>~|$]|\[(?!\d+\])|^#")


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
    """The answer for a terminal: notices, summary, text, contrasts, choices, sources, and the disclaimer once."""
    summary = [wording.SUMMARY_TITLE, answer.summary, ""] if answer.summary else []
    lines = [*answer.notices, *summary, answer.text]
    for contrast in answer.contrasts:
        lines += ["", wording.CONTRAST_TITLE.format(subject=contrast.subject)]
        lines += [f"- {row.label}：{row.value} [{row.number}]" for row in contrast.rows]
    lines += [f"- {choice.label}：{choice.question}" for choice in answer.choices]
    if answer.suggestions:
        lines += [wording.MORE_QUESTIONS, *(f"- {suggestion}" for suggestion in answer.suggestions)]
    if answer.citations:
        lines += ["", wording.SOURCES_TITLE]
        lines += [f"[{citation.number}] {source_line(citation)}" for citation in answer.citations]
    if answer.rewritten and answer.rewritten != answer.question:
        lines.insert(0, wording.UNDERSTOOD_AS.format(question=answer.rewritten))
    return "\n".join([*lines, "", answer.disclaimer])


def to_markdown(answer: Answer) -> str:
    """Return the answer as Markdown, its parts in the order of ``to_terminal``, the disclaimer exactly once.

    The quotes read as they stand in their article: what Markdown would take for its own is escaped.
    """
    blocks = [f"> {_literal(notice)}" for notice in answer.notices]
    if answer.rewritten and answer.rewritten != answer.question:
        blocks.insert(0, f"> {_literal(wording.UNDERSTOOD_AS.format(question=answer.rewritten))}")
    if answer.summary:
        blocks += [f"**{wording.SUMMARY_TITLE}**", *_paragraphs(answer.summary)]
    lines = _paragraphs(answer.text)
    blocks += [f"**{line}**" for line in lines] if answer.status == "emergency" else lines
    blocks += [_table(contrast) for contrast in answer.contrasts]
    blocks += ["\n".join(f"- {_literal(choice.question)}" for choice in answer.choices)] if answer.choices else []
    blocks += _gaps(answer)
    if answer.citations:
        sources = "\n".join(f"- [{each.number}] {_literal(source_line(each))}" for each in answer.citations)
        blocks += [f"**{wording.SOURCES_TITLE}**", sources]
    if answer.suggestions:
        more = "\n".join(f"- {_literal(question)}" for question in answer.suggestions)
        blocks += [f"**{wording.MORE_QUESTIONS}**", more]
    return "\n\n".join([*blocks, answer.disclaimer]) + "\n"


def _paragraphs(text: str) -> list[str]:
    return [_literal(line) for line in text.splitlines() if line.strip()]


def unsaid_gaps(answer: Answer) -> tuple[list[str], list[str]]:
    """Return the parts of the question no quote answers, and its words no article holds, that no text says already."""
    said = "\n".join([*answer.notices, "" if answer.citations else answer.text])
    unanswered = [part for part in answer.unanswered if part not in said]
    return unanswered, [] if all(term in said for term in answer.missing_terms) else list(answer.missing_terms)


def _gaps(answer: Answer) -> list[str]:
    unanswered, missing = unsaid_gaps(answer)
    parts = "\n".join(f"- {_literal(part)}" for part in unanswered)
    terms = _literal(wording.MISSING_TERMS.format(terms="、".join(missing)))
    return [*([wording.UNANSWERED_TITLE, parts] if parts else []), *([terms] if missing else [])]


def _table(contrast: Contrast) -> str:
    rows = [f"| {_literal(row.label)} | {_literal(row.value)} | [{row.number}] |" for row in contrast.rows]
    header = f"| {' | '.join(wording.CONTRAST_HEADER)} |\n| --- | --- | --- |"
    return "\n".join([f"**{_literal(contrast.subject)}**", "", header, *rows])


def _literal(text: str) -> str:
    return _MARKDOWN.sub(lambda found: "\\" + found[0], text)
