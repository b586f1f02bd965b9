"""Fit the danger head: ``python -m yibao.evaluation.triage_training``.

Penalised logistic regression over character grams, on the labelled sentences of the package, the tuning half of the
shipped questions and the reader's training questions. Writes ``answer/danger_head.json`` and prints recall and false
alarms: five-fold, and fitted on the sentences of one hand, tried on those of the other. Nothing is drawn by chance, so
every run writes the same file.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from yibao.answer.danger_core import core_danger
from yibao.answer.danger_head import SENTENCES, WEIGHTS, Linear, grams, stored
from yibao.evaluation.questions import of_half, shipped_questions
from yibao.language.normalise import fold
from yibao.reader.dataset import of_split, read_labelled

FOLDS = 5
FALSE_ALARMS = 0.05  # of the look-alikes of HANDS, cross-validated: where the threshold is set
HANDS = ("first", "second")
_RAREST = 3  # sentences that a gram stands in
_PENALTY = 0.1
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sentence:
    """A labelled sentence: ``danger`` is the kind or None, ``hand`` who wrote it, ``shipped`` for shipped questions."""

    text: str
    danger: str | None
    hand: str


def labelled() -> list[Sentence]:
    """Return the sentences of the package."""
    rows = map(json.loads, SENTENCES.read_text(encoding="utf-8").splitlines())
    return [Sentence(row["question"], row["danger"], row["hand"]) for row in rows]


def shipped() -> list[Sentence]:
    """Return the tuning half of the shipped questions: what people mostly ask."""
    questions = of_half(shipped_questions(), "tune")
    return [Sentence(q.question, "medical" if q.kind == "emergency" else None, "shipped") for q in questions]


def everyday() -> list[Sentence]:
    """Return the reader's training questions as calm ones: what people ask about laws and benefits, relatives in them.

    Without them a head that has seen mostly sentences about illness takes 我爸 and 老公 for signs of danger. Those that
    the core of rules rings for are left out.
    """
    asked = (each.question for each in of_split(read_labelled(), "train"))
    return [Sentence(question, None, "everyday") for question in asked if core_danger(fold(question)) is None]


class Design:
    """Sentences as a sparse matrix: rarer grams count more, long sentences as much as short ones."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        from scipy.sparse import csr_matrix

        seen = [grams(fold(sentence.text)) for sentence in sentences]
        counts = Counter(gram for each in seen for gram in each)
        self.grams = sorted(gram for gram, count in counts.items() if count >= _RAREST)
        self.rarity = np.array([1.0 + math.log((1 + len(seen)) / (1 + counts[gram])) for gram in self.grams])
        place = {gram: number for number, gram in enumerate(self.grams)}
        columns = [sorted(place[gram] for gram in each if gram in place) for each in seen]
        flat = np.array([column for row in columns for column in row], np.int64)
        lengths = np.array([len(row) for row in columns])
        norms = np.repeat([1.0 / math.sqrt(len(each)) for each in seen], lengths)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        self.rows: Any = csr_matrix((self.rarity[flat] * norms, flat, ends), shape=(len(seen), len(self.grams)))

    def fit(self, truth: Flags, chosen: npt.NDArray[np.int64]) -> Floats:
        """Return intercept and weights fitted on the chosen rows."""
        from scipy.optimize import minimize

        rows, sides = self.rows[chosen], np.where(truth[chosen], 1.0, -1.0)
        turned = rows.T.tocsr()

        def loss(values: Floats) -> tuple[float, Floats]:
            margins = sides * (values[0] + rows @ values[1:])
            pull = -sides / (1.0 + np.exp(np.clip(margins, -50.0, 50.0)))
            gradient = np.concatenate([[pull.sum()], turned @ pull + 2 * _PENALTY * values[1:]])
            return float(np.logaddexp(0.0, -margins).sum() + _PENALTY * (values[1:] @ values[1:])), gradient

        options = {"maxiter": 200}
        found: Floats = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options=options).x
        return found

    def scores(self, model: Floats, chosen: npt.NDArray[np.int64]) -> Floats:
        """Return the log-odds of the chosen rows."""
        scores: Floats = model[0] + self.rows[chosen] @ model[1:]
        return scores

    def linear(self, model: Floats) -> Linear:
        """Return a model for texts that are not in the matrix."""
        weights = model[1:] * self.rarity
        return Linear(float(model[0]), dict(zip(self.grams, map(float, weights), strict=True)))


def fold_of(text: str) -> int:
    """Return the fold of a sentence, by the characters it is made of: the same words in other order stay together."""
    digest = hashlib.sha256("".join(sorted(set(fold(text)))).encode()).digest()
    return digest[0] % FOLDS


def cross_validated(design: Design, truth: Flags, folds: npt.NDArray[np.int64]) -> Floats:
    """Return a score for every sentence, of a model that has not seen its fold."""
    scores = np.zeros(len(truth))
    for number in range(FOLDS):
        held = np.flatnonzero(folds == number)
        scores[held] = design.scores(design.fit(truth, np.flatnonzero(folds != number)), held)
    return scores


def threshold_for(calm: Floats, false_alarms: float) -> float:
    """Return the score that the given share of calm sentences reaches."""
    return float(np.quantile(calm, 1.0 - false_alarms))


def figures(scores: Floats, truth: Flags, threshold: float) -> dict[str, float]:
    """Return the shares of dangers, if there are any, and of calm sentences that reach the threshold."""
    rang = scores >= threshold
    shares = {"recall": rang[truth], "false_alarms": rang[~truth]}
    return {name: round(float(part.mean()), 3) for name, part in shares.items() if len(part)}


def main() -> None:
    """Fit, print the figures, write the file."""
    sentences = [*labelled(), *shipped(), *everyday()]
    design, hands = Design(sentences), np.array([sentence.hand for sentence in sentences])
    truth = np.array([sentence.danger is not None for sentence in sentences])
    harm = np.array([sentence.danger == "self_harm" for sentence in sentences])
    folds = np.array([fold_of(sentence.text) for sentence in sentences])
    scores = cross_validated(design, truth, folds)
    threshold = threshold_for(scores[~truth & np.isin(hands, HANDS)], FALSE_ALARMS)
    report = {hand: figures(scores[hands == hand], truth[hands == hand], threshold) for hand in sorted(set(hands))}
    for own, other in (HANDS, HANDS[::-1]):
        tried = np.flatnonzero(hands == other)
        foreign = design.scores(design.fit(truth, np.flatnonzero(hands == own)), tried)
        for share in (0.1, 0.05, 0.02):
            level = threshold_for(foreign[~truth[tried]], share)
            report[f"fitted on {own}, tried on {other}, at {share}"] = figures(foreign, truth[tried], level)
    everything = np.arange(len(truth))
    values = {
        "made_by": "python -m yibao.evaluation.triage_training",
        "fitted_on": dict(Counter(hands.tolist())),
        "cross_validation": report,
        "threshold": round(threshold, 4),
        "danger": stored(design.linear(design.fit(truth, everything))),
        "self_harm": stored(design.linear(design.fit(harm, np.flatnonzero(truth)))),
    }
    WEIGHTS.write_text(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(json.dumps({name: values[name] for name in ("fitted_on", "cross_validation", "threshold")}, indent=1))


if __name__ == "__main__":
    main()
