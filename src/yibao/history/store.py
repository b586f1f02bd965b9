"""Conversations and feedback in one SQLite file: they survive a restart, and are deleted for good.

A visitor is known by a random id that only their browser holds. Nothing a visitor typed is written unmasked.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from yibao.history.database import HistoryFile
from yibao.history.hiding import Mask, masked_turn
from yibao.history.turns import MAX_COMMENT, MAX_TITLE, Asked, Conversation, Feedback, Turn
from yibao.language.normalise import well_formed
from yibao.plain import read_plain
from yibao.records import Answer


class History:
    """The store. Every call opens the file anew, so threads and processes may share it."""

    def __init__(self, path: Path, mask: Mask) -> None:
        """Open or create the file; only its owner may read it.

        Args:
            path: the SQLite file; its folder is made where there is none.
            mask: takes names, numbers and addresses of people out of a text.

        Raises:
            HistoryError: the file cannot be used.
        """
        self._file = HistoryFile(path)
        self._mask: Mask = lambda text: mask(well_formed(text))

    def conversations(self, visitor: str) -> list[Conversation]:
        """Return a visitor's conversations, the latest first."""
        found = self._file.select(
            "SELECT id, title, updated FROM conversations WHERE visitor = ? ORDER BY updated DESC, id", visitor
        )
        return [Conversation(*row) for row in found]

    def turns(self, visitor: str, conversation: str) -> tuple[Turn, ...]:
        """Return a conversation from its first question on; empty where the visitor has none of that id.

        Raises:
            HistoryError: what is stored cannot be read.
        """
        rows = self._file.select(
            "SELECT t.id, t.asked, t.answer, t.related, f.verdict, f.reason, f.comment FROM turns t"
            " JOIN conversations c ON c.id = t.conversation LEFT JOIN feedback f ON f.turn = t.id AND f.current"
            " WHERE c.visitor = ? AND c.id = ? ORDER BY t.id",
            visitor, conversation,
        )  # fmt: skip
        try:
            return tuple(_turn(row) for row in rows)
        except ValueError as error:
            raise self._file.damaged() from error

    def add(self, visitor: str, conversation: str | None, turn: Turn) -> tuple[str, Turn]:
        """Store a new turn, and return the conversation's id and the turn as it is stored, with its own.

        A conversation that is None, or not (any more) this visitor's, begins anew and is named by the question.

        Raises:
            ValueError: nobody's turn: everybody whose page has no visitor yet would read it.
        """
        if not visitor:
            raise ValueError("a turn is stored for a visitor")
        turn = masked_turn(turn, self._mask)
        with self._file.writing() as connection:
            if not conversation or not _owned(connection, visitor, conversation):
                conversation = secrets.token_urlsafe(9)
                title = self._title(turn.asked.question)
                connection.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, visitor, title, _now())
                )
            connection.execute("UPDATE conversations SET updated = ? WHERE id = ?", (_now(), conversation))
            done = connection.execute(
                "INSERT INTO turns (conversation, asked, answer, related) VALUES (?, ?, ?, ?)",
                (conversation, *_dumped(turn)),
            )
        return conversation, replace(turn, id=int(done.lastrowid or 0))

    def change(self, visitor: str, turn: Turn) -> Turn:
        """Store an answer in the place of the one before; feedback on that one is kept but no longer shown.

        Returns the turn as it is stored.
        """
        turn = masked_turn(turn, self._mask)
        with self._file.writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                connection.execute("UPDATE feedback SET current = 0 WHERE turn = ?", (turn.id,))
                connection.execute(
                    "UPDATE turns SET asked = ?, answer = ?, related = ? WHERE id = ?", (*_dumped(turn), turn.id)
                )
        return replace(turn, feedback=None)

    def lead_on(self, visitor: str, turn: Turn) -> None:
        """Store the questions that lead on from a turn."""
        with self._file.writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                *_, related = _dumped(masked_turn(turn, self._mask))
                connection.execute("UPDATE turns SET related = ? WHERE id = ?", (related, turn.id))

    def rename(self, visitor: str, conversation: str, title: str) -> None:
        """Give a conversation another name; an empty one changes nothing."""
        if shown := self._title(title):
            with self._file.writing() as connection:
                connection.execute(
                    "UPDATE conversations SET title = ? WHERE id = ? AND visitor = ?", (shown, conversation, visitor)
                )

    def delete(self, visitor: str, conversation: str | None = None) -> None:
        """Delete one conversation, or all of a visitor's, with their feedback: nothing of them stays in the file."""
        with self._file.writing() as connection:
            connection.execute(
                "DELETE FROM conversations WHERE visitor = ? AND (? IS NULL OR id = ?)",
                (visitor, conversation, conversation),
            )
        self._file.forget()

    def rate(self, visitor: str, turn: Turn, feedback: Feedback, earlier: Sequence[str]) -> Turn:
        """Store feedback in the place of what the visitor said of the same answer before; return the turn with it.

        Args:
            visitor: whose turn it is.
            turn: what is rated.
            feedback: the comment is cut to ``MAX_COMMENT`` characters.
            earlier: the questions before it, oldest first.
        """
        comment = self._mask(feedback.comment.strip())[:MAX_COMMENT]  # half a number would pass the mask
        given = replace(feedback, comment=comment, reason=self._mask(feedback.reason))
        turn = masked_turn(turn, self._mask)
        with self._file.writing() as connection:
            if _owner_of(connection, turn.id) == visitor:
                connection.execute("DELETE FROM feedback WHERE turn = ? AND current", (turn.id,))
                questions = [self._mask(question) for question in earlier]
                _, answer, _ = _dumped(turn)
                connection.execute(
                    "INSERT INTO feedback (turn, earlier, answer, verdict, reason, comment, given, current)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                    (turn.id, json.dumps(questions, ensure_ascii=False), answer, given.verdict, given.reason,
                     given.comment, _now()),
                )  # fmt: skip
        return replace(turn, feedback=given)

    def feedback(self) -> Iterator[tuple[Feedback, list[str], Answer, str]]:
        """Yield all feedback, oldest first: questions before, the answer it is about, when it was given.

        Raises:
            HistoryError: what is stored cannot be read.
        """
        rows = self._file.select("SELECT verdict, reason, comment, earlier, answer, given FROM feedback ORDER BY id")
        try:
            for *given, earlier, answer, when in rows:
                yield Feedback(*given), json.loads(earlier), Answer.from_json(json.loads(answer)), when
        except ValueError as error:
            raise self._file.damaged() from error

    def _title(self, text: str) -> str:
        return self._mask(" ".join(text.split()))[:MAX_TITLE]


def _owned(connection: sqlite3.Connection, visitor: str, conversation: str) -> bool:
    found = connection.execute("SELECT 1 FROM conversations WHERE id = ? AND visitor = ?", (conversation, visitor))
    return found.fetchone() is not None


def _owner_of(connection: sqlite3.Connection, turn: int) -> str | None:
    found = connection.execute(
        "SELECT visitor FROM conversations WHERE id = (SELECT conversation FROM turns WHERE id = ?)", (turn,)
    ).fetchone()
    return found[0] if found else None


def _dumped(turn: Turn) -> tuple[str, str, str]:
    """Return the question, the answer and what leads on as JSON; whoever writes them has masked the turn."""
    one, two, three = (
        json.dumps(value, ensure_ascii=False) for value in (asdict(turn.asked), turn.answer.to_json(), turn.related)
    )
    return one, two, three


def _turn(row: tuple[Any, ...]) -> Turn:
    turn, asked, answer, related, verdict, reason, comment = row
    feedback = Feedback(verdict, reason, comment) if verdict else None
    read = read_plain(Asked, json.loads(asked))
    return Turn(read, Answer.from_json(json.loads(answer)), tuple(json.loads(related)), feedback, turn)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
