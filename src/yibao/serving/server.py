"""Start everything that is served: one application, the page mounted in it, the model loading behind it."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from yibao import wording
from yibao.api.guard import is_local
from yibao.api.ledger import QUESTION_LOG
from yibao.config import Config
from yibao.errors import ConfigError, IndexStateError
from yibao.index.layout import current_id
from yibao.indexing import index_with
from yibao.serving.composition import Composition, compose
from yibao.serving.live import LazyPipeline, Watch

_UNDER_WAY = 20  # seconds that questions under way get at a shutdown
_TICK = 0.2


class Server(uvicorn.Server):
    """An HTTP server that, when told to stop, lets questions under way finish and then lets go of open pages."""

    def __init__(self, composition: Composition) -> None:
        settings = uvicorn.Config(
            composition.app, log_config=None, access_log=False, server_header=False, ws="none", lifespan="on",
            proxy_headers=False,  # the doors believe those that are configured, uvicorn any on this machine
            timeout_graceful_shutdown=_UNDER_WAY,
        )  # fmt: skip
        super().__init__(settings)
        self._composition = composition

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, wait for questions, end the pages' heartbeats, then do what uvicorn does."""
        for listener in self.servers:
            listener.close()
        until = time.monotonic() + _UNDER_WAY
        while self._composition.ledger.under_way and time.monotonic() < until:
            await asyncio.sleep(_TICK)  # at least once more after the last answer: Gradio still has to send it
        self._composition.page.stop_event.set()
        await super().shutdown(sockets)


def serve(config: Config, *, build: bool) -> None:
    """Serve until a signal says to stop (SIGINT, SIGTERM).

    Args:
        config: where the index is, and which host and port to bind.
        build: bring the index up to date first.

    Raises:
        YibaoError: no index, a host open to others without token and password, or a port that is taken.
    """
    check_exposure(config)
    started = time.perf_counter()
    if build:
        _build(config)
    current_id(Path(config.index))  # without an index no page is opened
    _log_to_stderr()
    listener = _bound(config)
    source = LazyPipeline(config)
    server = Server(compose(source, config))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="http")
    with _signals_to(server):
        thread.start()
        try:
            while thread.is_alive() and not server.started:
                time.sleep(_TICK / 10)
            _say(wording.PAGE_OPEN.format(url=_url(listener)))
            if not is_local(config.host):
                _say(wording.OPEN_TO_OTHERS)
            pipeline = source.open()
            if not server.should_exit:
                _say(wording.READY.format(seconds=f"{time.perf_counter() - started:.1f}"))
            _wait(thread, config.watch_seconds, Watch(Path(config.index), pipeline, _say))
        finally:
            server.should_exit = True
            thread.join()


def check_exposure(config: Config) -> None:
    """Refuse to serve other machines without a token for programs and a password for the page.

    Raises:
        ConfigError: a host or a name is not of this machine alone, and one of the two is not set.
    """
    for host in (config.host, *config.allowed_hosts):
        if not is_local(host) and not (config.api_token and config.page_password):
            raise ConfigError(wording.HOST_NOT_LOCAL.format(host=host))


def _wait(thread: threading.Thread, every: float, watch: Watch) -> None:
    """Return when ``thread`` ends; until then look at the index every so many seconds, never for 0."""
    looked = time.monotonic()
    while thread.is_alive():
        thread.join(_TICK)
        if every and time.monotonic() - looked >= every:
            watch.look()
            looked = time.monotonic()


@contextmanager
def _signals_to(server: Server) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop the server instead of the process."""
    before = {each: signal.signal(each, server.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _bound(config: Config) -> socket.socket:
    """Return a socket bound to host and port, so that a port that is taken is known before anything is loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.host or None, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ConfigError(wording.HOST_UNKNOWN.format(host=config.host)) from error
    listener = socket.socket(family, kind, protocol)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        text = wording.HOST_UNKNOWN if error.errno == errno.EADDRNOTAVAIL else wording.PORT_TAKEN
        raise ConfigError(text.format(host=config.host, port=config.port)) from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _build(config: Config) -> None:
    """Bring the index up to date; an index that is being written elsewhere, or is there already, will do."""
    try:
        report = index_with(config, show_progress=sys.stderr.isatty())
    except IndexStateError as error:
        _say(str(error))
        return
    if report.changed:
        _say(wording.INDEX_REPORT.format(**report.to_json()))
    for each in (*report.skipped, *report.remarks):
        _say(str(each))


def _log_to_stderr() -> None:
    """Send warnings, and one line a question, to stderr: whoever starts us keeps what they want of it."""
    warnings_only = logging.StreamHandler()
    warnings_only.setLevel(logging.WARNING)  # the root's level does not hold for loggers that set their own, as bm25s
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", handlers=[warnings_only])
    if not QUESTION_LOG.handlers:
        QUESTION_LOG.addHandler(logging.StreamHandler())
    QUESTION_LOG.setLevel(logging.INFO)
    QUESTION_LOG.propagate = False


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
