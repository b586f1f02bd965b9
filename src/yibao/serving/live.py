"""A pipeline that opens behind the page, and that follows the index while it serves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from yibao import wording
from yibao.config import Config
from yibao.errors import YibaoError
from yibao.index.layout import current_id
from yibao.pipeline import Pipeline, open_pipeline


class LazyPipeline:
    """A pipeline that is opened once, in the background; whoever asks earlier waits for it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()

    @cached_property
    def _pipeline(self) -> Pipeline:
        pipeline = open_pipeline(self._config)
        pipeline.warm_up()
        return pipeline

    @property
    def ready(self) -> bool:
        """Tell whether ``open`` returns at once."""
        return "_pipeline" in self.__dict__

    def open(self) -> Pipeline:
        """Return the opened pipeline.

        Raises:
            YibaoError: the index or the model cannot be used.
        """
        with self._lock:
            return self._pipeline


class Watch:
    """Looks whether the index was built anew, and then takes the new build: no restart."""

    def __init__(self, root: Path, pipeline: Pipeline, say: Callable[[str], None]) -> None:
        """Take the index folder, what reads from it, and where to report a change."""
        self._root = root
        self._pipeline = pipeline
        self._say = say
        self._seen = pipeline.reader.manifest.build_id
        self._trouble = ""

    def look(self) -> None:
        """Reload where ``CURRENT`` names a build not seen before.

        One that cannot be used is reported once, and the one in use stays.
        """
        try:
            current = current_id(self._root)
            if current in {self._seen, self._pipeline.reader.manifest.build_id}:
                return
            self._seen = current
            self._pipeline.reload()
        except (YibaoError, OSError) as error:
            if str(error) != self._trouble:
                self._say(wording.INDEX_NOT_RELOADED.format(reason=error))
            self._trouble = str(error)
            return
        reader = self._pipeline.reader
        self._trouble = ""
        self._say(reader.warning or wording.INDEX_RELOADED.format(build=reader.manifest.build_id))
