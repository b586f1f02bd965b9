"""Start the page on this machine: the page first, the model loading behind it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from yibao import wording
from yibao.config import Config
from yibao.errors import ConfigError, IndexStateError
from yibao.index.layout import current_id
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Answer, Article

_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


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

    def open(self) -> Pipeline:
        """Return the opened pipeline.

        Raises:
            YibaoError: the index or the model cannot be used.
        """
        with self._lock:
            return self._pipeline

    def ask(self, question: str, history: Sequence[str]) -> Answer:
        """Answer a question; see ``Pipeline.ask``."""
        return self.open().ask(question, history, top_k=self._config.top_k)

    def article(self, article_id: str) -> Article:
        """Return an article by id; see ``Pipeline.article``."""
        return self.open().article(article_id)


def serve(config: Config, *, build: bool) -> None:
    """Serve the chat until interrupted.

    Args:
        config: where the index is, and which host and port to bind.
        build: bring the index up to date first.

    Raises:
        YibaoError: no index, a host that is not this machine, or a port that is taken.
    """
    if config.host not in _LOCAL_HOSTS:
        raise ConfigError(wording.HOST_NOT_LOCAL.format(host=config.host))
    started = time.perf_counter()
    if build:
        _build(config)
    current_id(Path(config.index))  # without an index no page is opened
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from yibao.web.chat import build_page, page_assets

    pipeline = LazyPipeline(config)
    page = build_page(pipeline.ask, pipeline.article).queue(default_concurrency_limit=8)
    _launch(page, config, page_assets())
    _say(wording.PAGE_OPEN.format(url=page.local_url))
    try:
        pipeline.open()
        _say(wording.READY.format(seconds=f"{time.perf_counter() - started:.1f}"))
        while True:  # Gradio's own block_thread() writes to stdout
            time.sleep(0.2)
    except KeyboardInterrupt:  # the way to end it
        pass
    finally:
        page.close(verbose=False)


def _launch(page: Any, config: Config, assets: dict[str, Any]) -> None:
    try:
        page.launch(
            server_name=config.host, server_port=config.port or None, share=False, quiet=True, prevent_thread_lock=True,
            inbrowser=False, footer_links=[], ssr_mode=False, enable_monitoring=False, max_file_size="1mb",
            **assets,
        )  # fmt: skip
    except OSError as error:
        raise ConfigError(wording.PORT_TAKEN.format(port=config.port)) from error


def _build(config: Config) -> None:
    """Bring the index up to date; an index that is being written elsewhere, or is there already, will do."""
    try:
        report = index_with(config, show_progress=sys.stderr.isatty())
    except IndexStateError as error:
        _say(str(error))
        return
    if report.changed:
        _say(wording.INDEX_REPORT.format(**report.to_json()))
    for skipped in report.skipped:
        _say(wording.SKIPPED_LINE.format(source=skipped.source, reason=skipped.reason))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
