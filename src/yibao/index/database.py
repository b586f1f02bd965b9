"""Articles and passages in SQLite: written once per build, then only read."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao import wording
from yibao.records import Article, ArticleKind, Insurance, Passage, Sentence
from yibao.storage import storing

_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, published TEXT,
    region TEXT, insurance TEXT NOT NULL, person TEXT NOT NULL, topics TEXT NOT NULL,
    kind TEXT NOT NULL, disclaimer TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL REFERENCES articles (id),
    heading TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, sentences TEXT NOT NULL
);
CREATE INDEX passages_of_article ON passages (article_id);
CREATE INDEX articles_by_region ON articles (region);
CREATE INDEX articles_by_date ON articles (published);
CREATE INDEX articles_by_title ON articles (title);
"""
NATIONWIDE = ""  # asks for the articles that name no region
_ARTICLE_COLUMNS = "id, title, text, source, published, region, insurance, person, topics, kind, disclaimer"
_PASSAGE_QUERY = """
SELECT p.row, p.id, p.article_id, a.title, p.heading, substr(a.text, p.start + 1, p.end - p.start),
       p.start, p.end, p.sentences
FROM passages p JOIN articles a ON a.id = p.article_id
"""


_LISTED_QUERY = """
SELECT a.id, a.title, a.source, a.published, a.region, a.insurance, a.topics, a.kind, length(a.text),
       (SELECT count(*) FROM passages p WHERE p.article_id = a.id)
FROM articles a
"""


@dataclass(frozen=True)
class ArticleFilter:
    """Which articles to list; what is None does not matter.

    ``region`` is ``省`` (its cities with it), ``省/市`` or ``NATIONWIDE``; ``since`` and ``until`` are ISO dates, both
    included, and leave out articles without a date; ``folder`` is how the article's source begins.
    """

    region: str | None = None
    insurance: Insurance | None = None
    topic: str | None = None
    kind: ArticleKind | None = None
    since: str | None = None
    until: str | None = None
    folder: str | None = None


@dataclass(frozen=True)
class ListedArticle:
    """A line of a list of articles: all but the text, of which it holds the length in characters."""

    id: str
    title: str
    source: str
    published: str | None
    region: str | None
    insurance: tuple[Insurance, ...]
    topics: tuple[str, ...]
    kind: ArticleKind
    characters: int
    passages: int


def write_database(path: Path, articles: Iterable[Article], passages: Sequence[Passage]) -> None:
    """Write a new database; passage i gets row i."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        with connection:
            connection.executemany(
                f"INSERT INTO articles ({_ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                map(_article_row, articles),
            )
            connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (row, p.id, p.article_id, p.heading, p.start, p.end, _dump_sentences(p))
                    for row, p in enumerate(passages)
                ),
            )
    finally:
        connection.close()


class Database:
    """Read access to one build. One connection behind a lock: it stays valid when the build is pruned.

    Every question to it may raise ``StorageError``: the file has changed, or the disk does not give it back.
    """

    def __init__(self, path: Path) -> None:
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
        self._path = path
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def __del__(self) -> None:
        """Close with the last reader: after a reload nobody knows when questions on the old build are done."""
        if hasattr(self, "_connection"):
            self._connection.close()

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of ``rows``, in that order."""
        marks = ", ".join("?" * len(rows))
        found = self._select(f"{_PASSAGE_QUERY} WHERE p.row IN ({marks})", [int(row) for row in rows])
        by_row = {values[0]: _passage(values[1:]) for values in found}
        return [by_row[int(row)] for row in rows]

    def all_passages(self) -> list[Passage]:
        """Return every passage, by row."""
        return [_passage(values[1:]) for values in self._select(f"{_PASSAGE_QUERY} ORDER BY p.row", [])]

    def passage(self, passage_id: str) -> Passage | None:
        """Return one passage, or None where there is none of that id."""
        found = self._select(f"{_PASSAGE_QUERY} WHERE p.id = ?", [passage_id])
        return _passage(found[0][1:]) if found else None

    def article(self, article_id: str) -> Article | None:
        """Return one article, or None where there is none of that id."""
        found = self._select(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?", [article_id])
        return _article(found[0]) if found else None

    def articles_by_id(self, article_ids: Collection[str]) -> dict[str, Article]:
        """Return the articles of the given ids that there are, by id."""
        marks = ", ".join("?" * len(article_ids))
        found = self._select(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id IN ({marks})", list(article_ids))
        return {str(values[0]): _article(values) for values in found}

    def articles(self) -> list[Article]:
        """Return every article, by id."""
        return [_article(row) for row in self._select(f"SELECT {_ARTICLE_COLUMNS} FROM articles ORDER BY id", [])]

    def passages_of(self, article_id: str) -> list[tuple[int, Passage]]:
        """Return the passages of one article with their rows, in the order of its text."""
        found = self._select(f"{_PASSAGE_QUERY} WHERE p.article_id = ? ORDER BY p.start", [article_id])
        return [(int(str(values[0])), _passage(values[1:])) for values in found]

    def passages_by_id(self, passage_ids: Iterable[str]) -> list[tuple[int, Passage]]:
        """Return the passages of the given ids that there are, with their rows."""
        named = json.dumps(list(passage_ids))
        found = self._select(f"{_PASSAGE_QUERY} WHERE p.id IN (SELECT value FROM json_each(?))", [named])
        return [(int(str(values[0])), _passage(values[1:])) for values in found]

    def articles_titled(self, title: str) -> list[Article]:
        """Return the articles of exactly this title, by id."""
        found = self._select(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE title = ? ORDER BY id", [title])
        return [_article(values) for values in found]

    def list_articles(self, wanted: ArticleFilter) -> list[ListedArticle]:
        """Return the articles that ``wanted`` lets through, newest first, undated last."""
        clauses, values = _conditions(wanted)
        where = f"WHERE {' AND '.join(clauses)}" if clauses else ""
        order = "ORDER BY a.published IS NULL, a.published DESC, a.id"
        return [_listed(row) for row in self._select(f"{_LISTED_QUERY} {where} {order}", values)]

    def regions(self) -> list[str]:
        """Return every region that an article names, sorted."""
        found = self._select("SELECT DISTINCT region FROM articles WHERE region IS NOT NULL ORDER BY region", [])
        return [str(region) for (region,) in found]

    def topics(self) -> list[tuple[str, int]]:
        """Return every topic with its number of articles, most frequent first."""
        statement = "SELECT t.value, count(*) FROM articles a, json_each(a.topics) t GROUP BY 1 ORDER BY 2 DESC, 1"
        return [(str(topic), int(str(count))) for topic, count in self._select(statement, [])]

    def _select(self, statement: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock, storing(self._path, wording.INDEX_UNREADABLE):
            return self._connection.execute(statement, values).fetchall()


def _conditions(wanted: ArticleFilter) -> tuple[list[str], list[object]]:
    """Return the conditions of a filter and their values."""
    conditions: list[tuple[str, list[object]]] = []
    if wanted.region == NATIONWIDE:
        conditions.append(("a.region IS NULL", []))
    elif wanted.region is not None:
        conditions.append(("(a.region = ? OR a.region BETWEEN ? AND ?)", [
            wanted.region, f"{wanted.region}/", f"{wanted.region}/\U0010ffff",
        ]))  # fmt: skip
    for name, value in (("insurance", wanted.insurance), ("topics", wanted.topic)):
        if value is not None:
            conditions.append((f"EXISTS (SELECT 1 FROM json_each(a.{name}) WHERE value = ?)", [value]))
    for clause, value in (
        ("a.kind = ?", wanted.kind),
        ("a.published >= ?", wanted.since),
        ("a.published <= ?", wanted.until),
    ):
        if value is not None:
            conditions.append((clause, [value]))
    if wanted.folder is not None:
        conditions.append(("substr(a.source, 1, length(?)) = ?", [wanted.folder, wanted.folder]))
    return [clause for clause, _ in conditions], [value for _, values in conditions for value in values]


def _listed(values: tuple[object, ...]) -> ListedArticle:
    *head, insurance, topics, kind, characters, passages = values
    lists = (tuple(json.loads(str(value))) for value in (insurance, topics))
    return ListedArticle(*head, *lists, kind, characters, passages)  # type: ignore[arg-type, call-arg]  # the schema holds the types


def _article_row(article: Article) -> tuple[object, ...]:
    lists = (json.dumps(value, ensure_ascii=False) for value in (article.insurance, article.person, article.topics))
    return (
        article.id, article.title, article.text, article.source, article.published, article.region,
        *lists, article.kind, article.disclaimer,
    )  # fmt: skip


def _article(values: tuple[object, ...]) -> Article:
    *head, insurance, person, topics, kind, disclaimer = values
    lists = (tuple(json.loads(str(value))) for value in (insurance, person, topics))
    return Article(*head, *lists, kind, disclaimer)  # type: ignore[arg-type, call-arg]  # the schema holds the types


def _dump_sentences(passage: Passage) -> str:
    return json.dumps([[s.start, s.end, *(s.intro or ())] for s in passage.sentences])


def _passage(values: tuple[object, ...]) -> Passage:
    *head, sentences = values
    read = tuple(Sentence(start, end, tuple(intro) or None) for start, end, *intro in json.loads(str(sentences)))
    return Passage(*head, read)  # type: ignore[arg-type, call-arg]  # the schema holds the types
