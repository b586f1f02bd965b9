from __future__ import annotations

import numpy as np
import pytest

from yibao.evaluation.training import NAMES, SPEAKS_FOR, Examples, curve, fit

AT = {name: place for place, name in enumerate(NAMES)}


def examples(answerable: int, unanswerable: int, seed: int = 1, shift: float = 0.1) -> Examples:
    """Cosines that lie ``shift`` higher where a question is answerable; another region now and then where not."""
    generator = np.random.default_rng(seed)
    truth = np.arange(answerable + unanswerable) < answerable
    rows = np.zeros((len(truth), len(NAMES)))
    for name in SPEAKS_FOR:
        rows[:, AT[name]] = generator.normal(0.8, 0.05, len(truth)) + shift * truth
    rows[:, AT["other_region"]] = ~truth & (generator.random(len(truth)) < 0.5)
    return Examples("made up", rows, truth)


def test_what_speaks_for_an_answer_weighs_for_it_and_the_rest_against() -> None:
    _, weights = fit([examples(60, 60)])
    assert list(weights) == list(NAMES)
    assert all(weights[name] > 0 for name in SPEAKS_FOR)
    assert weights["other_region"] < 0
    assert all(weight <= 0 for name, weight in weights.items() if name not in SPEAKS_FOR)


def test_the_fitted_model_tells_the_classes_apart() -> None:
    intercept, weights = fit([examples(60, 60)])
    new = examples(200, 200, seed=2)
    assert curve(new, intercept, weights) > 0.95
    scores = intercept + new.measures @ np.array(list(weights.values()))
    assert np.mean((scores > 0) == new.answerable) > 0.9


def test_no_weight_is_fitted_against_its_sign() -> None:
    upside_down = examples(60, 60, shift=-0.2)
    _, weights = fit([upside_down])
    assert [weights[name] for name in SPEAKS_FOR] == [0.0] * len(SPEAKS_FOR)


def test_a_measure_that_never_varies_keeps_a_weight_of_its_sign() -> None:
    _, weights = fit([examples(60, 60)])
    assert weights["other_year"] == pytest.approx(-0.1 / 0.05)  # the prior, over the least scale


def test_how_often_a_set_says_the_same_does_not_matter() -> None:
    once, other = examples(30, 30), examples(40, 20, seed=3)
    many = Examples("many", np.tile(once.measures, (4, 1)), np.tile(once.answerable, 4))
    assert fit([many])[1] == pytest.approx(fit([once])[1], rel=1e-3)
    assert fit([many])[0] == pytest.approx(fit([once])[0], rel=1e-3)
    assert fit([other])[1] != pytest.approx(fit([once])[1], rel=1e-3)


def test_the_border_lies_between_the_classes_however_many_each_has() -> None:
    rows = np.zeros((101, len(NAMES)))
    truth = np.arange(101) < 100  # a hundred answerable ones, one that is not
    for name in SPEAKS_FOR:
        rows[:, AT[name]] = np.where(truth, 0.95, 0.75)
    intercept, weights = fit([Examples("lopsided", rows, truth)])
    scores = intercept + rows @ np.array(list(weights.values()))
    assert scores[0] > 0 > scores[-1]


def test_the_area_under_the_curve_by_hand() -> None:
    rows = np.zeros((3, len(NAMES)))
    rows[:, AT["closest"]] = [0.9, 0.5, 0.7]
    given = Examples("three", rows, np.array([True, True, False]))
    weights = dict.fromkeys(NAMES, 0.0) | {"closest": 1.0}
    assert curve(given, 0.0, weights) == 0.5
    assert curve(given, -3.0, weights) == 0.5
    assert curve(given, 0.0, {name: -weight for name, weight in weights.items()}) == 0.5
