"""Questions to click: at the start by topic, and after an answer. Each is tried first: the corpus answers it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping

from yibao import wording
from yibao.language.normalise import fold
from yibao.pipeline import Pipeline
from yibao.records import Answer, Article, Facets

PER_TOPIC = 3
MAX_RELATED = 3
_MOST_TOPICS = 6
_QUESTION = re.compile("怎么|怎样|如何|多少|多久|哪|什么|为什么|是否|能否|要不要|能不能|吗|么$|几[个天月年]")
_MARK = "\uff1f"


class Suggester:
    """Remembers which questions one build of the index answers; safe to share between threads."""

    def __init__(self, open_pipeline: Callable[[], Pipeline]) -> None:
        self._open = open_pipeline
        self._lock = threading.Lock()
        self._build = ""
        self._answered: dict[str, bool] = {}
        self._starters: Mapping[str, tuple[str, ...]] | None = None

    def starters(self) -> Mapping[str, tuple[str, ...]]:
        """Return questions by topic: the usual ones that these articles answer, else titles that are questions."""
        pipeline = self._current()
        with self._lock:
            if self._starters is not None:
                return self._starters
        usual = {topic: self._of(pipeline, questions) for topic, questions in wording.STARTERS.items()}
        found = {topic: questions for topic, questions in usual.items() if questions}
        if len(found) < len(wording.STARTERS) / 2:
            found = {
                topic: chosen
                for topic, questions in _titles_by_topic(pipeline.reader.database.articles()).items()
                if (chosen := self._of(pipeline, questions))
            }
        shown = dict(list(found.items())[:_MOST_TOPICS])
        with self._lock:
            self._starters = shown
        return shown

    def offered(self) -> Facets:
        """Return every region, insurance, person and year that an article speaks of."""
        articles = self._current().reader.database.articles()
        return Facets(
            regions=tuple(sorted({article.region for article in articles if article.region})),
            insurance=tuple(sorted({name for article in articles for name in article.insurance})),
            person=tuple(sorted({name for article in articles for name in article.person})),
            years=tuple(sorted({int(article.published[:4]) for article in articles if article.published})),
        )

    def related(self, answer: Answer, asked: Iterable[str]) -> tuple[str, ...]:
        """Return up to three questions that lead on: titles of found articles, not asked and not quoted before.

        Args:
            answer: an answer with quotes; others lead nowhere.
            asked: the questions of the conversation so far.
        """
        if not answer.citations:
            return ()
        quoted = {citation.article_id for citation in answer.citations}
        known = {_bare(question) for question in (*asked, answer.rewritten)}
        titles = dict.fromkeys(
            _as_question(hit.passage.title)
            for hit in answer.hits
            if hit.passage.article_id not in quoted and _QUESTION.search(hit.passage.title)
        )
        return self._of(self._current(), (title for title in titles if _bare(title) not in known), MAX_RELATED)

    def _current(self) -> Pipeline:
        """Return the pipeline; what was remembered of an older build is forgotten."""
        pipeline = self._open()
        build = pipeline.reader.manifest.build_id
        with self._lock:
            if build != self._build:
                self._build, self._answered, self._starters = build, {}, None
        return pipeline

    def _of(self, pipeline: Pipeline, questions: Iterable[str], limit: int = PER_TOPIC) -> tuple[str, ...]:
        """Return the first ``limit`` questions that are answered; those not tried before are tried in one batch."""
        wanted = list(questions)
        unknown = [question for question in wanted if question not in self._answered]
        self._answered |= dict(zip(unknown, pipeline.answered(unknown), strict=True))
        return tuple(question for question in wanted if self._answered[question])[:limit]


def _titles_by_topic(articles: Iterable[Article]) -> dict[str, list[str]]:
    """Return titles that are questions by the first topic of their article, the largest topic first."""
    topics: dict[str, list[str]] = {}
    for article in articles:
        if _QUESTION.search(article.title):
            topic = article.topics[0] if article.topics else wording.OTHER_TOPIC
            topics.setdefault(topic, []).append(_as_question(article.title))
    return dict(sorted(topics.items(), key=lambda item: -len(item[1])))


def _as_question(title: str) -> str:
    return title.rstrip("?" + _MARK) + _MARK


def _bare(question: str) -> str:
    return re.sub(r"\W", "", fold(question))
