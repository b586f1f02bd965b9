"""Passages switched off by hand, kept beside the builds so that a rebuild does not switch them on again.

A passage is named by its id and the fingerprint of its text: when its article is edited and the id comes to stand for
other words, nobody has judged those yet, and they are searched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from yibao import wording
from yibao.errors import IndexCorruptError, IndexLockedError
from yibao.index.database import Database
from yibao.records import Passage
from yibao.storage import storing, write_aside

SWITCHED_OFF = "switched_off.json"
_LOCK = ".switched_off.lock"
_PATIENCE = 10  # seconds; a change takes milliseconds


def read_switches(root: Path) -> dict[str, str]:
    """Return the passages switched off in an index folder: fingerprint of the text by passage id.

    Raises:
        IndexCorruptError: the file is there and holds something else.
    """
    try:
        values = json.loads((root / SWITCHED_OFF).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise IndexCorruptError(wording.SWITCHES_DAMAGED.format(path=root / SWITCHED_OFF)) from error
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise IndexCorruptError(wording.SWITCHES_DAMAGED.format(path=root / SWITCHED_OFF))
    return values


def switch(root: Path, passages: Iterable[Passage], *, off: bool) -> None:
    """Switch passages off or on again. What was written before stays when this is killed half-way.

    Raises:
        IndexLockedError: another process keeps the file for too long; IndexCorruptError: see ``read_switches``;
        StorageError: the folder cannot be written.
    """
    lock = FileLock(str(root / _LOCK), timeout=_PATIENCE)
    with storing(root / SWITCHED_OFF):
        try:
            lock.acquire()
        except Timeout as error:  # an OSError, too
            raise IndexLockedError(wording.INDEX_LOCKED.format(path=root)) from error
    try:
        switched = read_switches(root)
        for passage in passages:
            switched.pop(passage.id, None)
            if off:
                switched[passage.id] = _fingerprint(passage)
        write_aside(root / SWITCHED_OFF, json.dumps(dict(sorted(switched.items())), ensure_ascii=False, indent=1))
    finally:
        lock.release()


def switched_off_rows(root: Path, database: Database) -> frozenset[int]:
    """Return the rows of one build that are switched off.

    Raises:
        IndexCorruptError: see ``read_switches``.
    """
    switched = read_switches(root)
    if not switched:
        return frozenset()
    found = database.passages_by_id(switched)
    return frozenset(row for row, passage in found if switched[passage.id] == _fingerprint(passage))


def _fingerprint(passage: Passage) -> str:
    return hashlib.sha256(passage.text.encode()).hexdigest()[:32]
