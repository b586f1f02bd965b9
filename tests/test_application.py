"""The application as a whole, against its own description."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from running import Address, Opened, running
from yibao import wording
from yibao.api.application import make_doors
from yibao.api.schemas import EXAMPLE
from yibao.config import Config
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline

DESCRIPTION = make_doors(Opened(None), Config()).app.openapi()
schema = schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("application")
    (folder / "a b#1.md").write_text("---\ntitle: 备案\n---\n异地就医备案的有效期是6个月。\n", "utf-8")
    config = Config(corpus=(str(folder),), index=str(folder / "index"), model="hash", requests_per_minute=0)
    index_with(config)
    with running(make_doors(Opened(open_pipeline(config)), config).app) as address:
        yield address


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_the_server_does_what_its_description_says(case: Any, address: Address) -> None:
    case.call_and_validate(base_url=address.url)


def test_every_door_has_a_summary_a_description_and_a_group_in_chinese() -> None:
    for path, methods in DESCRIPTION["paths"].items():
        for door in methods.values():
            assert not door["summary"].isascii(), path
            assert door["description"], path
            assert door["tags"][0] in wording.API_TAGS.values()
    assert set(DESCRIPTION["paths"]) == {
        "/v1/ask", "/v1/search", "/v1/articles/{article_id}", "/v1/passages/{passage_id}", "/v1/chat/completions",
        "/v1/models", "/v1/models/{model}", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip


def test_bodies_have_examples() -> None:
    schemas = DESCRIPTION["components"]["schemas"]
    assert schemas["AskRequest"]["properties"]["question"]["examples"] == [EXAMPLE]
    assert schemas["ChatRequest"]["properties"]["messages"]["examples"]


def test_the_token_is_part_of_the_description_where_one_is_set() -> None:
    described = make_doors(Opened(None), Config(api_token="x")).app.openapi()
    assert described["paths"]["/v1/ask"]["post"]["security"] == [{"HTTPBearer": []}]
    assert "security" not in described["paths"]["/healthz"]["get"]
    assert "security" not in DESCRIPTION["paths"]["/v1/ask"]["post"]


@pytest.mark.parametrize(
    "path", ["/docs", "/redoc", "/docs/oauth2-redirect", "/v1", "/v1/nosuch", "/v1/ask/more", "/mcp/x"]
)
def test_there_is_no_page_that_loads_from_elsewhere_and_no_other_address(address: Address, path: str) -> None:
    assert address.get(path).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/ask"),
        ("PUT", "/v1/ask"),
        ("POST", "/v1/models"),
        ("DELETE", "/v1/articles/x"),
        ("POST", "/healthz"),
    ],
)
def test_a_wrong_method_is_told_the_right_one(address: Address, method: str, path: str) -> None:
    reply = address.send(method, path, None, {})
    assert (reply.status, reply.error[0]) == (405, "method_not_allowed")
    assert set(reply.headers["allow"].split(", ")) <= {"GET", "POST"}


def test_without_the_mcp_package_the_rest_works_and_mcp_names_what_to_install(
    hash_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "yibao.api.tools", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with running(make_doors(Opened(hash_pipeline), Config()).app) as address:
        reply = address.post("/mcp", {})
        assert (reply.status, reply.error) == (501, ("not_installed", wording.EXTRA_MISSING.format(extra="mcp")))
        assert address.post("/v1/ask", {"question": "备案"}).status == 200


def test_the_request_id_reaches_the_log_from_every_door(
    hash_pipeline: Pipeline, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level("INFO", "yibao.questions"),
        running(make_doors(Opened(hash_pipeline), Config()).app) as address,
    ):
        address.post("/v1/ask", {"question": "备案"}, X_Request_ID="first")
        chat = {"model": "yibao", "messages": [{"role": "user", "content": "备案"}]}
        address.post("/v1/chat/completions", chat, X_Request_ID="second")
        called = {
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "备案"}},
        }  # fmt: skip
        address.post("/mcp", called, X_Request_ID="third", Accept="application/json, text/event-stream")
    lines = [record.getMessage() for record in caplog.records if record.name == "yibao.questions"]
    assert [(name in line, door in line) for (name, door), line in zip(
        [('"first"', '"api"'), ('"second"', '"openai"'), ('"third"', '"mcp"')], lines, strict=True
    )] == [(True, True)] * 3  # fmt: skip
