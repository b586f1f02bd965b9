"""OpenAI's form, so that what speaks it can use this as a model: Open WebUI, LangChain, the ``openai`` client.

The text carries sources and disclaimer as Markdown; the whole answer stands in the further field ``yibao``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse

from yibao import wording
from yibao.answer.rendering import to_markdown
from yibao.api.chat_prompts import NOTHING, question_in
from yibao.api.door import Door
from yibao.api.failures import RefusedError
from yibao.api.ledger import new_request_id
from yibao.api.openai_schemas import ChatBody, ChatRequest, ModelBody, ModelsBody
from yibao.api.routes import REFUSALS
from yibao.api.schemas import MAX_HISTORY, MODEL_NAME, described, errors
from yibao.records import Answer
from yibao.request import Request
from yibao.search.understanding import MAX_QUESTION_CHARACTERS

_NO_TOKENS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class OpenAIRoutes:
    """The handlers, over one door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._model = {"id": MODEL_NAME, "object": "model", "created": int(time.time()), "owned_by": MODEL_NAME}

    def router(self) -> APIRouter:
        """Return the routes of the handlers."""
        router = APIRouter(prefix="/v1", responses=REFUSALS)
        event = {"type": "object", "properties": {"data": {"type": "string"}}, "required": ["data"]}
        events = {"content": {"text/event-stream": {"schema": event}}}
        chat = router.post(
            "/chat/completions", response_model=ChatBody, responses={200: events}, **described("chat", "openai")
        )  # fmt: skip
        chat(self.chat)
        router.get("/models", response_model=ModelsBody, **described("models", "openai"))(self.models)
        model = router.get(
            "/models/{model}", response_model=ModelBody, responses=errors(404), **described("model", "openai")
        )
        model(self.model)
        return router

    def chat(self, body: ChatRequest) -> Response:
        """Answer the question in the last user message, whole or as a stream."""
        typed = [message for message in body.messages if message.role == "user"]
        asked = [question_in(message.plain()) for message in typed]
        question = asked[-1] if asked else ""
        if question is None:
            return self._reply(body, NOTHING, None)
        if len(question) > MAX_QUESTION_CHARACTERS:
            raise RefusedError(422, wording.QUESTION_TOO_LONG.format(limit=MAX_QUESTION_CHARACTERS))
        # One that was too long got no answer then, and nothing can follow up on it now.
        history = [each for each in asked[:-1] if each is not None and len(each) <= MAX_QUESTION_CHARACTERS]
        answer = self._door.ask(Request(question, history[-MAX_HISTORY:]))
        if typed and typed[-1].has_unread_parts:
            answer = replace(answer, notices=(wording.PARTS_UNREAD, *answer.notices))
        return self._reply(body, to_markdown(answer), answer)

    def _reply(self, body: ChatRequest, text: str, answer: Answer | None) -> Response:
        head = {"id": f"chatcmpl-{new_request_id()}", "created": int(time.time()), "model": MODEL_NAME}
        whole = answer.to_json() if answer else None
        if body.stream:
            usage = body.stream_options is not None and body.stream_options.include_usage
            return StreamingResponse(stream(head, text, whole, usage=usage), media_type="text/event-stream")
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        rest = {"object": "chat.completion", "choices": [choice], "usage": _NO_TOKENS, "yibao": whole}
        return JSONResponse(head | rest)

    def models(self) -> JSONResponse:
        """Return the list of the one model."""
        return JSONResponse({"object": "list", "data": [self._model]})

    def model(self, model: str) -> JSONResponse:
        """Return the model of that name."""
        if model != MODEL_NAME:
            raise RefusedError(404, wording.NO_SUCH_MODEL.format(name=model, known=MODEL_NAME))
        return JSONResponse(self._model)


def stream(head: dict[str, Any], text: str, whole: dict[str, Any] | None, *, usage: bool) -> Iterator[str]:
    """Yield the events of a streamed completion: the role, the text line by line, the end with the whole answer."""

    def event(delta: dict[str, str], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _event(head | {"object": "chat.completion.chunk", "choices": [choice]} | more)

    yield event({"role": "assistant", "content": ""})
    for line in text.splitlines(keepends=True):
        yield event({"content": line})
    yield event({}, "stop", yibao=whole)
    if usage:
        yield _event(head | {"object": "chat.completion.chunk", "choices": [], "usage": _NO_TOKENS})
    yield "data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
