from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import yibao.web
from yibao.web.clicks import Click, read_click, read_verb

WEB = Path(next(iter(yibao.web.__path__)))


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("yb-back", ("back", "")),
        ("yb-page-2", ("page", "2")),
        ("yb-open-a/b-c#2", ("open", "a/b-c#2")),
        ("yb-switch-甲@1\n", ("switch", "甲@1\n")),
        ("yb-2-1", ("", "")),
        ("yb-", ("", "")),
        ("other", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_target_is_a_verb_and_what_it_is_done_to(target: str, parts: tuple[str, str]) -> None:
    assert read_verb(json.dumps({"target": target})) == parts


def test_text_and_what_a_dialog_added_come_along() -> None:
    sent = {"target": "yb-1-bad", "text": "没用", "values": {"reason": "region"}, "more": 1}
    assert read_click(json.dumps(sent)) == Click("yb-1-bad", "没用", {"reason": "region"})


@pytest.mark.parametrize(
    "sent",
    ["", "null", "[]", "{}", '"yb-back"', '{"target": 3}', '{"target": "x", "text": 5}', '{"target": "x", "values": []}', "[" * 9999],
)  # fmt: skip
def test_anything_else_is_none(sent: str) -> None:
    assert read_click(sent) is None
    assert read_verb(sent) == ("", "")


@pytest.mark.parametrize("sent", [None, 3, {"target": "yb-back"}, ["x"]])
def test_what_is_no_text_is_none(sent: Any) -> None:
    assert read_click(sent) is None
    assert read_verb(sent) == ("", "")


def test_there_is_one_protocol_and_one_listener() -> None:
    sources = {
        path.name: path.read_text("utf-8") for path in [*WEB.rglob("*.html"), *WEB.rglob("*.py"), *WEB.rglob("*.js")]
    }
    for name, text in sources.items():
        assert not re.search(r"data-(?:yb-)?(?:do|id|action)\b|onclick|js_on_load", text), name
    assert sources["page.js"].count('addEventListener("click"') == 1


@pytest.mark.parametrize(
    "values", ['{"region": 1}', '{"region": true}', '{"region": null}', '{"region": ["a"]}', "[]", "1"]
)
def test_what_no_dialog_enters_is_no_click(values: str) -> None:
    assert read_click(f'{{"target": "yb-0-facets", "text": "", "values": {values}}}') is None


def test_halves_of_pairs_are_replaced_also_where_they_are_escaped() -> None:
    assert read_verb('{"target": "yb-open-\\ud800x"}') == ("open", "\ufffdx")
