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

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from yibao import wording
from yibao.errors import IndexCorruptError, IndexLockedError, IndexMismatchError, IndexMissingError, InputError

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
DATABASE = "passages.db"
DENSE = "passages.faiss"
SENTENCES = "sentences.npy"
SENTENCE_OFFSETS = "sentence_offsets.npy"
KEYS = "keys.json"
LEXICAL = "lexical"
LAST_EVALUATION = "last_eval.json"  # beside the builds: what `yibao eval` found last on this index
_CURRENT = "CURRENT"
_UNFINISHED = ".building-"
_BUILDS_KEPT = 2  # the current one, and the one before it in case the current one gets damaged


@dataclass(frozen=True)
class Manifest:
    """What a build is made of. ``checksums`` maps each file's relative path to its SHA-256."""

    format_version: int
    build_id: str
    created: str
    model: str
    model_fingerprint: str
    dimension: int
    segmenter_fingerprint: str
    chunking: dict[str, int]
    articles: dict[str, str]
    passages: int
    sentences: int
    checksums: dict[str, str]


def content_id(manifest: Manifest) -> str:
    """Return a name of what a build answers from: equal for builds of the same articles, cut and embedded alike."""
    made = (manifest.model_fingerprint, manifest.segmenter_fingerprint, manifest.chunking, manifest.articles)
    return sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:32]


def new_build_id() -> str:
    """Return a name that sorts by time and never repeats."""
    return datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%f") + "-" + uuid.uuid4().hex[:6]


@contextmanager
def write_lock(root: Path) -> Iterator[None]:
    """Hold the writer's lock of an index folder; the system frees it when the process dies.

    Raises:
        IndexLockedError: another process holds it; InputError: ``root`` is a file.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(wording.FOLDER_MISSING.format(path=root)) from error
    try:
        with FileLock(str(root / ".lock"), timeout=0):
            yield
    except Timeout as error:
        raise IndexLockedError(wording.INDEX_LOCKED.format(path=root)) from error


@contextmanager
def writing(root: Path, build_id: str) -> Iterator[Path]:
    """Yield an empty folder to write a build into; call ``commit`` before leaving, else it is thrown away.

    Only for the holder of ``write_lock``: what killed writers left behind is swept away first.
    """
    for leftover in root.glob(_UNFINISHED + "*"):
        shutil.rmtree(leftover, ignore_errors=True)
    folder = root / (_UNFINISHED + build_id)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def commit(root: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a written build the current one.

    Steps: 1. write the manifest, 2. flush every file and folder to disk, 3. rename the build to its id,
    4. write ``CURRENT`` aside, flush, rename over the old one, 5. prune builds nobody needs.
    """
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    for path in [*folder.rglob("*"), folder]:
        _flush(path)
    final = root / manifest.build_id
    folder.rename(final)
    aside = root / (_CURRENT + ".new")
    aside.write_text(manifest.build_id + "\n", encoding="utf-8")
    _flush(aside)
    aside.replace(root / _CURRENT)
    _flush(root)
    for old in _builds(root)[_BUILDS_KEPT:]:
        with suppress(OSError):  # Windows keeps what a reader still has open
            # Under this name the next writer sweeps it away should this one be killed half-way.
            shutil.rmtree(old.rename(root / (_UNFINISHED + old.name)))
    return final


def write_aside(path: Path, text: str) -> None:
    """Write a file beside the builds: aside, flushed, renamed over the old one, so that no half of it is ever seen."""
    aside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        aside.write_text(text, encoding="utf-8")
        _flush(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under ``folder`` but the manifest."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def current_id(root: Path) -> str:
    """Return the id that ``CURRENT`` names.

    Raises:
        IndexMissingError: there is no index in ``root``.
    """
    try:
        return (root / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissingError(wording.INDEX_MISSING.format(path=root)) from error


def open_build(root: Path) -> tuple[Path, Manifest, str | None]:
    """Return folder and manifest of the current build, or of the one before it with a warning.

    Raises:
        IndexMissingError: no index; IndexMismatchError: written by another version of the format;
        IndexCorruptError: the current build is damaged and there is no older good one.
    """
    name = current_id(root)
    try:
        return root / name, _checked(root / name), None
    except IndexCorruptError as error:
        for folder in _builds(root):
            try:
                if folder.name != name:
                    return folder, _checked(folder), wording.OLDER_BUILD.format(reason=error)
            except (IndexCorruptError, IndexMismatchError):
                continue
        raise


def _builds(root: Path) -> list[Path]:
    """Return finished builds: the current one first, then newest first."""
    current = current_id(root)
    folders = [path for path in root.iterdir() if (path / MANIFEST).is_file() and not path.name.startswith(".")]
    return sorted(folders, key=lambda path: (path.name == current, path.name), reverse=True)


def _checked(folder: Path) -> Manifest:
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        found = values.get("format_version")
        if found != FORMAT_VERSION:
            raise IndexMismatchError(wording.INDEX_FORMAT.format(found=found, wanted=FORMAT_VERSION))
        manifest = Manifest(**values)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=folder.name + "/" + MANIFEST)) from error
    for name, checksum in manifest.checksums.items():
        path = folder / name
        if not path.is_file() or _sha256(path) != checksum:
            raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=f"{folder.name}/{name}"))
    return manifest


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
