"""The real page in a real Chromium: ask, read the citation, open the source, follow up."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, sync_playwright

from yibao.wording import DISCLAIMER

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ANSWER = 60_000  # milliseconds


@dataclass
class Served:
    """The application in a process of its own, over the shipped articles; it can be stopped and started again."""

    index: Path
    log: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = [sys.executable, "-m", "yibao", "serve", "--index", str(self.index), "--port", str(self.port)]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output)
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(self.address, timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail(f"the page did not open: {self.log.read_text()}")

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)


@pytest.fixture(scope="module")
def served(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Served(real_index, tmp_path_factory.mktemp("serve") / "log", port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    return served.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


WIDE = {"viewport": {"width": 1440, "height": 900}}
NARROW = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(params=[WIDE, NARROW], ids=["1440px", "390px"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**request.param, locale="zh-CN", accept_downloads=True)
    context.set_default_timeout(ANSWER)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    return opened(context, address)


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#yb-question textarea")
    page.wait_for_function("document.querySelector('#yb-labels')")
    return page


def ask(page: Page, question: str) -> str:
    """Ask, and return the text of the new answer card, once it has its buttons."""
    before = page.locator(".yb-actions").count()
    page.fill("#yb-question textarea", question)
    page.press("#yb-question textarea", "Enter")
    page.locator(".yb-actions").nth(before).wait_for(timeout=ANSWER)
    page.locator("#yb-send").wait_for()
    return page.locator(".yb-card").nth(before).inner_text()


def narrow(page: Page) -> bool:
    return (page.viewport_size or {})["width"] < 1000


def history_of(page: Page) -> Locator:
    """Return the list of conversations, opened where it does not fit beside the chat."""
    if narrow(page) and not page.locator("#yb-history").is_visible():
        page.locator('button[value="#yb-history"]').first.click()
    return page.locator("#yb-history")


def is_in_view(element: Locator) -> bool:
    element.wait_for()
    return bool(
        element.evaluate("e => { const b = e.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }")
    )


def test_a_visitor_asks_reads_opens_the_source_and_follows_up(page: Page) -> None:
    card = ask(page, "异地就医备案的有效期是多久？")
    assert "6-12个月" in card
    assert DISCLAIMER in card

    page.locator(".yb-card .yb-mark").first.click()
    assert is_in_view(page.locator("#yb-panel mark.yb-focus").first)
    assert "第 1 处" in page.locator("#yb-panel").inner_text()
    page.locator("#yb-panel .yb-next").click()
    page.locator("#yb-panel", has_text="第 2 处").wait_for()
    assert is_in_view(page.locator("#yb-panel mark.yb-focus").first)
    page.locator("#yb-panel .yb-why summary").click()
    assert "第 1 名" in page.locator("#yb-panel .yb-why").inner_text() or "0." in page.locator(".yb-why").inner_text()
    page.locator("#yb-panel .yb-back").click()
    page.locator("#yb-panel .yb-hit").first.wait_for()
    if narrow(page):
        page.locator("#yb-panel .yb-close").click()
        page.locator("#yb-panel").wait_for(state="hidden")

    card = ask(page, "陕西的呢")
    assert "已按「" in card
    assert page.locator(".yb-card").count() == 2


def test_facets_are_taken_away_and_added(page: Page) -> None:
    ask(page, "陕西的医保共济账户能给父母用吗")
    page.locator(".yb-chip", has_text="陕西").click()
    page.locator(".yb-chip", has_text="陕西").wait_for(state="detached")
    page.locator(".yb-actions").first.wait_for()
    page.locator(".yb-add").click()
    page.select_option("#yb-dialog-facets select[name=region]", "陕西")
    page.locator("#yb-dialog-facets [type=submit]").click()
    page.locator("a.yb-chip", has_text="陕西").wait_for()
    assert page.locator(".yb-card").count() == 1


def test_a_follow_up_can_be_undone(page: Page) -> None:
    ask(page, "异地就医备案的有效期是多久？")
    ask(page, "陕西的呢")
    page.locator(".yb-understood a").click()
    page.locator(".yb-understood").wait_for(state="detached")
    page.locator(".yb-actions").nth(1).wait_for()
    assert page.locator(".yb-card").count() == 2


def test_feedback_is_given_with_a_reason(page: Page) -> None:
    ask(page, "跨省看病最低能报销多少？")
    page.locator('a[href="#yb-0-bad"]').click()
    dialog = page.locator("#yb-dialog-bad")
    dialog.get_by_label("地区不符").check()
    dialog.locator("textarea").fill("我问的是湖北")
    dialog.locator("[type=submit]").click()
    page.locator(".yb-rated", has_text="地区不符").wait_for()
    page.locator('a[href="#yb-0-good"]').click()
    page.locator(".yb-rated", has_text="有用").wait_for()


def test_a_conversation_survives_reload_and_restart(context: BrowserContext, served: Served) -> None:
    page = opened(context, served.address)
    ask(page, "湖北蕲春县的医保电话是多少？")
    page.reload()
    page.locator(".yb-card", has_text="0713-7220256").wait_for()
    served.stop()
    served.start()
    page.goto(served.address)
    page.locator(".yb-card", has_text="0713-7220256").wait_for()
    page.locator(".yb-card .yb-mark").first.click()
    quote = page.locator(".yb-card .yb-quote").first.inner_text().split("[")[0].strip()
    assert quote in page.locator("#yb-panel mark.yb-focus").first.inner_text()


def test_conversations_are_renamed_opened_and_deleted(page: Page) -> None:
    ask(page, "急诊没来得及备案怎么办？")
    history_of(page)
    page.locator("#yb-new").click()
    page.locator(".yb-card").first.wait_for(state="detached")
    ask(page, "医保卡丢了怎么查卡号？")
    history = history_of(page)
    assert history.locator(".yb-open").count() == 2
    history.locator("a[href*='#yb-rename-']").first.click()
    page.fill("#yb-dialog-rename input", "卡号的事")
    page.locator("#yb-dialog-rename [type=submit]").click()
    history_of(page).locator(".yb-open", has_text="卡号的事").wait_for()
    history_of(page).locator(".yb-open", has_text="急诊").click()
    page.locator(".yb-question", has_text="急诊").wait_for()
    history = history_of(page)
    history.locator("li", has_text="卡号的事").hover()
    history.locator("li", has_text="卡号的事").locator("a[href*='#yb-delete-']").click()
    page.locator("#yb-dialog-delete [type=submit]").click()
    history.locator(".yb-open", has_text="卡号的事").wait_for(state="detached")
    assert page.locator(".yb-question", has_text="急诊").count() == 1
    page.reload()
    page.locator(".yb-question", has_text="急诊").wait_for()
    assert history_of(page).locator(".yb-open").count() == 1


def test_a_conversation_opened_while_an_answer_is_under_way_stays_open(page: Page) -> None:
    ask(page, "急诊没来得及备案怎么办？")
    for wait in (0, 100, 200, 300, 400):  # milliseconds: before, while and after the answer is made
        history_of(page)
        page.locator("#yb-new").click()
        page.locator(".yb-card").first.wait_for(state="detached")
        page.fill("#yb-question textarea", "医保卡丢了怎么查卡号？")
        page.locator("#yb-send").click()
        page.locator(".yb-question", has_text="卡号").wait_for()
        page.wait_for_timeout(wait)
        # Not by the mouse: a conversation that is added on top would move another one under it.
        history_of(page).locator(".yb-open", has_text="急诊").dispatch_event("click")
        page.locator(".yb-question", has_text="急诊").wait_for()
        page.wait_for_timeout(1500)
        assert page.locator(".yb-question").all_inner_texts() == ["急诊没来得及备案怎么办？"]


def test_a_dialog_stays_open_while_the_page_gets_ready(context: BrowserContext, served: Served) -> None:
    served.stop()
    served.start()
    page = opened(context, served.address)
    page.evaluate("document.getElementById('yb-dialog-rename').showModal()")
    page.locator(".yb-starter").first.wait_for()
    assert page.locator("#yb-dialog-rename").is_visible()


def test_a_conversation_is_exported_and_printed(page: Page, tmp_path: Path) -> None:
    ask(page, "跨省看病最低能报销多少？")
    with page.expect_download() as download:
        page.locator('a[href="#yb-export"]').click()
    download.value.save_as(tmp_path / "chat.md")
    text = (tmp_path / "chat.md").read_text("utf-8")
    assert "## 问：跨省看病最低能报销多少？" in text
    assert text.count(DISCLAIMER) == 1
    page.emulate_media(media="print")
    assert page.locator(".yb-quote").first.is_visible()
    assert not page.locator("#yb-ask").is_visible()
    assert not page.locator("#yb-side").is_visible()


def test_an_answer_is_copied_as_text(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "跨省看病最低能报销多少？")
    page.locator('a[href="#yb-0-copy"]').click()
    page.locator(".yb-action", has_text="已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "45%" in copied
    assert DISCLAIMER in copied
    assert "<" not in copied
    assert "重新回答" not in copied


def test_starters_and_related_questions_can_be_clicked(page: Page) -> None:
    page.locator(".yb-starter").first.click()
    page.locator(".yb-suggestion").first.wait_for()
    related = page.locator(".yb-suggestion").first.inner_text()
    page.locator(".yb-suggestion").first.click()
    page.locator(".yb-question", has_text=related).wait_for()
    page.locator(".yb-actions").nth(1).wait_for()


def test_it_works_by_keyboard_alone(page: Page) -> None:
    page.locator("#yb-question textarea").focus()
    page.keyboard.type("跨省看病最低能报销多少？")
    page.keyboard.press("Enter")
    page.locator(".yb-actions").first.wait_for()
    for _ in range(60):  # back from the question box to the first mark
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "#yb-0-1":
            break
    page.keyboard.press("Enter")
    page.locator("#yb-panel mark.yb-focus").first.wait_for()
    page.wait_for_function("document.activeElement.classList.contains('yb-panel-title')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.getAttribute('href') === '#yb-0-1'")


def test_large_print_is_remembered(page: Page) -> None:
    def size() -> float:
        return float(page.locator("#yb-question textarea").evaluate("e => parseFloat(getComputedStyle(e).fontSize)"))

    before = size()
    page.locator('button[value="#yb-large"]').click()
    assert size() > 1.2 * before
    page.reload()
    page.locator("#yb-question textarea").wait_for()
    assert size() > 1.2 * before
    assert page.locator('button[value="#yb-large"]').get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["1440px", "390px"])
def test_axe_finds_no_serious_violation(browser: Browser, address: str, scheme: Any, screen: dict[str, Any]) -> None:
    context = browser.new_context(**screen, color_scheme=scheme, locale="zh-CN")
    page = opened(context, address)
    page.locator(".yb-starter").first.wait_for(timeout=ANSWER)
    found = violations(page)
    ask(page, "陕西的医保共济账户能给父母用吗")
    ask(page, "那福建呢")
    found += violations(page)
    page.locator(".yb-card .yb-mark").first.click()
    page.locator("#yb-panel .yb-why summary").click()
    found += violations(page)
    page.keyboard.press("Escape")
    ask(page, "我爸突然胸口剧痛喘不上气")
    found += violations(page)
    page.locator('a[href="#yb-0-bad"]').click()
    found += violations(page)
    context.close()
    assert found == []


def violations(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical on the page as it stands."""
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def test_nothing_on_the_page_is_named_in_english(page: Page) -> None:
    ask(page, "跨省看病最低能报销多少？")
    names = page.evaluate(
        "[...document.querySelectorAll('[aria-label], [title], [placeholder]')].filter(e => e.offsetParent)"
        ".flatMap(e => ['aria-label', 'title', 'placeholder'].map(name => e.getAttribute(name)).filter(Boolean))"
    )
    assert len(names) > 5
    assert [name for name in names if not re.search("[\u4e00-\u9fff]", name)] == []


def test_a_question_that_no_article_covers_is_refused(page: Page) -> None:
    card = ask(page, "红烧肉怎么做才好吃")
    assert "没有找到" in card
    assert DISCLAIMER in card
    assert page.locator(".yb-card .yb-mark").count() == 0


def test_an_emergency_cannot_be_missed(page: Page) -> None:
    ask(page, "我爸突然胸口剧痛喘不上气")
    alarm = page.locator(".yb-alarm[role=alert]")
    assert is_in_view(alarm)
    assert alarm.locator(".yb-call").get_attribute("href") == "tel:120"


def test_a_slow_browser_misses_nothing_of_an_answer(context: BrowserContext, address: str) -> None:
    page = opened(context, address)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    ask(page, "我爸突然胸口剧痛喘不上气")
    assert not page.locator("#yb-stop").is_visible()
    page.reload()
    assert "胸口剧痛" in page.locator(".yb-question").inner_text()


@pytest.mark.parametrize("question", [
    "<img src=x onerror=\"document.title='hacked'\">医保卡丢了怎么办",
    "医保卡丢了${document.title='hacked'}{{document.title='hacked'}}怎么办",
])  # fmt: skip
def test_markup_in_a_question_is_text(page: Page, question: str) -> None:
    ask(page, question)
    page.reload()
    page.locator(".yb-card").wait_for()
    assert page.locator("img[src=x]").count() == 0
    assert page.title() == "医保问答"
    assert question[:20] in page.locator("#yb-history").text_content()


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


def test_two_browsers_share_nothing(browser: Browser, address: str) -> None:
    contexts = [browser.new_context(locale="zh-CN") for _ in range(2)]
    first, second = (opened(context, address) for context in contexts)
    ask(first, "陕西家庭共济怎么绑定")
    assert second.locator(".yb-card").count() == 0
    assert "陕西" not in ask(second, "那需要什么材料呢").split("依据")[0].split("」")[0]
    second.reload()
    second.locator(".yb-card").wait_for()
    assert second.locator(".yb-open").count() == 1
    for context in contexts:
        context.close()


def test_nothing_sticks_out(page: Page) -> None:
    card = ask(page, "福州新生儿医保要准备什么材料")
    assert "福建/福州" in card
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    box = page.locator("#yb-question textarea")
    assert is_in_view(box)
