"""What a disk refuses is one line that says what to do; a file is there whole or as it was."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from yibao import wording
from yibao.errors import StorageError
from yibao.storage import reason, storing, write_aside


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, "full"), (errno.EDQUOT, "full"), (errno.EFBIG, "too_large"), (errno.EROFS, "read_only"),
        (errno.EACCES, "denied"), (errno.EPERM, "denied"), (errno.EIO, "disk"), (errno.EMFILE, "many"),
        (errno.ENOENT, "gone"), (errno.EISDIR, "folder"), (errno.ENOTDIR, "not_folder"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_is_said_in_words_with_what_to_do(code: int, kind: str) -> None:
    assert reason(OSError(code, os.strerror(code))) == wording.STORAGE_REASONS[kind]
    assert "请" in wording.STORAGE_REASONS[kind]


def test_a_short_write_of_numpy_is_a_full_disk() -> None:
    assert reason(OSError("230400 requested and 39904 written")) == wording.STORAGE_REASONS["short"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database or disk is full", "full"), ("database is locked", "locked"), ("disk I/O error", "disk"),
        ("database disk image is malformed", "damaged"), ("file is not a database", "damaged"),
        ("attempt to write a readonly database", "read_only"), ("unable to open database file", "unopened"),
    ],
)  # fmt: skip
def test_what_sqlite_says_is_said_in_words(said: str, kind: str) -> None:
    assert reason(sqlite3.OperationalError(said)) == wording.STORAGE_REASONS[kind]


def test_what_is_not_known_keeps_the_words_of_the_system_on_one_line() -> None:
    assert reason(OSError(errno.ELOOP, "too many\nlinks")) == "[Errno 40] too many links"


def test_the_error_names_the_file() -> None:
    with pytest.raises(StorageError) as raised, storing(Path("某处/文件")):
        raise OSError(errno.ENOSPC, "full")
    assert str(raised.value) == "写不了 某处/文件：磁盘已满或超出配额，请腾出空间后重试"


@pytest.mark.parametrize("error", [KeyError("x"), sqlite3.ProgrammingError("x"), sqlite3.IntegrityError("x")])
def test_a_mistake_in_the_program_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)), storing(Path("x")):
        raise error


def test_a_real_malformed_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(b"no database, and long enough to be looked at" * 99)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(StorageError, match="已损坏"), storing(path):
        connection.execute("SELECT * FROM sqlite_master")


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    write_aside(path, "一")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="磁盘已满"):
            write_aside(path, "二")
    assert path.read_text("utf-8") == "一"
    assert list(tmp_path.iterdir()) == [path]
    write_aside(path, "二")
    assert path.read_text("utf-8") == "二"
