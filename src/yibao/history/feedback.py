"""Feedback as candidates for the question set: a person adds the right outcome and decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from yibao.history.store import History


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
