from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from yibao.answer.danger_head import WEIGHTS, danger_head, grams
from yibao.answer.triage import triage
from yibao.evaluation.triage_training import (
    Design,
    Sentence,
    everyday,
    figures,
    fold_of,
    labelled,
    shipped,
    threshold_for,
)
from yibao.language.normalise import fold
from yibao.reader.dataset import read_labelled

SENTENCES = labelled()


def test_there_are_as_many_look_alikes_as_dangers_of_each_hand() -> None:
    for hand, least in (("first", 2600), ("second", 600), ("third", 200)):
        own = [sentence for sentence in SENTENCES if sentence.hand == hand]
        assert len(own) >= least
        assert 0.4 <= sum(sentence.danger is None for sentence in own) / len(own) <= 0.6


def test_a_model_of_one_hand_tells_the_sentences_of_the_other() -> None:
    design = Design(SENTENCES)
    truth = np.array([sentence.danger is not None for sentence in SENTENCES])
    hands = np.array([sentence.hand for sentence in SENTENCES])
    tried = np.flatnonzero(hands == "second")
    scores = design.scores(design.fit(truth, np.flatnonzero(hands == "first")), tried)
    level = threshold_for(scores[~truth[tried]], 0.05)
    assert figures(scores, truth[tried], level)["recall"] >= 0.9


def test_the_shipped_file_is_what_the_command_makes() -> None:
    design = Design([*SENTENCES, *shipped(), *everyday()])
    written = danger_head().danger.weights
    assert written.keys() <= set(design.grams)
    assert json.loads(WEIGHTS.read_text(encoding="utf-8"))["fitted_on"] == {
        **Counter(sentence.hand for sentence in SENTENCES),
        "shipped": len(shipped()),
        "everyday": len(everyday()),
    }
    assert WEIGHTS.stat().st_size < 1_200_000


def test_what_people_ask_about_laws_and_benefits_rings_no_alarm() -> None:
    asked = [each.question for each in read_labelled() if each.split != "train"]
    assert sum(triage(question) is not None for question in asked) / len(asked) <= 0.01


def test_the_stored_model_scores_as_the_matrix_does() -> None:
    sentences = [Sentence(text, danger, "first") for text, danger in [("胸口疼", "medical"), ("报销比例", None)] * 3]
    design, truth = Design(sentences), np.array([True, False] * 3)
    model = design.fit(truth, np.arange(6))
    by_hand = [design.linear(model).score(grams(fold(sentence.text))) for sentence in sentences]
    assert by_hand == pytest.approx(design.scores(model, np.arange(6)).tolist())
    assert by_hand[0] > 0 > by_hand[1]


def test_figures_are_shares_of_each_class() -> None:
    scores, truth = np.array([3.0, 1.0, 2.0, 0.0, -1.0, -2.0]), np.array([True, True, False, False, False, False])
    assert figures(scores, truth, 2.0) == {"recall": 0.5, "false_alarms": 0.25}
    assert threshold_for(np.arange(101.0), 0.05) == pytest.approx(95.0)


def test_wordings_of_the_same_characters_share_a_fold() -> None:
    assert fold_of("老人昏倒了") == fold_of("昏倒了老人")
    assert {fold_of(sentence.text) for sentence in SENTENCES} == {0, 1, 2, 3, 4}
