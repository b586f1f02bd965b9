from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from running import Address, free_port, wait_until
from yibao import wording
from yibao.api.application import make_doors
from yibao.config import Config
from yibao.errors import ConfigError, IndexMissingError
from yibao.indexing import index_with
from yibao.language.masking import mask
from yibao.request import Request
from yibao.serving.live import LazyPipeline
from yibao.serving.server import _bound, _build, _url, check_exposure, serve

QUESTION = "异地就医备案的有效期多久"


@pytest.fixture
def config(hash_config: Config) -> Config:
    return hash_config


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_a_host_that_is_not_this_machine_is_refused(config: Config, host: str) -> None:
    with pytest.raises(ConfigError) as caught:
        serve(replace(config, host=host), build=False)
    assert str(caught.value) == wording.HOST_NOT_LOCAL.format(host=host)


def command(config: Config, port: int) -> list[str]:
    flags = ["--index", config.index, "--model", config.model, "--port", str(port)]
    return [sys.executable, "-m", "yibao", "serve", *flags]


def test_the_page_is_served_until_interrupted_and_a_second_one_finds_the_port_taken(config: Config) -> None:
    index_with(config)
    port = free_port()
    with subprocess.Popen(command(config, port), stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8") as server:
        assert server.stderr is not None
        assert server.stderr.readline() == wording.PAGE_OPEN.format(url=f"http://127.0.0.1:{port}/") + "\n"
        assert server.stderr.readline().startswith(wording.READY.split("{")[0])
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/") as response:
            assert wording.PAGE_TITLE in response.read().decode()
        second = subprocess.run(command(config, port), capture_output=True, check=False)
        server.send_signal(signal.SIGINT)
        rest = server.communicate(timeout=20)
    assert (second.returncode, second.stdout) == (1, b"")
    assert second.stderr.decode() == wording.ERROR_PREFIX + wording.PORT_TAKEN.format(port=port) + "\n"
    assert (server.returncode, rest) == (0, ("", ""))


def test_without_an_index_no_page_is_opened(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(IndexMissingError, match="yibao index"):
        serve(config, build=False)
    assert capsys.readouterr() == ("", "")


def test_build_brings_the_index_up_to_date_and_says_so(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    _build(config)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "文章 3 篇" in captured.err
    assert LazyPipeline(config).open().reader.manifest.passages == 3


def test_build_without_a_change_says_nothing(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    index_with(config)
    _build(config)
    assert capsys.readouterr() == ("", "")


def test_build_names_what_it_skipped(config: Config, small_corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_corpus / "empty.md").write_text("", encoding="utf-8")
    _build(config)
    assert wording.SKIP_EMPTY in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"host": "0.0.0.0"}, "0.0.0.0"),
        ({"host": "0.0.0.0", "api_token": "x"}, "0.0.0.0"),
        ({"host": "0.0.0.0", "page_password": "x"}, "0.0.0.0"),
        ({"allowed_hosts": ("localhost", "yibao.example.cn")}, "yibao.example.cn"),
    ],
)
def test_others_are_served_only_with_token_and_password(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_exposure(Config(**settings))
    assert str(caught.value) == wording.HOST_NOT_LOCAL.format(host=named)
    check_exposure(Config(**settings | {"api_token": "x", "page_password": "y"}))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_neither(host: str) -> None:
    check_exposure(Config(host=host))


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_an_address_that_is_not_here_is_named(host: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _bound(Config(host=host, port=0))
    assert str(caught.value) == wording.HOST_UNKNOWN.format(host=host)


def test_the_address_shown_is_the_one_bound() -> None:
    with _bound(Config(port=0)) as listener:
        assert _url(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with _bound(Config(host="::1", port=0)) as listener:
        assert _url(listener) == f"http://[::1]:{listener.getsockname()[1]}/"


@contextmanager
def served(config: Config, **variables: str) -> Iterator[tuple[Address, subprocess.Popen[str]]]:
    """Run the command in a process of its own until the end of the block, once it is ready."""
    address = Address("127.0.0.1", free_port())
    environment = os.environ | {"YIBAO_REFUSE_BELOW": "0"} | variables
    server = subprocess.Popen(
        command(config, address.port), stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8", env=environment
    )
    with server:
        try:
            assert server.stderr is not None
            while not server.stderr.readline().startswith(wording.READY.split("{")[0]):
                assert server.poll() is None
            yield address, server
        finally:
            server.terminate()


def test_a_question_under_way_is_answered_before_the_server_ends(config: Config) -> None:
    index_with(config)
    with served(config) as (address, server), ThreadPoolExecutor(4) as pool:
        body = {"question": f"我的手机是13800001111，{QUESTION}", "history": ["备案" * 250] * 50}
        replies = [pool.submit(address.post, "/v1/ask", body) for _ in range(4)]
        wait_until(lambda: b"yibao_questions_total{" in address.get("/metrics").body)  # one done, others under way
        server.send_signal(signal.SIGTERM)
        assert [reply.result().status for reply in replies] == [200] * 4
        out, err = server.communicate(timeout=30)
    assert (server.returncode, out) == (0, "")
    lines = [json.loads(line) for line in err.splitlines()]
    masked = mask(body["question"])
    assert [line["door"] for line in lines] == ["api"] * 4
    assert {line["question"] for line in lines} == {masked}
    assert "13800001111" not in err


def test_page_programs_and_gradio_clients_share_one_address(config: Config) -> None:
    index_with(config)
    with served(config) as (address, _):
        page = address.get("/")
        assert wording.PAGE_TITLE in page.body.decode()
        assert not [name for name in page.headers if name.startswith("access-control")]
        assert address.get("/", Origin="http://localhost:3000").status == 403
        assert address.get("/", Host="evil.example").status == 421
        assert address.get("/docs").status == 404
        assert address.get("/gradio_api/mcp/").status == 404
        client = Client(address.url, verbose=False)
        told = client.predict(QUESTION, api_name="/ask")
        direct = address.post("/v1/ask", {"question": QUESTION}).json
        assert told | {"timings_ms": 0} == direct | {"timings_ms": 0}
        with pytest.raises(AppError, match="500"):
            client.predict("x" * 501, api_name="/ask")
        metrics = address.get("/metrics").body.decode()
        assert 'yibao_questions_total{door="gradio",status="answered"} 1.0' in metrics
        client.close()


def test_the_page_asks_for_its_password(config: Config) -> None:
    index_with(config)
    with served(config, YIBAO_PAGE_PASSWORD="开门", YIBAO_API_TOKEN="令牌") as (address, _):
        assert address.get("/config").status == 401
        assert address.get("/v1/models").status == 401
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for password, status in (("wrong", 400), ("", 422), ("开门", 200)):
            body = urlencode({"username": "anybody", "password": password})
            reply = address.send("POST", "/login", body, form)
            assert reply.status == status
        cookie = reply.headers["set-cookie"].split(";")[0]
        assert address.get("/config", Cookie=cookie).status == 200
        assert address.get("/gradio_api/info").status == 401


def test_a_new_index_needs_no_restart_and_an_open_page_does_not_hold_up_the_end(
    config: Config, small_corpus: Path
) -> None:
    index_with(config)
    with (
        served(config, YIBAO_WATCH_SECONDS="0.2") as (address, server),
        socket.create_connection((address.host, address.port)) as page,
    ):
        page.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200 OK" in page.recv(1000)
        (small_corpus / "filing.md").write_text(
            "---\ntitle: 备案的有效期\n---\n异地就医备案的有效期是9个月。\n", "utf-8"
        )
        index_with(config)
        wait_until(lambda: "9个月" in address.post("/v1/ask", {"question": QUESTION}).json["text"])
        server.terminate()
        _, err = server.communicate(timeout=30)
    assert server.returncode == 0
    plain = [line for line in err.splitlines() if not line.startswith("{")]
    assert [line.startswith(wording.INDEX_RELOADED.split("{")[0]) for line in plain] == [True]


def test_a_lazy_pipeline_is_asked_with_as_many_hits_as_configured(config: Config) -> None:
    index_with(config)
    few = replace(config, top_k=2)
    assert len(make_doors(LazyPipeline(few), few).page.ask(Request(QUESTION)).hits) == 2
