"""Question sets: who asks what, and which sentence of which article answers it.

A set is JSON Lines. ``gold`` quotes are verbatim, so they survive re-chunking; a question's half is drawn from
its id, so it never changes: one half is for tuning, the other for reporting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from yibao import wording
from yibao.corpus.beir import read_json_lines
from yibao.errors import InputError
from yibao.records import Facets, Status

Half = Literal["tune", "report"]
KINDS = (
    "direct", "colloquial", "figure", "phone", "region", "insurance", "person", "negation", "procedure",
    "comparison", "two-facts", "conflict", "follow-up", "typo", "traditional", "pinyin", "near-miss",
    "off-topic", "ask-back", "no-ask-back", "emergency", "emergency-lookalike",
)  # fmt: skip


SHIPPED = Path(__file__).parent / "questions.jsonl"


@dataclass(frozen=True)
class Gold:
    """A verbatim sentence or clause of an article that answers."""

    article: str
    quote: str


@dataclass(frozen=True)
class Question:
    """One question with its right outcome.

    ``standalone`` is the self-contained form of a follow-up, ``clean`` the right spelling of a mistyped question;
    both are empty elsewhere. With ``all_needed`` every gold is wanted, else any one of them.
    """

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    standalone: str
    clean: str
    gold: tuple[Gold, ...]
    all_needed: bool
    status: Status
    facets: Facets
    note: str

    @property
    def half(self) -> Half:
        """Which half the question belongs to: drawn from its id, so it is fixed."""
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0 else "report"


def shipped_questions() -> list[Question]:
    """Return the question set on the shipped articles."""
    return read_questions(SHIPPED)


def is_question_set(path: Path) -> bool:
    """Tell whether ``path`` is a question set of this project (a JSON Lines file)."""
    return path.is_file() and path.suffix == ".jsonl"


def read_questions(path: Path) -> list[Question]:
    """Read a question set.

    Raises:
        InputError: a line is no question; the message names it.
    """
    questions: list[Question] = []
    seen: set[str] = set()
    for number, row in read_json_lines(path):
        if row is None:
            raise InputError(wording.NOT_JSON_LINE.format(path=path, number=number))
        try:
            question = _question(row)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(wording.QUESTION_SET_LINE.format(path=path, number=number, reason=error)) from error
        if question.id in seen:
            raise InputError(wording.QUESTION_SET_LINE.format(path=path, number=number, reason=question.id))
        seen.add(question.id)
        questions.append(question)
    return questions


def _question(row: dict[str, Any]) -> Question:
    if row["kind"] not in KINDS or row["status"] not in get_args(Status):
        raise ValueError(f"{row['kind']} / {row['status']}")
    if not isinstance(row["history"], list) or not all(isinstance(t, str) for t in (row["question"], *row["history"])):
        raise TypeError("question / history")
    facets = row["facets"]
    return Question(
        id=str(row["id"]),
        kind=row["kind"],
        question=row["question"],
        history=tuple(row["history"]),
        standalone=row["standalone"],
        clean=row["clean"],
        gold=tuple(Gold(str(gold["article"]), str(gold["quote"])) for gold in row["gold"]),
        all_needed=bool(row["all_needed"]),
        status=row["status"],
        facets=Facets(
            **{name: tuple(facets[name]) for name in ("regions", "insurance", "person", "years")},
            treated_in=tuple(facets["treated_in"]) if "treated_in" in facets else (),
        ),
        note=row["note"],
    )


def of_half(questions: Iterable[Question], half: Half | None) -> list[Question]:
    """Return the questions of one half, or all."""
    return [question for question in questions if half is None or question.half == half]
