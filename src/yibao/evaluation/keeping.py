"""The last evaluation of an index, kept beside its builds as JSON for the page of quality."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from yibao.evaluation.outcomes import Outcome
from yibao.evaluation.report import failed
from yibao.index.layout import LAST_EVALUATION
from yibao.index.manifest import Manifest, content_id
from yibao.storage import write_aside

KEPT_FORMAT = 1
_BEFORE = " / "  # between the earlier questions of a dialogue and the last one, see ``Outcome.question``


def keep(evaluation: dict[str, Any], root: Path, manifest: Manifest) -> None:
    """Write what a question set brought into the index folder ``root``; a BEIR folder's result is not kept.

    Args:
        evaluation: what ``evaluate`` returned.
        root: the index folder that was evaluated.
        manifest: of the build that was evaluated.

    Raises:
        StorageError: the folder cannot be written.
    """
    if "outcomes" not in evaluation:
        return
    outcomes = [Outcome.from_json(row) for row in evaluation["outcomes"]]
    kept = {
        "format": KEPT_FORMAT,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "content_id": content_id(manifest),
        "path": evaluation["path"],
        "half": evaluation["half"],
        "summary": evaluation["summary"],
        "failures": [_failure(outcome) for outcome in sorted(filter(failed, outcomes), key=_badness)],
    }
    write_aside(root / LAST_EVALUATION, json.dumps(kept, ensure_ascii=False, indent=1))


def _badness(outcome: Outcome) -> tuple[int, float, str]:
    """Order failures: emergencies missed, answers where there are none, other wrong outcomes, quotes missed."""
    if outcome.wanted == "emergency":
        return 0, 0.0, outcome.id
    if outcome.wanted == "no_answer" and outcome.got != "emergency":
        return 1, -outcome.confidence, outcome.id
    if outcome.got != outcome.wanted:
        return 2, outcome.confidence, outcome.id
    return 3, outcome.gold_in_card, outcome.id


def _failure(outcome: Outcome) -> dict[str, Any]:
    *history, question = outcome.question.split(_BEFORE)
    return {
        "id": outcome.id,
        "kind": outcome.kind,
        "question": question,
        "history": history,
        "wanted": outcome.wanted,
        "got": outcome.got,
        "confidence": round(outcome.confidence, 4),
        "rank": outcome.first_rank,
        "expected": outcome.expected,
        "shown": outcome.shown,
    }
