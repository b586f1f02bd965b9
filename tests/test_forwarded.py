from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import pytest
from playwright.sync_api import Page, sync_playwright

from running import Address, free_port, wait_until
from test_browser import CHROMIUM, QUIET
from yibao import wording
from yibao import wording_pages as pages
from yibao.api.forwarded import Forwarded, route_of
from yibao.config import Config

ROOT = "/yibao"


def passed(config: Config, path: str, client: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    """Return the scope that reaches the application."""
    seen: list[Any] = []

    async def app(scope: Any, *_: object) -> None:
        seen.append(scope)

    named = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "client": (client, 1), "scheme": "http", "headers": named}
    anyio.run(Forwarded(app, config), scope, None, None)  # type: ignore[arg-type]
    return seen[0] | {"headers": {name.decode(): value.decode() for name, value in seen[0]["headers"]}}


FROM_PROXY = {"X_Forwarded_For": "1.2.3.4", "X_Forwarded_Proto": "https", "X_Real_IP": "1.2.3.4", "Host": "h"}


def test_without_a_configured_proxy_nothing_that_is_forwarded_counts() -> None:
    scope = passed(
        Config(), "/", **FROM_PROXY, Forwarded="for=1.2.3.4", X_Forwarded_Host="evil", X_Gradio_Server="evil"
    )
    assert (scope["client"][0], scope["scheme"], scope["headers"]) == ("127.0.0.1", "http", {"host": "h"})


@pytest.mark.parametrize("proxies", [("127.0.0.1",), ("127.0.0.0/8",), ("::1", "127.0.0.9/8")])
def test_a_configured_proxy_names_client_and_scheme(proxies: tuple[str, ...]) -> None:
    scope = passed(Config(trusted_proxies=proxies), "/", **FROM_PROXY)
    assert (scope["client"][0], scope["scheme"]) == ("1.2.3.4", "https")
    scope = passed(Config(trusted_proxies=proxies), "/", "10.0.0.1", **FROM_PROXY)
    assert (scope["client"][0], scope["scheme"]) == ("10.0.0.1", "http")


def test_what_stands_left_of_the_last_address_that_is_no_proxy_was_written_by_the_client() -> None:
    config = Config(trusted_proxies=("127.0.0.1", "10.0.0.0/8"))
    scope = passed(config, "/", X_Forwarded_For="9.9.9.9, 1.2.3.4, 10.0.0.7")
    assert scope["client"][0] == "1.2.3.4"


@pytest.mark.parametrize("client", ["", "unix:", "testclient"])
def test_a_client_without_an_address_is_no_proxy(client: str) -> None:
    assert passed(Config(trusted_proxies=("127.0.0.1",)), "/", client, **FROM_PROXY)["scheme"] == "http"


@pytest.mark.parametrize(
    ("root", "path", "whole", "route"),
    [
        ("", "/v1/ask", "/v1/ask", "/v1/ask"),
        (ROOT, "/v1/ask", "/yibao/v1/ask", "/v1/ask"),
        (ROOT, "/yibao/v1/ask", "/yibao/v1/ask", "/v1/ask"),
        (ROOT, "/yibao", "/yibao", "/"),
        (ROOT, "/yibao/", "/yibao/", "/"),
        (ROOT, "/", "/yibao/", "/"),
        (ROOT, "/yibaoo", "/yibao/yibaoo", "/yibaoo"),
        ("/a/b", "/a", "/a/b/a", "/a"),
    ],
)
def test_a_path_is_the_same_whether_the_proxy_cuts_it_or_not(root: str, path: str, whole: str, route: str) -> None:
    scope = passed(Config(root_path=root), path)
    assert (scope["path"], scope.get("root_path", ""), route_of(scope)) == (whole, root, route)


# ---- Behind a real proxy, in a real browser


class _Proxy(BaseHTTPRequestHandler):
    """Passes what stands under ``ROOT`` on, as nginx does; anything else is not ours and is noted."""

    protocol_version = "HTTP/1.1"
    upstream: Address
    cuts: bool
    outside: list[str]

    def _pass(self) -> None:
        if not self.path.startswith(ROOT + "/"):
            self.outside.append(self.path)
            self.send_error(404)
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.path.removeprefix(ROOT) if self.cuts else self.path
        connection = HTTPConnection(self.upstream.host, self.upstream.port, timeout=60)
        connection.request(self.command, path, body, dict(self.headers) | {"X-Forwarded-For": "1.2.3.4"})
        answer = connection.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        with closing(connection), suppress(OSError):  # the browser may have gone on
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()
        self.close_connection = True

    do_GET = do_POST = do_HEAD = _pass  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def behind_proxy(index: Path, folder: Path, *, cuts: bool) -> Iterator[tuple[Address, list[str]]]:
    """Serve under ``ROOT`` behind a proxy; yields its address and, in the end, what was asked outside of ``ROOT``."""
    upstream = Address("127.0.0.1", free_port())
    log = folder / "log"
    command = [sys.executable, "-m", "yibao", "serve", "--port", str(upstream.port), "--root-path", ROOT]
    given = {"YIBAO_INDEX": str(index), "YIBAO_UPLOADS": str(folder / "uploads"), "YIBAO_TRUSTED_PROXIES": "127.0.0.1"}
    outside: list[str] = []
    handler = type("Handler", (_Proxy,), {"upstream": upstream, "cuts": cuts, "outside": outside})
    with log.open("w") as output:
        server = subprocess.Popen([*command], stderr=output, env=os.environ | given)
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    proxy.daemon_threads = True
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        wait_until(lambda: wording.READY.split("{")[0] in log.read_text("utf-8") or server.poll() is not None, 120)
        yield Address("127.0.0.1", proxy.server_address[1]), outside
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        server.terminate()
        server.wait(30)


def programs_work(address: Address) -> None:
    asked = address.post(f"{ROOT}/v1/ask", {"question": "异地就医备案的有效期是多久？"})
    assert (asked.status, asked.json["status"]) == (200, "answered")
    article = asked.json["citations"][0]["article_id"]
    assert address.get(f"{ROOT}/healthz").status == 200
    assert address.get(f"{ROOT}/v1/nosuch").error[0] == "not_found"
    assert address.get(f"{ROOT}/nosuch").error[0] == "not_found"
    assert address.get(f"{ROOT}/v1/models").status == 200
    assert address.get(f"{ROOT}/openapi.json").json["servers"][0]["url"] == ROOT
    assert address.get(f"{ROOT}/corpus/").headers["location"] == f"{ROOT}/corpus"
    assert address.get(f"{ROOT}/corpus?article={article}").status == 200


def the_page_works(page: Page, address: Address) -> None:
    page.goto(f"{address.url}{ROOT}/")
    page.locator("#yb-question textarea").fill("异地就医备案的有效期是多久？")
    page.keyboard.press("Enter")
    page.locator('#yb-chat a[href*="#yb-0-1"]').first.click()
    page.locator("#yb-panel mark.yb-focus").wait_for()
    for name, path in (
        (pages.NAV_CORPUS, "corpus"),
        (pages.NAV_RETRIEVAL, "retrieval"),
        (pages.NAV_QUALITY, "quality"),
    ):
        page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()
        page.wait_for_url(f"**{ROOT}/{path}")
        page.locator("h1").first.wait_for()
    page.goto(f"{address.url}{ROOT}/corpus")
    page.locator('#yb-list button[value^="#yb-open"]').first.click()
    page.locator("#yb-detail article").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("cuts", [True, False])
def test_everything_works_under_a_path_behind_a_proxy(real_index: Path, tmp_path: Path, *, cuts: bool) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with behind_proxy(real_index, tmp_path, cuts=cuts) as (address, outside), sync_playwright() as playwright:
        programs_work(address)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        failed: list[str] = []
        page.on("response", lambda reply: failed.append(f"{reply.status} {reply.url}") if reply.status > 399 else None)
        the_page_works(page, address)
        browser.close()
    assert set(outside) <= {"/favicon.ico"}  # which browsers look for at the top of every site
    assert failed == []
