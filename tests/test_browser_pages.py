"""The pages beside the chat in a real Chromium: upload and ask, switch off, remove, compare settings, see quality."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from yibao import wording_pages as pages
from yibao.evaluation.evaluating import evaluate, keep
from yibao.pipeline import Pipeline

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WAIT = 40_000  # milliseconds
expect.set_options(timeout=WAIT)
CARE = (
    "---\ntitle: 太阴市长期护理保险怎么申请\npublished: 2025-05-01\n---\n"
    "太阴市的长期护理保险，由参保人向街道的银杏窗口提出申请。\n\n## 材料\n\n- 身份证\n- 近一年的病历\n"
)
QUESTION = "太阴市的长期护理保险向哪里申请？"
QUOTE = "银杏窗口"
NO_FACETS: dict[str, list[Any]] = {"regions": [], "insurance": [], "person": [], "years": []}


@pytest.fixture(scope="module")
def root(real_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of this module's own, because it is written to."""
    folder = tmp_path_factory.mktemp("pages") / "index"
    shutil.copytree(real_index, folder)
    return folder


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = root.parent / "log"
    settings = {"YIBAO_UPLOADS": str(root.parent / "uploads"), "XDG_DATA_HOME": str(root.parent / "data")}
    command = [sys.executable, "-m", "yibao", "serve", "--index", str(root), "--port", str(port)]
    with (
        log.open("w") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | settings) as server,
    ):
        try:
            deadline = time.monotonic() + 180
            while not reachable(f"http://127.0.0.1:{port}/readyz"):  # the model is loaded
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.3)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def reachable(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = wide(browser)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    yield page
    context.close()


def wide(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")


def narrow(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale="zh-CN")


def ask(page: Page, address: str) -> Locator:
    """Ask about the uploaded article in a new chat, and return the card."""
    page.goto(address)
    page.evaluate("localStorage.clear()")  # else the conversation before comes back
    page.goto(address)
    box = page.locator("#yb-question textarea")
    box.wait_for()
    box.fill(QUESTION)
    box.press("Enter")
    card = page.locator(".yb-card").first
    expect(card.locator(".yb-disclaimer")).to_be_visible(timeout=WAIT)
    return card


def opened(page: Page, address: str, article: str) -> None:
    page.goto(f"{address}/corpus?article={article}")
    page.locator(".yb-detail").wait_for()


def upload(page: Page, address: str, *files: tuple[str, str]) -> None:
    page.goto(f"{address}/corpus")
    page.locator(".yb-row").first.wait_for()
    page.locator("#yb-upload button").first.click()
    chosen = [{"name": name, "mimeType": "text/markdown", "buffer": text.encode()} for name, text in files]
    page.locator("#yb-files input[type=file]").set_input_files(chosen)
    page.locator(".yb-staged").wait_for()


def test_an_article_is_uploaded_asked_about_switched_off_and_on_and_removed(page: Page, address: str) -> None:
    expect(ask(page, address)).not_to_contain_text(QUOTE)

    upload(page, address, ("护理.md", CARE), ("坏.md", ""), ("x.exe", "x"))
    report = page.locator("#yb-staged")
    expect(report).to_contain_text(pages.UPLOAD_STAGED.format(files=3, addable=1))
    expect(report.locator(".yb-cut")).to_have_count(1)
    expect(report.locator(".yb-sentence")).to_have_count(3)
    page.locator("#yb-add").click()
    expect(page.locator(".yb-said")).to_contain_text("✓")
    expect(ask(page, address)).to_contain_text(QUOTE)

    opened(page, address, "护理")
    page.locator(".yb-switch").click()
    expect(page.locator(".yb-switch")).to_have_attribute("aria-checked", "false")
    expect(ask(page, address)).not_to_contain_text(QUOTE)

    opened(page, address, "护理")
    expect(page.locator(".yb-switch")).to_have_attribute("aria-checked", "false")
    page.locator(".yb-switch").click()
    expect(page.locator(".yb-switch")).to_have_attribute("aria-checked", "true")
    expect(ask(page, address)).to_contain_text(QUOTE)

    upload(page, address, ("护理.md", CARE.replace("银杏", "白果")))
    expect(page.locator("#yb-replacing")).to_contain_text("护理.md")
    page.locator("#yb-discard").click()
    expect(page.locator("#yb-staged")).to_contain_text(pages.UPLOAD_DISCARDED)

    opened(page, address, "护理")
    page.locator('button[value^="#yb-remove-"]').click()
    page.locator('button[value^="#yb-confirm-"]').click()
    expect(page.locator(".yb-detail")).to_have_count(0)
    expect(ask(page, address)).not_to_contain_text(QUOTE)


def test_an_article_whose_id_looks_like_another_target_is_opened(page: Page, address: str) -> None:
    text = "月亮县医保小知识\n\n月亮县的正文。\n\n相关推荐\n月亮县的摘要标题\n\n月亮县的摘要\n\n健康新闻 2025-02-20\n"
    upload(page, address, ("copy-large-#yb-1.txt", text))
    page.locator(".yb-staged .yb-act").click()  # closes the cut that is shown
    expect(page.locator(".yb-staged .yb-cut")).to_have_count(0)
    expect(page.locator(".yb-staged .yb-act")).to_be_focused()
    page.locator("#yb-add").click()
    expect(page.locator(".yb-said")).to_contain_text("✓")
    page.locator("#yb-words textarea, #yb-words input").fill("月亮县")
    for title in ("月亮县的摘要标题", "月亮县医保小知识"):
        page.locator(".yb-row", has_text=title).click()
        expect(page.locator(".yb-detail h2")).to_have_text(title)
    page.locator('button[value^="#yb-remove-"]').click()
    page.locator('button[value^="#yb-confirm-"]').click()
    expect(page.locator(".yb-row", has_text="月亮县")).to_have_count(0)


def test_no_key_leads_to_what_nobody_sees(page: Page, address: str) -> None:
    for path in ("", "corpus", "retrieval"):
        page.goto(f"{address}/{path}")
        page.locator("#yb-on-click, #yb-retrieval-head h1").first.wait_for(state="attached")
        hidden = page.locator("[id^=yb-on-]")
        assert hidden.count() == {"": 1, "corpus": 2, "retrieval": 0}[path]
        assert hidden.evaluate_all("all => all.filter(e => e.offsetParent).length") == 0
        for _ in range(40):
            page.keyboard.press("Tab")
            box = page.evaluate("(({ left, width }) => [left, width])(document.activeElement.getBoundingClientRect())")
            assert box[0] >= 0
            assert box[1] > 1


def test_articles_are_searched_filtered_and_opened_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/corpus")
    page.locator(".yb-row").first.wait_for()
    words = page.locator("#yb-words textarea, #yb-words input")
    words.fill("异地 备案")
    expect(page.locator(".yb-row").first).to_contain_text("段含有所查的词")
    row = page.locator(".yb-row").first
    row.focus()
    page.keyboard.press("Enter")
    page.locator(".yb-detail").wait_for()
    expect(page.locator(".yb-row[aria-current]")).to_be_focused()
    assert page.locator(".yb-cut mark").count() > 0
    switch = page.locator(".yb-switch").first
    switch.focus()
    for state in ("false", "true"):
        page.keyboard.press("Space")
        expect(switch).to_have_attribute("aria-checked", state)
        expect(switch).to_be_focused()


def test_two_settings_are_compared_and_one_becomes_the_default_of_this_browser(page: Page, address: str) -> None:
    page.goto(f"{address}/retrieval")
    box = page.locator("#yb-probe-question textarea, #yb-probe-question input")
    box.wait_for()
    expect(page.locator("#yb-default-state")).to_contain_text(pages.SETTINGS_SHIPPED)
    box.fill("陕西的医保共济账户能给父母用吗")
    page.locator("#yb-probe-run button, button#yb-probe-run").first.click()
    for side in range(2):
        expect(page.locator(f"#yb-run-{side} .yb-result")).to_have_count(6)
        expect(page.locator(f"#yb-run-{side} .yb-timings")).to_be_visible()
    expect(page.locator("#yb-comparison")).to_contain_text("段")
    page.locator("button#yb-save-1").click()
    expect(page.locator("#yb-default-state")).to_contain_text(pages.OPTION_VALUES["lexical"])
    page.reload()
    expect(page.locator("#yb-default-state")).to_contain_text(pages.OPTION_VALUES["lexical"])
    page.locator("button#yb-reset-settings").click()
    expect(page.locator("#yb-default-state")).to_contain_text(pages.SETTINGS_SHIPPED)
    page.reload()
    expect(page.locator("#yb-default-state")).to_contain_text(pages.SETTINGS_SHIPPED)


def test_the_quality_page_names_the_command_then_shows_the_evaluation_and_leads_to_retrieval(
    page: Page, address: str, root: Path, real_pipeline: Pipeline, tmp_path: Path
) -> None:
    page.goto(f"{address}/quality")
    expect(page.locator("#yb-quality")).to_contain_text("yibao eval")
    questions = tmp_path / "questions.jsonl"
    rows = [
        {
            "id": name, "kind": kind, "question": question, "history": [], "standalone": "", "clean": "", "gold": [],
            "all_needed": False, "status": status, "facets": NO_FACETS, "note": "",
        }
        for name, kind, question, status in (
            ("a", "off-topic", "异地就医备案的有效期是多久", "no_answer"),
            ("b", "emergency", "我爸突然昏迷没有呼吸了怎么办", "emergency"),
        )
    ]  # fmt: skip
    questions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    keep(evaluate(questions, real_pipeline, None), root, real_pipeline.reader.manifest)
    page.reload()
    expect(page.locator("#yb-quality .yb-plot")).to_be_visible()
    page.locator(".yb-failures .yb-link").first.click()
    expect(page.locator("#yb-run-0 .yb-result").first).to_be_visible()
    assert "/retrieval?q=" in page.url


@pytest.mark.parametrize(
    "path",
    ["corpus?article=remote-care/cross-province-filing-channels-and-steps", "retrieval?q=异地就医备案", "quality"],
)
def test_on_a_phone_nothing_sticks_out_and_buttons_can_be_hit(browser: Browser, address: str, path: str) -> None:
    context = narrow(browser)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/{path}")
    page.locator(".yb-detail, .yb-result, #yb-quality .yb-quality, #yb-quality .yb-empty").first.wait_for(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    low = "[...document.querySelectorAll('.yb-act, .yb-switch, .yb-row')].filter(b => b.offsetParent && b.offsetHeight < 32)"
    assert page.evaluate(f"{low}.map(b => b.textContent)") == []
    assert problems == []
    context.close()


def test_the_bar_leads_from_page_to_page(page: Page, address: str) -> None:
    page.goto(address)
    for name in (pages.NAV_CORPUS, pages.NAV_RETRIEVAL, pages.NAV_QUALITY):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name=pages.NAV_CHAT, exact=True).click()
    page.locator("#yb-question textarea").wait_for()
