"""One question over one opened index, step by step: understand, find, answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from yibao.answer.composing import Checks, Material, compose, compose_parts
from yibao.answer.parts import split_parts
from yibao.answer.triage import triage
from yibao.answer.writing import Draft, emergency, nothing_asked
from yibao.clock import Clock
from yibao.index.embedding import Embedder, Vectors
from yibao.index.store import IndexReader
from yibao.language.normalise import well_formed
from yibao.language.segmenter import Segmenter
from yibao.records import Answer, Facets, Query
from yibao.search.evidence import TermWeights
from yibao.search.hybrid import Found, HybridSearch
from yibao.search.options import SearchOptions
from yibao.search.scale import QuestionVectors
from yibao.search.understanding import understand

if TYPE_CHECKING:
    from yibao.answer.writer import Writer


Step = Query | Found | Answer


def last(steps: Iterable[Step]) -> Answer:
    """Return the answer that the steps of a question lead to."""
    *_, answer = steps
    assert isinstance(answer, Answer)
    return answer


@dataclass(frozen=True)
class Answering:
    """An opened index with everything a question needs.

    ``correct`` mends spelling, None leaves it alone; ``writer`` is a language model that may add a summary.

    It keeps to the build it was made with while a newer one is opened.
    """

    reader: IndexReader
    search: HybridSearch
    correct: Callable[[str], str] | None
    embedder: Embedder
    segmenter: Segmenter
    options: SearchOptions
    refuse_below: float
    top_k: int
    today: date
    writer: Writer | None = None

    def steps(
        self, question: str, history: Sequence[str], facets: Facets | None = None, *, trial: bool = False
    ) -> Iterator[Step]:
        """Yield the question as understood, what was found, and last the answer.

        An emergency or an empty question yields the answer alone. With a language model the card comes first, then the
        same card with a growing summary. In a ``trial`` no other question is tried.
        """
        clock = Clock()
        question, history = well_formed(question), [well_formed(each) for each in history]
        if not any(character.isalnum() for character in question):
            yield nothing_asked(question)
            return
        with clock.step("triage"):
            danger = triage(question)
        if danger:
            yield emergency(question, danger, clock.seconds)
            return
        query = self._understand(question, history, facets, clock)
        yield query
        vector, found = self._find(query, clock)
        yield found
        parts = list(self._parts(query, clock))
        with clock.step("answer"):
            checks = Checks(self.reader.lexical.knows, None if trial else self._answers)
            whole = self._material(query, vector, found, clock)
            rest = [self._material(*part, clock) for part in parts]
            answer = compose_parts(whole, rest, checks) if rest else compose(whole, checks)
        yield answer
        if self.writer and answer.citations and not trial:
            from yibao.answer.writer import with_summary

            yield from with_summary(self.writer, answer)

    def find(self, question: str, history: Sequence[str]) -> Found:
        """Return what ``steps`` would answer from: passages with reasons, and the evidence."""
        clock, earlier = Clock(), [well_formed(each) for each in history]
        return self._find(self._understand(well_formed(question), earlier, None, clock), clock)[1]

    def _answers(self, question: str) -> bool:
        return last(self.steps(question, (), trial=True)).status == "answered"

    def _understand(self, question: str, history: Sequence[str], facets: Facets | None, clock: Clock) -> Query:
        with clock.step("understand"):
            query = understand(question, history, self.segmenter, self.correct)
            if self.writer and query.carried_from:
                from yibao.answer.writer import completed

                query = completed(
                    self.writer, query, history, lambda t: understand(t, (), self.segmenter, self.correct)
                )
            if not self.options.synonyms:
                query = replace(query, synonyms=(), synonym_tokens=())
            return query if facets is None else replace(query, facets=facets)

    def _find(self, query: Query, clock: Clock) -> tuple[Vectors, Found]:
        with clock.step("embed"):
            vectors = QuestionVectors.of(query, self.embedder)
        with clock.step("search"):
            return vectors.whole, self.search.search(query, vectors, self.top_k, self.options)

    def _parts(self, query: Query, clock: Clock) -> Iterator[tuple[Query, Vectors, Found]]:
        """Yield for each part of a question that asks several things what was found for it alone."""
        if query.carried_from is None:
            for part in split_parts(query.normalized):
                asked = understand(part, (), self.segmenter)
                yield asked, *self._find(asked, clock)

    def _material(self, query: Query, vector: Vectors, found: Found, clock: Clock) -> Material:
        warning = self.reader.warning
        notices = (warning,) if warning else ()
        return Material(
            draft=Draft(query, found.hits, found.evidence.probability, notices, clock.seconds, self.today),
            cosines=[list(self.search.closeness.sentences(row, vector)) for row in found.rows],
            covered=TermWeights.of(query.terms, self.reader.lexical).covered,
            articles=self.reader.database.articles_by_id({hit.passage.article_id for hit in found.hits}),
            refuse_below=self.refuse_below,
        )
