"""What goes wrong on a disk, said in one line; and how a file is written so that no half of it is ever seen."""

from __future__ import annotations

import errno
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yibao import wording
from yibao.errors import StorageError

_KINDS = {
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EFBIG: "too_large", errno.EROFS: "read_only",
    errno.EACCES: "denied", errno.EPERM: "denied", errno.EIO: "disk", errno.EMFILE: "many", errno.ENFILE: "many",
    errno.ENOENT: "gone", errno.ENOTDIR: "not_folder", errno.EEXIST: "not_folder", errno.EISDIR: "folder",
}  # fmt: skip
# SQLite's own words: only since Python 3.11 its errors carry a number.
_SQLITE_KINDS = {
    "full": "full", "locked": "locked", "readonly": "read_only", "unable to open": "unopened", "disk i/o": "disk",
    "malformed": "damaged", "not a database": "damaged", "file is encrypted": "damaged",
}  # fmt: skip

# What SQLite says of a mistake in a program, not of a disk.
_OF_PROGRAMS = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.DataError, sqlite3.NotSupportedError)


@contextmanager
def storing(path: Path, message: str = wording.STORAGE_FAILED) -> Iterator[None]:
    """Turn what the disk refuses into one line for people; ``message`` has places for ``path`` and ``reason``.

    Raises:
        StorageError: the disk is full, read-only or broken, the permission is missing, SQLite cannot go on.
    """
    try:
        yield
    except _OF_PROGRAMS:
        raise
    except (OSError, sqlite3.DatabaseError) as error:
        raise StorageError(message.format(path=path, reason=reason(error))) from error


def reason(error: Exception) -> str:
    """Say what the disk refused and what to do about it; of what is not known, the system's own words."""
    kind = _sqlite_kind(error) if isinstance(error, sqlite3.Error) else _kind(error)
    return wording.STORAGE_REASONS[kind] if kind else " ".join(str(error).split())


def _kind(error: Exception) -> str | None:
    if isinstance(error, OSError) and error.errno is None:  # by NumPy: "230400 requested and 39904 written"
        return "short"
    return _KINDS.get(getattr(error, "errno", 0))


def _sqlite_kind(error: sqlite3.Error) -> str | None:
    said = str(error).lower()
    return next((kind for words, kind in _SQLITE_KINDS.items() if words in said), None)


def write_aside(path: Path, text: str) -> None:
    """Write a file whole or not at all: aside, flushed, renamed over the old one.

    Raises:
        StorageError: it cannot be written; the old file stays as it was.
    """
    aside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    with storing(path):
        try:
            aside.write_text(text, encoding="utf-8")
            flush(aside)
            aside.replace(path)
            flush(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
