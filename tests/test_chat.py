from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from yibao import wording

LOOK = """
import json, sys
from pathlib import Path
from yibao.history.store import History
from yibao.web.chat import build_page, page_assets
from yibao.web.conversing import Conversing
from yibao.web.pieces import shown_errors
from yibao.errors import IndexMissingError
import gradio
page = build_page(Conversing(lambda: 1 / 0, History(Path(sys.argv[1]), str)))
assets = page_assets()
try:
    with shown_errors():
        raise IndexMissingError("text of the error")
except gradio.Error as error:
    told = error.message
print(json.dumps({
    "buttons": [block.value for block in page.blocks.values() if type(block).__name__ == "Button"],
    "endpoints": [function.api_visibility for function in page.fns.values()],
    "assets": assets["head"] + str(assets["theme"]._stylesheets),
    "states": [str(block.value) for block in page.blocks.values() if type(block).__name__ == "State"],
    "told": told,
}))
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Build the page in a process of its own: Gradio leaves sockets and event loops behind."""
    command = [sys.executable, "-c", LOOK, str(tmp_path_factory.mktemp("chat") / "history.db")]
    done = subprocess.run(command, capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_page_is_built_before_the_index_is_opened(page: dict[str, Any]) -> None:
    assert {wording.SEND, wording.STOP, wording.NEW_CHAT} <= set(page["buttons"])


def test_a_session_begins_empty(page: dict[str, Any]) -> None:
    assert page["states"] == ["Session(visitor='', conversation='', turns=(), under_way=None, kept=None)"]


def test_the_page_offers_no_public_endpoint(page: dict[str, Any]) -> None:
    assert set(page["endpoints"]) == {"private"}


def test_the_page_loads_nothing_from_elsewhere(page: dict[str, Any]) -> None:
    assert "://" not in page["assets"]
    assert "@import" not in page["assets"]


def test_a_users_error_is_shown_in_its_own_words(page: dict[str, Any]) -> None:
    assert page["told"] == "text of the error"
