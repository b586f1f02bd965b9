"""The one place that wires the steps: open an index, ``ask(request) -> Answer``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from yibao.config import Config
from yibao.flow import Flow, Step, last
from yibao.index.embedding import BUNDLED_MODEL, HASH_MODEL, Embedder, make_embedder
from yibao.index.store import IndexReader, check_origin, open_index
from yibao.index.switches import switched_off_rows
from yibao.language.normalise import well_formed
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.reader.judging import Signals
from yibao.reader.reading import BundledReader, Reader
from yibao.records import Answer, Article, Passage
from yibao.request import LegChoice, Request
from yibao.search.hybrid import HybridSearch, SearchResult
from yibao.search.spelling import Speller
from yibao.search.understanding import understand

if TYPE_CHECKING:
    from yibao.answer.summary import Writer


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
        writer: Writer | None = None, today: Callable[[], date] = date.today, top_k: int = Config.top_k,
        passage_reader: Reader | None = None,
    ) -> None:  # fmt: skip
        """Open the index in ``root``.

        Args:
            root: the index folder.
            embedder: the model that the index was built with.
            segmenter: likewise.
            refuse_below: see ``Config``; it holds where a request does not say.
            reranker: see ``Config``.
            writer: a language model that may add a summary.
            today: returns the day it is.
            top_k: see ``Config``; it holds where a request does not say.
            passage_reader: chooses what is quoted and whether anything is; without one the order of retrieval decides.

        Raises:
            IndexMissingError, IndexMismatchError, IndexCorruptError: the index cannot be used.
        """
        self._root = root
        self.embedder = embedder
        self._segmenter = segmenter
        self._refuse_below = refuse_below
        self._reranker = reranker
        self._writer = writer
        self._today = today
        self._top_k = top_k
        self._passage_reader = passage_reader
        self._opened = self._open()

    def _open(self) -> _Opened:
        reader = open_index(self._root)
        check_origin(reader.manifest, self.embedder.fingerprint, self._segmenter.fingerprint)
        off = switched_off_rows(self._root, reader.database)
        search = HybridSearch(reader, self.embedder, self._reranker, off)
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
        self.embedder.encode_queries([""])
        if self._passage_reader:
            self._passage_reader.warm_up()

    def ask(self, request: Request) -> Answer:
        """Answer one question; see ``steps`` for what is raised."""
        return last(self.steps(request))

    def steps(self, request: Request) -> Iterator[Step]:
        """Answer one question step by step: the question as understood, what was found, and last the answer.

        An emergency or an empty question yields the answer alone. With a language model the card comes first, as
        without one, then the same card with a growing summary; the last answer is final.

        Raises:
            ModelError: the embedding model cannot be loaded.
        """
        yield from self._flow().steps(request)

    def find(self, request: Request) -> SearchResult:
        """Return what ``ask`` would answer from: passages with reasons, and the evidence."""
        return self._flow().find(request)

    def signals(self, request: Request) -> tuple[SearchResult, list[list[Signals]]]:
        """Return what is found for a question, and what the reader says of the sentences of the first hits."""
        return self._flow().signals(request)

    def answered(self, questions: Sequence[str]) -> list[bool]:
        """Tell which questions, each asked alone, get an answer; all are encoded in one batch."""
        return self._flow().answered(questions)

    def _flow(self) -> Flow:
        opened = self._opened
        return Flow(
            reader=opened.reader,
            search=opened.search,
            correct=opened.speller.correct,
            embedder=self.embedder,
            segmenter=self._segmenter,
            refuse_below=self._refuse_below,
            top_k=self._top_k,
            today=self._today(),
            writer=self._writer,
            passage_reader=self._passage_reader,
        )

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
        vectors = self.embedder.encode_queries([query.normalized for query in queries])
        for query, vector in zip(queries, vectors, strict=True):
            rows, scores = opened.search.rank(query, vector, leg, top_k)
            found = opened.reader.database.passages([int(row) for row in rows])
            yield list(zip(found, map(float, scores), strict=True))


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
    return Pipeline(
        Path(config.index), embedder, default_segmenter(), config.refuse_below, config.reranker, writer,
        top_k=config.top_k, passage_reader=BundledReader() if _reads(config) else None,
    )  # fmt: skip


def _reads(config: Config) -> bool:
    """Tell whether a reader is wanted; the hashing model is the fast double of the machinery, without any weights."""
    return config.reader == BUNDLED_MODEL and config.model != HASH_MODEL
