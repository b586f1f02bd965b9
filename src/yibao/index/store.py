"""A build as one thing: write it, open it, take rows over from the one before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from yibao import wording
from yibao.errors import IndexCorruptError, IndexMismatchError, IndexStateError
from yibao.index import layout
from yibao.index.database import Database, write_database
from yibao.index.dense import DenseIndex, SentenceVectors
from yibao.index.embedding import Vectors
from yibao.index.lexical import LexicalIndex
from yibao.index.manifest import FORMAT_VERSION, Manifest, checksums
from yibao.records import Article, Passage


@dataclass(frozen=True)
class Content:
    """All a build holds. ``keys`` name the embedded text of each passage row, then of each sentence row."""

    articles: Sequence[Article]
    article_hashes: dict[str, str]
    passages: Sequence[Passage]
    terms: Sequence[Sequence[str]]
    passage_vectors: Vectors
    sentence_vectors: Vectors
    passage_keys: Sequence[str]
    sentence_keys: Sequence[str]


@dataclass(frozen=True)
class Origin:
    """What made a build: reopening with anything else is a mismatch."""

    model: str
    model_fingerprint: str
    segmenter_fingerprint: str
    chunking: dict[str, int]


@dataclass(frozen=True)
class IndexReader:
    """An opened build. It stays readable when a newer build replaces it."""

    manifest: Manifest
    database: Database
    dense: DenseIndex
    sentences: SentenceVectors
    lexical: LexicalIndex
    warning: str | None


def write_build(root: Path, content: Content, origin: Origin) -> Manifest:
    """Write a build and make it current. The caller holds ``layout.write_lock``.

    Raises:
        StorageError: the disk refuses; the build before stays the current one.
    """
    build_id = layout.new_build_id()
    counts = [len(passage.sentences) for passage in content.passages]
    with layout.writing(root, build_id) as folder:
        write_database(folder / layout.DATABASE, content.articles, content.passages)
        DenseIndex.build(content.passage_vectors).save(folder / layout.DENSE)
        np.save(folder / layout.SENTENCES, content.sentence_vectors)
        np.save(folder / layout.SENTENCE_OFFSETS, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
        LexicalIndex.build(content.terms).save(folder / layout.LEXICAL)
        keys = {"passages": list(content.passage_keys), "sentences": list(content.sentence_keys)}
        (folder / layout.KEYS).write_text(json.dumps(keys), encoding="utf-8")
        manifest = Manifest(
            format_version=FORMAT_VERSION,
            build_id=build_id,
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            model=origin.model,
            model_fingerprint=origin.model_fingerprint,
            dimension=int(content.passage_vectors.shape[1]),
            segmenter_fingerprint=origin.segmenter_fingerprint,
            chunking=origin.chunking,
            articles=content.article_hashes,
            passages=len(content.passages),
            sentences=sum(counts),
            checksums=checksums(folder),
        )
        layout.commit(root, folder, manifest)
    return manifest


def open_index(root: Path) -> IndexReader:
    """Open the current build, or an older good one with a warning where the current one is damaged.

    Raises:
        IndexMissingError, IndexMismatchError, IndexCorruptError: see ``layout.open_build``.
    """
    folder, manifest, warning = layout.open_build(root)
    try:
        return IndexReader(
            manifest=manifest,
            database=Database(folder / layout.DATABASE),
            dense=DenseIndex.load(folder / layout.DENSE),
            sentences=SentenceVectors.load(folder / layout.SENTENCES, folder / layout.SENTENCE_OFFSETS),
            lexical=LexicalIndex.load(folder / layout.LEXICAL, manifest.passages),
            warning=warning,
        )
    except (OSError, ValueError, RuntimeError, sqlite3.Error) as error:
        raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=folder.name)) from error


def check_origin(manifest: Manifest, model_fingerprint: str, segmenter_fingerprint: str) -> None:
    """Refuse to search an index with another model or segmenter than it was built with.

    Raises:
        IndexMismatchError: they differ; the message names the command that mends it.
    """
    if manifest.model_fingerprint != model_fingerprint:
        raise IndexMismatchError(
            wording.INDEX_OTHER_MODEL.format(built=manifest.model_fingerprint, asked=model_fingerprint)
        )
    if manifest.segmenter_fingerprint != segmenter_fingerprint:
        raise IndexMismatchError(wording.INDEX_OTHER_SEGMENTER)


def reusable_rows(root: Path, model_fingerprint: str) -> dict[str, Vectors]:
    """Return vectors of the current build by the key of their text; empty where none can be reused."""
    try:
        folder, manifest, _ = layout.open_build(root)
    except IndexStateError:
        return {}
    if manifest.model_fingerprint != model_fingerprint:
        return {}
    keys = json.loads((folder / layout.KEYS).read_text(encoding="utf-8"))
    passages = DenseIndex.load(folder / layout.DENSE).vectors()
    sentences = np.load(folder / layout.SENTENCES, mmap_mode="r")
    rows: dict[str, Vectors] = dict(zip(keys["sentences"], sentences, strict=True))
    rows.update(zip(keys["passages"], passages, strict=True))
    return rows
