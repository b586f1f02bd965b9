"""The real page in a real Chromium: ask, read the citation, open the source, follow up."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from yibao.wording import DISCLAIMER

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ANSWER = 30_000  # milliseconds


@pytest.fixture(scope="module")
def address(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-m", "yibao", "serve", "--index", str(real_index), "--port", str(port)]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, stderr=output) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the page did not open: {log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    return opened(context, address)


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#yb-question textarea")
    return page


def ask(page: Page, question: str) -> str:
    """Ask, and return the text of the new answer card."""
    before = page.locator(".yb-card").count()
    page.fill("#yb-question textarea", question)
    page.press("#yb-question textarea", "Enter")
    card = page.locator(".yb-card").nth(before)
    card.wait_for(timeout=ANSWER)
    return card.inner_text()


def test_a_visitor_asks_reads_the_citation_opens_the_source_and_follows_up(page: Page) -> None:
    card = ask(page, "跨省看病最低能报销多少?")
    assert "45%" in card
    assert DISCLAIMER in card
    assert "45%" in page.locator("#yb-panel .yb-cited mark").first.inner_text()

    page.locator(".yb-card .yb-mark").first.click()
    marked = page.locator("#yb-panel mark.yb-focus").first
    marked.wait_for()
    assert "45%" in marked.inner_text()
    assert marked.evaluate(
        "mark => { const b = mark.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
    )

    page.locator("#yb-panel .yb-back").click()
    page.locator("#yb-panel .yb-hit").first.wait_for()

    card = ask(page, "那备案有效期呢")
    assert "按「" in card
    assert page.locator(".yb-card").count() == 2


def test_a_passage_title_opens_its_article(page: Page) -> None:
    ask(page, "湖北蕲春县医保电话是多少")
    page.locator("#yb-panel .yb-title").first.click()
    page.locator("#yb-panel .yb-article").wait_for()
    assert "0713-7220256" in page.locator("#yb-panel .yb-article").inner_text()


def test_a_question_that_no_article_covers_is_refused(page: Page) -> None:
    card = ask(page, "红烧肉怎么做才好吃")
    assert "没有找到" in card
    assert DISCLAIMER in card
    assert page.locator(".yb-card .yb-mark").count() == 0


def test_an_emergency_sends_to_120(page: Page) -> None:
    card = ask(page, "我爸突然胸口剧痛喘不上气")
    assert "120" in card
    assert page.locator(".yb-emergency").count() == 1


def test_examples_can_be_clicked_and_the_chat_started_anew(page: Page) -> None:
    page.locator("#yb-examples button").first.click()
    page.locator(".yb-card .yb-mark").first.wait_for(timeout=ANSWER)
    page.locator("#yb-new").click()
    page.locator(".yb-card").first.wait_for(state="detached")


def test_markup_in_a_question_is_text(page: Page) -> None:
    ask(page, "<img src=x onerror=\"document.title='hacked'\">医保卡丢了怎么办")
    assert page.locator("#yb-chat img[src=x]").count() == 0
    assert page.title() == "医保问答"


def test_no_request_leaves_the_machine(context: BrowserContext, address: str) -> None:
    seen: list[Request] = []
    context.on("request", lambda request: seen.append(request))  # noqa: PLW0108  # a built-in method cannot be a handler
    page = opened(context, address)
    ask(page, "异地就医备案有效期多久")
    page.locator(".yb-card .yb-mark").first.click()
    page.locator("#yb-panel mark.yb-focus").first.wait_for()
    hosts = {urlsplit(request.url).hostname for request in seen if request.url.startswith(("http", "ws"))}
    assert hosts == {"127.0.0.1"}
    assert len(seen) > 5


def test_two_sessions_share_nothing(browser: Browser, address: str) -> None:
    contexts = [browser.new_context(locale="zh-CN") for _ in range(2)]
    first, second = (opened(context, address) for context in contexts)
    ask(first, "陕西家庭共济怎么绑定")
    assert second.locator(".yb-card").count() == 0
    assert "陕西" not in ask(second, "那需要什么材料呢").split("依据")[0].split("」")[0]
    for context in contexts:
        context.close()


def test_on_a_phone_nothing_sticks_out(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    page = opened(context, address)
    card = ask(page, "福州新生儿医保要准备什么材料")
    assert "福建/福州" in card
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".yb-card .yb-mark").first.tap()
    marked = page.locator("#yb-panel mark.yb-focus").first
    marked.wait_for()
    assert marked.evaluate(
        "mark => { const b = mark.getBoundingClientRect(); return b.top < innerHeight && b.bottom > 0 }"
    )
    context.close()
