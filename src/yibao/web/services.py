"""What the pages are given: the opened index, the settings, and what people thought of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from yibao.config import Config
from yibao.history.feedback import feedback_counts, worst_rated
from yibao.history.store import History
from yibao.pipeline import Pipeline


@dataclass(frozen=True)
class RatedQuestion:
    """A question that people rated, with the number of each rating or reason, in the words shown to them."""

    question: str
    counts: Mapping[str, int]


class FeedbackSource(Protocol):
    """Where ratings of answers are kept."""

    def counts(self) -> Mapping[str, int]:
        """Return how often each rating or reason was given, in the words shown to people."""
        ...

    def worst(self, limit: int) -> Sequence[RatedQuestion]:
        """Return at most ``limit`` questions, worst rated first."""
        ...


@dataclass(frozen=True)
class KeptFeedback:
    """The ratings that stand in the history of conversations."""

    history: History

    def counts(self) -> Mapping[str, int]:
        """Return how often each rating or reason was given."""
        return feedback_counts(self.history)

    def worst(self, limit: int) -> Sequence[RatedQuestion]:
        """Return at most ``limit`` questions, worst rated first."""
        return [RatedQuestion(question, counts) for question, counts in worst_rated(self.history, limit)]


@dataclass(frozen=True)
class PageServices:
    """What a page stands on. ``pipeline`` may wait until the model is loaded, and raises ``YibaoError``."""

    config: Config
    pipeline: Callable[[], Pipeline]
    feedback: FeedbackSource | None = None
