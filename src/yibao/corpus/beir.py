"""BEIR folders: ``corpus.jsonl`` (also ``.gz`` and ``.xz``), one object a line with ``_id``, ``title``, ``text``.

Format: Thakur et al., BEIR (2021), https://github.com/beir-cellar/beir.
"""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.markdown import picture_remarks, sole_region
from yibao.corpus.outcomes import Read, title_and_text
from yibao.corpus.pictures import without_pictures
from yibao.language.normalise import clean
from yibao.records import Article

CORPUS_NAMES = ("corpus.jsonl", "corpus.jsonl.gz", "corpus.jsonl.xz")


def corpus_file(folder: Path) -> Path | None:
    """Return the corpus file of a BEIR folder (or the file itself), or None where there is none."""
    if folder.name in CORPUS_NAMES and folder.is_file():
        return folder
    return next((folder / name for name in CORPUS_NAMES if (folder / name).is_file()), None)


def open_lines(path: Path) -> IO[bytes]:
    """Open a file that may be compressed; each line is decoded by itself, so that a bad one spoils no other."""
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if path.suffix == ".xz":
        return lzma.open(path, "rb")
    return path.open("rb")


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Yield (line number, object) for each line that is not empty; None stands for a line that is no object."""
    with open_lines(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                row = None
            yield number, row if isinstance(row, dict) else None


def read_beir(path: Path) -> Iterator[Read | UnreadableError]:
    """Yield the articles of a corpus file, and an error for each line that holds none."""
    pictures = 0
    try:
        for number, row in read_json_lines(path):
            if row is None or not _is_id(row.get("_id")):
                yield UnreadableError(wording.SKIP_BEIR_LINE.format(number=number))
                continue
            text, taken = without_pictures(clean(str(row.get("text") or "")))
            pictures += taken
            if text.strip():
                yield Read((_article(row, text, str(path)),))
            else:
                yield UnreadableError(wording.SKIP_BEIR_EMPTY.format(number=number))
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        yield UnreadableError(wording.SKIP_DAMAGED.format(reason=str(error)[:80]))
    if pictures:
        yield Read((), picture_remarks(pictures))


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and bool(str(value).strip()) and str(value).isprintable()


def _article(row: dict[str, Any], text: str, source: str) -> Article:
    title, text = title_and_text(clean(str(row.get("title") or "")).strip(), text)
    return Article(
        id=str(row["_id"]),
        title=title,
        text=text,
        source=source,
        published=None,
        region=sole_region(title),
        insurance=(),
        person=(),
        topics=(),
        kind="article",
        disclaimer=wording.DISCLAIMER,
    )
