"""One call to a server that is not trusted: in a thread of its own, limited in time and size, its failures named."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import AsyncIterator
from typing import Any

from yibao.answer.summary import Failure, WriterError

MAX_BYTES = 1_000_000  # of one reply, with all that is around its text

_logger = logging.getLogger(__name__)


class Call:
    """One call in a thread with a loop of its own; its pieces, then None or what went wrong, come in a queue."""

    def __init__(self, source: AsyncIterator[str], seconds: float) -> None:
        self.pieces: queue.Queue[str | WriterError | None] = queue.Queue()
        self._source, self._seconds = source, seconds
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = False
        threading.Thread(target=lambda: asyncio.run(self._run()), name="yibao-llm", daemon=True).start()

    def cancel(self) -> None:
        """End the call now if it is still under way; its connection is closed."""
        with self._lock:
            if not self._over and self._loop and self._task:
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._over = True

    async def _run(self) -> None:
        with self._lock:
            if self._over:
                return
            self._loop, self._task = asyncio.get_running_loop(), asyncio.ensure_future(self._pass_on())
        try:
            await asyncio.wait_for(self._task, self._seconds)
            self.pieces.put(None)
        except asyncio.CancelledError:
            pass  # nobody listens any more
        except Exception as error:  # noqa: BLE001 - whatever a server makes the client trip over is the server's
            _logger.debug("call failed: %s", type(error).__name__)  # its text may quote headers
            self.pieces.put(WriterError(failure_of(error)))
        finally:
            with self._lock:
                self._over = True

    async def _pass_on(self) -> None:
        async for piece in self._source:
            self.pieces.put(piece)


async def limit_body(response: Any) -> None:
    """Refuse a body that is compressed, and count it while it comes.

    Raises:
        WriterError: it is compressed.
    """
    import httpx2  # what the openai client is made of

    class Counted(httpx2.AsyncByteStream):
        """The body of a reply, as far as ``MAX_BYTES``."""

        def __init__(self, body: Any) -> None:
            self._body = body

        async def __aiter__(self) -> AsyncIterator[bytes]:
            size = 0
            async for piece in self._body:
                size += len(piece)
                if size > MAX_BYTES:
                    raise WriterError("too_long")
                yield piece

        async def aclose(self) -> None:
            await self._body.aclose()

    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise WriterError("broken")
    response.stream = Counted(response.stream)


def failure_of(error: BaseException) -> Failure:
    """Return in which of the ways known here a call failed."""
    import openai

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, WriterError):
            return cause.kind
        cause = cause.__cause__
    kinds: list[tuple[type[BaseException] | tuple[type[BaseException], ...], Failure]] = [
        ((openai.APITimeoutError, TimeoutError, asyncio.TimeoutError), "timeout"),
        ((openai.AuthenticationError, openai.PermissionDeniedError), "key"),
        (openai.RateLimitError, "busy"),
        (openai.APIConnectionError, "unreachable"),
    ]
    if isinstance(error, openai.APIStatusError) and 300 <= error.status_code < 400:  # noqa: PLR2004 - redirects
        return "redirect"
    for types, kind in kinds:
        if isinstance(error, types):
            return kind
    return "status" if isinstance(error, openai.APIStatusError) else "broken"


async def read_text(stream: Any) -> AsyncIterator[str]:
    """Yield the text of a stream of chunks.

    Raises:
        WriterError: it was refused, or broke off before the server said that it was finished.
    """
    finished, anything = None, False
    async for chunk in _unbroken(stream):
        for choice in (getattr(chunk, "choices", None) or [])[:1]:
            delta = getattr(choice, "delta", None)
            if getattr(delta, "refusal", None):
                raise WriterError("refused")
            content = getattr(delta, "content", None)
            if isinstance(content, str) and content:
                anything = True
                yield content
            finished = getattr(choice, "finish_reason", None) or finished
    if finished is None:
        raise WriterError("broken")
    if finished == "content_filter" or not anything:
        raise WriterError("refused")


async def _unbroken(stream: Any) -> AsyncIterator[Any]:
    """Yield the chunks of a stream; a connection that is lost on the way was reached before."""
    import openai

    try:
        async for chunk in stream:
            yield chunk
    except openai.APITimeoutError:
        raise
    except openai.APIConnectionError as error:
        raise WriterError("broken") from error
