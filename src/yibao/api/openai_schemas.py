"""What goes in and out in OpenAI's form, described for OpenAPI."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, StrictBool

from yibao import wording
from yibao.api.schemas import EXAMPLE, AnswerBody, Strict


class ContentPart(BaseModel):
    """One part of a message in OpenAI's list form; only text counts."""

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message in OpenAI's form."""

    role: str
    content: str | list[ContentPart] | None = None

    def plain(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text" and part.text)
        return self.content or ""

    @property
    def has_unread_parts(self) -> bool:
        """Whether it holds pictures, sound or files, of which nothing is read."""
        return isinstance(self.content, list) and any(part.type != "text" for part in self.content)


class StreamOptions(BaseModel):
    """OpenAI's options of a stream."""

    include_usage: StrictBool = False


class ChatRequest(BaseModel):
    """The body of POST /v1/chat/completions; what only a language model needs (temperature ...) is passed over."""

    model: Literal["yibao"]
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=1000,
        description=wording.FIELD_CHAT_MESSAGES,
        examples=[[{"role": "user", "content": EXAMPLE}]],
    )
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None


class AssistantMessage(Strict):
    """The answer as a message: Markdown with sources and disclaimer."""

    role: Literal["assistant"]
    content: str


class ChatChoice(Strict):
    """The one choice."""

    index: Literal[0]
    message: AssistantMessage
    finish_reason: Literal["stop"]


class Usage(Strict):
    """Always zero: no language model reads or writes tokens here."""

    prompt_tokens: Literal[0]
    completion_tokens: Literal[0]
    total_tokens: Literal[0]


class ChatBody(Strict):
    """A completion in OpenAI's form, with the whole answer in ``yibao``."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage
    yibao: AnswerBody | None = Field(description=wording.FIELD_YIBAO)


class ModelBody(Strict):
    """A model in OpenAI's form."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsBody(Strict):
    """OpenAI's list of models."""

    object: Literal["list"]
    data: list[ModelBody]
