"""Folders become articles: one row a format, one line in the report for what cannot be read."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from yibao import wording
from yibao.corpus.beir import corpus_file, read_beir
from yibao.corpus.decoding import UnreadableError, decode
from yibao.corpus.markdown import read_markdown
from yibao.corpus.outcomes import Read
from yibao.corpus.walking import leads_outside, walk
from yibao.corpus.webpage import read_plain
from yibao.errors import InputError
from yibao.language.normalise import fold
from yibao.records import Article

_LOG = logging.getLogger(__name__)

Reader = Callable[[str, str, str], Read]

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plain,
}


@dataclass(frozen=True)
class Skipped:
    """Something that was not indexed, and why, in one line."""

    source: str
    reason: str

    def __str__(self) -> str:
        return wording.SKIPPED_LINE.format(source=self.source, reason=self.reason)


@dataclass(frozen=True)
class Remark:
    """What of a file was not read though its article was indexed, in one line."""

    source: str
    reason: str

    def __str__(self) -> str:
        return wording.REMARK_LINE.format(source=self.source, reason=self.reason)


@dataclass
class Reading:
    """Articles of one or more folders, gathered in a fixed order."""

    files: int = 0
    articles: list[Article] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    duplicates: int = 0


def read_corpus(folders: Iterable[Path], max_file_bytes: int, known: Iterable[Article] = ()) -> Reading:
    """Read every article under ``folders``; a bad file never stops the rest.

    Args:
        folders: folders of articles, BEIR folders, or single files.
        max_file_bytes: a larger file is skipped (BEIR files are read line by line and have no limit).
        known: articles read before, which come first.

    Raises:
        InputError: a folder does not exist.
    """
    reading = Reading(articles=list(known))
    seen_ids = {article.id for article in reading.articles}
    seen_texts = {content_fingerprint(article) for article in reading.articles}
    for folder in folders:
        for source, outcome in _read_folder(folder, max_file_bytes, reading):
            if isinstance(outcome, UnreadableError):
                reading.skipped.append(Skipped(source, str(outcome)))
                continue
            reading.remarks += [Remark(source, reason) for reason in outcome.remarks]
            for article in outcome.articles:
                if (fingerprint := content_fingerprint(article)) in seen_texts:
                    reading.duplicates += 1
                elif article.id in seen_ids:
                    reading.skipped.append(Skipped(source, wording.SKIP_SAME_ID.format(id=article.id)))
                else:
                    seen_ids.add(article.id)
                    seen_texts.add(fingerprint)
                    reading.articles.append(article)
    return reading


def content_fingerprint(article: Article) -> str:
    """Name an article by its title and text alone, white space and width not counted."""
    content = "\x00".join("".join(fold(part).split()) for part in (article.title, article.text))
    return hashlib.sha256(content.encode()).hexdigest()


def _read_folder(folder: Path, max_file_bytes: int, reading: Reading) -> Iterator[tuple[str, Read | UnreadableError]]:
    if not folder.exists():
        raise InputError(wording.FOLDER_MISSING.format(path=folder))
    packed = corpus_file(folder)
    if packed is not None:
        reading.files += 1
        outcomes = _guarded(lambda: _read_packed(packed, folder))
        yield from ((_shown(packed), outcome) for outcome in outcomes)
        return
    for path, failure in [(folder, None)] if folder.is_file() else walk(folder, READERS):
        if failure is not None:
            yield _shown(path), failure
            continue
        reading.files += 1
        for outcome in _guarded(partial(_read_file, path, folder, max_file_bytes)):
            yield _shown(path), outcome


def _guarded(read: Callable[[], Iterable[Read | UnreadableError]]) -> Iterator[Read | UnreadableError]:
    """Yield what ``read`` returns; whatever it raises is a failure of this file alone, and the rest is read."""
    try:
        yield from read()
    except UnreadableError as error:
        yield error
    except OSError as error:
        yield UnreadableError(wording.SKIP_UNREADABLE.format(reason=error.strerror or error))
    except MemoryError:
        yield UnreadableError(wording.SKIP_MEMORY)
    except Exception as error:  # noqa: BLE001  a mistake of ours: its kind is in the report, its trace in the log
        _LOG.debug("a reader failed", exc_info=True)
        reason = " ".join(str(error).split())[:80]
        yield UnreadableError(wording.SKIP_READER_FAILED.format(kind=type(error).__name__, reason=reason))


def _read_packed(packed: Path, folder: Path) -> Iterable[Read | UnreadableError]:
    if packed != folder and leads_outside(packed, folder):
        return [UnreadableError(wording.SKIP_LINK_OUTSIDE)]
    return read_beir(packed)


def _shown(path: Path) -> str:
    """Return a path as text; bytes of a file name that are no UTF-8 become escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _read_file(path: Path, folder: Path, max_file_bytes: int) -> list[Read]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(wording.NOTHING_TO_INDEX)
    size = path.stat().st_size
    if size == 0:
        raise UnreadableError(wording.SKIP_EMPTY)
    if size > max_file_bytes:
        megabytes = f"{size / 1e6:.0f} MB > {max_file_bytes / 1e6:.0f} MB"
        raise UnreadableError(wording.SKIP_TOO_LARGE.format(size=megabytes))
    text = decode(path.read_bytes())
    if not text.strip():
        raise UnreadableError(wording.SKIP_EMPTY)
    relative = path.relative_to(folder) if folder.is_dir() else Path(path.name)
    article_id = Path(_shown(relative.with_suffix(""))).as_posix()
    return [reader(text, article_id, _shown(path))]
