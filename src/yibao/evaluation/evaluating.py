"""``yibao eval``: a BEIR folder or a question set goes in, plain values come out, to print, save or compare."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from yibao import wording
from yibao.corpus.beir import read_json_lines
from yibao.errors import InputError
from yibao.evaluation.comparing import compare_files
from yibao.evaluation.keeping import keep
from yibao.evaluation.measures import area_under_curve, summary
from yibao.evaluation.outcomes import Answerer, Outcome, run
from yibao.evaluation.questions import SHIPPED, Half, is_question_set, of_half, read_questions
from yibao.evaluation.report import print_table
from yibao.evaluation.report import write_report as write_html
from yibao.evaluation.retrieval import Ranker, evaluate_folder
from yibao.evaluation.retrieval import read_questions as read_judged
from yibao.request import Request

__all__ = [
    "SHIPPED",
    "broken_quotes",
    "compare",
    "comparison_text",
    "evaluate",
    "keep",
    "print_evaluation",
    "write_report",
]


class Evaluated(Answerer, Ranker, Protocol):
    """What is evaluated: it answers, searches, ranks and shows its articles."""


def evaluate(path: Path, pipeline: Evaluated, half: Half | None) -> dict[str, Any]:
    """Evaluate on a question set (``.jsonl``) or a BEIR folder.

    Raises:
        InputError: ``path`` is neither, or the questions belong to other articles than the index holds.
        MissingExtraError: an optional package is missing.
    """
    if not is_question_set(path):
        table = evaluate_folder(path, pipeline)
        return {"path": str(path), "questions": table.queries, "legs": table.legs} | _refusal(path, pipeline)
    questions = of_half(read_questions(path), half)
    try:
        outcomes = run(questions, pipeline)
    except LookupError as error:
        raise InputError(wording.EVAL_NOT_MATCHING.format(reason=error)) from error
    return {
        "path": path.name,
        "half": half,
        "summary": summary(outcomes),
        "outcomes": [outcome.to_json() for outcome in outcomes],
    }


def _refusal(folder: Path, pipeline: Evaluated) -> dict[str, Any]:
    """Return how well the confidence parts answerable from unanswerable questions, where the folder has both."""
    path = folder / "queries_unanswerable.jsonl"
    if not path.is_file():
        return {}
    foreign = [str(row["text"]) for _, row in read_json_lines(path) if row is not None and "text" in row]
    answerable, unanswerable = (
        [pipeline.ask(Request(question)).confidence for question in questions]
        for questions in (read_judged(folder)[0].values(), foreign)
    )
    return {"unanswerable": len(foreign), "area_under_curve": area_under_curve(answerable, unanswerable)}


def print_evaluation(path: Path, evaluation: dict[str, Any]) -> None:
    """Print what ``evaluate`` returned."""
    if "summary" in evaluation:
        print_table(evaluation["summary"])
        return
    print(wording.EVAL_TITLE.format(folder=path, queries=evaluation["questions"]))
    for leg, figures in evaluation["legs"].items():
        cells = (
            f"{name} {100 * f['mean']:.2f} ({100 * f['low']:.1f}-{100 * f['high']:.1f})" for name, f in figures.items()
        )
        print(f"{leg:8}", "  ".join(cells))
    if "area_under_curve" in evaluation:
        print(
            wording.EVAL_REFUSAL.format(count=evaluation["unanswerable"], area=f"{evaluation['area_under_curve']:.3f}")
        )


def write_report(folder: Path, evaluation: dict[str, Any]) -> Path:
    """Write the HTML page of a question set's evaluation.

    Raises:
        InputError: there are no outcomes: a BEIR folder was evaluated.
    """
    if "outcomes" not in evaluation:
        raise InputError(wording.EVAL_NO_REPORT)
    return write_html(folder, evaluation["summary"], [Outcome.from_json(row) for row in evaluation["outcomes"]])


def broken_quotes(evaluation: dict[str, Any]) -> int:
    """Return how many quotes were no slice of their article: any one fails the run."""
    return int(evaluation.get("summary", {}).get("broken_quotes", 0))


def compare(before: Path, after: Path) -> dict[str, Any]:
    """Return the paired comparison of two saved runs as plain values."""
    return asdict(compare_files(before, after))


def comparison_text(comparison: dict[str, Any]) -> str:
    """Return a comparison as lines for the terminal."""
    lines = [
        f"{d['measure']:16} {100 * d['before']:6.2f} -> {100 * d['after']:6.2f}   p = {d['p_value']:.4f}"
        for d in comparison["differences"]
    ]
    for sign, moved in (("+", comparison["better"]), ("-", comparison["worse"])):
        lines += [f"{sign} {name}" for name in moved]
    return "\n".join(lines)
