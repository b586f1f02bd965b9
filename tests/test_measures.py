from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from yibao.evaluation.comparing import paired_p_value
from yibao.evaluation.measures import (
    area_under_curve,
    facets_f1,
    mean_with_interval,
    ndcg,
    refusal,
    status_table,
    summary,
)
from yibao.evaluation.outcomes import Outcome


def outcome(**fields: Any) -> Outcome:
    values: dict[str, Any] = {
        "id": "q", "kind": "direct", "half": "tune", "question": "问", "wanted": "answered", "got": "answered",
        "gold_count": 1, "all_needed": False, "gold_ranks": (1,), "evidence_at": 100, "gold_in_card": 1.0,
        "confidence": 0.9, "facets_right": 1, "facets_wanted": 1, "facets_given": 1, "broken_quotes": 0,
        "standalone_rank": 1, "leg_ranks": {"lexical": 1, "dense": 2}, "timings_ms": {"total": 10.0}, "shown": "", "expected": "",
    }  # fmt: skip
    return Outcome(**(values | fields))


def test_recall_of_alternatives_wants_any_and_of_needed_ones_wants_all() -> None:
    assert outcome(gold_count=2, gold_ranks=(0, 3)).recall(5) == 1.0
    assert outcome(gold_count=2, gold_ranks=(0, 3), all_needed=True).recall(5) == 0.5
    assert outcome(gold_count=2, gold_ranks=(1, 7), all_needed=True).recall(5) == 0.5
    assert outcome(gold_ranks=(0,)).recall(10) == 0.0


def test_ndcg_by_hand() -> None:
    assert ndcg(outcome(gold_ranks=(1,))) == pytest.approx(1.0)
    assert ndcg(outcome(gold_ranks=(3,))) == pytest.approx(0.5)  # 1 / log2(4)
    assert ndcg(outcome(gold_count=2, gold_ranks=(1, 3), all_needed=True)) == pytest.approx(1.5 / (1 + 1 / np.log2(3)))
    assert ndcg(outcome(gold_ranks=(11,))) == 0.0


def test_a_question_without_hits_counts_as_zero() -> None:
    figures = summary([outcome(gold_ranks=(1,)), outcome(id="r", gold_ranks=(0,))])["overall"]
    assert figures["recall@5"]["mean"] == 0.5
    assert figures["mrr@10"]["mean"] == 0.5


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = mean_with_interval([0.0, 1.0] * 5), mean_with_interval([0.0, 1.0] * 500)
    assert few["low"] < 0.5 < few["high"]
    assert many["high"] - many["low"] < few["high"] - few["low"]
    assert mean_with_interval([]) == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_area_under_curve_by_hand() -> None:
    assert area_under_curve([0.9, 0.4], [0.5, 0.1]) == 0.75
    assert area_under_curve([0.5], [0.5]) == 0.5


def test_refusal_counts_each_kind_of_error_on_its_own_questions() -> None:
    outcomes = [
        outcome(),
        outcome(got="no_answer", confidence=0.2),
        outcome(wanted="no_answer", got="answered", confidence=0.6),
        outcome(wanted="no_answer", got="no_answer", confidence=0.1),
        outcome(wanted="emergency", got="emergency"),
    ]
    found = refusal(outcomes)
    assert found["false_answers"]["mean"] == 0.5
    assert found["false_refusals"]["mean"] == 0.5
    assert status_table(outcomes)["answered"] == {"answered": 1, "emergency": 0, "no_answer": 1}


def test_facets_f1_by_hand() -> None:
    found = facets_f1([outcome(facets_right=1, facets_wanted=2, facets_given=1)])
    assert found == pytest.approx({"precision": 1.0, "recall": 0.5, "f1": 2 / 3})


def test_the_paired_test_sees_a_steady_gain_and_no_chance_one() -> None:
    assert paired_p_value(np.zeros(50)) == 1.0
    assert paired_p_value(np.array([1.0] * 30 + [0.0] * 70)) < 0.01
    assert paired_p_value(np.array([1.0, -1.0] * 20)) > 0.5


def test_legs_are_measured_beside_the_hybrid() -> None:
    found = summary([outcome(gold_ranks=(1,), leg_ranks={"lexical": 0, "dense": 4})])["legs"]
    assert found["lexical"]["recall@5"]["mean"] == 0.0
    assert found["dense"]["mrr@10"]["mean"] == 0.25
    assert found["hybrid"]["recall@1"]["mean"] == 1.0
