"""An answer as text: the same parts in the same order in the terminal and in Markdown."""

from __future__ import annotations

from yibao import wording
from yibao.records import Answer, Citation


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
        lines += [wording.NEAREST, *(f"- {suggestion}" for suggestion in answer.suggestions)]
    if answer.citations:
        lines += ["", wording.SOURCES_TITLE]
        lines += [f"[{citation.number}] {source_line(citation)}" for citation in answer.citations]
    if answer.rewritten and answer.rewritten != answer.question:
        lines.insert(0, wording.UNDERSTOOD_AS.format(question=answer.rewritten))
    return "\n".join([*lines, "", answer.disclaimer])
