from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.search.fusion import fuse, lead, scaled

SCORES = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=20)
PAIRS = st.lists(st.tuples(st.floats(0, 60, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=20)


def array(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_fuse_keeps_first_what_both_legs_put_first() -> None:
    assert int(fuse(array(9.0, 1.0, 3.0), array(0.9, 0.8, 0.85), 0.5).argmax()) == 0


def test_fuse_follows_meaning_where_no_words_are_shared() -> None:
    fused = fuse(array(0.0, 0.0, 0.0), array(0.82, 0.9, 0.85), 0.5)
    assert np.argsort(-fused).tolist() == [1, 2, 0]


def test_fuse_follows_words_where_meaning_is_equal() -> None:
    fused = fuse(array(2.0, 9.0, 5.0), array(0.85, 0.85, 0.85), 0.5)
    assert np.argsort(-fused).tolist() == [1, 2, 0]


def test_words_count_less_where_one_passage_leads_in_meaning() -> None:
    words = array(0.0, 10.0, 0.0, 0.0, 0.0)
    level, ahead = (array(best, *[0.80] * 4) for best in (0.81, 0.90))
    assert gain(words, level) > gain(words, ahead) > 0.0


def test_words_count_more_where_the_best_passage_holds_more_of_the_question() -> None:
    words, dense = array(30.0, 10.0, 0.0), array(0.85, 0.85, 0.85)
    assert gain(words, dense, 1.0) > gain(words, dense, 0.4) > 0.0 == gain(words, dense, 0.0)


def gain(words: np.ndarray, dense: np.ndarray, coverage: float = 0.5) -> float:
    """Return what its words bring the second passage."""
    return float((fuse(words, dense, coverage) - fuse(np.zeros_like(words), dense, coverage))[1])


def test_fuse_of_nothing_is_nothing() -> None:
    assert fuse(array(), array(), 0.0).tolist() == []


@settings(deadline=None)
@given(PAIRS, st.integers(0, 19))
def test_more_shared_words_never_lower_a_passage(pairs: list[tuple[float, float]], place: int) -> None:
    lexical, dense = (array(*column) for column in zip(*pairs, strict=True))
    place %= len(pairs)
    more = lexical.copy()
    more[place] += 5.0
    before, after = fuse(lexical, dense, 0.5), fuse(more, dense, 0.5)
    assert np.isfinite(before).all()
    assert after[place] >= before[place]
    behind = (before <= before[place]) & (lexical <= more[place])
    assert (after[behind] <= after[place] + 1e-9).all()


@settings(deadline=None)
@given(PAIRS)
def test_fuse_does_not_depend_on_the_order_of_candidates(pairs: list[tuple[float, float]]) -> None:
    lexical, dense = (array(*column) for column in zip(*pairs, strict=True))
    assert fuse(lexical[::-1], dense[::-1], 0.5)[::-1].tolist() == fuse(lexical, dense, 0.5).tolist()


def test_lead_is_measured_from_the_best_to_a_runner_up() -> None:
    assert lead(array(0.80, 0.90, 0.81, 0.82, 0.83, 0.70)) == pytest.approx(0.10)


def test_lead_over_few_candidates_is_measured_to_the_last() -> None:
    assert lead(array(0.80, 0.90)) == pytest.approx(0.10)
    assert lead(array(0.80)) == 0.0


def test_scaled_puts_least_at_zero_and_best_at_one() -> None:
    assert scaled(array(3.0, 7.0, 5.0)).tolist() == [0.0, 1.0, 0.5]


def test_scaled_of_equal_positive_scores_is_all_ones() -> None:
    assert scaled(array(2.0, 2.0)).tolist() == [1.0, 1.0]


def test_scaled_of_a_leg_that_found_nothing_is_all_zeros() -> None:
    assert scaled(array(0.0, 0.0, 0.0)).tolist() == [0.0, 0.0, 0.0]


def test_scaled_of_nothing_is_nothing() -> None:
    assert scaled(array()).tolist() == []


@settings(deadline=None)
@given(SCORES)
def test_scaled_stays_in_0_to_1_and_keeps_the_order(values: list[float]) -> None:
    result = scaled(array(*values))
    assert result.min() >= 0.0
    assert result.max() <= 1.0
    order = np.argsort(array(*values), kind="stable")
    assert (np.diff(result[order]) >= 0).all()
