"""Attacks over the running server: the real page behind the real doors, asked as a stranger would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from running import Address, Reply, wait_until
from yibao.config import Config
from yibao.indexing import index_with
from yibao.serving.composition import compose
from yibao.serving.live import LazyPipeline
from yibao.serving.server import Server

SECRET = "root-of-all-secrets"
SESSION = "abcdefghijk"


@dataclass(frozen=True)
class Page:
    """A running server, with the numbers of the page's events by name and the folder that uploads go to."""

    address: Address
    events: dict[str, int]
    inputs: dict[str, int]

    def join(self, name: str, data: list[Any], **more: Any) -> Reply:
        body = {"data": data, "fn_index": self.events[name], "session_hash": SESSION, "event_data": None}
        return self.address.post("/gradio_api/queue/join", body | more)

    def told(self, session: str = SESSION) -> str:
        """What the event stream of a session says until it closes."""
        return self.address.get(f"/gradio_api/queue/data?session_hash={session}").body.decode()

    def upload(self, name: str, content: bytes, **headers: str) -> Reply:
        form = (
            f'--XX\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            f"Content-Type: text/plain\r\n\r\n"
        ).encode() + content + b"\r\n--XX--\r\n"  # fmt: skip
        given = {"Content-Type": "multipart/form-data; boundary=XX"} | headers
        return self.address.send("POST", "/gradio_api/upload", form, given)


@contextmanager
def serving(config: Config) -> Iterator[Page]:
    """Serve page and doors as ``yibao serve`` does, in a thread."""
    source = LazyPipeline(config)
    composition = compose(source, config)
    source.open()
    server = Server(composition)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        fns = composition.page.get_blocks().fns
        yield Page(
            Address("127.0.0.1", int(listener.getsockname()[1])),
            {fn.api_name: number for number, fn in fns.items()},
            {fn.api_name: len(fn.inputs) for fn in fns.values()},
        )
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("attacks")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "filing.md").write_text("---\ntitle: 备案\n---\n异地就医备案的有效期是6个月。\n", "utf-8")
    (folder / "secret.md").write_text(f"---\ntitle: x\n---\n{SECRET}。\n", "utf-8")
    config = Config(
        corpus=(str(folder / "corpus"),), index=str(folder / "index"), uploads=str(folder / "uploads"), model="hash",
        history=str(folder / "history.db"), refuse_below=0.0, requests_per_minute=0,
    )  # fmt: skip
    index_with(config)
    return config


@pytest.fixture(scope="module")
def page(config: Config) -> Iterator[Page]:
    with serving(config) as page:
        yield page


@pytest.fixture(scope="module")
def secret(config: Config) -> Path:
    return Path(config.index).parent / "secret.md"


def file_data(path: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "orig_name": "a.md", "meta": {"_type": "gradio.FileData"}} | more


def test_no_file_of_the_server_is_read_by_its_path(page: Page, secret: Path) -> None:
    reply = page.join("dropped", [[file_data(str(secret))], None])
    told = page.told() if reply.status == 200 else ""
    assert SECRET not in told
    assert str(secret.name) not in told
    assert (reply.status, reply.error[0]) == (400, "invalid_request")
