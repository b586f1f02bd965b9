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
from yibao.records import Answer, Facets, Hit, Query
from yibao.search.evidence import TermWeights
from yibao.search.hybrid import Found, HybridSearch
from yibao.search.options import SearchOptions
from yibao.search.scale import QuestionVectors
from yibao.search.understanding import understand

if TYPE_CHECKING:
    from yibao.answer.writer import Writer


ANSWERED_FROM = 10  # passages; those quoted are always shown, whatever else is
Step = Query | Found | Answer
_Asked = tuple[Query, Vectors, Found]  # a question or a part of it, and what was found for it


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
        vector, found = self._find(query, clock, max(self.top_k, ANSWERED_FROM))
        yield found.first(self.top_k)
        asked = [(query, vector, found), *self._parts(query, clock)]
        with clock.step("answer"):
            checks = Checks(self.reader.lexical.knows, None if trial else self._answers)
            answer = self._composed(asked, ANSWERED_FROM, clock, checks)
            if len(_quoted(answer)) > self.top_k:
                answer = self._composed(asked, self.top_k, clock, checks)
        answer = _showing(answer, found.hits, self.top_k)
        yield answer
        if self.writer and answer.citations and not trial:
            from yibao.answer.writer import with_summary

            yield from with_summary(self.writer, answer)

    def find(self, question: str, history: Sequence[str]) -> Found:
        """Return what ``steps`` would answer from: passages with reasons, and the evidence."""
        clock, earlier = Clock(), [well_formed(each) for each in history]
        return self._find(self._understand(well_formed(question), earlier, None, clock), clock, self.top_k)[1]

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

    def _find(self, query: Query, clock: Clock, count: int) -> tuple[Vectors, Found]:
        with clock.step("embed"):
            vectors = QuestionVectors.of(query, self.embedder)
        with clock.step("search"):
            return vectors.whole, self.search.search(query, vectors, count, self.options)

    def _parts(self, query: Query, clock: Clock) -> Iterator[_Asked]:
        """Yield for each part of a question that asks several things what was found for it alone."""
        if query.carried_from is None:
            for part in split_parts(query.normalized):
                asked = understand(part, (), self.segmenter)
                yield asked, *self._find(asked, clock, ANSWERED_FROM)

    def _composed(self, asked: Sequence[_Asked], count: int, clock: Clock, checks: Checks) -> Answer:
        """Return the answer from the ``count`` best passages, to the whole question and its parts."""
        whole, *parts = (self._material(query, vector, found.first(count), clock) for query, vector, found in asked)
        return compose_parts(whole, parts, checks) if parts else compose(whole, checks)

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


def _quoted(answer: Answer) -> set[str]:
    return {citation.passage_id for citation in answer.citations}


def _showing(answer: Answer, found: Sequence[Hit], count: int) -> Answer:
    """Return the answer with ``count`` hits: all that are quoted, and the best of the others found.

    Those that only a part of the question led to come last.
    """
    quoted, known = _quoted(answer), {hit.passage.id for hit in found}
    more = (hit for hit in answer.hits if hit.passage.id in quoted - known)
    pool = [*found, *(replace(hit, rank=rank) for rank, hit in enumerate(more, start=len(found) + 1))]
    others = [hit.rank for hit in pool if hit.passage.id not in quoted][: max(0, count - len(quoted))]
    return replace(answer, hits=tuple(hit for hit in pool if hit.rank in others or hit.passage.id in quoted))
