"""One question over one opened index, step by step: understand, find, answer, try what the answer proposes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from yibao.answer.composing import Material, compose, compose_parts
from yibao.answer.parts import split_parts
from yibao.answer.quoting import retrieval_scores
from yibao.answer.refusing import MOST_SUGGESTIONS
from yibao.answer.statuses import Draft, showing, unsearched
from yibao.clock import Clock
from yibao.index.embedding import Embedder, Vectors
from yibao.index.store import IndexReader
from yibao.language.masking import mask
from yibao.language.normalise import well_formed
from yibao.language.segmenter import Segmenter
from yibao.reader.found import judge_found, read_found
from yibao.reader.judging import Signals, shipped_judge
from yibao.reader.reading import Reader
from yibao.records import Answer, Article, Facets, Query
from yibao.request import AS_SHIPPED, Request, SearchOptions
from yibao.search.evidence import TermWeights
from yibao.search.hybrid import HybridSearch, SearchResult
from yibao.search.understanding import understand

if TYPE_CHECKING:
    from yibao.answer.summary import Writer


ANSWERED_FROM = 10  # passages, however many are shown; those quoted always are
Step = Query | SearchResult | Answer


@dataclass(frozen=True)
class _Asked:
    """A question or a part of one, its vector, and what was found for it."""

    query: Query
    vector: Vectors
    found: SearchResult


def last(steps: Iterable[Step]) -> Answer:
    """Return the answer that the steps of a question lead to."""
    *_, answer = steps
    assert isinstance(answer, Answer)
    return answer


def without_personal_numbers(request: Request) -> Request:
    """Return the request as everything behind the doors may see, log and store it.

    Personal numbers are masked before anything is derived from the question, so that no word, no hit and no completed
    follow-up can carry one on; halves of surrogate pairs, which no file takes, are replaced.
    """
    question, *history = map(_clean, (request.question, *request.history))
    facets = None if request.facets is None else _clean_facets(request.facets)
    return replace(request, question=question, history=tuple(history), facets=facets)


def _clean(text: str) -> str:
    return mask(well_formed(text))


def _clean_facets(facets: Facets) -> Facets:
    regions, person, treated_in, topics = (
        tuple(map(_clean, values)) for values in (facets.regions, facets.person, facets.treated_in, facets.topics)
    )
    return replace(facets, regions=regions, person=person, treated_in=treated_in, topics=topics)


@dataclass(frozen=True)
class Flow:
    """An opened index with everything a question needs.

    ``correct`` mends spelling; ``refuse_below`` and ``top_k`` hold where a request does not say; ``writer`` is a
    language model that may add a summary; without a ``passage_reader`` the order of retrieval decides what is quoted.

    It keeps to the build it was made with while a newer one is opened.
    """

    reader: IndexReader
    search: HybridSearch
    correct: Callable[[str], str]
    embedder: Embedder
    segmenter: Segmenter
    refuse_below: float
    top_k: int
    today: date
    writer: Writer | None = None
    passage_reader: Reader | None = None

    def steps(self, request: Request) -> Iterator[Step]:
        """Yield the question as understood, what was found, and last the answer.

        An emergency or an empty question yields the answer alone. With a language model the card comes first, then the
        same card with a growing summary.
        """
        clock, request = Clock(), without_personal_numbers(request)
        if (answer := unsearched(request.question, clock)) is not None:
            yield answer
            return
        shown, options = self._shown(request), request.options
        query = self._understand(request, clock)
        yield query
        whole, *parts = self._search([query, *self._parts(query)], options, clock, max(shown, ANSWERED_FROM))
        yield whole.found.first(shown)
        with clock.step("answer"):
            answer = self._composed(whole, parts, options, clock)
            answer = self._tried(answer, whole, parts, options, clock)
        answer = showing(answer, whole.found.hits, shown)
        yield answer
        if self.writer and answer.citations:
            from yibao.answer.summary import with_summary

            yield from with_summary(self.writer, answer)

    def find(self, request: Request) -> SearchResult:
        """Return what ``steps`` would answer from: passages with reasons, and the evidence."""
        clock, request = Clock(), without_personal_numbers(request)
        (asked,) = self._search([self._understand(request, clock)], request.options, clock, self._shown(request))
        return asked.found

    def signals(self, request: Request) -> tuple[SearchResult, list[list[Signals]]]:
        """Return what is found for a question, and what reader and checks say of the sentences of the first hits.

        The judge is fitted on these. Only with a ``passage_reader``.
        """
        assert self.passage_reader
        clock, request = Clock(), without_personal_numbers(request)
        (asked,) = self._search([self._understand(request, clock)], request.options, clock, ANSWERED_FROM)
        articles, cosines = self._texts(asked)
        return asked.found, read_found(
            self.passage_reader, asked.query, asked.found.hits, cosines, self._covered(asked.query), articles
        )

    def answered(self, questions: Sequence[str], options: SearchOptions = AS_SHIPPED) -> list[bool]:
        """Tell which questions, each asked alone, get an answer.

        All are encoded in one batch; what their own answers would propose is not tried. Retrieval alone decides:
        reading for each of them what was found would take seconds.
        """
        clock, options = Clock(), replace(options, reader=False)
        requests = [without_personal_numbers(Request(question, options=options)) for question in questions]
        open_ones = [request for request in requests if unsearched(request.question, clock) is None]
        queries = [self._understand(request, clock) for request in open_ones]
        groups = [[query, *self._parts(query)] for query in queries]
        asked = iter(self._search([query for group in groups for query in group], options, clock, ANSWERED_FROM))
        found = {}
        for request, group in zip(open_ones, groups, strict=True):
            whole, *parts = (next(asked) for _ in group)
            found[request.question] = self._composed(whole, parts, options, clock).status == "answered"
        return [found.get(request.question, False) for request in requests]

    def _shown(self, request: Request) -> int:
        return self.top_k if request.top_k is None else request.top_k

    def _understand(self, request: Request, clock: Clock) -> Query:
        correct = self.correct if request.options.spelling else None
        with clock.step("understand"):
            query = understand(request.question, request.history, self.segmenter, correct)
            if self.writer and query.carried_from:
                from yibao.answer.summary import completed

                query = completed(
                    self.writer, query, request.history, lambda t: understand(t, (), self.segmenter, correct)
                )
            if not request.options.synonyms:
                query = replace(query, synonyms=(), synonym_tokens=())
            return query if request.facets is None else replace(query, facets=request.facets)

    def _parts(self, query: Query) -> Iterator[Query]:
        """Yield the parts of a question that asks several things, each as a question of its own."""
        if query.carried_from is None:
            for part in split_parts(query.normalized):
                yield understand(part, (), self.segmenter)

    def _search(self, queries: Sequence[Query], options: SearchOptions, clock: Clock, count: int) -> list[_Asked]:
        """Encode all questions in one batch and search for each."""
        with clock.step("embed"):
            vectors = self.embedder.encode_queries([query.normalized for query in queries])
        with clock.step("search"):
            return [
                _Asked(query, vector, self.search.search(query, vector, count, options))
                for query, vector in zip(queries, vectors, strict=True)
            ]

    def _composed(
        self, whole: _Asked, parts: Sequence[_Asked], options: SearchOptions, clock: Clock, *, may_ask: bool = True
    ) -> Answer:
        """Return the answer to the whole question and its parts, what it proposes still untried."""
        material, *others = (self._material(each, options, clock) for each in (whole, *parts))
        knows = self.reader.lexical.knows
        if others:
            return compose_parts(material, others, knows, may_ask=may_ask)
        return compose(material, knows, may_ask=may_ask)

    def _tried(
        self, answer: Answer, whole: _Asked, parts: Sequence[_Asked], options: SearchOptions, clock: Clock
    ) -> Answer:
        """Return the answer with those of its choices and suggestions that are answered when they are asked.

        With fewer than two choices there is nothing to ask back: then the question is answered as it is.
        """
        if answer.status == "ask_back":
            questions = [choice.question for choice in answer.choices]
            good = self.answered(questions, options)
            choices = tuple(choice for choice, ok in zip(answer.choices, good, strict=True) if ok)
            if len(choices) > 1:
                return replace(answer, choices=choices)
            answer = self._composed(whole, parts, options, clock, may_ask=False)
        good = self.answered(answer.suggestions, options)
        kept = [title for title, ok in zip(answer.suggestions, good, strict=True) if ok]
        return replace(answer, suggestions=tuple(kept[:MOST_SUGGESTIONS]))

    def _material(self, asked: _Asked, options: SearchOptions, clock: Clock) -> Material:
        query, found = asked.query, asked.found.first(ANSWERED_FROM)
        articles, cosines = self._texts(asked)
        covered = self._covered(query)
        scores: Sequence[Sequence[float]]
        if self.passage_reader and options.reader:
            with clock.step("read"):
                signals = read_found(self.passage_reader, query, found.hits, cosines, covered, articles)
                judged = judge_found(shipped_judge(), found.hits, signals)
            scores, confidence = judged.scores, judged.confidence
        else:
            scores = retrieval_scores(query.normalized, found.hits, cosines, covered, lambda id_: articles[id_].text)
            confidence = found.evidence.probability
        notices = (self.reader.warning,) if self.reader.warning else ()
        return Material(
            draft=Draft(query, found.hits, confidence, notices, clock.seconds, self.today),
            scores=scores,
            articles=articles,
            refuse_below=self.refuse_below if options.refuse_below is None else options.refuse_below,
        )

    def _covered(self, query: Query) -> Callable[[str], float]:
        return TermWeights.of(query.terms, self.reader.lexical).covered

    def _texts(self, asked: _Asked) -> tuple[dict[str, Article], list[list[float]]]:
        """Return the articles of the first hits by id, and for each hit the closeness of its sentences."""
        found = asked.found.first(ANSWERED_FROM)
        articles = self.reader.database.articles_by_id({hit.passage.article_id for hit in found.hits})
        return articles, [self.search.closeness.sentences(row, asked.vector).tolist() for row in found.rows]
