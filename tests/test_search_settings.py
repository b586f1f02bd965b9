from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import pytest

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.request import SearchOptions
from yibao.web import search_settings
from yibao.web.search_settings import (
    SearchSettings,
    changes,
    controls,
    from_browser,
    from_form,
    shipped,
    to_browser,
    to_form,
)

CONFIG = Config(top_k=6, refuse_below=0.35)
OWN = SearchSettings(replace(SearchOptions(), leg="dense", lexical_weight=2.5, facets=False, refuse_below=0.5), 12)


def test_there_is_a_control_for_every_option_and_for_top_k() -> None:
    assert [control.name for control in controls()] == ["top_k", *(field.name for field in fields(SearchOptions))]
    assert all(control.label for control in controls())


@pytest.mark.parametrize("settings", [OWN, shipped(CONFIG)])
def test_settings_survive_the_form_and_the_browser(settings: SearchSettings) -> None:
    assert from_form(to_form(settings, CONFIG), CONFIG) == settings
    assert from_browser(json.loads(json.dumps(to_browser(settings))), CONFIG) == settings


def test_the_browser_keeps_only_what_differs_so_that_better_defaults_arrive() -> None:
    assert to_browser(shipped(CONFIG)) == {"top_k": 6}
    assert to_browser(OWN) == {"top_k": 12, "leg": "dense", "lexical_weight": 2.5, "facets": False, "refuse_below": 0.5}


def test_the_reader_can_be_switched_off_and_is_told_so() -> None:
    off = from_browser({"reader": False}, CONFIG)
    assert (off.options.reader, shipped(CONFIG).options.reader) == (False, True)
    assert to_browser(off) == {"top_k": 6, "reader": False}
    assert changes(off, CONFIG) == [f"{pages.OPTION_LABELS['reader']} {pages.SETTING_OFF}"]


def test_a_threshold_equal_to_the_configured_one_follows_the_configuration() -> None:
    assert from_form(to_form(shipped(CONFIG), CONFIG), CONFIG).options.refuse_below is None


@pytest.mark.parametrize(
    "stored",
    [
        None, [], "x", 3, {"top_k": 0}, {"top_k": "6"}, {"top_k": True}, {"leg": "bm42"}, {"leg": ["dense"]},
        {"lexical_weight": 1000}, {"lexical_weight": float("nan")}, {"spelling": 1}, {"refuse_below": "high"},
        {"unknown": 1}, {"reader": 1}, {"reader": "none"},
    ],
)  # fmt: skip
def test_what_cannot_be_used_counts_as_not_set(stored: Any) -> None:
    assert from_browser(stored, CONFIG) == shipped(CONFIG)


def test_a_new_option_gets_a_control_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class More:
        leg: Literal["hybrid", "other"] = "hybrid"
        reranker: bool = False
        share: float = 0.5

    types = {"leg": Literal["hybrid", "other"], "reranker": bool, "share": float}
    monkeypatch.setattr(search_settings, "SearchOptions", More)
    monkeypatch.setattr(search_settings, "_TYPES", types)
    made = {control.name: control for control in controls()[1:]}
    assert made["leg"].choices == ("hybrid", "other")
    assert (made["reranker"].label, made["reranker"].limits) == ("reranker", None)
    assert made["share"].limits == (0.0, 1.0, 0.05)
    assert from_browser({"reranker": True, "share": 0.2}, CONFIG).options == More(reranker=True, share=0.2)


def test_changes_are_told_in_words() -> None:
    assert changes(shipped(CONFIG), CONFIG) == []
    told = changes(OWN, CONFIG)
    assert f"{pages.OPTION_LABELS['leg']} {pages.OPTION_VALUES['dense']}" in told
    assert f"{pages.OPTION_LABELS['facets']} {pages.SETTING_OFF}" in told
    assert f"{pages.OPTION_LABELS['top_k']} 12" in told
