"""Fit the judge: ``python -m yibao.evaluation.fitting --corpus-index I --documents-index J --documents FOLDER``.

Each question of the split ``fit`` is searched for as it would be answered, the first passages are read, and every
sentence gets its signals. The weights are those of a conditional logit over the sentences and "nothing": of an
answerable question the sentences that hold the answer are right, of any other nothing is. Writes
``reader/data/judge.json`` and prints what such a judge is worth on documents it was not fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer
from scipy.optimize import minimize
from scipy.special import logsumexp

from yibao.config import Config
from yibao.evaluation.measures import area_under_curve
from yibao.pipeline import Pipeline, open_pipeline
from yibao.reader.checks import Checks
from yibao.reader.dataset import LabelledQuestion, of_split, read_labelled, touched
from yibao.reader.judging import WEIGHTS, Judge
from yibao.reader.reading import UNREAD
from yibao.reader.training.own import Library
from yibao.request import Request

FOLDS = 5
PRIOR = 0.002  # of a squared weight
FALSE_REFUSALS = 0.04
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """A question with the signals of what was found (sentences, names), and which sentences are right."""

    question: LabelledQuestion
    signals: Floats
    right: npt.NDArray[np.bool_]

    @property
    def usable(self) -> bool:
        """An answerable question whose sentence was not found teaches nothing of choosing."""
        return bool(len(self.signals)) and (not self.question.answerable or bool(self.right.any()))


def collect(
    questions: Sequence[LabelledQuestion], pipelines: Mapping[str, Pipeline], library: Library
) -> tuple[list[str], list[Found]]:
    """Search and read for each question in the index of its collection, ``documents`` or ``corpus``.

    Returns:
        the names of the signals, and what was found.
    """
    names: list[str] = []
    found = []
    for question in questions:
        collection, _, document = question.document.partition("/")
        result, rows = pipelines[collection].signals(Request(question.question, question.history))
        spans = library.spans(question) if question.answerable else []
        values, right = [], []
        for hit, row in zip(result.hits, rows, strict=False):
            here = hit.passage.article_id == library.article_id(document)
            for sentence, signals in zip(hit.passage.sentences, row, strict=True):
                if signals.margin > UNREAD:
                    values.append(list(signals.values().values()))
                    right.append(here and touched(spans, sentence.start, sentence.end))
                    names = names or list(signals.values())
        found.append(Found(question, np.array(values).reshape(len(values), len(names)), np.array(right, bool)))
    return names, found


def fit(names: Sequence[str], found: Sequence[Found], used: Sequence[str] | None = None) -> Judge:
    """Return the judge that makes what is right of ``found`` likeliest; signals not ``used`` weigh nothing."""
    taught = [each for each in found if each.usable]
    free = np.array([used is None or name in used for name in names])

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, nothing = np.where(free, values[:-1], 0.0), values[-1]
        total, slope = PRIOR * float(weights @ weights) * len(taught), np.zeros(len(values))
        slope[:-1] = 2 * PRIOR * weights * len(taught)
        for each in taught:
            scores = np.append(each.signals @ weights, nothing)
            rows = np.vstack([each.signals, np.zeros(len(names))])
            right = np.append(each.right, not each.question.answerable)
            everything, good = logsumexp(scores), logsumexp(scores[right])
            total += float(everything - good)
            pull = np.exp(scores - everything)
            pull[right] -= np.exp(scores[right] - good)
            slope[:-1] += pull @ rows
            slope[-1] += pull[-1]
        slope[:-1][~free] = 0.0
        return total / len(taught), slope / len(taught)

    best = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    return Judge({name: round(float(v), 4) for name, v in zip(names, np.where(free, best[:-1], 0.0), strict=True)},
                 round(float(best[-1]), 4))  # fmt: skip


def probabilities(names: Sequence[str], judge: Judge, found: Sequence[Found]) -> Floats:
    """Return for each question the probability that anything found answers it."""
    weights = np.array([judge.weights[name] for name in names])
    return np.array([judge.probability(list(each.signals @ weights)) if len(each.signals) else 0.0 for each in found])


def first_right(names: Sequence[str], judge: Judge, found: Sequence[Found]) -> float:
    """Return how often the best sentence is a right one, of the answerable questions."""
    weights = np.array([judge.weights[name] for name in names])
    asked = [each for each in found if each.question.answerable]
    return float(np.mean([len(e.signals) > 0 and bool(e.right[(e.signals @ weights).argmax()]) for e in asked]))


def across(names: Sequence[str], found: Sequence[Found], used: Sequence[str] | None = None) -> tuple[Floats, float]:
    """Return probabilities and ``first_right`` where each document is judged by weights fitted on the others."""
    folds = np.array([sha256(each.question.document.encode()).digest()[0] % FOLDS for each in found])
    out, hits, answerable = np.zeros(len(found)), 0.0, 0
    for fold in range(FOLDS):
        judge = fit(names, [each for each, n in zip(found, folds, strict=True) if n != fold], used)
        part = [each for each, n in zip(found, folds, strict=True) if n == fold]
        out[folds == fold] = probabilities(names, judge, part)
        count = sum(each.question.answerable for each in part)
        hits += first_right(names, judge, part) * count if count else 0.0
        answerable += count
    return out, hits / max(1, answerable)


def told(names: Sequence[str], found: Sequence[Found], used: Sequence[str] | None, label: str) -> None:
    """Print what a judge of some signals is worth on documents it was not fitted on."""
    probability, first = across(names, found, used)
    answerable = np.array([each.question.answerable for each in found])
    area = area_under_curve(probability[answerable].tolist(), probability[~answerable].tolist())
    threshold = np.quantile(probability[answerable], FALSE_REFUSALS)
    false = float((probability[~answerable] >= threshold).mean())
    print(f"{label:24} AUC {area:.3f}  first sentence {first:.3f}  false answers {false:.3f} at 4% false refusals")


def main(
    corpus_index: Annotated[Path, typer.Option(help="An index of corpus/.")],
    documents_index: Annotated[Path, typer.Option(help="An index of the documents.")],
    documents: Annotated[Path, typer.Option(help="Their folder.")],
    corpus: Path = Path("corpus"),
    write: Annotated[bool, typer.Option(help="Write judge.json.")] = True,
) -> None:
    """Fit the judge and say what it is worth."""
    library = Library({"documents": documents, "corpus": corpus})
    pipelines = {
        name: open_pipeline(Config(index=str(index), reader="bundled"))
        for name, index in (("corpus", corpus_index), ("documents", documents_index))
    }
    names, found = collect(of_split(read_labelled(), "fit"), pipelines, library)
    checks = [field.name for field in fields(Checks)]
    told(names, found, None, "all signals")
    told(names, found, [name for name in names if name != "margin"], "without the reader")
    told(names, found, [name for name in names if name not in checks], "without the checks")
    told(names, found, ["margin"], "the reader alone")
    judge = fit(names, found)
    print(json.dumps({"weights": judge.weights, "nothing": judge.nothing}, indent=1))
    if write:
        values = {"fitted_on": len(found), "weights": judge.weights, "nothing": judge.nothing}
        WEIGHTS.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
