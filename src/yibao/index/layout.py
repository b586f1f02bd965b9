"""The index folder: builds beside each other, and ``CURRENT`` naming the one that counts.

    index/CURRENT                 one line: the build id; replaced by rename, and that is the commit
    index/.lock                   held by the one writer
    index/<build id>/manifest.json
    index/<build id>/passages.db          SQLite: articles, passages, sentences
    index/<build id>/passages.faiss       one unit vector per passage
    index/<build id>/sentences.npy        one unit vector per sentence
    index/<build id>/sentence_offsets.npy where each passage's sentences begin
    index/<build id>/keys.json            hash of the embedded text of each row, for reuse
    index/<build id>/lexical/             BM25

A build is written under a name that starts with a dot, flushed to disk, renamed, and then named in
``CURRENT``. A process killed at any moment leaves the last good build in place.
"""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from yibao import wording
from yibao.errors import IndexCorruptError, IndexLockedError, IndexMismatchError, IndexMissingError, InputError
from yibao.index.manifest import MANIFEST, Manifest, read_manifest, write_manifest
from yibao.storage import flush, storing

DATABASE = "passages.db"
DENSE = "passages.faiss"
SENTENCES = "sentences.npy"
SENTENCE_OFFSETS = "sentence_offsets.npy"
KEYS = "keys.json"
LEXICAL = "lexical"
LAST_EVALUATION = "last_eval.json"  # beside the builds: what `yibao eval` found last on this index
_CURRENT = "CURRENT"
_UNFINISHED = ".building-"
_NAME = re.compile(r"[0-9A-Za-z-]+")  # of a build; anything else in ``CURRENT`` is damage
_BUILDS_KEPT = 2  # the current one, and the one before it in case the current one gets damaged


def new_build_id() -> str:
    """Return a name that sorts by time and never repeats."""
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%f") + "-" + uuid.uuid4().hex[:6]


@contextmanager
def write_lock(root: Path) -> Iterator[None]:
    """Hold the writer's lock of an index folder; the system frees it when the process dies.

    Raises:
        IndexLockedError: another process holds it; InputError: ``root`` is a file;
        StorageError: the folder cannot be written.
    """
    lock = FileLock(str(root / ".lock"), timeout=0)
    with storing(root, wording.INDEX_NOT_WRITTEN):
        try:
            root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (FileExistsError, NotADirectoryError) as error:
            raise InputError(wording.FOLDER_MISSING.format(path=root)) from error
        except Timeout as error:  # an OSError, too
            raise IndexLockedError(wording.INDEX_LOCKED.format(path=root)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(root: Path, build_id: str) -> Iterator[Path]:
    """Yield an empty folder to write a build into; call ``commit`` before leaving, else it is thrown away.

    Only for the holder of ``write_lock``: what killed writers left behind is swept away first.

    Raises:
        StorageError: the disk refuses; nothing of the build stays.
    """
    for leftover in root.glob(_UNFINISHED + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = root / (_UNFINISHED + build_id)
    with storing(root, wording.INDEX_NOT_WRITTEN):
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def commit(root: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a written build the current one.

    Steps: 1. write the manifest, 2. write ``CURRENT`` aside, 3. flush every file and folder to disk, 4. rename the
    build to its id, 5. rename ``CURRENT`` over the old one, 6. prune builds nobody needs. What needs space on the disk
    is done before the build gets its name.
    """
    write_manifest(folder, manifest)
    aside, final = root / (_CURRENT + ".new"), root / manifest.build_id
    try:
        aside.write_text(manifest.build_id + "\n", encoding="utf-8")
        for path in [*folder.rglob("*"), folder, aside]:
            flush(path)
        folder.rename(final)
        aside.replace(root / _CURRENT)
    except OSError:
        aside.unlink(missing_ok=True)
        shutil.rmtree(final, ignore_errors=True)
        raise
    flush(root)
    for old in _builds(root)[_BUILDS_KEPT:]:
        with suppress(OSError):  # Windows keeps what a reader still has open
            # Under this name the next writer sweeps it away should this one be killed half-way.
            shutil.rmtree(old.rename(root / (_UNFINISHED + old.name)))
    return final


def current_id(root: Path) -> str:
    """Return the id that ``CURRENT`` names; empty where that file is gone or unreadable though builds are there.

    Raises:
        IndexMissingError: there is no index in ``root``; StorageError: the folder cannot be read.
    """
    try:
        return (root / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        if not _finished(root):
            raise IndexMissingError(wording.INDEX_MISSING.format(path=root)) from error
        return ""


def open_build(root: Path) -> tuple[Path, Manifest, str | None]:
    """Return folder and manifest of the current build, or of the newest other good one with a warning.

    Raises:
        IndexMissingError: no index; IndexMismatchError: written by another version of the format;
        IndexCorruptError: the current build, or ``CURRENT``, is damaged and there is no other good build;
        StorageError: the folder cannot be read.
    """
    name = current_id(root)
    try:
        return root / name, _named(root, name), None
    except IndexCorruptError as error:
        for folder in _builds(root):
            try:
                if folder.name != name:
                    return folder, read_manifest(folder), wording.OLDER_BUILD.format(reason=error)
            except (IndexCorruptError, IndexMismatchError):
                continue
        raise


def _named(root: Path, name: str) -> Manifest:
    if not _NAME.fullmatch(name):
        raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=_CURRENT))
    return read_manifest(root / name)


def _builds(root: Path) -> list[Path]:
    """Return finished builds: the current one first, then newest first."""
    current = current_id(root)
    return sorted(_finished(root), key=lambda path: (path.name == current, path.name), reverse=True)


def _finished(root: Path) -> list[Path]:
    """Return builds that got their name, in any order; none where there is no folder.

    Raises:
        StorageError: the folder cannot be read.
    """
    with storing(root, wording.INDEX_UNREADABLE):
        try:
            return [path for path in root.iterdir() if (path / MANIFEST).is_file() and not path.name.startswith(".")]
        except (FileNotFoundError, NotADirectoryError):
            return []
