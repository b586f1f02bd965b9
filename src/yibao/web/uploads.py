"""Articles added on the page: looked at, cut for a preview, added to the index, removed. A failure loses nothing.

Added files lie in one folder (``config.uploads_folder``) that ``yibao index`` reads after the corpus. Whatever is
under way lies in hidden folders beside them, which no reader enters.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from yibao import wording_pages as wording
from yibao.config import Config, uploads_folder
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.reading import READERS, Skipped, content_fingerprint, read_corpus
from yibao.errors import IndexStateError, InputError
from yibao.index import layout
from yibao.indexing import IndexReport, write_index
from yibao.language.segmenter import default_segmenter
from yibao.pipeline import Pipeline
from yibao.progress import Progress
from yibao.records import Article
from yibao.storage import storing
from yibao.web.files import exchanged, safe_name
from yibao.web.staged import Staged, StagedFile

MAX_FILES = 50  # in one go
_STAGED = ".staged-"
_REPLACED = ".replaced-"
_REMOVED = ".removed-"
_STAGED_FOR = 24 * 3600  # seconds until what nobody added or discarded is thrown away


class Uploads:
    """The folder of added articles of one index. Holds no state of any user; safe to share between threads."""

    def __init__(self, config: Config, pipeline: Callable[[], Pipeline]) -> None:
        self._config = config
        self._pipeline = pipeline
        self._changing = threading.Lock()
        self.folder = uploads_folder(config)

    @property
    def prefix(self) -> str:
        """How the source of every added article begins."""
        return str(self.folder) + os.sep

    def holds(self, source: str) -> bool:
        """Tell whether an article's source is a file added on the page."""
        return Path(os.path.normpath(source)).is_relative_to(self.folder)

    def stage(self, paths: Sequence[Path], names: Sequence[str] = ()) -> Staged:
        """Read uploaded files and cut their articles, without adding anything; the given files are taken away.

        Args:
            paths: where the files lie.
            names: what they are called where they come from; without, as they are called here.

        Raises:
            InputError: too many files; StorageError: they cannot be stored, and none of them is.
        """
        if len(paths) > MAX_FILES:
            raise InputError(wording.UPLOAD_TOO_MANY.format(limit=MAX_FILES))
        self._sweep()
        folder = self.folder / f"{_STAGED}{secrets.token_hex(8)}"
        files: list[StagedFile] = []
        try:
            with storing(self.folder):
                folder.mkdir(parents=True)
                for path, name in zip(paths, names or [path.name for path in paths], strict=True):
                    files.append(self._checked(self._looked_at(path, safe_name(name), folder), files))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Staged(folder, tuple(files))

    def discard(self, staged: Staged) -> None:
        """Throw staged files away."""
        shutil.rmtree(staged.folder, ignore_errors=True)

    def add(self, staged: Staged, replacing: Collection[str], progress: Progress | None = None) -> IndexReport:
        """Add staged files to the index and switch to it; those that would replace a file only if named.

        Args:
            staged: what ``stage`` returned.
            replacing: names of staged files that may take the place of another one.
            progress: is told how many texts of how many are embedded.

        Raises:
            InputError: nothing is to be added, or the staged files are gone.
            YibaoError: the index cannot be written; everything is as it was before.
        """
        chosen = [file for file in staged.addable if file.replaces is None or file.name in replacing]
        if not chosen:
            raise InputError(wording.UPLOAD_NOTHING)
        if not all(file.path.is_file() for file in chosen):
            raise InputError(wording.UPLOAD_GONE)
        arriving = [(file.path, self.folder / file.name) for file in chosen]
        report = self._changed(arriving, [twin for file in chosen for twin in self._twins(file.name)], progress)
        self.discard(staged)
        return report

    def remove(self, article: Article) -> IndexReport:
        """Remove the file that an added article stands in, with every article in it.

        Raises:
            InputError: the article was not added on the page.
            YibaoError: the index cannot be written; everything is as it was before.
        """
        path = Path(article.source)
        if not self.holds(article.source) or not path.is_file():
            raise InputError(wording.REMOVE_NOT_UPLOADED)
        return self._changed([], self._twins(path.name), None)

    def _changed(
        self, arriving: Sequence[tuple[Path, Path]], leaving: Sequence[Path], progress: Progress | None
    ) -> IndexReport:
        """Put files in and take others away, bring the index up to date; on any failure all is as it was."""
        pipeline = self._pipeline()
        with self._changing, layout.write_lock(Path(self._config.index)), storing(self.folder):
            self._settle()
            aside = self.folder / f"{_REPLACED if arriving else _REMOVED}{secrets.token_hex(8)}"
            aside.mkdir(parents=True)
            try:
                with exchanged(arriving, leaving, aside):
                    report = self._indexed(pipeline, progress)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        pipeline.reload()
        return report

    def _indexed(self, pipeline: Pipeline, progress: Progress | None) -> IndexReport:
        """Write the index anew from its own articles but for the added ones, and the folder as it is now.

        Nobody has to know where its other articles came from, and how they were cut stays as it was.
        """
        started, root = time.perf_counter(), Path(self._config.index)
        pipeline.reload()  # another process may have written since
        reader = pipeline.reader
        if reader.warning:  # adding to an older build would take away what only the damaged one holds
            raise IndexStateError(reader.warning)
        kept = [article for article in reader.database.articles() if not self.holds(article.source)]
        reading = read_corpus([self.folder], self._max_bytes, kept)
        chunking = ChunkingConfig(**reader.manifest.chunking)
        return write_index(reading, root, pipeline.embedder, default_segmenter(), chunking, started, progress=progress)

    @property
    def _max_bytes(self) -> int:
        return self._config.max_file_mb * 1_000_000

    def _looked_at(self, path: Path, name: str, folder: Path) -> StagedFile:
        """Move an uploaded file under a safe name and read it."""
        target = folder / name
        if target.suffix not in READERS:
            path.unlink(missing_ok=True)
            known = " ".join(sorted(READERS))
            return StagedFile(name, target, (), (), None, wording.UPLOAD_KIND.format(kinds=known))
        if target.exists():
            path.unlink(missing_ok=True)
            return StagedFile(name, target, (), (), None, wording.UPLOAD_TWICE)
        try:
            shutil.copyfile(path, target)
            path.unlink()
        except FileNotFoundError:  # another session uploaded the very same file and was quicker
            return StagedFile(name, target, (), (), None, wording.UPLOAD_GONE)
        reading = read_corpus([target], self._max_bytes)
        if not reading.articles:
            return StagedFile(name, target, (), (), None, _reason(reading.skipped))
        chunking = ChunkingConfig(**self._pipeline().reader.manifest.chunking)
        passages = tuple(p for article in reading.articles for p in chunk(article, default_segmenter(), chunking))
        replaces = next((twin.name for twin in self._twins(name)), None)
        remarks = tuple(remark.reason for remark in reading.remarks)
        return StagedFile(name, target, tuple(reading.articles), passages, replaces, None, remarks)

    def _twins(self, name: str) -> list[Path]:
        """Return the added files that have the same ids as ``name``: its stem, however it is written."""
        stem = Path(name).stem.casefold()
        present = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        return [path for path in present if path.is_file() and path.stem.casefold() == stem]

    def _checked(self, file: StagedFile, earlier: Sequence[StagedFile]) -> StagedFile:
        """Return the file with its problem where one of its articles is there already."""
        if file.problem is not None:
            return file
        ids = {article.id.casefold() for each in earlier if not each.problem for article in each.articles}
        texts = {content_fingerprint(article) for each in earlier if not each.problem for article in each.articles}
        database = self._pipeline().reader.database
        for article in file.articles:
            same_id = database.article(article.id)
            if article.id.casefold() in ids or content_fingerprint(article) in texts:
                return replace(file, problem=wording.UPLOAD_TWICE)
            if same_id is not None and not self.holds(same_id.source):
                return replace(file, problem=wording.UPLOAD_ID_TAKEN.format(title=same_id.title))
            for other in database.articles_titled(article.title):
                if content_fingerprint(other) == content_fingerprint(article):
                    return replace(file, problem=wording.UPLOAD_KNOWN.format(title=other.title))
        return file

    def _sweep(self) -> None:
        """Throw away what was staged long ago and forgotten: nobody has added it."""
        for folder in self.folder.glob(f"{_STAGED}*"):
            with suppress(OSError):  # another session may be quicker
                if time.time() - folder.stat().st_mtime > _STAGED_FOR:
                    shutil.rmtree(folder)

    def _settle(self) -> None:
        """Clear away what a killed change left; whoever calls this holds the index, so no change is under way.

        A file that was to be replaced and stands nowhere else (version 0.1 left such) is put back first.
        """
        for copy in self.folder.glob(f"{_REPLACED}*/*"):
            name = copy.name.removeprefix("old-")
            if not copy.name.startswith("new-") and not self._twins(name):
                copy.replace(self.folder / name)
        for folder in [*self.folder.glob(f"{_REPLACED}*"), *self.folder.glob(f"{_REMOVED}*")]:
            shutil.rmtree(folder, ignore_errors=True)


def _reason(skipped: Sequence[Skipped]) -> str:
    return skipped[0].reason if skipped else wording.UPLOAD_TWICE
