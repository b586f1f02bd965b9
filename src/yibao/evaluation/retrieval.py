"""Retrieval measures on BEIR folders with ``ir_measures``; a question without hits counts as zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from yibao import wording
from yibao.corpus.beir import read_json_lines
from yibao.errors import InputError, MissingExtraError
from yibao.evaluation.measures import mean_with_interval

Leg = Literal["lexical", "dense", "hybrid"]
LEGS: tuple[Leg, ...] = ("lexical", "dense", "hybrid")
_DEPTH = 100


class Ranker(Protocol):
    """What is measured: ids with scores for each question, best first."""

    def rank(
        self, questions: Sequence[str], top_k: int, leg: Leg, *, by_article: bool
    ) -> Iterable[Sequence[tuple[str, float]]]:
        """Return one ranking per question."""
        ...


@dataclass(frozen=True)
class RetrievalTable:
    """Means over the judged questions with their 95% intervals, in 0..1, by leg and measure."""

    queries: int
    legs: dict[str, dict[str, dict[str, float]]]


def evaluate_folder(folder: Path, ranker: Ranker) -> RetrievalTable:
    """Measure every leg on the questions of a BEIR folder.

    Raises:
        InputError: the folder has no questions or no judgements.
        MissingExtraError: ``ir_measures`` is not installed.
    """
    try:
        import ir_measures
        from ir_measures import RR, R, nDCG
    except ImportError as error:
        raise MissingExtraError(wording.EXTRA_MISSING.format(extra="eval")) from error
    questions, qrels = read_questions(folder)
    measures = [nDCG @ 10, RR @ 10, R @ 1, R @ 5, R @ 10, R @ 100]
    judged = [ir_measures.Qrel(q, d, grade) for q, row in qrels.items() for d, grade in row.items()]
    legs: dict[str, dict[str, dict[str, float]]] = {}
    for leg in LEGS:
        ranked = ranker.rank(list(questions.values()), _DEPTH, leg, by_article=True)
        run = [
            ir_measures.ScoredDoc(question, name, -float(place))  # by rank: equal scores keep their order
            for question, row in zip(questions, ranked, strict=True)
            for place, (name, _) in enumerate(row)
        ]
        values = {
            (metric.query_id, metric.measure): metric.value for metric in ir_measures.iter_calc(measures, judged, run)
        }
        legs[leg] = {
            str(measure): mean_with_interval([values.get((question, measure), 0.0) for question in questions])
            for measure in measures
        }
    return RetrievalTable(len(questions), legs)


def read_questions(folder: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return the judged questions by id, and their judgements by question and article id.

    Raises:
        InputError: a file is missing, a line is broken, or no question is judged.
    """
    queries, judgements = folder / "queries.jsonl", folder / "qrels" / "test.tsv"
    if not queries.is_file() or not judgements.is_file():
        raise InputError(wording.NOT_BEIR_FOLDER.format(path=folder))
    qrels = _read_judgements(judgements)
    questions: dict[str, str] = {}
    for number, row in read_json_lines(queries):
        if row is None or row.get("_id") is None or not isinstance(row.get("text"), str):
            raise InputError(wording.BEIR_QUERY_LINE.format(path=queries, number=number))
        if str(row["_id"]) in qrels:
            questions[str(row["_id"])] = row["text"]
    if not questions:
        raise InputError(wording.NOTHING_JUDGED.format(path=folder))
    return questions, qrels


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return the grade of each article by question; the first line may be a header."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(wording.FILE_UNREADABLE.format(path=path)) from error
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question, article, grade = line.split("\t")
            qrels.setdefault(question, {})[article] = int(grade)
        except ValueError as error:
            if number > 1:
                raise InputError(wording.QRELS_LINE.format(path=path, number=number)) from error
    return qrels
