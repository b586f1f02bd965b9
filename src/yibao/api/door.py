"""The pipeline as seen through one door: what is asked through it is counted and logged under its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from yibao.api.failures import not_ready
from yibao.api.ledger import Ledger
from yibao.flow import Step, last
from yibao.pipeline import Pipeline
from yibao.records import Answer, Article, Passage
from yibao.request import Request
from yibao.search.hybrid import SearchResult


class Source(Protocol):
    """A pipeline that may still be opening."""

    @property
    def ready(self) -> bool:
        """Tell whether ``open`` returns at once."""

    def open(self) -> Pipeline:
        """Return the pipeline; waits until it is there."""


class Door:
    """A pipeline under the name of the door it is used through.

    Before the pipeline is ready a door either waits, as a page does, or refuses, as programs expect.
    """

    def __init__(self, name: str, source: Source, ledger: Ledger, *, waits: bool) -> None:
        self._name = name
        self._source = source
        self._ledger = ledger
        self._waits = waits

    def pipeline(self) -> Pipeline:
        """Return the pipeline.

        Raises:
            RefusedError: it is not ready and this door does not wait; YibaoError: it cannot be opened.
        """
        if not self._waits and not self._source.ready:
            raise not_ready()
        return self._source.open()

    def ask(self, request: Request) -> Answer:
        """Answer one question; see ``Pipeline.ask``."""
        return last(self.steps(request))

    def steps(self, request: Request) -> Iterator[Step]:
        """Answer one question step by step; see ``Pipeline.steps``."""
        given: Answer | None = None  # the last so far: a language model's summary makes it grow
        with self._ledger.answering():
            try:
                for step in self.pipeline().steps(request):
                    given = step if isinstance(step, Answer) else None
                    yield step
            finally:  # also where nobody waited for the end of the summary
                if given is not None:
                    self._ledger.record(given, self._name)

    def find(self, request: Request) -> SearchResult:
        """Return what an answer would be made from; see ``Pipeline.find``."""
        return self.pipeline().find(request)

    def article(self, article_id: str) -> Article:
        """Return an article by id; see ``Pipeline.article``."""
        return self.pipeline().article(article_id)

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by id.

        Raises:
            LookupError: the index holds none of that id.
        """
        passage = self.pipeline().reader.database.passage(passage_id)
        if passage is None:
            raise LookupError(passage_id)
        return passage
