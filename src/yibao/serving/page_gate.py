"""What strangers reach of Gradio's own routes: those that the page and Gradio's clients use, and no other.

Gradio brings about eighty routes: it serves files by their path, fetches addresses, edits its own source. A list of
what is open stays right when a new version brings more.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from yibao import wording
from yibao.api.failures import RefusedError
from yibao.api.forwarded import route_of
from yibao.api.guard import read_up_to
from yibao.serving.page_requests import NAME, read_call, read_cancel, read_event, read_reset

_LOG = logging.getLogger(__name__)
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.@+~-]{0,200}"  # of a path to a file that comes with Gradio
_UPLOAD = "/gradio_api/upload"
_DATA = "/gradio_api/queue/data"
# What Gradio says, which then ends the stream with a traceback; its page knows what to do with it.
_NO_SESSION = {
    "msg": "unexpected_error", "event_id": None, "message": wording.NO_SUCH_EVENT, "success": False,
    "session_not_found": True,
}  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """A way in: its path, its methods, whether a login is needed where one is set, and how its body is read."""

    path: str
    methods: tuple[str, ...] = ("GET",)
    login: bool = True
    query: bool = False  # whether Gradio sees what stands behind the question mark
    read: Callable[[bytes, Any], dict[str, Any]] | None = None


def _openings(pages: Iterable[str]) -> list[Opening]:
    """Return all ways in, for pages of these names."""
    named = "|".join(re.escape(page) for page in pages if page)
    return [
        Opening("/", ("GET", "HEAD"), login=False),  # a page draws the login where one is needed
        Opening(f"/(?:{named})", login=False),
        Opening(f"/(?:assets|static)/{_PART}(?:/{_PART}){{0,8}}", login=False),
        Opening(r"/(?:theme\.css|favicon\.ico|manifest\.json|robots\.txt|logout)", login=False),
        Opening("/login", ("POST",), login=False),
        Opening("/config|/gradio_api/info"),
        Opening(f"/gradio_api/heartbeat/{NAME}"),
        Opening(f"{_DATA}|/gradio_api/upload_progress", query=True),
        Opening(f"/gradio_api/call/ask/{NAME}"),
        Opening("/gradio_api/call/ask", ("POST",), read=read_call),
        Opening("/gradio_api/queue/join", ("POST",), query=True, read=read_event),
        Opening("/gradio_api/cancel", ("POST",), read=read_cancel),
        Opening("/gradio_api/reset", ("POST",), read=read_reset),
        Opening(_UPLOAD, ("POST",), query=True),
    ]


class PageGate:
    """ASGI application in front of Gradio's: what is not let through is answered in the one form of errors."""

    def __init__(self, page: Any, limit: int) -> None:
        """Take Gradio's application and how many bytes an event may have."""
        self._page = page
        self._limit = limit
        self._blocks = page.get_blocks()
        self._pages = {f"/{each[0]}/" for each in self._blocks.pages if each[0]}
        self._openings = _openings(each[0] for each in self._blocks.pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to Gradio, or answer it."""
        if scope["type"] != "http":
            await self._page(scope, receive, send)
            return
        answer: Response | None
        try:
            answer = self._redirected(scope)
            if answer is None:
                scope, receive = await self._checked(scope, receive)
                answer = self._without_session(scope)
        except RefusedError as refused:
            answer = refused.response()
        if answer is not None:
            await answer(scope, receive, send)
        elif route_of(scope) == _UPLOAD:
            await self._uploaded(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    def _redirected(self, scope: Scope) -> Response | None:
        """Return the way to a page that was asked for with a slash too many: Gradio's own leads out of a root path."""
        route = route_of(scope)
        if route in self._pages and scope["method"] in {"GET", "HEAD"}:
            return RedirectResponse(scope.get("root_path", "") + route.rstrip("/"), 308)
        return None

    def _without_session(self, scope: Scope) -> Response | None:
        """Return the answer to who listens for a session or an event that there is not."""
        route, queue = route_of(scope), self._blocks._queue  # noqa: SLF001
        if route == _DATA:
            session = parse_qs(scope["query_string"].decode()).get("session_hash", [""])[0]
            if session not in queue.pending_messages_per_session:
                return Response(f"data: {json.dumps(_NO_SESSION)}\n\n", media_type="text/event-stream")
        elif route.startswith("/gradio_api/call/") and scope["method"] == "GET":
            event = route.rpartition("/")[2]
            known = event in queue.event_ids_to_events or event in queue.pending_messages_per_session
            if not known and not any(event in ids for ids in queue.pending_event_ids_session.values()):
                raise RefusedError(404, wording.NO_SUCH_EVENT)
        return None

    async def _checked(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        opening = self._opening(scope)
        if opening.login and not self._knows(scope):
            raise RefusedError(401, wording.LOGIN_NEEDED)
        if not opening.query:
            scope = {**scope, "query_string": b""}
        if opening.read is None:
            return scope, receive
        message = await (await read_up_to(self._limit, receive))()
        body = json.dumps(opening.read(message.get("body", b""), self._blocks), ensure_ascii=False).encode()
        return _with_length(scope, len(body)), _giving(body, receive)

    def _opening(self, scope: Scope) -> Opening:
        route = route_of(scope)
        found = [each for each in self._openings if re.fullmatch(each.path, route)]
        for each in found:
            if scope["method"] in each.methods:
                return each
        if not found:
            raise RefusedError(404, wording.NO_SUCH_PAGE)
        allowed = ", ".join(sorted({method for each in found for method in each.methods}))
        raise RefusedError(405, wording.NO_SUCH_METHOD.format(method=scope["method"]), {"Allow": allowed})

    def _knows(self, scope: Scope) -> bool:
        """Tell whether somebody logged in with these cookies, or nobody has to."""
        if self._page.auth is None:
            return True
        cookies = HTTPConnection(scope).cookies
        names = (f"access-token-{self._page.cookie_id}", f"access-token-unsecure-{self._page.cookie_id}")
        return any(cookies.get(name) in self._page.tokens for name in names)

    async def _uploaded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio take an upload; one that it stumbles over is the sender's mistake, or a full disk: one line."""
        stumbled = False

        async def sending(message: Message) -> None:
            nonlocal stumbled
            stumbled = stumbled or (message["type"] == "http.response.start" and message["status"] >= 500)  # noqa: PLR2004
            if not stumbled:
                await send(message)

        try:
            await self._page(scope, receive, sending)
        except (ClientDisconnect, OSError, TypeError, ValueError) as error:
            _LOG.warning(wording.UPLOAD_BROKEN.format(reason=error or type(error).__name__))
        if stumbled:
            await RefusedError(400, wording.REFUSED_UPLOAD).response()(scope, receive, send)


def _with_length(scope: Scope, length: int) -> Scope:
    headers = MutableHeaders(raw=list(scope["headers"]))
    headers["content-length"] = str(length)
    headers["content-type"] = "application/json"
    return {**scope, "headers": headers.raw}


def _giving(body: bytes, receive: Receive) -> Receive:
    """Return a ``receive`` that gives ``body`` first."""
    given = False

    async def giving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body}

    return giving
