from __future__ import annotations

import logging

import pytest
from fastapi import FastAPI

from running import running
from yibao import wording
from yibao.api.failures import RefusedError, handle_failures, in_words, not_ready, too_often
from yibao.errors import IndexCorruptError


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI(docs_url=None)
    handle_failures(app)
    return app


def test_a_users_error_is_passed_on_in_its_own_words(app: FastAPI) -> None:
    def broken() -> None:
        raise IndexCorruptError("索引坏了")

    app.get("/broken")(broken)
    with running(app) as address:
        reply = address.get("/broken")
    assert (reply.status, reply.error) == (503, ("not_ready", "索引坏了"))


def test_a_fault_of_ours_is_logged_and_not_shown(
    app: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever let uvicorn set up its own logging in this process has cut its loggers off from the root.
    for name in ("uvicorn", "uvicorn.error"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)

    def broken() -> None:
        raise KeyError("secret detail")

    app.get("/broken")(broken)
    with caplog.at_level(logging.ERROR, logger="uvicorn.error"), running(app) as address:
        reply = address.get("/broken")
    assert (reply.status, reply.error) == (500, ("server_error", wording.SERVER_FAULT))
    assert b"secret detail" not in reply.body
    assert "secret detail" in caplog.text


def test_an_unknown_address_and_a_wrong_method_have_the_same_form(app: FastAPI) -> None:
    app.get("/here")(lambda: None)
    with running(app) as address:
        assert address.get("/nowhere").error == ("not_found", wording.NO_SUCH_PAGE)
        reply = address.post("/here", {})
    assert (reply.status, reply.error) == (405, ("method_not_allowed", wording.NO_SUCH_METHOD.format(method="POST")))
    assert reply.headers["allow"] == "GET"


def test_who_has_to_wait_is_told_for_how_long() -> None:
    assert not_ready().response().headers["retry-after"] == "2"
    error = too_often(3.2)
    assert error.response().headers["retry-after"] == "4"
    assert "4 秒" in error.message


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ({"type": "missing", "loc": ("body", "question")}, "question 不对：缺少这一项"),
        (
            {"type": "string_too_long", "loc": ("body", "history", 3), "ctx": {"max_length": 5}},
            "history.3 不对：不能超过 5 个字",
        ),
        (
            {"type": "literal_error", "loc": ("body", "leg"), "ctx": {"expected": "'a', 'b' or 'c'"}},
            "leg 不对：应为 'a'、'b'、'c'",
        ),
        ({"type": "json_invalid", "loc": ("body", 7), "ctx": {"error": "x"}}, "请求的正文 不对：不是有效的 JSON"),
        ({"type": "missing", "loc": ("body",)}, "请求的正文 不对：缺少这一项"),
        ({"type": "some_new_type", "loc": ("path", "id")}, "id 不对：格式不对"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_wrong(error: dict[str, object], text: str) -> None:
    assert in_words([error]) == text


def test_an_unknown_status_is_a_fault_of_the_server() -> None:
    assert RefusedError(599, "x").response().body == b'{"error":{"message":"x","type":"server_error"}}'
