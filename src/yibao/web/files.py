"""Names and moves of files that come from outside."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yibao import wording_pages as wording
from yibao.storage import flush

_NAME_BYTES = 150  # of 255 that file systems allow
_SUFFIX = 10  # characters
_HASH = 10  # hexadecimal digits
_UNSAFE = re.compile(r'[<>:"/\\|?*#@%]')


def safe_name(name: str) -> str:
    """Return a name that is a plain file in its folder on every system, with its suffix in lower case."""
    text = unicodedata.normalize("NFC", name).encode("utf-8", "replace").decode()
    # What is not printable are control characters, marks that turn the writing around, and what no font has.
    text = _UNSAFE.sub("-", "".join(c for c in text if c.isprintable() or c.isspace()))
    stem, dot, suffix = " ".join(text.split()).rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    stem = _fitting(stem.strip(" .")) or wording.UPLOAD_UNNAMED
    return f"{stem}.{suffix.lower()[:_SUFFIX]}" if suffix else stem


def _fitting(stem: str) -> str:
    """Return a stem that is not too long: a cut one ends in a hash of the whole, so that two never become one."""
    whole = stem.encode()
    if len(whole) <= _NAME_BYTES:
        return stem
    mark = f"-{hashlib.sha256(whole).hexdigest()[:_HASH]}"
    return whole[: _NAME_BYTES - len(mark)].decode("utf-8", "ignore").strip(" .") + mark


@contextmanager
def exchanged(arriving: Sequence[tuple[Path, Path]], leaving: Sequence[Path], aside: Path) -> Iterator[None]:
    """Put copies of files in their places and take others away; where anything inside fails, all is as it was.

    What is replaced is there at every moment, as the old file or as the new one, even if the process is killed. Steps:
    1. copy the old files to ``aside``, 2. copy the new ones there too and rename each over its place, 3. unlink what
    leaves. The sources stay where they are.

    Args:
        arriving: source and place of each file.
        leaving: files to take away; one that an arriving file took the place of has left already.
        aside: an empty folder on the same disk as the places; whoever calls this removes it.

    Raises:
        OSError: the disk refuses.
    """
    places = [place for _, place in arriving]
    before = {place: _copied(place, aside / f"old-{place.name}") for place in [*places, *leaving] if place.is_file()}
    try:
        for source, place in arriving:
            _copied(source, aside / f"new-{place.name}").replace(place)
        for path in leaving:
            if path.is_file() and not any(path.samefile(place) for place in places):  # where case does not count
                path.unlink()
        _flush_all({path.parent for path in [*places, *leaving]})
        yield
    except BaseException:
        for place in {*places, *leaving}:
            _restored(place, before.get(place))
        raise


def _restored(place: Path, copy: Path | None) -> None:
    if copy is None:
        place.unlink(missing_ok=True)
    elif copy.is_file():
        copy.replace(place)


def _copied(source: Path, target: Path) -> Path:
    shutil.copyfile(source, target)
    flush(target)
    return target


def _flush_all(folders: Iterable[Path]) -> None:
    for folder in folders:
        flush(folder)
