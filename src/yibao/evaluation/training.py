"""Fit the evidence model: ``python -m yibao.evaluation.training --index INDEX [--unanswerable FOLDER INDEX]``.

Logistic regression on the tuning half of the shipped questions, each class weighing the same. A BEIR folder with
``queries_unanswerable.jsonl`` may be added, so that the model holds on text of another kind too; each set weighs the
same. Writes ``search/evidence.json`` and prints the area under the curve on each set, also when the model was fitted
without it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from yibao.config import Config
from yibao.corpus.beir import read_json_lines
from yibao.evaluation.measures import ANSWERABLE, area_under_curve
from yibao.evaluation.questions import of_half, shipped_questions
from yibao.evaluation.retrieval import read_questions
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request
from yibao.search.evidence import COEFFICIENTS, Measures

NAMES = tuple(field.name for field in fields(Measures))
SAMPLE = 600  # questions of each class taken from a BEIR folder
REGULARISATION = 4.0
PRIOR = 0.1  # of a standardised weight
SPEAKS_FOR = ("closest", "passage")
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Measures of questions, one row each, and whether the articles answer them."""

    name: str
    measures: Floats
    answerable: npt.NDArray[np.bool_]


def shipped(pipeline: Pipeline) -> Examples:
    """Return the tuning half of the shipped questions; emergencies never come this far."""
    questions = [q for q in of_half(shipped_questions(), "tune") if q.status != "emergency"]
    rows = [_row(pipeline, q.question, q.history) for q in questions]
    return Examples("shipped", np.array(rows), np.array([q.status in ANSWERABLE for q in questions], bool))


def from_beir(folder: Path, pipeline: Pipeline) -> Examples:
    """Return answerable and unanswerable questions of a BEIR folder."""
    answerable = list(read_questions(folder)[0].values())[:SAMPLE]
    unanswerable = [str(row["text"]) for _, row in read_json_lines(folder / "queries_unanswerable.jsonl") if row][
        :SAMPLE
    ]
    rows = [_row(pipeline, question, ()) for question in [*answerable, *unanswerable]]
    return Examples(folder.name, np.array(rows), np.arange(len(rows)) < len(answerable))


def _row(pipeline: Pipeline, question: str, history: Sequence[str]) -> list[float]:
    measures = asdict(pipeline.find(Request(question, history)).evidence.measures)
    return [measures[name] for name in NAMES]


def fit(sets: Sequence[Examples]) -> tuple[float, dict[str, float]]:
    """Return intercept and weights; each set, and in it each class, weighs the same.

    Penalised logistic regression. What speaks for an answer cannot be fitted to speak against it, nor the other way
    round, and every weight starts from a small one of its sign: a measure that the questions hardly vary in keeps it.
    """
    from scipy.optimize import minimize

    rows, truth = np.vstack([e.measures for e in sets]), np.concatenate([e.answerable for e in sets])
    importance = np.concatenate([_balanced(examples.answerable) for examples in sets])
    centre, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 0.05)
    inputs, sides = (rows - centre) / scale, np.where(truth, 1.0, -1.0)
    signs = np.array([1.0 if name in SPEAKS_FOR else -1.0 for name in NAMES])
    start = np.concatenate([[0.0], PRIOR * signs])

    def loss(values: Floats) -> tuple[float, Floats]:
        margins = sides * (values[0] + inputs @ values[1:])
        distance = values[1:] - start[1:]
        pull = -importance * sides / (1.0 + np.exp(np.clip(margins, -50.0, 50.0)))
        gradient = np.concatenate([[pull.sum()], inputs.T @ pull + 2 * REGULARISATION * distance])
        return float(
            (importance * np.logaddexp(0.0, -margins)).sum() + REGULARISATION * (distance @ distance)
        ), gradient

    bounds = [(None, None), *((0.0, None) if sign > 0 else (None, 0.0) for sign in signs)]
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    slopes = found.x[1:] / scale
    return float(found.x[0] - slopes @ centre), dict(zip(NAMES, map(float, slopes), strict=True))


def _balanced(truth: npt.NDArray[np.bool_]) -> Floats:
    share = float(truth.mean())
    weights: Floats = np.where(truth, 0.5 / share, 0.5 / (1 - share)) * 1000 / len(truth)
    return weights


def curve(examples: Examples, intercept: float, weights: dict[str, float]) -> float:
    """Return the area under the curve of a model on a set."""
    scores = intercept + examples.measures @ np.array([weights[name] for name in NAMES])
    return area_under_curve(scores[examples.answerable].tolist(), scores[~examples.answerable].tolist())


def main(
    index: Annotated[Path, typer.Option(help="index of the shipped articles")] = Path("index"),
    unanswerable: Annotated[tuple[Path, Path] | None, typer.Option(help="a BEIR folder and its index")] = None,
) -> None:
    """Fit, print the areas, write the file."""
    sets = [shipped(open_pipeline(Config(index=str(index))))]
    if unanswerable:
        folder, its_index = unanswerable
        sets.append(from_beir(folder, open_pipeline(Config(index=str(its_index)))))
    intercept, weights = fit(sets)
    for examples in sets:
        line = f"{examples.name}: area {curve(examples, intercept, weights):.3f}"
        others = [other for other in sets if other is not examples]
        if others:
            line += f", fitted without it {curve(examples, *fit(others)):.3f}"
        best = max(
            (area_under_curve(column[examples.answerable].tolist(), column[~examples.answerable].tolist()), name)
            for name, column in zip(NAMES, examples.measures.T, strict=True)
        )
        print(f"{line}, best single measure {best[1]} {best[0]:.3f}")
    values: dict[str, Any] = {
        "fitted_on": {examples.name: len(examples.answerable) for examples in sets},
        "made_by": "python -m yibao.evaluation.training",
        "intercept": round(intercept, 4),
        "weights": {name: round(weight, 4) for name, weight in weights.items()},
    }
    COEFFICIENTS.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(COEFFICIENTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    typer.run(main)
