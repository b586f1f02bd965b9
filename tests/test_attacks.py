"""Attacks over the running server: the real page behind the real doors, asked as a stranger would."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from running import Address, Reply, free_port, wait_until
from yibao import wording
from yibao.config import Config
from yibao.indexing import index_with

SECRET = "root-of-all-secrets"
SESSION = "abcdefghijk"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Page:
    """A running server, the page's events by name as its configuration lists them, and where it logs."""

    address: Address
    log: Path
    events: dict[str, dict[str, Any]]

    def join(self, name: str, data: list[Any], /, **more: Any) -> Reply:
        event = self.events[name]
        filled = data + [None] * (len(event["inputs"]) - len(data))
        body = {"data": filled, "fn_index": event["id"], "session_hash": SESSION, "event_data": None}
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

    def lines(self) -> list[str]:
        """What was logged since the server was ready, but for the line each question leaves."""
        said = self.log.read_text("utf-8").splitlines()
        ready = next(at for at, line in enumerate(said) if line.startswith(wording.READY.split("{")[0]))
        return [line for line in said[ready + 1 :] if not line.startswith("{")]


@contextmanager
def serving(config: Config, log: Path, **variables: str) -> Iterator[Page]:
    """Run ``yibao serve`` over an index in a process of its own, until the end of the block."""
    given = {name: str(getattr(config, name)) for name in ("index", "uploads", "history", "model", "refuse_below")}
    given |= {"port": str(free_port()), "requests_per_minute": "0"} | variables
    environment = os.environ | {f"YIBAO_{name.upper()}": value for name, value in given.items()}
    address = Address("127.0.0.1", int(given["port"]))
    with log.open("w") as output:
        server = subprocess.Popen([sys.executable, "-m", "yibao", "serve"], stderr=output, env=environment)
    try:
        wait_until(lambda: wording.READY.split("{")[0] in log.read_text("utf-8") or server.poll() is not None, 90)
        told = address.get("/config")
        listed = told.json["dependencies"] if told.status == 200 else []
        yield Page(address, log, {each["api_name"]: each for each in listed})
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("attacks")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "filing.md").write_text("---\ntitle: 备案\n---\n异地就医备案的有效期是6个月。\n", "utf-8")
    (folder / "secret.md").write_text(f"---\ntitle: x\n---\n{SECRET}。\n", "utf-8")
    config = Config(
        corpus=(str(folder / "corpus"),), index=str(folder / "index"), uploads=str(folder / "uploads"), model="hash",
        history=str(folder / "history.db"), refuse_below=0.0,
    )  # fmt: skip
    index_with(config)
    return config


@pytest.fixture(scope="module")
def page(config: Config) -> Iterator[Page]:
    with serving(config, Path(config.index).parent / "log") as page:
        yield page


@pytest.fixture(scope="module")
def secret(config: Config) -> Path:
    return Path(config.index).parent / "secret.md"


@pytest.fixture
def quiet(page: Page) -> Iterator[None]:
    """Hold that whatever is asked leaves no line in the server's log."""
    before = page.lines()
    yield
    assert page.lines() == before


def file_data(path: Any, **more: Any) -> dict[str, Any]:
    return {"path": path, "orig_name": "a.md", "meta": {"_type": "gradio.FileData"}} | more


def refused(reply: Reply, text: str) -> bool:
    return (reply.status, reply.error) == (400, ("invalid_request", text))


# ---- Files of the server


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "path",
    [
        "SECRET", "/etc/passwd", "/proc/self/environ", "file:///etc/passwd", "UPLOADED/../../../../../../../etc/passwd",
        "UPLOADS", "http://127.0.0.1:9/", "HTTP://localhost/", "//127.0.0.1/x", "\\\\127.0.0.1\\x", "", None, 5, ["SECRET"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["dropped", "run", "filtered", "ask"])
def test_no_file_of_the_server_and_no_address_is_read_by_its_path(
    page: Page, secret: Path, name: str, path: Any
) -> None:
    mine = page.upload("mine.md", b"mine").json[0]
    text = json.dumps(path).replace("SECRET", str(secret)).replace("UPLOADED", mine)
    named = file_data(json.loads(text.replace("UPLOADS", str(Path(mine).parent))))
    for data in ([[named]], [named], [[[{"deep": named}]]], [{"path": named["path"]}], [named | {"is_stream": True}]):
        assert refused(page.join(name, data), wording.REFUSED_FILE)
    assert refused(page.join(name, [], event_data=[named]), wording.REFUSED_FILE)
    assert refused(page.join(name, [file_data(mine, url=None) | named]), wording.REFUSED_FILE)


def test_what_was_uploaded_is_previewed_and_its_further_fields_are_dropped(page: Page) -> None:
    mine = page.upload("mine.md", "---\ntitle: 我的\n---\n我的文章。\n".encode()).json[0]
    named = file_data(mine, url="http://127.0.0.1:9/", is_stream=True, mime_type="x")
    assert page.join("dropped", [[named]], session_hash="uploading").status == 200
    told = page.told("uploading")
    assert "a.md" in told  # called as the browser calls it
    assert '"success":true' in told
    assert refused(page.join("dropped", [[named]]), wording.REFUSED_FILE)  # it was taken away


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=SECRET", "/gradio_api/file=MINE", "/file=MINE", "/gradio_api/file/MINE", "/gradio_api/file%3DMINE",
        "//gradio_api/file=MINE", "/gradio_api//file=MINE", "/gradio_api/./file=MINE", "/x/../gradio_api/file=MINE",
        "/gradio_api/file=http://127.0.0.1:9/", "/gradio_api/proxy=http://127.0.0.1:9/", "/gradio_api/FILE=MINE",
        "/static/../../../etc/passwd", "/static/..%2f..%2fconfig.py", "/static/%2e%2e/x", "/assets/%2e%2e/%2e%2e/x",
        "/assets/..%5cx", "/assets/%00", "/static/.hidden", "/assets//etc/passwd", "/svelte/svelte.js", "/assets/" + "x" * 300,
        "/gradio_api/stream/a/b/1/playlist.m3u8", "/gradio_api/stream/a/b/1/playlist-file", "/gradio_api/deep_link?session_hash=a",
        "/monitoring", "/monitoring/summary", "/monitoring/x", "/gradio_api/monitoring", "/gradio_api/dev/reload", "/gradio_api/token",
        "/gradio_api/app_id", "/gradio_api/user", "/gradio_api/login_check", "/gradio_api/runs", "/gradio_api/openapi.json",
        "/gradio_api/custom_component/a/client/b/c", "/gradio_api/vibe-code", "/gradio_api/startup-events", "/gradio_api/theme.css",
        "/gradio_api/queue/status", "/pwa_icon", "/pwa_icon/99999999", "/gradio_api/mcp/sse", "/docs", "/nosuch",
        "/gradio_api/call/dropped/x", "/gradio_api/heartbeat/..", "/gradio_api/heartbeat/" + "x" * 70,
        "/gradio_api/run-history/records",
    ],
)  # fmt: skip
def test_what_the_page_does_not_need_is_not_there(page: Page, secret: Path, path: str) -> None:
    mine = page.upload("mine.md", b"mine").json[0]
    reply = page.address.get(path.replace("SECRET", quote(str(secret))).replace("MINE", mine))
    assert (reply.status, reply.error) == (404, ("not_found", wording.NO_SUCH_PAGE))


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/run/dropped", "/gradio_api/api/dropped", "/gradio_api/call/dropped", "/gradio_api/call/v2/ask",
        "/gradio_api/component_server", "/gradio_api/stream/x", "/gradio_api/stream/x/close", "/gradio_api/vibe-code",
        "/gradio_api/vibe-edit", "/gradio_api/process_recording", "/gradio_api/queue/join/", "/gradio_api/api/predict",
    ],
)  # fmt: skip
def test_no_other_way_leads_to_an_event(page: Page, secret: Path, path: str) -> None:
    reply = page.address.post(path, {"data": [[file_data(str(secret))], None], "session_hash": "other"})
    assert (reply.status, reply.error[0]) == (404, "not_found")


def test_a_wrong_method_is_told_the_right_one(page: Page) -> None:
    for method, path, allowed in (
        ("GET", "/gradio_api/queue/join", "POST"), ("POST", "/config", "GET"), ("PUT", "/", "GET, HEAD"),
    ):  # fmt: skip
        reply = page.address.send(method, path, b"{}", JSON)
        assert (reply.status, reply.headers["allow"], reply.error[0]) == (405, allowed, "method_not_allowed")


def test_what_the_page_needs_is_there(page: Page) -> None:
    for path in ("/", "/corpus", "/retrieval", "/quality", "/theme.css", "/favicon.ico", "/config", "/gradio_api/info"):
        assert page.address.get(path).status == 200
    assert page.address.get("/?page=nosuch&deep_link=x").status == 200
    moved = page.address.get("/corpus/")
    assert (moved.status, moved.headers["location"]) == (308, "/corpus")
    script = page.address.get("/").body.decode().split('src="./assets/')[1].split('"')[0]
    assert page.address.get(f"/assets/{script}").status == 200


# ---- Odd JSON


ODD = [
    b"", b"{", b"null", b"[]", b"5", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"data":' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"data": [NaN]}', b'{"data": [Infinity], "fn_index": 0}', b'{"data": [1e999]}', b'{"data": [1' + b"0" * 400 + b"]}", b'{"data": [' + b"9" * 5000 + b"]}",
    b'{"data": ["\\ud800"]}', b'{"data": [{"\\udfff": 1}]}', b'{"fn_index": NaN}',
]  # fmt: skip


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("path", ["queue/join", "call/ask", "cancel", "reset"])
@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_what_is_no_json_of_ours_is_refused(page: Page, path: str, body: bytes) -> None:
    assert refused(page.address.send("POST", f"/gradio_api/{path}", body, JSON), wording.REFUSED_PAGE_REQUEST)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    "changed",
    [
        {"fn_index": 10**9}, {"fn_index": -1}, {"fn_index": None}, {"fn_index": "0"}, {"fn_index": True}, {"fn_index": 0.5},
        {"session_hash": None}, {"session_hash": ""}, {"session_hash": 5}, {"session_hash": "../x"}, {"session_hash": "x" * 65},
        {"data": None}, {"data": {}}, {"data": []}, {"data": [None] * 99}, {"trigger_id": "x"}, {"trigger_id": []},
        {"event_data": {"x": float("nan")}}, {"event_data": 10**30},
    ],
)  # fmt: skip
def test_an_event_with_a_wrong_field_is_refused(page: Page, changed: dict[str, Any]) -> None:
    assert refused(page.join("filtered", [], **changed), wording.REFUSED_PAGE_REQUEST)


VALUES: list[Any] = [
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "\x00",
    [],
    {},
    [[]],
    ["x"],
    {"x": 1},
    "2025-13-45",
    2**53,
    "x" * 9999,
]


@pytest.mark.usefixtures("quiet")
def test_any_value_in_any_place_of_any_event_ends_without_a_traceback(page: Page) -> None:
    shown = {each["id"]: each["props"].get("value") for each in page.address.get("/config").json["components"]}
    values = cycle(VALUES)
    seen = set()
    for name, event in page.events.items():
        usual = [shown[number] for number in event["inputs"]]
        for at in [*range(len(usual)), None, None]:
            if re.sub(r"_\d+$", "", name) in seen:
                break  # one handler of several events
            value = next(values)
            data = [value if place == at else other for place, other in enumerate(usual)]
            session = f"fuzz-{event['id']}-{at}"
            reply = page.join(name, data, session_hash=session, event_data=value)
            assert reply.status in {200, 400}, (name, at, value)
            if reply.status == 200:
                page.told(session)
        seen.add(re.sub(r"_\d+$", "", name))
    assert len(seen) > 15


@pytest.mark.usefixtures("quiet")
def test_a_session_or_an_event_that_there_is_not_is_no_fault(page: Page) -> None:
    assert '"session_not_found": true' in page.told("nosuch")
    assert page.address.get("/gradio_api/queue/data").status == 200
    reply = page.address.get("/gradio_api/call/ask/nosuch")
    assert (reply.status, reply.error) == (404, ("not_found", wording.NO_SUCH_EVENT))
    cancel = {"session_hash": "nosuch", "fn_index": 0, "event_id": "nosuch"}
    assert page.address.post("/gradio_api/cancel", cancel).status == 200
    assert page.address.get("/?x=%ff").status == 200


@pytest.mark.parametrize(
    "name",
    ["..", ".", "", "x" * 5000 + ".md", "x" * 300 + ".md", "a\x00b.md", "../../x.md", "/etc/x.md", "\\x", "😀.md"],
)
def test_an_upload_with_an_odd_name_stays_in_its_folder(page: Page, name: str) -> None:
    folder = Path(page.upload("mine.md", b"mine").json[0]).parent.parent
    reply = page.upload(name, b"content")
    assert reply.status in {200, 400, 413}
    if reply.status == 200:
        assert all(Path(os.path.normpath(path)).parent.parent == folder for path in reply.json)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=XX", b'--XX\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n--XX--\r\n'),
        ("multipart/form-data; boundary=XX", b"--XX\r\n\r\n"), ("multipart/form-data", b"x"), ("application/json", b"{}"),
        ("multipart/form-data; boundary=XX", b""), ("multipart/form-data; boundary=" + "x" * 300, b"--XX"),
    ],
)  # fmt: skip
def test_an_upload_that_is_none_is_the_senders_mistake_and_one_line(page: Page, kind: str, body: bytes) -> None:
    before = page.lines()
    assert page.address.send("POST", "/gradio_api/upload", body, {"Content-Type": kind}).status in {200, 400}
    assert len(page.lines()) <= len(before) + 1


# ---- Who may ask, and how often


def test_with_a_password_nothing_of_the_page_works_without_the_login(config: Config, tmp_path: Path) -> None:
    with serving(config, tmp_path / "log", page_password="开门", api_token="x") as page:
        for path in (
            "/config", "/gradio_api/info", "/gradio_api/heartbeat/abc", "/gradio_api/queue/data?session_hash=abc",
            "/gradio_api/call/ask/abc", "/gradio_api/upload_progress?upload_id=a",
        ):  # fmt: skip
            assert (page.address.get(path).status, path) == (401, path)
        for path in ("queue/join", "call/ask", "cancel", "reset", "upload"):
            reply = page.address.post(f"/gradio_api/{path}", {"event_id": "x", "session_hash": "x", "fn_index": 0})
            assert (reply.status, reply.error) == (401, ("authentication", wording.LOGIN_NEEDED))
        forged = page.address.post("/gradio_api/reset", {"event_id": "x"}, Cookie="access-token-unsecure-x=None")
        assert forged.status == 401
        form = urlencode({"username": "a", "password": "开门"})
        entered = page.address.send("POST", "/login", form, {"Content-Type": "application/x-www-form-urlencoded"})
        cookie = entered.headers["set-cookie"].split(";")[0]
        assert page.address.post("/gradio_api/reset", {"event_id": "x"}, Cookie=cookie).status == 200
        assert page.address.get("/config", Cookie=cookie).status == 200


def test_a_changing_forwarded_address_does_not_get_around_the_limit(config: Config, tmp_path: Path) -> None:
    names = ("X-Forwarded-For", "X-Real-IP", "Forwarded")
    with serving(config, tmp_path / "log", requests_per_minute="3") as page:
        sent = [page.address.send("GET", "/v1/models", None, {names[n % 3]: f"10.0.0.{n}"}) for n in range(9)]
    assert [reply.status for reply in sent] == [200] * 3 + [429] * 6


def test_a_configured_proxy_is_believed(config: Config, tmp_path: Path) -> None:
    with serving(config, tmp_path / "log", requests_per_minute="3", trusted_proxies="127.0.0.0/8") as page:
        sent = [page.address.get("/v1/models", X_Forwarded_For=f"10.0.0.{n}") for n in range(9)]
        assert [reply.status for reply in sent] == [200] * 9
        # what the client wrote itself stands further left and counts for nothing
        sent = [page.address.get("/v1/models", X_Forwarded_For=f"{n}.1.1.1, 10.0.1.1") for n in range(5)]
        assert [reply.status for reply in sent] == [200] * 3 + [429] * 2


def test_a_forwarded_host_does_not_turn_the_pages_addresses(page: Page) -> None:
    for name in ("X-Forwarded-Host", "X-Gradio-Server"):
        reply = page.address.send("GET", "/", None, {name: "http://evil.example", "X-Forwarded-Proto": "https"})
        assert b"evil.example" not in reply.body
        assert b"https://127" not in reply.body


# ---- Long work


def test_a_long_preview_does_not_hold_up_the_server(page: Page) -> None:
    warm = page.upload("warm.md", b"warm").json[0]  # what is loaded once, at the first event, is another matter
    assert page.join("dropped", [[file_data(warm)]], session_hash="warm").status == 200
    page.told("warm")
    text = "\n\n".join(f"## 第{n}节\n\n异地就医备案的有效期是{n}个月，请到参保地办理。" for n in range(1000))
    path = page.upload("long.md", f"---\ntitle: 长\n---\n{text}\n".encode()).json[0]
    started = time.perf_counter()
    assert page.join("dropped", [[file_data(path)]], session_hash="long").status == 200
    waits = []
    with socket.create_connection((page.address.host, page.address.port)) as stream:
        stream.sendall(b"GET /gradio_api/queue/data?session_hash=long HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        stream.settimeout(0.02)
        told = b""
        while b"process_completed" not in told:
            asked = time.perf_counter()
            assert page.address.get("/healthz").status == 200
            waits.append(time.perf_counter() - asked)
            try:
                told += stream.recv(1_000_000)
            except TimeoutError:
                continue
    took = time.perf_counter() - started
    assert len(waits) > 3
    assert max(waits) < took / 2
