"""Two runs of the same questions: which figures moved, whether that is more than noise, and which questions did it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yibao import wording
from yibao.errors import InputError
from yibao.evaluation.outcomes import Outcome

PERMUTATIONS = 10_000
_SEED = 20260101
_MEASURES: dict[str, Callable[[Outcome], float]] = {
    "reciprocal_rank": lambda outcome: 1 / outcome.first_rank if outcome.first_rank else 0.0,
    "recall@5": lambda outcome: outcome.recall(5),
    "gold_in_card": lambda outcome: outcome.gold_in_card,
    "status_right": lambda outcome: float(outcome.got == outcome.wanted),
}


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
    left, right = _outcomes(before), _outcomes(after)
    common = [name for name in left if name in right]
    if not common:
        raise InputError(wording.NOTHING_IN_COMMON)
    judged = [name for name in common if left[name].gold_count and right[name].gold_count]
    differences = []
    for measure, value in _MEASURES.items():
        names = common if measure == "status_right" else judged
        if measure == "gold_in_card":
            names = [name for name in judged if right[name].wanted == "answered"]
        if names:
            one, two = np.array([(value(left[name]), value(right[name])) for name in names]).T
            differences.append(Difference(measure, float(one.mean()), float(two.mean()), paired_p_value(two - one)))
    moved = {name: _quality(right[name]) - _quality(left[name]) for name in common}
    better = tuple(f"{name} {right[name].question}" for name, change in moved.items() if change > 0)
    worse = tuple(f"{name} {right[name].question}" for name, change in moved.items() if change < 0)
    return Comparison(len(common), tuple(differences), better, worse)


def paired_p_value(differences: np.typing.NDArray[np.float64]) -> float:
    """Return the two-sided p-value of Fisher's randomisation test: signs of the differences are exchangeable."""
    if not differences.any():
        return 1.0
    moved = differences[differences != 0]
    signs = np.random.default_rng(_SEED).choice([-1.0, 1.0], (PERMUTATIONS, len(moved)))
    as_far = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-12
    return float((as_far.sum() + 1) / (PERMUTATIONS + 1))


def _outcomes(path: Path) -> dict[str, Outcome]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["outcomes"]
        return {row["id"]: Outcome.from_json(row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(wording.NOT_A_REPORT.format(path=path)) from error


def _quality(outcome: Outcome) -> float:
    quoted = outcome.gold_in_card if outcome.wanted == "answered" else 0.0
    return 2 * _MEASURES["status_right"](outcome) + quoted
