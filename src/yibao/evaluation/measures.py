"""Outcomes become figures: by kind, with intervals, the status table, calibration and latency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from yibao.evaluation.outcomes import Outcome

RESAMPLES = 2000
CUTS = (1, 5, 10)
SHOWN = (300, 600, 1500)  # characters
ANSWERABLE = ("answered", "ask_back")
_SEED = 20260101


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return every figure of a run as plain values."""
    kinds = list(dict.fromkeys(outcome.kind for outcome in outcomes))
    return {
        "questions": len(outcomes),
        "overall": figures(outcomes),
        "by_kind": {kind: figures([o for o in outcomes if o.kind == kind]) for kind in kinds},
        "legs": legs(outcomes),
        "status": status_table(outcomes),
        "refusal": refusal(outcomes),
        "emergency": emergency(outcomes),
        "asking_back": asking_back(outcomes),
        "follow_up": self_contained(outcomes, "follow-up"),
        "misspelt": {kind: self_contained(outcomes, kind) for kind in ("typo", "traditional", "pinyin")},
        "facets": facets_f1(outcomes),
        "calibration": calibration(outcomes),
        "latency_ms": latency(outcomes),
        "broken_quotes": sum(outcome.broken_quotes for outcome in outcomes),
    }


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return retrieval and answer figures; questions without gold count for the status alone."""
    judged = [outcome for outcome in outcomes if outcome.gold_count]
    values: dict[str, Any] = {
        "questions": len(outcomes),
        "status_right": mean_with_interval([float(o.got == o.wanted) for o in outcomes]),
    }
    if judged:
        values |= {f"recall@{cut}": mean_with_interval([o.recall(cut) for o in judged]) for cut in CUTS}
        values["mrr@10"] = mean_with_interval([1 / o.first_rank if o.first_rank else 0.0 for o in judged])
        values["ndcg@10"] = mean_with_interval([ndcg(o) for o in judged])
        for limit in SHOWN:
            values[f"evidence@{limit}"] = mean_with_interval([float(0 < o.evidence_at <= limit) for o in judged])
        # An answer that asks back shows no quote, so only those that should quote are judged by it.
        quoting = [o for o in judged if o.wanted == "answered"]
        values["gold_in_card"] = mean_with_interval([o.gold_in_card for o in quoting])
    return values


def legs(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Return recall and reciprocal rank of the first gold for each leg alone and for the hybrid."""
    judged = [outcome for outcome in outcomes if outcome.gold_count]
    names = list(dict.fromkeys(name for outcome in judged for name in outcome.leg_ranks))
    ranks = {name: [outcome.leg_ranks[name] for outcome in judged] for name in names}
    ranks["hybrid"] = [outcome.first_rank for outcome in judged]
    return {
        name: {f"recall@{cut}": mean_with_interval([float(0 < rank <= cut) for rank in row]) for cut in CUTS}
        | {"mrr@10": mean_with_interval([1 / rank if rank else 0.0 for rank in row])}
        for name, row in ranks.items()
    }


def ndcg(outcome: Outcome) -> float:
    """Return nDCG@10 with binary gain; alternatives count once, at the best place (Järvelin, Kekäläinen 2002)."""
    ranks = sorted({rank for rank in outcome.gold_ranks if 0 < rank <= CUTS[-1]})
    if not outcome.all_needed:
        return float(1 / np.log2(ranks[0] + 1)) if ranks else 0.0
    found = [rank for rank in outcome.gold_ranks if 0 < rank <= CUTS[-1]]
    ideal = sum(1 / np.log2(place + 2) for place in range(outcome.gold_count))
    return float(min(1.0, sum(1 / np.log2(rank + 1) for rank in found) / ideal))


def mean_with_interval(values: Sequence[float]) -> dict[str, float]:
    """Return the mean and its 95% percentile bootstrap interval (Efron 1979)."""
    array = np.asarray(values, np.float64)
    if not len(array):
        return {"mean": 0.0, "low": 0.0, "high": 0.0}
    generator = np.random.default_rng(_SEED)
    means = array[generator.integers(0, len(array), (RESAMPLES, len(array)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"mean": float(array.mean()), "low": float(low), "high": float(high)}


def status_table(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Return counts by wanted and given status."""
    counts = Counter((outcome.wanted, outcome.got) for outcome in outcomes)
    names = sorted({name for pair in counts for name in pair})
    return {wanted: {got: counts[wanted, got] for got in names} for wanted in names}


def refusal(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return false answers on questions no article answers, and false refusals on the others."""
    wrong = [o for o in outcomes if o.wanted == "no_answer"]
    right = [o for o in outcomes if o.wanted in ANSWERABLE]
    return {
        "false_answers": mean_with_interval([float(o.got == "answered") for o in wrong]),
        "false_refusals": mean_with_interval([float(o.got == "no_answer") for o in right]),
        "area_under_curve": area_under_curve([o.confidence for o in right], [o.confidence for o in wrong]),
    }


def area_under_curve(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the probability that an answerable question scores above an unanswerable one (Mann, Whitney 1947)."""
    if not len(positive) or not len(negative):
        return 0.0
    left, right = np.asarray(positive)[:, None], np.asarray(negative)[None, :]
    return float(np.mean((left > right) + 0.5 * (left == right)))


def emergency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return how many emergencies were seen, and how many other questions raised a false alarm."""
    real = [o for o in outcomes if o.wanted == "emergency"]
    others = [o for o in outcomes if o.wanted != "emergency"]
    alike = [o for o in others if o.kind == "emergency-lookalike"]
    return {
        "recall": _share(real, lambda o: o.got == "emergency"),
        "false_alarms": _share(others, lambda o: o.got == "emergency"),
        "false_alarms_on_lookalikes": _share(alike, lambda o: o.got == "emergency"),
    }


def asking_back(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return how many questions that need it were asked back, and how many others were too."""
    return {
        "recall": _share([o for o in outcomes if o.wanted == "ask_back"], lambda o: o.got == "ask_back"),
        "false_alarms": _share([o for o in outcomes if o.wanted != "ask_back"], lambda o: o.got == "ask_back"),
    }


def self_contained(outcomes: Sequence[Outcome], kind: str) -> dict[str, float]:
    """Compare recall@5 as typed with recall@5 of the self-contained or correctly spelt form."""
    judged = [o for o in outcomes if o.kind == kind and o.gold_count]
    return {
        "questions": len(judged),
        "recall@5": _share(judged, lambda o: 0 < o.first_rank <= CUTS[1]),
        "recall@5_clean": _share(judged, lambda o: 0 < o.standalone_rank <= CUTS[1]),
    }


def facets_f1(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return micro-averaged precision, recall and F1 over all facet values; emergencies read none."""
    judged = [o for o in outcomes if o.got != "emergency"]
    right, wanted, given = (sum(getattr(o, f"facets_{name}") for o in judged) for name in ("right", "wanted", "given"))
    precision, recall = right / given if given else 1.0, right / wanted if wanted else 1.0
    total = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / total if total else 0.0}


def calibration(outcomes: Sequence[Outcome], bins: int = 10) -> list[dict[str, float]]:
    """Return for each tenth of confidence how often the question was answerable."""
    judged = [o for o in outcomes if o.wanted != "emergency" and o.got != "emergency"]
    rows = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [o for o in judged if low <= o.confidence < high or (number == bins - 1 and o.confidence == high)]
        answerable = _share(inside, lambda o: o.wanted in ANSWERABLE)
        mean = float(np.mean([o.confidence for o in inside])) if inside else (low + high) / 2
        rows.append({"low": low, "high": high, "count": len(inside), "confidence": mean, "answerable": answerable})
    return rows


def latency(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Return the median and the 95th percentile of each step, in milliseconds."""
    steps = dict.fromkeys(step for outcome in outcomes for step in outcome.timings_ms)
    taken = {step: [o.timings_ms[step] for o in outcomes if step in o.timings_ms] for step in steps}
    return {step: {"p50": float(np.percentile(t, 50)), "p95": float(np.percentile(t, 95))} for step, t in taken.items()}


def _share(outcomes: Sequence[Outcome], holds: Callable[[Outcome], bool]) -> float:
    return sum(map(holds, outcomes)) / len(outcomes) if outcomes else 0.0
