"""What stands before every door: the name asked for, where the request comes from, the token, how much, how often."""

from __future__ import annotations

import hmac
import ipaddress
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yibao import wording
from yibao.api.failures import RefusedError, too_often
from yibao.api.forwarded import route_of
from yibao.api.ledger import new_request_id, request_id
from yibao.config import Config
from yibao.language.masking import mask

_FOR_PROGRAMS = ("/v1", "/mcp")
_FOR_MONITORS = ("/metrics",)
_STATE = ("/healthz", "/readyz")
_UPLOADS = ("/gradio_api/upload",)
_ID_HEADER = "x-request-id"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_FILES_AT_ONCE = 20  # of the largest size, in one upload
_ADDRESSES_REMEMBERED = 10_000
_ROUNDING = 1e-6  # seconds


def is_local(host: str) -> bool:
    """Tell whether a host name or address means this machine only."""
    return host == "localhost" or ((address := _address(host)) is not None and address.is_loopback)


@dataclass(frozen=True)
class Rules:
    """What is let through.

    ``hosts`` are the names the server is reached by; where ``any_address`` is set, every literal address counts too: a
    foreign page can make a name of its own point here (DNS rebinding), but not an address. Limits are in bytes.
    """

    hosts: frozenset[str]
    any_address: bool
    token: str
    request_limit: int
    upload_limit: int
    per_minute: int

    @classmethod
    def of(cls, config: Config) -> Rules:
        """Return the rules that a configuration asks for."""
        return cls(
            hosts=_LOCAL_NAMES | {name.lower() for name in (*config.allowed_hosts, config.host) if name},
            any_address=not is_local(config.host),
            token=config.api_token,
            request_limit=config.max_request_kb * 1024,
            upload_limit=_FILES_AT_ONCE * config.max_file_mb * 1_000_000,
            per_minute=config.requests_per_minute,
        )


class RateLimit:
    """How often each address may ask: a minute's worth at once, then evenly.

    Generic cell rate algorithm (ITU-T I.371): one number an address, the time at which it has paid for what it asked.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = 60 / per_minute if per_minute else 0.0
        self._clock = clock
        self._paid: dict[str, float] = {}

    def wait(self, address: str) -> float:
        """Count a request of ``address``; return 0.0, or the seconds to wait where it came too soon."""
        if not self._interval:
            return 0.0
        now = self._clock()
        paid = max(now, self._paid.get(address, now))
        too_early = paid + self._interval - now - 60
        if too_early > _ROUNDING:
            return too_early
        if len(self._paid) >= _ADDRESSES_REMEMBERED:
            self._paid = {each: until for each, until in self._paid.items() if until > now}
        self._paid[address] = paid + self._interval
        return 0.0


class Guard:
    """ASGI middleware that answers what may not pass; everything else goes through untouched."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._rate = RateLimit(rules.per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with the one form of errors."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(_ID_HEADER, "")
        number = given if _ID.fullmatch(given) and mask(given) == given else new_request_id()
        request_id.set(number)
        send = _with_headers(send, number)
        try:
            self._check(scope)
            if _under(route_of(scope), _FOR_PROGRAMS):
                receive = await read_up_to(self._rules.request_limit, receive)
        except RefusedError as refused:
            await refused.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers, path = Headers(scope=scope), route_of(scope)
        if not self._serves(_host_name(headers.get("host", ""))):
            raise RefusedError(421, wording.REFUSED_HOST)
        origin = headers.get("origin")
        if origin is not None and not self._same_site(origin, headers.get("host", "")):
            raise RefusedError(403, wording.REFUSED_ORIGIN)
        if _under(path, _STATE):
            return
        programs = _under(path, _FOR_PROGRAMS)
        if programs or scope["method"] == "POST":
            client = scope.get("client")
            if seconds := self._rate.wait(client[0] if client else ""):
                raise too_often(seconds)
        if (programs or _under(path, _FOR_MONITORS)) and not self._shows_token(headers):
            raise RefusedError(401, wording.UNAUTHORISED, {"WWW-Authenticate": "Bearer"})
        limit = self._rules.upload_limit if _under(path, _UPLOADS) else self._rules.request_limit
        if int(headers.get("content-length", "0")) > limit:  # the server itself refuses one that is no number
            raise too_large(limit)
        if not programs and "transfer-encoding" in headers:  # no browser does that
            raise RefusedError(411, wording.REFUSED_LENGTH)

    def _serves(self, name: str) -> bool:
        return name in self._rules.hosts or (self._rules.any_address and _address(name) is not None)

    def _same_site(self, origin: str, host: str) -> bool:
        """Tell whether a request comes from our own page, seen directly or through a proxy under a name of ours."""
        scheme, _, place = origin.partition("://")
        ours = self._rules.hosts - _LOCAL_NAMES
        return scheme in {"http", "https"} and (place == host or _host_name(place) in ours)

    def _shows_token(self, headers: Headers) -> bool:
        if not self._rules.token:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode("latin-1"), self._rules.token.encode("utf-8"))
        return scheme.lower() == "bearer" and same


def too_large(limit: int) -> RefusedError:
    """Return the error of a request over ``limit`` bytes."""
    return RefusedError(413, wording.REFUSED_SIZE.format(limit=limit // 1024))


async def read_up_to(limit: int, receive: Receive) -> Receive:
    """Read the whole body, also one that does not say how long it is, and return a ``receive`` that gives it again.

    Raises:
        RefusedError: it is longer than ``limit`` bytes.
    """
    body, more = b"", True
    first: Message = {"type": "http.request"}
    while more and first["type"] == "http.request":
        first = await receive()
        body += first.get("body", b"")
        more = first.get("more_body", False)
        if len(body) > limit:
            raise too_large(limit)
    whole: Message | None = first if first["type"] != "http.request" else {"type": "http.request", "body": body}

    async def again() -> Message:
        nonlocal whole
        message, whole = whole, None
        return await receive() if message is None else message

    return again


def _with_headers(send: Send, number: str) -> Send:
    """Return a ``send`` that adds the request's id, and what keeps proxies from holding a stream of events back."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers[_ID_HEADER] = number
            if headers.get("content-type", "").startswith("text/event-stream"):
                headers["cache-control"] = "no-cache"
                headers["x-accel-buffering"] = "no"
        await send(message)

    return sending


def _under(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(place + "/") for place in places)


def _host_name(host: str) -> str:
    """Return the name in a Host header or origin without its port; empty where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").removesuffix(".")
    except ValueError:
        return ""


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
