"""The real file: what survives, what is masked, what is gone for good, and whose it is."""

from __future__ import annotations

import json
import signal
import sqlite3
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from answer_samples import make_answer, make_citation, make_hit
from yibao import wording
from yibao.errors import HistoryError
from yibao.history.feedback import export_feedback
from yibao.history.store import History
from yibao.history.turns import MAX_COMMENT, MAX_TITLE, Asked, Feedback, Turn
from yibao.language.masking import mask as real_mask
from yibao.records import Answer, Article, Choice, Facets, Leg

SECRET = "身份证110101199003074578"


def mask(text: str) -> str:
    return text.replace(SECRET, "[证件号]")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "history.db"


@pytest.fixture
def history(path: Path) -> History:
    return History(path, mask)


@pytest.fixture
def answer(make_article: Callable[..., Article]) -> Answer:
    article = make_article(id="filing", title="备案", text="有效期是6个月。")
    return make_answer(
        text="有效期是6个月。 [1]",
        citations=(make_citation(article, 0, 8, facts=((4, 7),)),),
        hits=(make_hit(article),),
    )


def bytes_of(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_a_conversation_survives_a_restart(history: History, path: Path, answer: Answer) -> None:
    asked = Asked("备案有效期多久", Facets(("陕西",), ("employee",), (), (2025,)), literal=True)
    conversation, first = history.add("me", None, Turn(asked, answer, ("电话是多少？",)))
    same, second = history.add("me", conversation, Turn(Asked("那湖北呢"), answer))
    assert same == conversation
    again = History(path, mask).turns("me", conversation)
    assert [turn.id for turn in again] == [first.id, second.id]
    assert again[0].asked == asked
    assert again[0].related == ("电话是多少？",)
    assert again[0].answer.to_json() == answer.to_json()


def test_a_conversation_is_named_by_its_first_question(history: History, answer: Answer) -> None:
    history.add("me", None, Turn(Asked("备案\n" + "长" * 99), answer))
    (conversation,) = history.conversations("me")
    assert conversation.title == ("备案 " + "长" * 99)[:MAX_TITLE]


def test_the_latest_conversation_comes_first(history: History, answer: Answer) -> None:
    ids = [history.add("me", None, Turn(Asked(str(number)), answer))[0] for number in range(2)]
    history.add("me", ids[0], Turn(Asked("又来"), answer))
    assert history.conversations("me")[0].id == ids[0]


def test_nobody_reads_or_changes_what_is_anothers(history: History, answer: Answer) -> None:
    conversation, turn = history.add("me", None, Turn(Asked("我的问题"), answer))
    assert history.conversations("you") == []
    assert history.turns("you", conversation) == ()
    history.rename("you", conversation, "改了")
    history.change("you", replace(turn, asked=Asked("别的")))
    history.lead_on("you", replace(turn, related=("别的",)))
    history.rate("you", turn, Feedback("bad"), ())
    history.delete("you", conversation)
    history.delete("you")
    other, _ = history.add("you", conversation, Turn(Asked("你的问题"), answer))
    assert other != conversation
    assert history.conversations("me")[0].title == "我的问题"
    (kept,) = history.turns("me", conversation)
    assert (kept.asked.question, kept.related, kept.feedback) == ("我的问题", (), None)


def test_what_was_typed_is_masked_before_it_is_written(history: History, path: Path, answer: Answer) -> None:
    asked = Asked(f"{SECRET}能报销吗")
    _, turn = history.add("me", None, Turn(asked, replace(answer, question=asked.question, rewritten=asked.question)))
    history.rate("me", turn, Feedback("bad", "other", f"我的{SECRET}"), [f"先问{SECRET}"])
    history.rename("me", history.conversations("me")[0].id, f"关于{SECRET}")
    assert SECRET.encode() not in bytes_of(path)
    assert history.conversations("me")[0].title == "关于[证件号]"


@pytest.mark.parametrize("typed", ["13812345678", "110101199003074578", "138 1234 5678", "zhang.san@example.com"])
def test_no_byte_of_the_files_holds_what_is_personal(
    path: Path, make_article: Callable[..., Article], typed: str
) -> None:
    """Read while another connection keeps the log from being emptied."""
    history = History(path, real_mask)
    article = make_article(text="备案的有效期是6个月。")
    leg = Leg(1, 2.5, ("备案",), (typed, *typed.split()))
    answer = make_answer(
        question=f"手机{typed}备案", rewritten=f"手机{typed}备案", text=f"没有找到：{typed}", notices=(typed,),
        hits=(replace(make_hit(article), legs={"lexical": leg}),), missing_terms=(typed, *typed.split()),
        choices=(Choice(typed, f"{typed}备案"),), unanswered=(typed,), suggestions=(typed,), summary=typed,
    )  # fmt: skip
    with closing(sqlite3.connect(path)) as open_one:
        open_one.execute("SELECT count(*) FROM turns").fetchone()
        conversation, turn = history.add("me", None, Turn(Asked(answer.question), answer, (typed,)))
        history.lead_on("me", replace(turn, related=(f"{typed}呢",)))
        history.change("me", replace(turn, answer=answer))
        comment = "字" * (MAX_COMMENT - 9) + typed  # the limit cuts through it
        history.rate("me", replace(turn, answer=answer), Feedback("bad", typed, comment), [f"先问{typed}"])
        history.rename("me", conversation, f"关于{typed}")
        written = bytes_of(path)
    rows = json.dumps(list(export_feedback(history)), ensure_ascii=False)
    assert "备案".encode() in written
    telling = [piece for piece in (typed, typed[: len(typed) // 2], *typed.split()) if len(piece) > len("138")]
    for piece in telling:  # three digits may stand in any time of day
        assert piece.encode() not in written
        assert piece not in rows


def test_what_comes_back_is_what_is_stored(history: History, answer: Answer) -> None:
    conversation, turn = history.add("me", None, Turn(Asked(f"{SECRET}备案"), answer, (SECRET,)))
    assert (turn.asked.question, turn.related) == ("[证件号]备案", ("[证件号]",))
    assert history.turns("me", conversation)[0].asked == turn.asked


def test_a_question_with_half_a_character_is_kept(history: History, answer: Answer) -> None:
    conversation, _ = history.add("me", None, Turn(Asked("备案\ud800"), answer))
    assert history.turns("me", conversation)[0].asked.question == "备案\ufffd"
    with pytest.raises(HistoryError):
        history.turns("\ud800", conversation)


def fill(history: History, conversation: str, answer: Answer) -> None:
    for number in range(99):
        history.add("me", conversation, Turn(Asked(f"{number}" + "长" * 9999), answer))


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, answer: Answer) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    history = History(tmp_path / "history.db", mask)
    conversation, _ = history.add("me", None, Turn(Asked("第一问"), answer))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, before[1]))
    try:
        with pytest.raises(HistoryError, match="请") as raised:
            fill(history, conversation, answer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert "rollback" not in str(raised.value)
    kept = [turn.asked.question.strip("长") for turn in history.turns("me", conversation)]
    assert kept == ["第一问", *map(str, range(len(kept) - 1))]
    history.add("me", conversation, Turn(Asked("又行了"), answer))


def test_damaged_feedback_is_an_error(history: History, path: Path, answer: Answer) -> None:
    _, turn = history.add("me", None, Turn(Asked("备案"), answer))
    history.rate("me", turn, Feedback("good"), ())
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE feedback SET answer = '{'")
    with pytest.raises(HistoryError, match="已损坏"):
        list(history.feedback())


def test_an_answer_can_take_the_place_of_another(history: History, answer: Answer) -> None:
    conversation, turn = history.add("me", None, Turn(Asked("备案"), answer))
    turn = history.rate("me", turn, Feedback("good"), ())
    changed = history.change(
        "me", replace(turn, asked=Asked("备案", literal=True), answer=replace(answer, confidence=0.5))
    )
    assert changed.feedback is None
    (kept,) = history.turns("me", conversation)
    assert (kept.id, kept.asked.literal, kept.answer.confidence, kept.feedback) == (turn.id, True, 0.5, None)
    ((feedback, _, about, _),) = history.feedback()
    assert (feedback.verdict, about.confidence) == ("good", 0.9)


def test_feedback_comes_back_with_its_turn_and_can_change(history: History, answer: Answer) -> None:
    conversation, turn = history.add("me", None, Turn(Asked("备案"), answer))
    history.rate("me", turn, Feedback("good"), ())
    rated = history.rate("me", turn, Feedback("bad", "outdated", "  去年的  "), ["更早的问题"])
    assert rated.feedback == Feedback("bad", "outdated", "去年的")
    assert history.turns("me", conversation)[0].feedback == rated.feedback
    ((feedback, earlier, _, _),) = history.feedback()
    assert (feedback, earlier) == (rated.feedback, ["更早的问题"])


def test_a_long_comment_is_cut(history: History, answer: Answer) -> None:
    _, turn = history.add("me", None, Turn(Asked("备案"), answer))
    rated = history.rate("me", turn, Feedback("bad", "other", "长" * 999), ())
    assert rated.feedback
    assert len(rated.feedback.comment) == MAX_COMMENT


def test_deleted_is_gone_from_the_file(history: History, path: Path, answer: Answer) -> None:
    conversation, turn = history.add("me", None, Turn(Asked("阑尾手术后能报销吗"), answer))
    history.rate("me", turn, Feedback("bad", "other", "答非所问啊"), ())
    history.add("me", None, Turn(Asked("另一个对话"), answer))
    assert "阑尾手术".encode() in bytes_of(path)
    history.delete("me", conversation)
    assert "阑尾手术".encode() not in bytes_of(path)
    assert "答非所问".encode() not in bytes_of(path)
    assert [each.title for each in history.conversations("me")] == ["另一个对话"]
    assert list(history.feedback()) == []


def test_all_can_be_deleted_at_once(history: History, answer: Answer) -> None:
    for visitor in ("me", "me", "you"):
        history.add(visitor, None, Turn(Asked("备案"), answer))
    history.delete("me")
    assert history.conversations("me") == []
    assert len(history.conversations("you")) == 1


def test_an_empty_name_changes_nothing(history: History, answer: Answer) -> None:
    conversation, _ = history.add("me", None, Turn(Asked("备案"), answer))
    history.rename("me", conversation, "  ")
    assert history.conversations("me")[0].title == "备案"


def test_only_the_owner_may_read_the_file(history: History, path: Path, answer: Answer) -> None:
    history.add("me", None, Turn(Asked("备案"), answer))
    with closing(sqlite3.connect(path)) as open_one:  # holds the side files of the log open
        open_one.execute("SELECT count(*) FROM turns").fetchone()
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "history.db" in modes


def test_the_log_is_written_ahead(history: History, path: Path) -> None:
    assert history.conversations("me") == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_many_threads_write_at_once(history: History, answer: Answer) -> None:
    conversation, _ = history.add("me", None, Turn(Asked("0"), answer))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: history.add("me", conversation, Turn(Asked(str(number)), answer)), range(1, 25)))
    turns = history.turns("me", conversation)
    assert sorted(int(turn.asked.question) for turn in turns) == list(range(25))
    assert len({turn.id for turn in turns}) == 25


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, and long enough to be looked at" * 9)
    with pytest.raises(HistoryError) as caught:
        History(path, mask)
    assert str(caught.value).startswith(wording.HISTORY_UNUSABLE.format(path=path, reason=""))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="history"):
        History(tmp_path / "file" / "history.db", mask)


def test_a_newer_file_is_left_alone(history: History, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(HistoryError, match="升级"):
        History(path, mask)
    assert history.conversations("me") == []


def test_a_turn_that_cannot_be_read_is_an_error_not_a_gap(history: History, path: Path, answer: Answer) -> None:
    conversation, _ = history.add("me", None, Turn(Asked("备案"), answer))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE turns SET answer = '{}'")
    with pytest.raises(HistoryError):
        history.turns("me", conversation)


def test_a_turn_is_never_stored_for_nobody(history: History, answer: Answer) -> None:
    with pytest.raises(ValueError, match="visitor"):
        history.add("", None, Turn(Asked("医保卡丢了怎么办"), answer))
