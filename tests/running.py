"""A real server for the tests of what speaks HTTP: uvicorn in a thread, on a port of its own."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import uvicorn
from fastapi import FastAPI

from yibao.pipeline import Pipeline


class Opened:
    """A source whose pipeline is there at once, or never."""

    def __init__(self, pipeline: Pipeline | None) -> None:
        self._pipeline = pipeline

    @property
    def ready(self) -> bool:
        return self._pipeline is not None

    def open(self) -> Pipeline:
        assert self._pipeline is not None
        return self._pipeline


@dataclass(frozen=True)
class Reply:
    """A response that was read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> tuple[str, str]:
        """The kind and the text of an error; fails where the body is not in the one form."""
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"message", "type"}
        return self.json["error"]["type"], self.json["error"]["message"]


@dataclass(frozen=True)
class Address:
    """Where a server listens; asks it without a library between, so that every header is the test's own."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        return self.send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"} | headers)

    def send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Reply:
        connection = HTTPConnection(self.host, self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named, encode_chunked=named.get("Transfer-Encoding") == "chunked")
            response: HTTPResponse = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(app: FastAPI) -> Iterator[Address]:
    """Serve an application until the end of the block."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on", ws="none", proxy_headers=False))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        yield Address("127.0.0.1", int(listener.getsockname()[1]))
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
