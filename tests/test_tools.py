from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from running import Address, Opened, running
from yibao import wording
from yibao.answer.rendering import to_markdown
from yibao.api.application import make_doors
from yibao.config import Config
from yibao.pipeline import Pipeline
from yibao.request import Request

QUESTION = "跨省看病最低能报多少?"
TOKEN = "a-token"


@pytest.fixture(scope="module")
def address(real_pipeline: Pipeline) -> Iterator[Address]:
    with running(make_doors(Opened(real_pipeline), Config(api_token=TOKEN)).app) as address:
        yield address


def call(address: Address, *calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[CallToolResult]:
    async def run() -> list[CallToolResult]:
        async with connected(address, mode) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return anyio.run(run)


@asynccontextmanager
async def connected(address: Address, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False, timeout=30) as http,
        Client(streamable_http_client(f"{address.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def text(result: CallToolResult) -> str:
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def test_a_client_is_told_which_tools_there_are_and_how_to_treat_the_answers(address: Address) -> None:
    async def look() -> tuple[str | None, dict[str, Any]]:
        async with connected(address) as client:
            return client.instructions, {tool.name: tool for tool in (await client.list_tools()).tools}

    instructions, tools = anyio.run(look)
    assert instructions == wording.MCP_INSTRUCTIONS
    assert set(tools) == {"ask", "search", "article"}
    assert tools["ask"].description == wording.MCP_ASK
    assert tools["ask"].input_schema["required"] == ["question"]
    assert "citations" in tools["ask"].output_schema["required"]
    assert all(tool.annotations.read_only_hint for tool in tools.values())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_comes_as_text_and_as_the_same_json_as_everywhere(
    address: Address, real_pipeline: Pipeline, mode: str
) -> None:
    (result,) = call(address, ("ask", {"question": "那备案有效期呢", "history": ["跨省看病最低能报多少?"]}), mode=mode)
    direct = real_pipeline.ask(Request("那备案有效期呢", ["跨省看病最低能报多少?"]))
    assert not result.is_error
    assert text(result) == to_markdown(direct)
    assert wording.DISCLAIMER in text(result)
    structured = result.structured_content or {}
    assert set(structured) == set(direct.to_json())
    assert [each["passage_id"] for each in structured["citations"]] == [each.passage_id for each in direct.citations]


def test_ids_of_a_search_open_the_article(address: Address, real_pipeline: Pipeline) -> None:
    (found,) = call(address, ("search", {"query": QUESTION, "top_k": 2}))
    hits = (found.structured_content or {})["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2]
    assert hits[0]["text"] in text(found)
    (opened,) = call(address, ("article", {"article_id": hits[0]["article_id"]}))
    article = real_pipeline.article(hits[0]["article_id"])
    assert (opened.structured_content or {})["text"] == article.text
    assert article.text in text(opened)
    assert text(opened).endswith(wording.DISCLAIMER)


def test_a_mistake_is_told_in_words_the_model_can_read(address: Address) -> None:
    results = call(
        address,
        ("ask", {"question": ""}),
        ("ask", {"question": "x" * 501}),
        ("search", {"query": "备案", "top_k": 101}),
        ("article", {"article_id": "nosuch"}),
    )
    assert all(result.is_error for result in results)
    assert [text(result) for result in results] == [
        "question 不对：不能为空",
        "question 不对：不能超过 500 个字",
        "top_k 不对：不能大于 100",
        wording.NO_SUCH_ARTICLE.format(id="nosuch"),
    ]


def test_before_the_model_is_loaded_a_tool_says_so() -> None:
    with running(make_doors(Opened(None), Config()).app) as address:
        results = call(
            address, ("ask", {"question": QUESTION}), ("search", {"query": "x"}), ("article", {"article_id": "x"})
        )
    assert [text(result) for result in results] == [wording.NOT_READY] * 3


def test_a_stream_that_would_stay_open_is_not_offered(address: Address) -> None:
    reply = address.send("GET", "/mcp", None, {"Authorization": f"Bearer {TOKEN}", "Accept": "text/event-stream"})
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
