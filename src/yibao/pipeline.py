"""The one place that wires the steps: open an index, ``ask(question, history) -> Answer``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from yibao.answer.quoting import choose, quote
from yibao.answer.triage import triage
from yibao.answer.writing import Draft, answered, emergency, not_covered, nothing_asked
from yibao.clock import Clock
from yibao.config import Config
from yibao.index.embedding import Embedder, Vectors, make_embedder
from yibao.index.store import IndexReader, check_origin, open_index
from yibao.language.normalise import well_formed
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.language.terms import shown_terms
from yibao.records import Answer, Article, Citation, Facets, Passage, Query
from yibao.search.evidence import TermWeights
from yibao.search.hybrid import Found, HybridSearch
from yibao.search.options import AS_SHIPPED, LegChoice, SearchOptions
from yibao.search.spelling import Speller
from yibao.search.understanding import understand

if TYPE_CHECKING:
    from yibao.answer.writer import Writer


@dataclass(frozen=True)
class _Opened:
    """One opened build with the search over it; replaced as a whole by ``reload``."""

    reader: IndexReader
    search: HybridSearch
    speller: Speller


class Pipeline:
    """Answers questions from one index. Holds no state of any user; safe to share between threads."""

    def __init__(
        self, root: Path, embedder: Embedder, segmenter: Segmenter, refuse_below: float, reranker: str = "none",
        writer: Writer | None = None,
    ) -> None:  # fmt: skip
        """Open the index in ``root``; ``writer`` is a language model that may add a summary.

        Raises:
            IndexMissingError, IndexMismatchError, IndexCorruptError: the index cannot be used.
        """
        self._root = root
        self._embedder = embedder
        self._segmenter = segmenter
        self._refuse_below = refuse_below
        self._reranker = reranker
        self._writer = writer
        self._opened = self._open()

    def _open(self) -> _Opened:
        reader = open_index(self._root)
        check_origin(reader.manifest, self._embedder.fingerprint, self._segmenter.fingerprint)
        search = HybridSearch(reader, self._segmenter, self._embedder, self._reranker)
        return _Opened(reader, search, Speller(reader.lexical, self._segmenter))

    def reload(self) -> None:
        """Switch to the build that is current now; questions under way finish on the old one."""
        self._opened = self._open()

    @property
    def reader(self) -> IndexReader:
        """The opened index."""
        return self._opened.reader

    def article(self, article_id: str) -> Article:
        """Return an article by id.

        Raises:
            LookupError: the index holds none of that id.
        """
        return _article(self._opened, article_id)

    def warm_up(self) -> None:
        """Load the model, so that the first question does not wait for it."""
        self._embedder.encode_queries([""])

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        top_k: int = 6,
        *,
        facets: Facets | None = None,
        options: SearchOptions = AS_SHIPPED,
    ) -> Answer:
        """Answer one question; see ``steps`` for the arguments and what is raised."""
        *_, answer = self.steps(question, history, top_k, facets=facets, options=options)
        assert isinstance(answer, Answer)
        return answer

    def steps(
        self,
        question: str,
        history: Sequence[str] = (),
        top_k: int = 6,
        *,
        facets: Facets | None = None,
        options: SearchOptions = AS_SHIPPED,
    ) -> Iterator[Query | Found | Answer]:
        """Answer one question step by step: the question as understood, what was found, and last the answer.

        An emergency or an empty question yields the answer alone. With a language model the card comes first, as
        without one, then the same card with a growing summary; the last answer is final.

        Args:
            question: as typed.
            history: earlier questions of the dialogue, oldest first, as typed.
            top_k: how many passages to return as ``hits``.
            facets: takes the place of what is read from the question, where a user set it by hand.
            options: how to search.

        Raises:
            ModelError: the embedding model cannot be loaded.
        """
        opened = self._opened
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
        query = self._understand(opened, question, history, facets, options, clock)
        yield query
        vector, found = self._find(opened, query, top_k, options, clock)
        yield found
        with clock.step("answer"):
            confidence = found.evidence.probability
            refuse_below = self._refuse_below if options.refuse_below is None else options.refuse_below
            citations = self._citations(opened, query, vector, found) if confidence >= refuse_below else []
        warning = opened.reader.warning
        draft = Draft(query, found.hits, confidence, (warning,) if warning else (), clock.seconds)
        answer = answered(draft, citations) if citations else not_covered(draft)
        yield answer
        if self._writer and answer.citations:
            from yibao.answer.writer import with_summary

            yield from with_summary(self._writer, answer)

    def find(
        self, question: str, history: Sequence[str] = (), top_k: int = 6, options: SearchOptions = AS_SHIPPED
    ) -> Found:
        """Return what ``ask`` would answer from: passages with reasons, and the evidence."""
        earlier, clock = [well_formed(each) for each in history], Clock()
        query = self._understand(self._opened, well_formed(question), earlier, None, options, clock)
        return self._find(self._opened, query, top_k, options, clock)[1]

    def _understand(
        self,
        opened: _Opened,
        question: str,
        history: Sequence[str],
        facets: Facets | None,
        options: SearchOptions,
        clock: Clock,
    ) -> Query:
        with clock.step("understand"):
            correct = opened.speller.correct if options.spelling else None
            query = understand(question, history, self._segmenter, correct)
            if self._writer and query.carried_from:
                from yibao.answer.writer import completed

                query = completed(self._writer, query, history, lambda t: understand(t, (), self._segmenter, correct))
            if not options.synonyms:
                query = replace(query, synonyms=(), synonym_tokens=())
            return query if facets is None else replace(query, facets=facets)

    def _find(
        self, opened: _Opened, query: Query, top_k: int, options: SearchOptions, clock: Clock
    ) -> tuple[Vectors, Found]:
        with clock.step("embed"):
            vector = self._embedder.encode_queries([query.normalized])[0]
        with clock.step("search"):
            return vector, opened.search.search(query, vector, top_k, options)

    def rank(
        self, questions: Sequence[str], top_k: int, leg: LegChoice, *, by_article: bool
    ) -> Iterator[list[tuple[str, float]]]:
        """Yield for each question the ids of the best articles or passages with their scores, best first.

        A passage counts for its article once, at its best place. Questions stand alone: no history.
        """
        for passages in self.passages(questions, max(100, top_k * 3), leg):
            best: dict[str, float] = {}
            for passage, score in passages:
                best.setdefault(passage.article_id if by_article else passage.id, score)
            yield list(best.items())[:top_k]

    def passages(self, questions: Sequence[str], top_k: int, leg: LegChoice) -> Iterator[list[tuple[Passage, float]]]:
        """Yield for each question the best passages with their scores, best first: no history, no facets."""
        opened = self._opened
        correct = opened.speller.correct
        queries = [understand(well_formed(question), (), self._segmenter, correct) for question in questions]
        vectors = self._embedder.encode_queries([query.normalized for query in queries])
        for query, vector in zip(queries, vectors, strict=True):
            rows, scores = opened.search.rank(query, vector, leg, top_k)
            found = opened.reader.database.passages([int(row) for row in rows])
            yield list(zip(found, map(float, scores), strict=True))

    def _citations(self, opened: _Opened, query: Query, vector: Vectors, found: Found) -> list[Citation]:
        articles = opened.reader.database.articles_by_id({hit.passage.article_id for hit in found.hits})
        terms = TermWeights.of(shown_terms(query.normalized, self._segmenter), opened.reader.lexical)
        chosen = choose(
            query.normalized,
            found.hits,
            [list(opened.search.closeness.sentences(row, vector)) for row in found.rows],
            terms.covered,
            lambda article_id: articles[article_id].text,
        )
        return quote(chosen, articles.__getitem__)


def _article(opened: _Opened, article_id: str) -> Article:
    article = opened.reader.database.article(article_id)
    if article is None:
        raise LookupError(article_id)
    return article


def open_pipeline(config: Config) -> Pipeline:
    """Open the index that ``config`` names, with the model it was built with.

    Raises:
        YibaoError: the index or the model cannot be used; the message says what to do.
    """
    embedder = make_embedder(config.model)
    writer: Writer | None = None
    if config.llm_base_url:  # else nothing of a language model is imported
        from yibao.answer.llm import OpenAIWriter

        writer = OpenAIWriter(config.llm_base_url, config.llm_model, config.llm_key, config.llm_timeout)
    return Pipeline(Path(config.index), embedder, default_segmenter(), config.refuse_below, config.reranker, writer)
