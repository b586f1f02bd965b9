from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.reader.checks import Checks
from yibao.reader.judging import LEAST_MARGIN, MOST_MARGIN, Judge, Signals, shipped_judge

FINE = Checks(*[0.0] * len(fields(Checks)))
GOOD = Signals(2.0, 0.9, 0.88, 0.0, 0.0, 0.0, FINE)
NAMES = list(GOOD.values())
JUDGE = Judge(
    dict.fromkeys(NAMES, -1.0) | {"margin": 0.5, "closeness": 1.0, "around": 0.3, "behind": -0.5}, nothing=1.0
)
UNREAD = float("-inf")
SCORES = st.lists(st.floats(-40, 40) | st.just(UNREAD), max_size=12)


@given(SCORES, st.floats(-20, 20))
def test_the_probability_and_that_of_nothing_add_up_to_one(scores: list[float], nothing: float) -> None:
    none = math.exp(nothing) / (math.exp(nothing) + sum(math.exp(score) for score in scores))
    found = replace(JUDGE, nothing=nothing).probability(scores)
    assert 0.0 <= found <= 1.0
    assert found + none == pytest.approx(1.0, abs=1e-9)


@given(SCORES, st.integers(0, 11), st.floats(0, 10))
def test_a_better_sentence_never_makes_an_answer_less_likely(scores: list[float], at: int, more: float) -> None:
    better = [score + more if n == at else score for n, score in enumerate(scores)]
    assert JUDGE.probability(better) >= JUDGE.probability(scores) - 1e-12


def test_one_sentence_as_good_as_nothing_is_a_half() -> None:
    assert JUDGE.probability([1.0]) == pytest.approx(0.5)
    assert JUDGE.probability([1.0, 1.0]) == pytest.approx(2 / 3)
    assert JUDGE.probability([1.0 + math.log(3)]) == pytest.approx(0.75)


def test_without_sentences_nothing_answers_and_one_that_is_unread_changes_nothing() -> None:
    assert JUDGE.probability([]) == 0.0
    assert JUDGE.probability([UNREAD, UNREAD]) == 0.0
    assert JUDGE.probability([2.0, UNREAD]) == JUDGE.probability([2.0])


def test_large_scores_do_not_overflow() -> None:
    assert JUDGE.probability([5000.0, -5000.0]) == 1.0
    assert JUDGE.probability([-5000.0]) == 0.0


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_a_larger_margin_never_scores_less(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert JUDGE.score(replace(GOOD, margin=low)) <= JUDGE.score(replace(GOOD, margin=high))


def test_a_margin_counts_between_its_limits_only() -> None:
    values = [JUDGE.score(replace(GOOD, margin=m)) for m in (-99, LEAST_MARGIN, 0.0, MOST_MARGIN, 99)]
    assert values[0] == values[1] < values[2] < values[3] == values[4]


def test_a_score_is_the_weighted_sum() -> None:
    assert JUDGE.score(GOOD) == pytest.approx(0.5 * 2.0 + 1.0 * 0.5 + 0.3 * 0.3)


@pytest.mark.parametrize("name", [field.name for field in fields(Checks)])
def test_every_check_that_fails_counts(name: str) -> None:
    failed = replace(GOOD, checks=replace(FINE, **{name: 1.0}))
    assert JUDGE.score(failed) == pytest.approx(JUDGE.score(GOOD) - 1.0)


def test_a_judge_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "judge.json"
    path.write_text(json.dumps({"weights": dict(JUDGE.weights), "nothing": 1}), "utf-8")
    assert shipped_judge(path) == JUDGE


def test_a_judge_without_a_weight_for_a_signal_is_no_judge() -> None:
    weights = {name: weight for name, weight in JUDGE.weights.items() if name != "other_place"}
    with pytest.raises(KeyError, match="other_place"):
        Judge(weights, 0.0).score(GOOD)
