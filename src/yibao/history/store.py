"""Conversations and feedback in one SQLite file: they survive a restart, and are deleted for good.

A visitor is known by a random id that only their browser holds. Nothing a visitor typed is written unmasked.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from yibao import wording
from yibao.errors import HistoryError
from yibao.history.turns import MAX_COMMENT, MAX_TITLE, Asked, Conversation, Feedback, Turn, masked
from yibao.plain import read_plain
from yibao.records import Answer

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


class History:
    """The store. Every call opens the file anew, so threads and processes may share it."""

    def __init__(self, path: Path, mask: Callable[[str], str]) -> None:
        """Open or create the file; only its owner may read it.

        Args:
            path: the SQLite file; its folder is made where there is none.
            mask: takes names, numbers and addresses of people out of a text.

        Raises:
            HistoryError: the file cannot be used.
        """
        self._path = path
        self._mask = mask
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its side files the same mode
        except OSError as error:
            raise HistoryError(wording.HISTORY_UNUSABLE.format(path=path, reason=error.strerror)) from error
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_VERSION}")
            connection.execute("COMMIT")
        if version > _VERSION:
            raise HistoryError(wording.HISTORY_NEWER.format(path=path))

    def conversations(self, visitor: str) -> list[Conversation]:
        """Return a visitor's conversations, the latest first."""
        found = self._select(
            "SELECT id, title, updated FROM conversations WHERE visitor = ? ORDER BY updated DESC, id", visitor
        )
        return [Conversation(*row) for row in found]

    def turns(self, visitor: str, conversation: str) -> tuple[Turn, ...]:
        """Return a conversation from its first question on; empty where the visitor has none of that id.

        Raises:
            HistoryError: what is stored cannot be read.
        """
        rows = self._select(
            "SELECT t.id, t.asked, t.answer, t.related, f.verdict, f.reason, f.comment FROM turns t"
            " JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id AND f.current"
            " WHERE c.visitor = ? AND c.id = ? ORDER BY t.id",
            visitor, conversation,
        )  # fmt: skip
        try:
            return tuple(_turn(row) for row in rows)
        except ValueError as error:
            raise HistoryError(wording.HISTORY_UNUSABLE.format(path=self._path, reason=error)) from error

    def add(self, visitor: str, conversation: str | None, turn: Turn) -> tuple[str, Turn]:
        """Store a new turn, and return the conversation's id and the turn with its own.

        A conversation that is None, or not (any more) this visitor's, begins anew and is named by the question.

        Raises:
            ValueError: nobody's turn: everybody whose page has no visitor yet would read it.
        """
        if not visitor:
            raise ValueError("a turn is stored for a visitor")
        with self._writing() as connection:
            if not conversation or not _owned(connection, visitor, conversation):
                conversation = secrets.token_urlsafe(9)
                title = self._title(turn.asked.question)
                connection.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, visitor, title, _now())
                )
            connection.execute("UPDATE conversations SET updated = ? WHERE id = ?", (_now(), conversation))
            done = connection.execute(
                "INSERT INTO turns (conversation, asked, answer, related) VALUES (?, ?, ?, ?)",
                (conversation, *self._dumped(turn)),
            )
        return conversation, replace(turn, id=int(done.lastrowid or 0))

    def change(self, visitor: str, turn: Turn) -> Turn:
        """Store an answer in the place of the one before; feedback on that one is kept but no longer shown."""
        with self._writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                connection.execute("UPDATE feedback SET current = 0 WHERE turn = ?", (turn.id,))
                connection.execute(
                    "UPDATE turns SET asked = ?, answer = ?, related = ? WHERE id = ?", (*self._dumped(turn), turn.id)
                )
        return replace(turn, feedback=None)

    def lead_on(self, visitor: str, turn: Turn) -> None:
        """Store the questions that lead on from a turn."""
        with self._writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                related = json.dumps(turn.related, ensure_ascii=False)
                connection.execute("UPDATE turns SET related = ? WHERE id = ?", (related, turn.id))

    def rename(self, visitor: str, conversation: str, title: str) -> None:
        """Give a conversation another name; an empty one changes nothing."""
        if shown := self._title(title):
            with self._writing() as connection:
                connection.execute(
                    "UPDATE conversations SET title = ? WHERE id = ? AND visitor = ?", (shown, conversation, visitor)
                )

    def delete(self, visitor: str, conversation: str | None = None) -> None:
        """Delete one conversation, or all of a visitor's, with their feedback: nothing of them stays in the file."""
        with self._connection() as connection:
            with _transaction(connection):
                connection.execute(
                    "DELETE FROM conversations WHERE visitor = ? AND (? IS NULL OR id = ?)",
                    (visitor, conversation, conversation),
                )
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log held the old pages

    def rate(self, visitor: str, turn: Turn, feedback: Feedback, earlier: Sequence[str]) -> Turn:
        """Store feedback in the place of what the visitor said of the same answer before; return the turn with it.

        Args:
            visitor: whose turn it is.
            turn: what is rated.
            feedback: the comment is cut to ``MAX_COMMENT`` characters.
            earlier: the questions before it, oldest first.
        """
        comment = self._mask(feedback.comment.strip()[:MAX_COMMENT])
        with self._writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                connection.execute("DELETE FROM feedback WHERE turn = ? AND current", (turn.id,))
                questions = [self._mask(question) for question in earlier]
                _, answer, _ = self._dumped(turn)
                connection.execute(
                    "INSERT INTO feedback (turn, earlier, answer, verdict, reason, comment, given, current)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                    (turn.id, json.dumps(questions, ensure_ascii=False), answer, feedback.verdict, feedback.reason,
                     comment, _now()),
                )  # fmt: skip
        return replace(turn, feedback=replace(feedback, comment=comment))

    def feedback(self) -> Iterator[tuple[Feedback, list[str], Answer, str]]:
        """Yield all feedback, oldest first: questions before, the answer it is about, when it was given."""
        rows = self._select("SELECT verdict, reason, comment, earlier, answer, given FROM feedback ORDER BY id")
        for verdict, reason, comment, earlier, answer, given in rows:
            yield Feedback(verdict, reason, comment), json.loads(earlier), Answer.from_json(json.loads(answer)), given

    def _title(self, text: str) -> str:
        return self._mask(" ".join(text.split()))[:MAX_TITLE]

    def _dumped(self, turn: Turn) -> tuple[str, str, str]:
        asked = replace(turn.asked, question=self._mask(turn.asked.question))
        values = (asdict(asked), masked(turn.answer, self._mask).to_json(), turn.related)
        one, two, three = (json.dumps(value, ensure_ascii=False) for value in values)
        return one, two, three

    def _select(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
        except sqlite3.Error as error:
            raise HistoryError(wording.HISTORY_UNUSABLE.format(path=self._path, reason=error)) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection, _transaction(connection):
            yield connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _owned(connection: sqlite3.Connection, visitor: str, conversation: str) -> bool:
    found = connection.execute("SELECT 1 FROM conversations WHERE id = ? AND visitor = ?", (conversation, visitor))
    return found.fetchone() is not None


def _owner_of(connection: sqlite3.Connection, turn: int) -> str | None:
    found = connection.execute(
        "SELECT visitor FROM conversations WHERE id = (SELECT conversation FROM turns WHERE id = ?)", (turn,)
    ).fetchone()
    return found[0] if found else None


def _turn(row: tuple[Any, ...]) -> Turn:
    turn, asked, answer, related, verdict, reason, comment = row
    feedback = Feedback(verdict, reason, comment) if verdict else None
    read = read_plain(Asked, json.loads(asked))
    return Turn(read, Answer.from_json(json.loads(answer)), tuple(json.loads(related)), feedback, turn)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
