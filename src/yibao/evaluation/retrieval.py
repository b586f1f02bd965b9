"""Retrieval measures on BEIR folders with ``ir_measures``; a question without hits counts as zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from yibao import wording
from yibao.corpus.beir import read_json_lines
from yibao.errors import InputError, MissingExtraError
from yibao.evaluation.measures import SHOWN, mean_with_interval
from yibao.records import Passage

Leg = Literal["lexical", "dense", "hybrid"]
LEGS: tuple[Leg, ...] = ("lexical", "dense", "hybrid")
_DEPTH = 300  # passages looked at: a hundred articles and more


class Ranker(Protocol):
    """What is measured: passages with scores for each question, best first."""

    def passages(self, questions: Sequence[str], top_k: int, leg: Leg) -> Iterable[Sequence[tuple[Passage, float]]]:
        """Return one ranking per question."""
        ...


@dataclass(frozen=True)
class RetrievalTable:
    """Means over the judged questions with their 95% intervals, in 0..1, by leg and measure.

    ``evidence@300`` is the share of the questions with answer spans for which one of them stands in the first 300
    characters of the passages shown; it is left out where the folder has no spans.
    """

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
    answers = _read_answers(folder / "queries.jsonl")
    for leg in LEGS:
        ranked = list(ranker.passages(list(questions.values()), _DEPTH, leg))
        run = [
            ir_measures.ScoredDoc(question, name, -float(place))  # by rank: equal scores keep their order
            for question, row in zip(questions, ranked, strict=True)
            for place, name in enumerate(dict.fromkeys(passage.article_id for passage, _ in row))
        ]
        values = {
            (metric.query_id, metric.measure): metric.value for metric in ir_measures.iter_calc(measures, judged, run)
        }
        legs[leg] = {
            str(measure): mean_with_interval([values.get((question, measure), 0.0) for question in questions])
            for measure in measures
        }
        shown = {question: _shown(row) for question, row in zip(questions, ranked, strict=True) if question in answers}
        for limit in SHOWN if shown else ():
            found = [float(any(span in text[:limit] for span in answers[name])) for name, text in shown.items()]
            legs[leg][f"evidence@{limit}"] = mean_with_interval(found)
    return RetrievalTable(len(questions), legs)


def _shown(ranking: Sequence[tuple[Passage, float]]) -> str:
    """Return what a reader sees first: passage after passage, without white space."""
    text = ""
    for passage, _ in ranking:
        text += "".join(passage.text.split())
        if len(text) >= SHOWN[-1]:
            break
    return text


def _read_answers(queries: Path) -> dict[str, list[str]]:
    """Return the answer spans of the questions that have a list of them, without white space."""
    rows = (row for _, row in read_json_lines(queries) if row is not None and isinstance(row.get("answers"), list))
    spans = {str(row["_id"]): ["".join(str(span).split()) for span in row["answers"]] for row in rows}
    return {name: [span for span in found if span] for name, found in spans.items() if any(found)}


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
