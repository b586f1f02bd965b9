"""The SQLite file of conversations and feedback: set up, read, written to in transactions, emptied for good."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from yibao import wording
from yibao.errors import HistoryError
from yibao.storage import reason

_VERSION = 1
_SCHEMA = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, visitor TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_of_visitor ON conversations (visitor, updated);
CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    asked TEXT NOT NULL, answer TEXT NOT NULL, related TEXT NOT NULL
);
CREATE INDEX turns_of_conversation ON turns (conversation);
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT, turn INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    earlier TEXT NOT NULL, answer TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL,
    given TEXT NOT NULL, current INTEGER NOT NULL
);
CREATE INDEX feedback_of_turn ON feedback (turn);
"""


class HistoryFile:
    """One file. Every call opens it anew, so threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; only its owner may read it.

        Raises:
            HistoryError: the file cannot be used.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its side files the same mode
        except OSError as error:
            raise self._unusable(reason(error)) from error
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            with _transaction(connection):
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    for statement in filter(str.strip, _SCHEMA.split(";")):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
        if version > _VERSION:
            raise HistoryError(wording.HISTORY_NEWER.format(path=path))

    def select(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query.

        Raises:
            HistoryError: the file cannot be read.
        """
        with self._connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for one transaction: all that is written in the block, or nothing.

        Raises:
            HistoryError: the file cannot be written; it stays as it was.
        """
        with self._connection() as connection, _transaction(connection):
            yield connection

    def forget(self) -> None:
        """Empty the log, which holds the pages as they were before something was deleted.

        Raises:
            HistoryError: the file cannot be written.
        """
        with self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def damaged(self) -> HistoryError:
        """Return the error of a file that holds what was never written to it."""
        return self._unusable(wording.STORAGE_REASONS["damaged"])

    def _unusable(self, why: str) -> HistoryError:
        return HistoryError(wording.HISTORY_UNUSABLE.format(path=self._path, reason=why))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
        except (sqlite3.Error, UnicodeEncodeError) as error:
            raise self._unusable(reason(error)) from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # where the disk is full SQLite has gone back by itself
            connection.execute("ROLLBACK")
        raise
