"""The chat without a page: a real pipeline over a small corpus, a real history file."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from html_reader import Reader
from yibao import wording
from yibao.config import Config
from yibao.errors import HistoryError, IndexMissingError, InputError
from yibao.history.store import History
from yibao.history.turns import is_visitor
from yibao.indexing import index_with
from yibao.language.masking import mask
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import SearchOptions
from yibao.web.conversing import Conversing
from yibao.web.search_settings import SearchSettings
from yibao.web.session import Session, View

QUESTION = "异地就医备案的有效期多久"


@pytest.fixture
def pipeline(small_corpus: Path, tmp_path: Path) -> Pipeline:
    config = Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", refuse_below=0.0)
    index_with(config)
    return open_pipeline(config)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history.db", lambda text: text)


@pytest.fixture
def chat(pipeline: Pipeline, history: History) -> Conversing:
    return Conversing(lambda: pipeline, history)


@pytest.fixture
def session(chat: Conversing) -> Session:
    return session_of([chat.arrive(None)])


def session_of(views: list[View] | Iterator[View]) -> Session:
    """Return the session the page holds after these views."""
    last = Session()
    for view in views:
        last = view.session or last
    return last


def asked(chat: Conversing, session: Session, *questions: str) -> Session:
    for question in questions:
        session = session_of(chat.ask(question, session))
    return session


def click(chat: Conversing, session: Session, target: str, text: str = "", **values: Any) -> list[View]:
    return list(chat.act(json.dumps({"target": target, "text": text, "values": values}), session))


def test_a_new_browser_becomes_a_visitor_of_its_own(chat: Conversing) -> None:
    one, two = (chat.arrive(memory).session for memory in (None, []))
    assert one
    assert two
    assert one.visitor != two.visitor
    assert (one.conversation, one.turns) == ("", ())


def test_who_asks_before_the_page_has_arrived_is_known_all_the_same(chat: Conversing) -> None:
    early = Session()
    one, two = chat.known(early, []), chat.known(early, [])
    assert len({"", one.visitor, two.visitor}) == 3
    kept = asked(chat, one, QUESTION)
    memory = [kept.visitor, kept.conversation]
    again = chat.known(early, memory)
    assert (again.visitor, again.conversation, len(again.turns)) == (kept.visitor, kept.conversation, 1)
    assert chat.known(again, []) == again


def test_an_answer_comes_in_steps(chat: Conversing, session: Session) -> None:
    views = list(chat.ask(QUESTION, session))
    cards = [view.messages[-1]["content"] for view in views if view.messages]
    assert wording.STEP_UNDERSTAND in cards[0]
    assert wording.STEP_SEARCH in cards[1]
    assert wording.STEP_QUOTE in cards[2]
    assert "异地就医备案的有效期是6个月。" in Reader(cards[-1]).text
    assert [view.running for view in views if view.running is not None] == [True, False]
    assert views[0].question == ""


def test_the_answer_fills_panel_and_list(chat: Conversing, session: Session) -> None:
    done = next(view for view in chat.ask(QUESTION, session) if view.panel)
    assert done.panel
    assert "<mark>异地就医备案的有效期是6个月。" in done.panel
    assert done.history
    assert QUESTION in done.history


def test_a_second_answer_is_added_with_its_own_number(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION, "生育津贴怎么算")
    assert len(session.turns) == 2
    html = click(chat, session, "yb-1-1")[0].panel
    assert html
    assert "生育津贴" in html


def test_earlier_questions_are_the_history(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, "福建的家庭共济要绑定吗", "换成陕西呢")
    assert session.turns[1].answer.rewritten == "陕西的家庭共济要绑定吗"


def test_an_emergency_is_no_part_of_a_later_question(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, "福建的家庭共济要绑定吗", "胸痛喘不过气", "换成陕西呢")
    assert session.turns[1].answer.status == "emergency"
    assert session.turns[2].answer.rewritten == "陕西的家庭共济要绑定吗"


def test_a_follow_up_can_be_taken_as_typed(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, "福建的家庭共济要绑定吗", "换成陕西呢")
    session = session_of(click(chat, session, "yb-1-typed"))
    assert len(session.turns) == 2
    assert session.turns[1].answer.rewritten == "换成陕西呢"


def test_a_facet_can_be_taken_away_and_added(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, "陕西的家庭共济怎么绑定")
    assert session.turns[0].answer.facets.regions == ("陕西",)
    without = session_of(click(chat, session, "yb-0-x0"))
    assert without.turns[0].answer.facets.regions == ()
    assert without.turns[0].answer.question == "陕西的家庭共济怎么绑定"
    added = session_of(click(chat, without, "yb-0-facets", region="湖北", insurance="resident"))
    assert (added.turns[0].answer.facets.regions, added.turns[0].answer.facets.insurance) == (("湖北",), ("resident",))
    assert len(added.turns) == 1


def test_the_search_options_of_the_page_are_used(pipeline: Pipeline, history: History) -> None:
    refusing = Conversing(
        lambda: pipeline, history, settings=lambda kept: SearchSettings(SearchOptions(refuse_below=kept), 6)
    )
    assert asked(refusing, Session("me", kept=1.0), QUESTION).turns[0].answer.status == "no_answer"


def test_a_starter_asks_its_text(chat: Conversing, session: Session) -> None:
    assert session_of(click(chat, session, "yb-ask", QUESTION)).turns[0].asked.question == QUESTION


@pytest.mark.parametrize("question", ["", " \n"])
def test_an_empty_question_is_told_what_to_do(chat: Conversing, session: Session, question: str) -> None:
    with pytest.raises(InputError, match=wording.EMPTY_QUESTION):
        list(chat.ask(question, session))


def test_an_error_leaves_the_page_as_it_was(history: History) -> None:
    def missing() -> Pipeline:
        raise IndexMissingError("没有索引")

    views = Conversing(missing, history).ask(QUESTION, Session("me"))
    assert next(views).running is True
    before_error = next(views)
    with pytest.raises(IndexMissingError):
        next(views)
    assert (before_error.running, before_error.question, before_error.messages) == (False, QUESTION, [])


def test_a_stopped_question_stays_and_can_be_asked_again(chat: Conversing, session: Session) -> None:
    first = next(chat.ask(QUESTION, session))
    assert first.session
    stopped = chat.stop(first.session)
    assert stopped.messages
    assert wording.STOPPED in stopped.messages[-1]["content"]
    assert stopped.running is False
    assert stopped.session
    again = session_of(click(chat, stopped.session, "yb-again"))
    assert [turn.asked.question for turn in again.turns] == [QUESTION]


def test_a_stopped_retry_leaves_the_answer_there_was(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION)
    target = json.dumps({"target": "yb-0-retry"})
    stopped = chat.stop(session_of([next(chat.act(target, session))]))
    assert stopped.messages
    assert "异地就医备案的有效期是6个月。" in Reader(stopped.messages[-1]["content"]).text


def test_stopping_when_nothing_runs_changes_nothing(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION)
    assert chat.stop(session).session == session


def test_a_conversation_survives_reload_and_restart(
    chat: Conversing, pipeline: Pipeline, session: Session, tmp_path: Path
) -> None:
    session = asked(chat, session, QUESTION, "生育津贴怎么算")
    memory = [session.visitor, session.conversation]
    restarted = Conversing(lambda: pipeline, History(tmp_path / "history.db", lambda text: text))
    view = restarted.arrive(memory)
    assert view.session
    assert view.messages == chat.arrive(memory).messages
    assert [turn.asked.question for turn in view.session.turns] == [QUESTION, "生育津贴怎么算"]
    panel = click(restarted, view.session, "yb-0-1")[0].panel
    assert panel
    assert '<mark class="yb-focus">异地就医备案的有效期是6个月。' in panel


def test_a_new_conversation_leaves_the_old_one_in_the_list(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION)
    fresh = chat.anew(session)
    assert fresh.session
    assert fresh.session.turns == ()
    second = asked(chat, fresh.session, "生育津贴怎么算")
    opened = click(chat, second, f"yb-open-{session.conversation}")[0]
    assert opened.session
    assert [turn.asked.question for turn in opened.session.turns] == [QUESTION]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5])
def test_another_conversation_stays_open_while_an_answer_is_finished(
    chat: Conversing, session: Session, history: History, steps: int
) -> None:
    first = asked(chat, session, QUESTION)
    second = chat.anew(first).session
    assert second
    running = chat.ask("生育津贴怎么算", second)
    for _ in range(steps):
        next(running)
    opened = click(chat, second, f"yb-open-{first.conversation}")[-1].session
    assert opened
    assert (opened.conversation, len(opened.turns)) == (first.conversation, 1)
    assert list(running) == [View(download="")]
    assert len(history.conversations(first.visitor)) == 2  # the answer is kept all the same


def test_an_answer_that_nobody_takes_does_not_hold_up_the_next(chat: Conversing, session: Session) -> None:
    left = chat.ask(QUESTION, session)
    view = next(left)  # a page that is stopped now never asks for the next one
    chat.stop(view.session or session)
    assert len(asked(chat, session, QUESTION).turns) == 1
    assert left is not None


def test_a_conversation_can_be_renamed_and_deleted(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION)
    renamed = click(chat, session, f"yb-rename-{session.conversation}", title="备案的事")[0]
    assert renamed.history
    assert "备案的事" in renamed.history
    deleted = click(chat, session, f"yb-delete-{session.conversation}")[0]
    assert deleted.session
    assert (deleted.session.turns, deleted.messages) == ((), [])
    assert deleted.session.visitor == session.visitor
    assert "备案的事" not in (deleted.history or "")


def test_all_conversations_can_be_deleted(chat: Conversing, session: Session, history: History) -> None:
    session = asked(chat, session, QUESTION)
    assert click(chat, session, "yb-clear")[0].messages == []
    assert history.conversations(session.visitor) == []


def test_a_question_after_its_conversation_was_deleted_elsewhere_begins_a_new_one(
    chat: Conversing, session: Session, history: History
) -> None:
    session = asked(chat, session, QUESTION)
    history.delete(session.visitor)
    later = asked(chat, session, "生育津贴怎么算")
    assert later.conversation != session.conversation
    assert [turn.asked.question for turn in history.turns(session.visitor, later.conversation)] == ["生育津贴怎么算"]


def test_feedback_is_kept_and_shown(chat: Conversing, session: Session, history: History) -> None:
    session = asked(chat, session, QUESTION)
    session = session_of(click(chat, session, "yb-0-good"))
    session = session_of(click(chat, session, "yb-0-bad", reason="outdated", comment="去年的"))
    assert session.turns[0].feedback
    assert session.turns[0].feedback.reason == "outdated"
    ((feedback, *_),) = history.feedback()
    assert (feedback.verdict, feedback.comment) == ("bad", "去年的")


def test_a_reason_nobody_offered_is_not_kept(chat: Conversing, session: Session, history: History) -> None:
    session = asked(chat, session, QUESTION)
    click(chat, session, "yb-0-bad", reason="<script>")
    ((feedback, *_),) = history.feedback()
    assert feedback.reason == ""


def test_export_hands_over_the_conversation(chat: Conversing, session: Session) -> None:
    session = asked(chat, session, QUESTION)
    (view,) = click(chat, session, "yb-export")
    assert view.download
    assert QUESTION in json.loads(view.download)["text"]


@pytest.mark.parametrize("target", ["", "other", "yb-9-1", "yb-9-good", "yb-again", "yb-0-c0"])
def test_an_unknown_click_changes_nothing(chat: Conversing, session: Session, target: str) -> None:
    assert click(chat, session, target) == []


def test_markup_in_a_question_stays_text(chat: Conversing, session: Session) -> None:
    views = list(chat.ask("<script>备案</script>", session))
    shown = "".join(str(view.messages) + str(view.panel) + str(view.history) for view in views)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_every_answer_in_the_chat_has_the_disclaimer_once(chat: Conversing, session: Session) -> None:
    for question in (QUESTION, "胸痛喘不过气", "\u3002"):
        last = [view.messages for view in chat.ask(question, session) if view.messages][-1]
        assert last[-1]["content"].count(wording.DISCLAIMER) == 1


def test_a_history_that_fails_is_said_and_not_swallowed(chat: Conversing, session: Session, tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"broken now" * 999)
    with pytest.raises(HistoryError):
        list(chat.ask(QUESTION, session))


def test_sessions_are_never_changed_in_place(chat: Conversing, session: Session) -> None:
    before = replace(session)
    list(chat.ask(QUESTION, session))
    assert session == before


def test_no_number_that_is_typed_reaches_a_disk_or_a_log(
    pipeline: Pipeline, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The whole way: a question, one that leads on from it, feedback, a name; every file that the history writes."""
    typed = ("13812345678", "110101199003074578", "138 1234 5678")
    chat = Conversing(lambda: pipeline, History(tmp_path / "kept" / "history.db", mask))
    session = session_of([chat.arrive(None)])
    with caplog.at_level(logging.DEBUG), closing(sqlite3.connect(tmp_path / "kept" / "history.db")) as reader:
        reader.execute("SELECT count(*) FROM turns").fetchone()  # keeps the log beside the file
        for number in typed:
            session = asked(chat, session, f"我的号码是{number}，异地就医备案的有效期多久", f"{number}在湖北呢")
        for number in typed:
            session = session_of(click(chat, session, "yb-1-bad", reason="other", comment=f"我的{number}"))
            click(chat, session, f"yb-rename-{session.conversation}", title=f"关于{number}")
        files = list((tmp_path / "kept").iterdir())
        written = b"".join(path.read_bytes() for path in files)
    assert {path.name for path in files} == {"history.db", "history.db-wal", "history.db-shm"}
    assert "备案".encode() in written
    for piece in ("13812345678", "110101199003074578", "1234 5678", "12345678", "3074578"):
        assert piece.encode() not in written
        assert piece not in caplog.text
    assert not any(piece in str(session.turns) for piece in typed)
    assert any(turn.feedback for turn in session.turns)


def test_a_browser_that_remembers_something_else_is_a_new_visitor(chat: Conversing) -> None:
    session = chat.arrive(["13812345678", ""]).session
    assert session is not None
    assert session.visitor != "13812345678"
    assert is_visitor(session.visitor)


def test_a_question_of_any_length_is_not_taken(chat: Conversing, session: Session) -> None:
    with pytest.raises(InputError, match="500"):
        list(chat.ask("1-" * 60_000, session))
