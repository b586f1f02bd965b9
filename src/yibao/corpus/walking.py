"""The files of a folder, in a fixed order. A link is followed only to what lies inside the folder, and only once."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yibao import wording
from yibao.corpus.decoding import UnreadableError

Failure = tuple[Path, UnreadableError]


@dataclass
class _Found:
    """What a walk has met so far: files, links, and the real folders and files behind them."""

    files: list[Path] = field(default_factory=list)
    links: list[Path] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)


def walk(folder: Path, suffixes: Collection[str]) -> Iterator[tuple[Path, UnreadableError | None]]:
    """Yield the files under ``folder`` that end in one of ``suffixes``, then a failure for each that is out of reach.

    Hidden files and folders are left alone. A file and a link to it are one file, under its own name.
    """
    root = _real(folder)
    found = _Found()
    _list(folder, suffixes, found)
    files = sorted(found.files)
    while found.links:
        links, found.links, found.files = sorted(found.links), [], []
        for link in links:
            _follow(link, root, suffixes, found)
        files += sorted(found.files)
    for path in files:
        yield path, None
    yield from found.failures


def leads_outside(path: Path, folder: Path) -> bool:
    """Tell whether a path inside ``folder`` is a link to something outside of it."""
    return not _real(path).is_relative_to(_real(folder))


def _list(folder: Path, suffixes: Collection[str], found: _Found) -> None:
    def failed(error: OSError) -> None:
        reason = wording.SKIP_UNREADABLE.format(reason=error.strerror)
        found.failures.append((Path(str(error.filename)), UnreadableError(reason)))

    for directory, names, files in os.walk(folder, onerror=failed):
        real = _real(directory)
        found.seen.add(real)
        paths = [Path(directory, name) for name in files if not name.startswith(".")]
        known = [path for path in paths if path.suffix.lower() in suffixes]
        folders = [Path(directory, name) for name in names if not name.startswith(".")]
        found.links += [path for path in (*folders, *known) if path.is_symlink()]
        own = [path for path in known if not path.is_symlink()]
        found.files += own
        found.seen.update(real / path.name for path in own)
        names[:] = [name for name in names if not name.startswith(".") and real / name not in found.seen]


def _follow(link: Path, root: Path, suffixes: Collection[str], found: _Found) -> None:
    target = _real(link)
    if not target.is_relative_to(root):
        found.failures.append((link, UnreadableError(wording.SKIP_LINK_OUTSIDE)))
    elif target in found.seen:
        return
    elif target.is_dir():
        _list(link, suffixes, found)
    elif link.suffix.lower() in suffixes:
        found.seen.add(target)
        found.files.append(link)


def _real(path: str | Path) -> Path:
    """Return the path behind all links; unlike ``Path.resolve`` it takes a link to itself on every Python."""
    return Path(os.path.realpath(path))
