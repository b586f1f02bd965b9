"""The final record: quotes with their marks and fixed wording around them, nothing generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao import wording
from yibao.answer.triage import Emergency
from yibao.language.places import region_agrees
from yibao.records import NO_FACETS, Answer, Citation, Facets, Hit, Query


@dataclass(frozen=True)
class Draft:
    """What every kind of answer is made from."""

    query: Query
    hits: tuple[Hit, ...]
    confidence: float
    notices: tuple[str, ...]
    timings: Mapping[str, float]


def answered(draft: Draft, citations: Sequence[Citation]) -> Answer:
    """Return an answer made of quotes, each with its mark ``[n]``."""
    text = "\n".join(f"{citation.quote} [{citation.number}]" for citation in citations)
    notices = (*draft.notices, *_region_notice(draft.query.facets, citations), *_excerpt_notice(citations))
    return Answer(
        question=draft.query.text,
        rewritten=draft.query.normalized,
        status="answered",
        text=text,
        citations=tuple(citations),
        hits=draft.hits,
        notices=notices,
        facets=draft.query.facets,
        disclaimer=wording.DISCLAIMER,
        confidence=draft.confidence,
        timings=draft.timings,
    )


def not_covered(draft: Draft) -> Answer:
    """Return an honest refusal; the nearest passages stay in ``hits`` for whoever wants to look."""
    return Answer(
        question=draft.query.text,
        rewritten=draft.query.normalized,
        status="no_answer",
        text=wording.NOT_COVERED,
        citations=(),
        hits=draft.hits,
        notices=draft.notices,
        facets=draft.query.facets,
        disclaimer=wording.DISCLAIMER,
        confidence=draft.confidence,
        timings=draft.timings,
    )


def emergency(question: str, kind: Emergency, timings: Mapping[str, float]) -> Answer:
    """Return the fixed text that sends to 120 before anything else."""
    return Answer(
        question=question,
        rewritten=question,
        status="emergency",
        text=wording.EMERGENCY_TEXTS[kind],
        citations=(),
        hits=(),
        notices=(),
        facets=NO_FACETS,
        disclaimer=wording.DISCLAIMER,
        confidence=1.0,
        timings=timings,
    )


def nothing_asked(question: str) -> Answer:
    """Return the answer to an empty question."""
    return Answer(
        question=question,
        rewritten="",
        status="no_answer",
        text=wording.EMPTY_QUESTION,
        citations=(),
        hits=(),
        notices=(),
        facets=NO_FACETS,
        disclaimer=wording.DISCLAIMER,
        confidence=0.0,
        timings={"total": 0.0},
    )


def _region_notice(asked: Facets, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Say so where a region was asked for and every quote speaks for another one."""
    if not asked.regions or any(region_agrees(asked.regions, citation.region) for citation in citations):
        return ()
    given = "、".join(dict.fromkeys(citation.region or "" for citation in citations))
    return (wording.OTHER_REGION.format(asked="、".join(asked.regions), given=given),)


def _excerpt_notice(citations: Sequence[Citation]) -> tuple[str, ...]:
    return (wording.FROM_EXCERPT,) if any(citation.kind == "excerpt" for citation in citations) else ()
