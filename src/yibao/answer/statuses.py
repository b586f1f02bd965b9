"""The final record: quotes with their marks and fixed wording around them, nothing generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yibao import wording
from yibao.answer.danger_head import Emergency
from yibao.answer.triage import triage
from yibao.clock import Clock
from yibao.language.freshness import may_have_changed
from yibao.language.places import region_agrees
from yibao.records import NO_FACETS, Answer, Choice, Citation, Contrast, Facets, Hit, Query, Status


@dataclass(frozen=True)
class Draft:
    """What every kind of answer is made from."""

    query: Query
    hits: tuple[Hit, ...]
    confidence: float
    notices: tuple[str, ...]
    timings: Mapping[str, float]
    today: date


def answered(draft: Draft, citations: Sequence[Citation], contrasts: Sequence[Contrast] = ()) -> Answer:
    """Return an answer made of quotes, each with its mark ``[n]``, and what contradicts what among them."""
    text = "\n".join(f"{citation.quote} [{citation.number}]" for citation in citations)
    notices = (
        *draft.notices,
        *_region_notice(draft.query.facets, citations),
        *(wording.SOURCES_DIFFER.format(subject=each.subject) for each in contrasts if each.kind == "conflict"),
        *_age_notice(citations, draft.today),
        *_excerpt_notice(citations),
    )
    return replace(
        _unquoted(draft, "answered", text), citations=tuple(citations), notices=notices, contrasts=tuple(contrasts)
    )


def asked_back(draft: Draft, text: str, choices: Sequence[Choice]) -> Answer:
    """Return a short question with the ways to answer it; nothing is quoted yet."""
    return replace(_unquoted(draft, "ask_back", text), choices=tuple(choices))


def not_covered(
    draft: Draft, text: str = wording.NOT_COVERED, missing_terms: Sequence[str] = (), suggestions: Sequence[str] = ()
) -> Answer:
    """Return an honest refusal; the nearest passages stay in ``hits`` for whoever wants to look."""
    return replace(
        _unquoted(draft, "no_answer", text), missing_terms=tuple(missing_terms), suggestions=tuple(suggestions)
    )


def _unquoted(draft: Draft, status: Status, text: str) -> Answer:
    return Answer(
        question=draft.query.text,
        rewritten=draft.query.normalized,
        status=status,
        text=text,
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
    return _unsearched(question, question, "emergency", wording.EMERGENCY_TEXTS[kind], 1.0, timings)


def nothing_asked(question: str) -> Answer:
    """Return the answer to an empty question."""
    return _unsearched(question, "", "no_answer", wording.EMPTY_QUESTION, 0.0, {"total": 0.0})


def _unsearched(
    question: str, rewritten: str, status: Status, text: str, confidence: float, timings: Mapping[str, float]
) -> Answer:
    return Answer(question, rewritten, status, text, (), (), (), NO_FACETS, wording.DISCLAIMER, confidence, timings)


def _region_notice(asked: Facets, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Say so where a region was asked for and every quote speaks for another one."""
    if not asked.regions or any(region_agrees(asked.regions, citation.region) for citation in citations):
        return ()
    given = "、".join(dict.fromkeys(citation.region or "" for citation in citations))
    return (wording.OTHER_REGION.format(asked="、".join(asked.regions), given=given),)


def _age_notice(citations: Sequence[Citation], today: date) -> tuple[str, ...]:
    old = [f"[{citation.number}]" for citation in citations if may_have_changed(citation.published, today)]
    return (wording.MAY_HAVE_CHANGED.format(numbers="".join(old)),) if old else ()


def _excerpt_notice(citations: Sequence[Citation]) -> tuple[str, ...]:
    return (wording.FROM_EXCERPT,) if any(citation.kind == "excerpt" for citation in citations) else ()


def unsearched(question: str, clock: Clock) -> Answer | None:
    """Return the answer to what needs no search: an empty question, or an emergency; None for all others."""
    if not any(character.isalnum() for character in question):
        return nothing_asked(question)
    with clock.step("triage"):
        danger = triage(question)
    return emergency(question, danger, clock.seconds) if danger else None


def showing(answer: Answer, found: Sequence[Hit], count: int) -> Answer:
    """Return the answer with all hits that are quoted, and the best of the others found up to ``count`` in all.

    Those that only a part of the question led to come last.
    """
    quoted = {citation.passage_id for citation in answer.citations}
    known = {hit.passage.id for hit in found}
    more = (hit for hit in answer.hits if hit.passage.id in quoted - known)
    pool = [*found, *(replace(hit, rank=rank) for rank, hit in enumerate(more, start=len(found) + 1))]
    others = [hit.rank for hit in pool if hit.passage.id not in quoted][: max(0, count - len(quoted))]
    return replace(answer, hits=tuple(hit for hit in pool if hit.rank in others or hit.passage.id in quoted))
