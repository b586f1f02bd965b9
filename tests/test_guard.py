from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import anyio
import pytest

from running import Address, Opened, running
from yibao import wording
from yibao.api.application import make_doors
from yibao.api.guard import Guard, RateLimit, Rules, is_local
from yibao.config import Config

TOKEN = "s3cret-令牌"
BEARER = "Bearer " + TOKEN.encode().decode("latin-1")  # a header is bytes
FOR_PROGRAMS = [
    ("POST", "/v1/ask"),
    ("GET", "/v1/models"),
    ("GET", "/v1/nosuch"),
    ("POST", "/mcp"),
    ("GET", "/metrics"),
]
Serve = Callable[..., Address]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """Serve the doors without a pipeline, with some settings; each setting is served once."""
    with ExitStack() as stack:
        served: dict[str, Address] = {}

        def serving(**settings: Any) -> Address:
            if repr(settings) not in served:
                config = replace(Config(requests_per_minute=0), **settings)
                served[repr(settings)] = stack.enter_context(running(make_doors(Opened(None), config).app))
            return served[repr(settings)]

        yield serving


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.9.10"])
def test_this_machine_is_local(host: str) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.168.1.5", "example.org", "localhost.example.org", "LOCAL"])
def test_everything_else_is_not(host: str) -> None:
    assert not is_local(host)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860", "localhost."])
def test_a_name_of_this_machine_is_served(serve: Serve, host: str) -> None:
    assert serve().get("/healthz", Host=host).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:7860", "192.168.1.5", "127.0.0.1.evil.example", "", "[", "localhost@evil.example:1"],
)
def test_another_name_is_not(serve: Serve, host: str) -> None:
    reply = serve().get("/healthz", Host=host)
    assert (reply.status, reply.error) == (421, ("unknown_host", wording.REFUSED_HOST))


def test_a_configured_name_is_served() -> None:
    with running(make_doors(Opened(None), Config(allowed_hosts=("Yibao.example.cn",))).app) as address:
        assert address.get("/healthz", Host="yibao.example.cn").status == 200
        assert address.get("/healthz", Host="other.example.cn").status == 421


def test_where_others_are_served_any_address_will_do_but_not_any_name() -> None:
    rules = Rules.of(Config(host="0.0.0.0"))
    assert rules.any_address
    with running(make_doors(Opened(None), Config(host="0.0.0.0")).app) as address:
        assert address.get("/healthz", Host="192.168.1.5:7860").status == 200
        assert address.get("/healthz", Host="evil.example").status == 421


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:3000", "https://evil.example:7860", "file://", "http://["],
)
def test_a_request_of_another_site_is_refused(serve: Serve, origin: str) -> None:
    address = serve()
    for method, path in [
        ("POST", "/v1/ask"),
        ("GET", "/v1/models"),
        ("OPTIONS", "/v1/ask"),
        ("POST", "/mcp"),
        ("POST", "/"),
    ]:
        reply = address.send(method, path, b"{}", {"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert (reply.status, reply.error) == (403, ("permission", wording.REFUSED_ORIGIN))
        assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_request_of_our_own_page_passes_and_gets_no_cors_headers(serve: Serve) -> None:
    address = serve()
    reply = address.get("/v1/models", Origin=address.url)
    assert reply.status == 200
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_behind_a_proxy_the_page_has_the_origin_of_its_public_name() -> None:
    config = Config(allowed_hosts=("yibao.example.cn",))
    with running(make_doors(Opened(None), config).app) as address:
        assert address.get("/v1/models", Origin="https://yibao.example.cn").status == 200
        assert address.get("/v1/models", Origin="https://evil.example.cn").status == 403


@pytest.mark.parametrize(("method", "path"), FOR_PROGRAMS)
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {BEARER[7:]}", BEARER[:-1], BEARER + "x"]
)
def test_without_the_token_programs_are_told_so(serve: Serve, method: str, path: str, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    reply = serve(api_token=TOKEN).send(method, path, b"{}" if method == "POST" else None, headers)
    assert (reply.status, reply.error) == (401, ("authentication", wording.UNAUTHORISED))
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), FOR_PROGRAMS)
def test_with_the_token_they_pass(serve: Serve, method: str, path: str) -> None:
    reply = serve(api_token=TOKEN).send(method, path, b"{}" if method == "POST" else None, {"Authorization": BEARER})
    assert reply.status not in {401, 403}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_state_is_open_and_tells_nothing(serve: Serve, path: str) -> None:
    reply = serve(api_token=TOKEN).get(path)
    assert reply.status in {200, 503}
    assert set(reply.json) in ({"status"}, {"error"})


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions", "/mcp"])
def test_a_request_that_is_too_large_is_refused(serve: Serve, path: str, *, chunked: bool) -> None:
    address = serve(max_request_kb=4)
    body = b'{"question": "' + b"x" * 5000 + b'"}'
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    reply = address.send("POST", path, iter([body[:2000], body[2000:]]) if chunked else body, headers)
    assert (reply.status, reply.error) == (413, ("too_large", wording.REFUSED_SIZE.format(limit=4)))


def test_a_request_in_pieces_is_put_together(serve: Serve) -> None:
    pieces = [b'{"question": "', "备案".encode(), b'", "nosuch": 1}']
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    reply = serve().send("POST", "/v1/ask", iter(pieces), headers)
    assert "nosuch" in reply.error[1]


def test_a_form_of_the_page_must_say_how_long_it_is(serve: Serve) -> None:
    reply = serve().send("POST", "/login", iter([b"x"]), {"Transfer-Encoding": "chunked"})
    assert (reply.status, reply.error[0]) == (411, "invalid_request")


def test_an_event_of_the_page_may_be_as_large_as_a_request_of_a_program(serve: Serve) -> None:
    address = serve(max_request_kb=4)
    assert address.send("POST", "/gradio_api/queue/join", b"x" * 4096, {}).status == 404  # no page is mounted here
    reply = address.send("POST", "/gradio_api/queue/join", None, {"Content-Length": "4097"})
    assert reply.error == ("too_large", wording.REFUSED_SIZE.format(limit=4))


def test_a_websocket_is_closed() -> None:
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    guard = Guard(None, Rules.of(Config()))  # type: ignore[arg-type]  # nothing may reach what it guards
    anyio.run(guard, {"type": "websocket", "path": "/", "headers": []}, None, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_an_upload_may_be_larger_but_not_endless(serve: Serve) -> None:
    address = serve(max_file_mb=1)
    assert address.send("POST", "/gradio_api/upload", b"x" * 1_000_000, {}).status == 404  # no page is mounted here
    reply = address.send("POST", "/gradio_api/upload", None, {"Content-Length": "20000001"})
    assert reply.status == 413


def test_who_asks_too_often_is_told_to_wait_and_others_are_not() -> None:
    with running(make_doors(Opened(None), Config(requests_per_minute=3)).app) as address:
        replies = [address.get("/v1/models") for _ in range(5)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429, 429]
        assert replies[-1].error[0] == "rate_limit"
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 20
        assert address.post("/anything", {}).status == 429
        assert [address.get("/healthz").status for _ in range(5)] == [200] * 5


def test_the_rate_is_a_minutes_worth_at_once_and_then_evenly() -> None:
    now = 0.0
    limit = RateLimit(60, lambda: now)
    assert [limit.wait("a") for _ in range(60)] == [0.0] * 60
    assert limit.wait("a") == pytest.approx(1.0)
    assert limit.wait("b") == 0.0
    now = 1.0
    assert (limit.wait("a"), limit.wait("a")) == (0.0, pytest.approx(1.0))
    now = 1000.0
    assert [limit.wait("a") for _ in range(61)] == [0.0] * 60 + [pytest.approx(1.0)]


def test_addresses_that_came_long_ago_are_forgotten() -> None:
    now = 0.0
    limit = RateLimit(60, lambda: now)
    for number in range(10_000):
        limit.wait(str(number))
    now = 2.0
    limit.wait("new")
    assert len(limit._paid) == 1


def test_no_limit_means_none() -> None:
    limit = RateLimit(0)
    assert [limit.wait("a") for _ in range(1000)] == [0.0] * 1000


def test_every_reply_has_an_id_and_a_sensible_one_is_kept(serve: Serve) -> None:
    address = serve()
    assert address.get("/healthz", X_Request_ID="abc-1").headers["x-request-id"] == "abc-1"
    made = [address.get("/healthz", X_Request_ID=given).headers["x-request-id"] for given in ("", "a b", "x" * 65)]
    assert len({*made, "", "a b", "x" * 65}) == 6
    assert address.get("/healthz", Host="evil.example", X_Request_ID="abc-2").headers["x-request-id"] == "abc-2"


def test_a_number_to_call_is_no_id_of_a_request(serve: Serve) -> None:
    for given, kept in (("abc-1", True), ("13812345678", False), ("110101199003074578", False)):
        reply = serve().send("GET", "/healthz", None, {"X-Request-Id": given})
        assert (reply.headers["x-request-id"] == given) is kept
