"""Names and moves of files that come from outside."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yibao import wording_pages as wording

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
def moved(moves: Sequence[tuple[Path, Path]]) -> Iterator[None]:
    """Move files in order; where anything inside fails, move those that were moved back, last first."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.replace(target)
            done.append((source, target))
        yield
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise
