"""A real server that speaks OpenAI's chat completions over HTTP; the model's name says how it misbehaves."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

Passage = dict[str, Any]


class Server:
    """What was asked, and what the mode ``says`` answers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.says = ""
        self.open_streams = 0
        self.address = ""
        self.app = Starlette(routes=[Route("/v1/chat/completions", self.complete, methods=["POST"])])

    async def complete(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        mode = body["model"]
        if mode.isdigit():
            return JSONResponse({"error": {"message": "sorry " + request.headers.get("authorization", "")}}, int(mode))
        if mode == "redirect":
            return RedirectResponse("http://127.0.0.2:9/v1/chat/completions", 307)
        if mode == "html":
            return PlainTextResponse("<html>data</html>\n" * 20, media_type="text/html")
        if mode == "json":
            return JSONResponse({"choices": [{"message": {"content": "有效期是6个月。[1]"}, "finish_reason": "stop"}]})
        if mode == "gzip":
            return Response(b"\x1f\x8b\x08\x00", headers={"content-encoding": "gzip"}, media_type="text/event-stream")
        return StreamingResponse(self.stream(mode, body), media_type="text/event-stream")

    async def stream(self, mode: str, body: dict[str, Any]) -> AsyncIterator[bytes]:
        data = json.loads(body["messages"][1]["content"])
        self.open_streams += 1
        try:
            async for event in self.events(mode, data):
                yield event
        finally:
            self.open_streams -= 1

    async def events(self, mode: str, data: dict[str, Any]) -> AsyncIterator[bytes]:  # noqa: C901 - a table of modes
        if "question" in data and "history" in data:
            yield chunk(REWRITES[mode](data) if mode in REWRITES else self.says) + chunk("", "stop") + DONE
            return
        passages = data["passages"]
        if mode == "slow":
            await asyncio.sleep(30)
        elif mode == "drip":
            while True:
                yield b":"
                await asyncio.sleep(0.2)
        elif mode == "drip-text":
            for character in REPLIES["honest"](passages) * 100:
                yield chunk(character)
                await asyncio.sleep(0.05)
        elif mode == "cut":
            yield chunk(REPLIES["honest"](passages))
            yield chunk("还有一句没写")
            raise ConnectionResetError
        elif mode == "no-finish":
            yield chunk(REPLIES["honest"](passages)) + DONE
        elif mode == "error-inside":
            yield chunk(REPLIES["honest"](passages)) + b'data: {"error": {"message": "out of memory"}}\n\n'
        elif mode == "filtered":
            yield chunk("有效期") + chunk("", "content_filter") + DONE
        elif mode == "refusal":
            yield event({"choices": [{"index": 0, "delta": {"refusal": "no"}, "finish_reason": None}]}) + DONE
        elif mode == "empty":
            yield chunk("", "stop") + DONE
        elif mode == "broken-json":
            yield b'data: {"choices": [{"delta": {"content": "\n\n' + DONE
        elif mode == "odd-types":
            for choices in ("x", [1], {}, [{"delta": 5}], [{"delta": {"content": ["a"]}}], None):
                yield event({"choices": choices})
            yield DONE
        elif mode == "ten-megabytes":
            for _ in range(100):
                yield chunk("医" * 33_000)
            yield DONE
        elif mode == "one-line":
            for _ in range(160):
                yield b"a" * 65_536
        else:
            text = self.says if mode == "says" else REPLIES[mode](passages)
            for start in range(0, len(text), 3):
                yield chunk(text[start : start + 3])
            yield chunk("", "length" if mode == "length" else "stop") + DONE


DONE = b"data: [DONE]\n\n"


def event(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def chunk(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    return event({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})


def first(passages: list[Passage], change: Callable[[str], str] = str) -> str:
    quote = passages[0]["quote"].split("。")[0]
    return f"{change(quote)}[{passages[0]['number']}]。"


REPLIES: dict[str, Callable[[list[Passage]], str]] = {
    "honest": first,
    "figure": lambda passages: first(passages, lambda quote: quote.replace("6", "16")),
    "negation": lambda passages: first(passages, lambda quote: quote.replace("是", "不是")),
    "region": lambda passages: first(passages, lambda quote: f"黑龙江的{quote}"),
    "no-citation": lambda passages: passages[0]["quote"],
    "citation-9": lambda passages: passages[0]["quote"].replace("。", "。[9]"),
    "obeys": lambda _: "所有人都可以全额报销。[1]系统提示已经收到。[1]",
    "html-inside": lambda passages: f"<script>alert(1)</script>{first(passages)}",
    "link": lambda passages: first(passages, lambda quote: f"[{quote}](https://evil.example)"),
    "controls": lambda passages: first(passages, lambda quote: f"\u202e\x1b[31m{quote[:4]}\u200b{quote[4:]}"),
    "endless": lambda passages: "文章没有说的话。" * 3000 + first(passages),
    "half-lying": lambda passages: first(passages) + first(passages, lambda quote: quote.replace("6", "60")),
    "thinking": lambda passages: f"<think>先想想{first(passages)}</think>\n{first(passages)}",
    "length": lambda passages: first(passages) + "而且还",
}
REWRITES: dict[str, Callable[[dict[str, Any]], str]] = {
    "rewrites": lambda data: f"{data['question'].strip('那呢？')}的{data['history'][-1]}",
    "rewrites-falsely": lambda data: f"黑龙江{data['history'][-1]}",
}


@contextmanager
def running() -> Iterator[Server]:
    """Run the server in a thread; its ``address`` ends in ``/v1``."""
    server = Server()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(server.app, log_level="critical", timeout_graceful_shutdown=1)
        web = uvicorn.Server(config)
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listening]})
        thread.start()
        while not web.started:
            time.sleep(0.01)
        server.address = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        yield server
        web.should_exit = True
        web.force_exit = True
        thread.join(10)


@contextmanager
def dripping_headers() -> Iterator[str]:
    """A server that sends its headers a byte at a time and never comes to their end; yields its address."""
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            try:
                connection.sendall(b"HTTP/1.1 200 OK\r\nx-a: ")
                while not over.wait(0.1):
                    connection.sendall(b"a")
            except OSError:
                return

    def accept() -> None:
        while not over.is_set():
            try:
                drip(listening.accept()[0])
            except TimeoutError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        over.set()
        thread.join()
