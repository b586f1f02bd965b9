"""A dialogue as records: what was asked, what was answered, what the visitor thought of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Literal

from yibao.language.masking import mask
from yibao.records import Answer, Facets

Verdict = Literal["good", "bad"]
MAX_TITLE = 40  # characters
MAX_COMMENT = 500  # characters
_VISITOR = re.compile("[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Asked:
    """A question and how it was asked.

    ``facets`` were set by hand, None where they are read from the question; ``literal`` takes the question as typed:
    no follow-up, no spelling.
    """

    question: str
    facets: Facets | None = None
    literal: bool = False


@dataclass(frozen=True)
class Feedback:
    """What a visitor thinks of an answer; ``reason`` is a key of ``wording.FEEDBACK_REASONS`` or empty."""

    verdict: Verdict
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Turn:
    """A question, its answer, and questions that lead on. ``id`` is 0 until it is stored."""

    asked: Asked
    answer: Answer
    related: tuple[str, ...] = ()
    feedback: Feedback | None = None
    id: int = 0


@dataclass(frozen=True)
class Conversation:
    """One line of the list: ``updated`` is an ISO time in UTC."""

    id: str
    title: str
    updated: str


def new_visitor() -> str:
    """Return an id that nobody can guess: whoever holds it may read and delete that visitor's conversations."""
    return secrets.token_urlsafe(24)


def is_visitor(sent: str) -> bool:
    """Tell whether what a browser sent may be an id of ours, which is stored as it is: no text, no number to call."""
    return bool(_VISITOR.fullmatch(sent)) and mask(sent) == sent
