"""Two runs of the same questions: which figures moved, whether that is more than noise, and which questions did it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yibao import wording
from yibao.errors import InputError

PERMUTATIONS = 10_000
_SEED = 20260101


@dataclass(frozen=True)
class Difference:
    """One measure in both runs, and the p-value of a paired two-sided randomisation test."""

    measure: str
    before: float
    after: float
    p_value: float


@dataclass(frozen=True)
class Comparison:
    """Differences over the questions both runs hold, and what moved from right to wrong and back."""

    questions: int
    differences: tuple[Difference, ...]
    better: tuple[str, ...]
    worse: tuple[str, ...]


def compare_files(before: Path, after: Path) -> Comparison:
    """Compare two files written by ``yibao eval --json``.

    Raises:
        InputError: a file is no such report, or they share no question.
    """
    left, right = _rows(before), _rows(after)
    common = [name for name in left if name in right]
    if not common:
        raise InputError(wording.NOTHING_IN_COMMON)
    differences = []
    for measure in ("reciprocal_rank", "recall@5", "gold_in_card", "status_right"):
        pairs = [(left[name][measure], right[name][measure]) for name in common if measure in left[name]]
        if pairs:
            one, two = np.array(pairs, np.float64).T
            differences.append(Difference(measure, float(one.mean()), float(two.mean()), paired_p_value(two - one)))
    moved = {name: _quality(right[name]) - _quality(left[name]) for name in common}
    better = tuple(f"{name} {right[name]['question']}" for name, change in moved.items() if change > 0)
    worse = tuple(f"{name} {right[name]['question']}" for name, change in moved.items() if change < 0)
    return Comparison(len(common), tuple(differences), better, worse)


def paired_p_value(differences: np.typing.NDArray[np.float64]) -> float:
    """Return the two-sided p-value of Fisher's randomisation test: signs of the differences are exchangeable."""
    if not differences.any():
        return 1.0
    moved = differences[differences != 0]
    signs = np.random.default_rng(_SEED).choice([-1.0, 1.0], (PERMUTATIONS, len(moved)))
    as_far = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-12
    return float((as_far.sum() + 1) / (PERMUTATIONS + 1))


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
        return {row["id"]: _judged(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(wording.NOT_A_REPORT.format(path=path)) from error


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"question": row["question"], "status_right": float(row["got"] == row["wanted"])}
    if row["gold_count"]:
        first = min((rank for rank in row["gold_ranks"] if rank), default=0)
        values["reciprocal_rank"] = 1 / first if first else 0.0
        values["recall@5"] = float(0 < first <= 5)  # noqa: PLR2004
        values["gold_in_card"] = row["gold_in_card"]
    return values


def _quality(row: dict[str, Any]) -> float:
    return float(row["status_right"]) * 2 + float(row.get("gold_in_card", 0.0))
