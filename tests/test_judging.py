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
GOOD = Signals(2.0, 0.9, 0.88, 0.0, FINE)
NAMES = list(GOOD.values())
JUDGE = Judge(
    dict.fromkeys(NAMES, -1.0) | {"margin": 0.5, "closeness": 1.0, "around": 0.3, "behind": -0.5}, nothing=1.0
)
UNREAD = float("-inf")
SCORES = st.lists(st.floats(-40, 40) | st.just(UNREAD), max_size=12)


@given(SCORES, st.floats(-20, 20))
def test_probabilities_and_that_of_nothing_add_up_to_one(scores: list[float], nothing: float) -> None:
    verdict = replace(JUDGE, nothing=nothing).verdict(scores)
    assert sum(verdict.answers) == pytest.approx(verdict.any)
    none = math.exp(nothing) / (math.exp(nothing) + sum(math.exp(score) for score in scores))
    assert 1.0 - verdict.any == pytest.approx(none, abs=1e-9)


@given(SCORES)
def test_the_order_follows_the_scores_and_what_is_unread_never_wins(scores: list[float]) -> None:
    answers = JUDGE.verdict(scores).answers
    assert len(answers) == len(scores)
    for score, answer in zip(scores, answers, strict=True):
        assert answer == 0.0 if score == UNREAD else answer > 0.0
        assert all(answer >= other for less, other in zip(scores, answers, strict=True) if less <= score)


def test_one_sentence_as_good_as_nothing_is_a_half() -> None:
    assert JUDGE.verdict([1.0]).answers == pytest.approx((0.5,))
    assert JUDGE.verdict([1.0, 1.0]).any == pytest.approx(2 / 3)
    assert JUDGE.verdict([1.0 + math.log(3)]).any == pytest.approx(0.75)


def test_without_sentences_nothing_answers() -> None:
    assert JUDGE.verdict([]).any == 0.0
    assert JUDGE.verdict([UNREAD, UNREAD]).any == 0.0
    assert JUDGE.verdict([]).answers == ()


def test_large_scores_do_not_overflow() -> None:
    assert JUDGE.verdict([5000.0, -5000.0]).answers == (1.0, 0.0)


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
