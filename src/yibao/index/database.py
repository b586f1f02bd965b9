"""Articles and passages in SQLite: written once per build, then only read."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from yibao.records import Article, Passage, Sentence

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
"""
_ARTICLE_COLUMNS = "id, title, text, source, published, region, insurance, person, topics, kind, disclaimer"
_PASSAGE_QUERY = """
SELECT p.row, p.id, p.article_id, a.title, p.heading, substr(a.text, p.start + 1, p.end - p.start),
       p.start, p.end, p.sentences
FROM passages p JOIN articles a ON a.id = p.article_id
"""


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
    """Read access to one build. One connection behind a lock: it stays valid when the build is pruned."""

    def __init__(self, path: Path) -> None:
        uri = path.resolve().as_uri() + "?mode=ro&immutable=1"
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

    def _select(self, statement: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


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
