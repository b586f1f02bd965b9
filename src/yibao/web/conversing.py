"""What the chat does, without a page: questions, clicks, the kept conversations. ``chat.py`` shows what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from yibao import wording
from yibao.errors import InputError, YibaoError
from yibao.flow import Step
from yibao.history.store import History
from yibao.history.turns import Asked, Feedback, Turn, is_visitor, new_visitor
from yibao.pipeline import Pipeline
from yibao.records import Answer, Query
from yibao.request import AS_SHIPPED, Request
from yibao.search.hybrid import SearchResult
from yibao.search.understanding import MAX_QUESTION_CHARACTERS
from yibao.web.exporting import export
from yibao.web.frame import history_list
from yibao.web.messages import UnderWay, messages, stopped_messages
from yibao.web.search_settings import SearchSettings
from yibao.web.session import Page, Session, View
from yibao.web.sources import open_target, passages
from yibao.web.suggesting import Suggester
from yibao.web.targets import Target, asked_by, read_target

Steps = Callable[[Request], Iterator[Step]]


class Conversing:
    """Turns what a visitor does into views. Holds nothing of any visitor; safe to share between threads."""

    def __init__(
        self,
        open_pipeline: Callable[[], Pipeline],
        history: History,
        settings: Callable[[object], SearchSettings] = lambda _: SearchSettings(AS_SHIPPED, 6),
        steps: Steps | None = None,
    ) -> None:
        """Wire it up; nothing is opened here.

        Args:
            open_pipeline: returns the pipeline, waiting for it where it is still being opened.
            history: where conversations and feedback are kept.
            settings: returns how a visitor searches, from what the browser keeps.
            steps: answers step by step in the way of ``Pipeline.steps``, where questions are counted and logged too.
        """
        self._open = open_pipeline
        self._history = history
        self._settings = settings
        self._answers = steps
        self.suggester = Suggester(open_pipeline)

    def wait(self) -> None:
        """Wait until the index and the model are there.

        Raises:
            YibaoError: they cannot be used.
        """
        self._open()

    def arrive(self, memory: Any) -> View:
        """Return the page for a browser that remembers this; one that remembers nothing becomes a new visitor."""
        return self._opened(*_remembered(memory), Page())

    def known(self, session: Session, memory: Any) -> Session:
        """Return the session of this browser, also where something is asked before the page has arrived."""
        return session if session.visitor else self._session(*_remembered(memory), session.page)

    def ask(self, question: str, session: Session) -> Iterator[View]:
        """Answer a new question, step by step.

        Raises:
            YibaoError: nothing was asked, or the index, the model or the history cannot be used.
        """
        if not question.strip():
            raise InputError(wording.EMPTY_QUESTION)
        if len(question) > MAX_QUESTION_CHARACTERS:
            raise InputError(wording.QUESTION_TOO_LONG.format(limit=MAX_QUESTION_CHARACTERS))
        yield from self._answer(Asked(question), len(session.turns), session)

    def act(self, clicked: str, session: Session) -> Iterator[View]:
        """Do what a click on a ``#yb-`` link asks for; an unknown target changes nothing.

        Args:
            clicked: JSON from page.js: ``target``, ``text`` of the link, ``values`` of a dialog.
            session: what the page holds.

        Raises:
            YibaoError: see ``ask``.
        """
        target = read_target(clicked)
        if target is None:
            return
        if target.verb == "again" and session.under_way:
            yield from self._answer(session.under_way.asked, session.under_way.place, session)
        elif target.verb in _ON_CONVERSATIONS:
            yield self._on_conversation(target, session)
        elif target.verb == "export":
            yield View(download=export(session.turns))
        elif (asked := asked_by(target, session.turns)) is not None:
            yield from self._answer(*asked, session)
        elif target.number is not None and target.number < len(session.turns):
            yield self._on_turn(target, target.number, session)

    def stop(self, session: Session) -> View:
        """Return the page after a question was stopped: the question stays, to be asked again."""
        session.page.begin()
        under_way = session.under_way
        if under_way is None or under_way.place < len(session.turns):
            return View(replace(session, under_way=None), messages(session.turns), running=False)
        return View(session, stopped_messages(session.turns, under_way.asked), running=False)

    def anew(self, session: Session) -> View:
        """Begin a new conversation; the one before stays in the list."""
        return self._opened(session.visitor, "", session.page)

    def _answer(self, asked: Asked, place: int, session: Session) -> Iterator[View]:
        """Answer and keep; where another conversation is opened meanwhile, that one stays to be seen."""
        page = session.page
        return page.views(page.begin(), self._answered(asked, place, session))

    def _answered(self, asked: Asked, place: int, session: Session) -> Iterator[View]:
        under_way = UnderWay(asked, place)
        session = replace(session, under_way=under_way)
        yield View(session, messages(session.turns, under_way), running=True, question="")
        try:
            for step in self._steps(asked, place, session):
                under_way = _further(under_way, step)
                yield View(messages=messages(session.turns, under_way))
            assert under_way.answer is not None
            session, turn = self._stored(asked, under_way.answer, place, session)
            yield self._view(session, place)  # whole and kept; what leads on from it may take a moment
            if related := self.suggester.related(turn.answer, (each.asked.question for each in session.turns)):
                turn = replace(turn, related=related)
                self._history.lead_on(session.visitor, turn)
                session = _with_turn(session, turn, place)
            yield View(session, messages(session.turns), running=False)
        except YibaoError:
            kept = replace(session, under_way=None)
            yield View(kept, messages(kept.turns), running=False, question=asked.question)
            raise

    def _steps(self, asked: Asked, place: int, session: Session) -> Iterator[Step]:
        settings = self._settings(session.kept)
        options = settings.options
        earlier = [turn.asked.question for turn in session.turns[:place] if turn.answer.status != "emergency"]
        if asked.literal:
            options, earlier = replace(options, spelling=False), []
        answers = self._answers or self._open().steps
        return answers(Request(asked.question, earlier, settings.top_k, asked.facets, options))

    def _stored(self, asked: Asked, answer: Answer, place: int, session: Session) -> tuple[Session, Turn]:
        turn = Turn(asked, answer)
        session = replace(session, under_way=None)
        if place < len(session.turns):
            turn = self._history.change(session.visitor, replace(turn, id=session.turns[place].id))
        else:
            conversation, turn = self._history.add(session.visitor, session.conversation or None, turn)
            session = replace(session, conversation=conversation)
        return _with_turn(session, turn, place), turn

    def _view(self, session: Session, number: int) -> View:
        return View(
            session,
            messages(session.turns),
            panel=passages(session.turns[number].answer, number, self._open().article),
            history=self._list(session),
        )

    def _list(self, session: Session) -> str:
        return history_list(self._history.conversations(session.visitor), session.conversation)

    def _opened(self, visitor: str, conversation: str, page: Page) -> View:
        page.begin()
        session = self._session(visitor, conversation, page)
        shown = messages(session.turns)
        return View(session, shown, panel=passages(None, 0, None), history=self._list(session), running=False)

    def _session(self, visitor: str, conversation: str, page: Page) -> Session:
        turns = self._history.turns(visitor, conversation) if conversation else ()
        return Session(visitor, conversation if turns else "", turns, page=page)

    def _on_conversation(self, target: Target, session: Session) -> View:
        if target.verb == "open":
            return self._opened(session.visitor, target.conversation, session.page)
        if target.verb == "rename":
            self._history.rename(session.visitor, target.conversation, str(target.values.get("title", "")))
        else:
            self._history.delete(session.visitor, target.conversation if target.verb == "delete" else None)
            if target.verb == "clear" or target.conversation == session.conversation:
                return self._opened(session.visitor, "", session.page)
        return View(history=self._list(session))

    def _on_turn(self, target: Target, number: int, session: Session) -> View:
        """Return what a click on a card changes: feedback, or a source in the panel."""
        turn = session.turns[number]
        if target.verb not in ("good", "bad"):
            return View(panel=open_target(target, turn.answer, number, self._open().article))
        reason = str(target.values.get("reason", ""))
        if target.verb == "good" or reason not in wording.FEEDBACK_REASONS:
            reason = ""
        feedback = Feedback("good" if target.verb == "good" else "bad", reason, str(target.values.get("comment", "")))
        earlier = [each.asked.question for each in session.turns[:number]]
        session = _with_turn(session, self._history.rate(session.visitor, turn, feedback, earlier), number)
        return View(session, messages(session.turns))


_ON_CONVERSATIONS = ("open", "rename", "delete", "clear")


def _remembered(memory: Any) -> tuple[str, str]:
    """Return visitor and conversation as the browser keeps them; one that keeps nothing is a new visitor."""
    known = [str(part or "") for part in memory] if isinstance(memory, list) else []
    visitor, conversation, *_ = (*known, "", "")
    return visitor if is_visitor(visitor) else new_visitor(), conversation


def _with_turn(session: Session, turn: Turn, place: int) -> Session:
    return replace(session, turns=(*session.turns[:place], turn, *session.turns[place + 1 :]))


def _further(under_way: UnderWay, step: Step) -> UnderWay:
    if isinstance(step, Query):
        return replace(under_way, query=step)
    return replace(under_way, found=step) if isinstance(step, SearchResult) else replace(under_way, answer=step)
