"""corpus -> index: read, cut, embed what is new, write a build beside the old one, switch."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yibao import wording
from yibao.config import Config, uploads_folder
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.reading import Reading, Remark, Skipped, read_corpus
from yibao.errors import IndexStateError, InputError, StorageError
from yibao.index import layout
from yibao.index.embedding import Embedder, Vectors, make_embedder
from yibao.index.manifest import Manifest
from yibao.index.store import Content, Origin, reusable_rows, write_build
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.language.terms import index_terms
from yibao.progress import Progress, progress_bar
from yibao.records import Article, Passage


@dataclass(frozen=True)
class IndexReport:
    """What one run of ``yibao index`` did. Counts of texts embedded and reused are passages and sentences."""

    index: str
    build_id: str
    files: int
    articles: int
    excerpts: int
    passages: int
    sentences: int
    duplicates: int
    passages_embedded: int
    passages_reused: int
    embedded: int
    reused: int
    removed_articles: int
    skipped: tuple[Skipped, ...]
    remarks: tuple[Remark, ...]
    changed: bool
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self) | {"seconds": round(self.seconds, 2)}


def build_index(
    folders: Iterable[Path],
    root: Path,
    embedder: Embedder,
    segmenter: Segmenter,
    chunking: ChunkingConfig,
    max_file_bytes: int,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """Bring the index in ``root`` up to date with ``folders``.

    Texts whose embedding stands in the current build are not embedded again. Where nothing changed, no
    build is written, so the folder may be read-only, and the model is not even loaded.

    Raises:
        InputError: a folder is missing, or there is not one article to index.
        IndexLockedError: another process is writing this index.
        ModelError: the embedding model cannot be loaded.
        StorageError: the index cannot be written; the build before stays the current one.
    """
    started, refused = time.perf_counter(), None
    with ExitStack() as held:
        try:
            held.enter_context(layout.write_lock(root))
        except StorageError as error:
            refused = error
        reading = read_corpus(folders, max_file_bytes)
        return write_index(
            reading, root, embedder, segmenter, chunking, started, rebuild=rebuild, progress=progress, refused=refused
        )


def write_index(
    reading: Reading,
    root: Path,
    embedder: Embedder,
    segmenter: Segmenter,
    chunking: ChunkingConfig,
    started: float,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    refused: StorageError | None = None,
) -> IndexReport:
    """Write a build of what was read, unless the one before is the same.

    The caller holds ``layout.write_lock``; one who was ``refused`` it gets that error where a build has to be written.

    Raises:
        InputError: nothing was read; ModelError: the embedding model cannot be loaded; StorageError: see above.
    """
    if not reading.articles:
        raise InputError(_nothing(reading.skipped))
    origin = Origin(embedder.name, embedder.fingerprint, segmenter.fingerprint, asdict(chunking))
    hashes = {article.id: _hash(article) for article in reading.articles}
    before = None if rebuild else _current(root)
    if before is not None and _same(before, hashes, origin):
        manifest, embedded, reused = before, (0, 0), (before.passages, before.sentences)
    elif refused is not None:
        raise refused
    else:
        known = {} if rebuild else reusable_rows(root, embedder.fingerprint)
        content, embedded = _content(reading.articles, hashes, embedder, segmenter, chunking, known, progress)
        manifest = write_build(root, content, origin)
        reused = (manifest.passages - embedded[0], manifest.sentences - embedded[1])
    return IndexReport(
        index=str(root),
        build_id=manifest.build_id,
        files=reading.files,
        articles=sum(article.kind == "article" for article in reading.articles),
        excerpts=sum(article.kind == "excerpt" for article in reading.articles),
        passages=manifest.passages,
        sentences=manifest.sentences,
        duplicates=reading.duplicates,
        passages_embedded=embedded[0],
        passages_reused=reused[0],
        embedded=sum(embedded),
        reused=sum(reused),
        removed_articles=len(set(before.articles) - set(hashes)) if before else 0,
        skipped=tuple(reading.skipped),
        remarks=tuple(reading.remarks),
        changed=manifest is not before,
        seconds=time.perf_counter() - started,
    )


def index_with(config: Config, *, rebuild: bool = False, show_progress: bool = False) -> IndexReport:
    """Run ``build_index`` over the corpus and the articles added on the page; the progress bar goes to stderr.

    Raises:
        YibaoError: see ``build_index``.
    """
    embedder, uploads = make_embedder(config.model), uploads_folder(config)
    with progress_bar(wording.PROGRESS_EMBED, show=show_progress) as progress:
        return build_index(
            [*map(Path, config.corpus), *([uploads] if uploads.is_dir() else [])],
            Path(config.index),
            embedder,
            default_segmenter(),
            ChunkingConfig(max_words=config.chunk_max_words, min_words=config.chunk_min_words),
            config.max_file_mb * 1_000_000,
            rebuild=rebuild,
            progress=progress,
        )


def searched_text(passage: Passage) -> str:
    """Return what is embedded and indexed for a passage: title, heading path, text."""
    return "\n".join(part for part in (passage.title, passage.heading, passage.text) if part)


def _nothing(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return wording.NOTHING_TO_INDEX
    return wording.NOTHING_INDEXED.format(count=len(skipped), source=skipped[0].source, reason=skipped[0].reason)


def _current(root: Path) -> Manifest | None:
    try:
        _, manifest, warning = layout.open_build(root)
    except IndexStateError:
        return None
    return manifest if warning is None else None


def _same(manifest: Manifest, hashes: dict[str, str], origin: Origin) -> bool:
    made = Origin(manifest.model, manifest.model_fingerprint, manifest.segmenter_fingerprint, manifest.chunking)
    return made == origin and manifest.articles == hashes


def _hash(article: Article) -> str:
    content = json.dumps(asdict(article), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _content(
    articles: Sequence[Article],
    hashes: dict[str, str],
    embedder: Embedder,
    segmenter: Segmenter,
    chunking: ChunkingConfig,
    known: dict[str, Vectors],
    progress: Progress | None,
) -> tuple[Content, tuple[int, int]]:
    """Cut and embed; also return how many passages and sentences were embedded anew."""
    ordered = sorted(articles, key=lambda article: article.id)
    passages = [passage for article in ordered for passage in chunk(article, segmenter, chunking)]
    texts = {article.id: article.text for article in ordered}
    whole = [searched_text(passage) for passage in passages]
    single = [texts[p.article_id][s.start : s.end] for p in passages for s in p.sentences]
    keys = [_key(text) for text in whole + single]
    missing = {key: text for key, text in zip(keys, whole + single, strict=True) if key not in known}
    new = _embed(list(missing.values()), embedder, progress)
    rows = known | dict(zip(missing, new, strict=True))
    content = Content(
        articles=ordered,
        article_hashes=hashes,
        passages=passages,
        terms=[index_terms(text, segmenter) for text in whole],
        passage_vectors=_stack(rows, keys[: len(whole)], embedder),
        sentence_vectors=_stack(rows, keys[len(whole) :], embedder),
        passage_keys=keys[: len(whole)],
        sentence_keys=keys[len(whole) :],
    )
    fresh = [key in missing for key in keys]
    return content, (sum(fresh[: len(whole)]), sum(fresh[len(whole) :]))


def _embed(texts: list[str], embedder: Embedder, progress: Progress | None) -> Vectors:
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, len(texts))

    if progress:
        progress(0, len(texts))
    return embedder.encode_passages(texts, advance) if texts else np.zeros((0, 0), np.float32)


def _stack(rows: dict[str, Vectors], keys: list[str], embedder: Embedder) -> Vectors:
    if not keys:
        return np.zeros((0, embedder.dimension), np.float32)
    return np.stack([rows[key] for key in keys]).astype(np.float32)
