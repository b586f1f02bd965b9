"""Feedback as candidates for the question set: a person adds the right outcome and decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from yibao import wording
from yibao.history.store import History
from yibao.history.turns import Feedback


def export_feedback(history: History) -> Iterator[dict[str, Any]]:
    """Yield one object per feedback, oldest first, in the form of the question set as far as it is known.

    ``gold`` are the quotes that were shown: right where the verdict is ``good``, to be mended where it is ``bad``.
    ``kind`` and ``standalone`` are for the person who takes the question over. All texts are masked.
    """
    for number, (feedback, earlier, answer, given) in enumerate(history.feedback(), start=1):
        yield {
            "id": f"feedback-{number:04d}",
            "kind": "",
            "question": answer.question,
            "history": earlier,
            "standalone": answer.rewritten if answer.rewritten != answer.question and earlier else "",
            "clean": "",
            "gold": [{"article": cited.article_id, "quote": cited.quote} for cited in answer.citations],
            "all_needed": False,
            "status": answer.status,
            "facets": asdict(answer.facets),
            "note": "",
            "feedback": {**asdict(feedback), "given": given, "confidence": round(answer.confidence, 4)},
        }


def feedback_counts(history: History) -> Mapping[str, int]:
    """Return how often each verdict, and each reason of a bad one, was given, in the words shown to people."""
    return Counter(name for feedback, *_ in history.feedback() for name in _names(feedback))


def worst_rated(history: History, limit: int) -> Sequence[tuple[str, Mapping[str, int]]]:
    """Return at most ``limit`` questions that got a bad verdict, the most often first, with the counts of each."""
    rated: dict[str, Counter[str]] = {}
    for feedback, _, answer, _ in history.feedback():
        rated.setdefault(answer.question, Counter()).update(_names(feedback))
    bad = [(question, counts) for question, counts in rated.items() if counts[wording.USELESS]]
    return sorted(bad, key=lambda each: -each[1][wording.USELESS])[:limit]


def _names(feedback: Feedback) -> list[str]:
    if feedback.verdict == "good":
        return [wording.USEFUL]
    reason = wording.FEEDBACK_REASONS.get(feedback.reason)
    return [wording.USELESS, *([reason] if reason else [])]
