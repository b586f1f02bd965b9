"""A writer behind any server that speaks OpenAI's chat completions, by the ``openai`` client.

The server is not trusted with time, memory or addresses: the limit of time holds for the whole answer, however it
drips; what it sends is counted; compressed bodies and redirects are refused. Passages and question go to it as one
JSON value, personal numbers masked, so that nothing in them looks like an instruction of ours.
"""

from __future__ import annotations

import json
import logging
import queue
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from yibao import wording
from yibao.answer.claims import speaks_to_a_model
from yibao.answer.streaming import Call, limit_body, read_text
from yibao.answer.summary import WriterError
from yibao.errors import MissingExtraError
from yibao.language.masking import mask
from yibao.records import Answer

_REWRITE_SHARE = 0.25  # of the limit of time; the summary has the rest
_HISTORY = 6  # earlier questions that are sent

_logger = logging.getLogger(__name__)


class OpenAIWriter:
    """Rewrites follow-ups and writes summaries by a chat model. Holds no connection and no state between calls."""

    def __init__(self, base_url: str, model: str, key: str, timeout: float) -> None:
        """Keep what calls need; nothing is sent yet.

        Args:
            base_url: where the server is, with the ``/v1`` that most have.
            model: the name the server knows it by.
            key: sent as a bearer token; none where it is empty, whatever the environment holds for others.
            timeout: seconds for all that is asked about one question.

        Raises:
            MissingExtraError: the package ``openai`` is not installed.
        """
        try:
            import openai  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(wording.EXTRA_MISSING.format(extra="llm")) from error
        self._base_url, self._model, self._key, self._timeout = base_url, model, key, timeout

    def rewrite(self, question: str, history: Sequence[str]) -> str | None:
        """Return a follow-up question made complete; None where the server fails."""
        data = {"history": [mask(each) for each in history[-_HISTORY:]], "question": mask(question)}
        try:
            return "".join(self._ask(wording.REWRITE_PROMPT, data, _REWRITE_SHARE * self._timeout))
        except WriterError as error:
            _logger.info("follow-up question not rewritten: %s", error.kind)
            return None

    def summarise(self, answer: Answer) -> Iterator[str]:
        """Yield the model's summary piece by piece; quotes that speak to a model are kept from it.

        Raises:
            WriterError: see ``kind``.
        """
        passages = [
            {
                "number": citation.number, "title": citation.title, "heading": citation.heading,
                "region": citation.region, "insurance": [wording.INSURANCE_NAMES[name] for name in citation.insurance],
                "quote": citation.quote,
            }
            for citation in answer.citations
            if not speaks_to_a_model(citation.quote)
        ]  # fmt: skip
        data = {"question": mask(answer.rewritten or answer.question), "passages": passages}
        try:
            yield from self._ask(wording.SUMMARY_PROMPT, data, (1 - _REWRITE_SHARE) * self._timeout)
        except WriterError as error:
            _logger.info("no summary: %s", error.kind)
            raise

    def _ask(self, instruction: str, data: Mapping[str, Any], seconds: float) -> Iterator[str]:
        """Yield the pieces of a reply, for at most ``seconds`` in all.

        The call runs in a thread of its own: neither looking up a name nor a slow header can hold up who waits here.
        """
        deadline = time.monotonic() + seconds
        messages = [
            {"role": "system", "content": instruction},
            {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
        ]
        call = Call(self._pieces(messages, seconds), seconds)
        try:
            while (remaining := deadline - time.monotonic()) > 0:
                try:
                    piece = call.pieces.get(timeout=remaining)
                except queue.Empty:
                    break
                if piece is None:
                    return
                if isinstance(piece, WriterError):
                    raise piece
                yield piece
            raise WriterError("timeout")
        finally:
            call.cancel()

    async def _pieces(self, messages: list[dict[str, str]], seconds: float) -> AsyncIterator[str]:
        import openai

        async def prepare(request: Any) -> None:
            for name in ("OpenAI-Organization", "OpenAI-Project", "Authorization"):
                request.headers.pop(name, None)  # the client reads some of them from the environment
            if self._key:
                request.headers["Authorization"] = f"Bearer {self._key}"
            request.headers["Accept-Encoding"] = "identity"

        hooks: dict[str, list[Any]] = {"request": [prepare], "response": [limit_body]}
        web = openai.DefaultAsyncHttpxClient(follow_redirects=False, event_hooks=hooks, timeout=seconds)
        async with openai.AsyncOpenAI(
            base_url=self._base_url, api_key="unused", max_retries=0, timeout=seconds, http_client=web
        ) as client:
            # No temperature and no limit of tokens: models that think refuse one or the other.
            stream: Any = await client.chat.completions.create(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]
                stream=True,
            )
            async with stream:
                async for piece in read_text(stream):
                    yield piece
