"""All doors as one FastAPI application. The page is mounted in it by whoever composes the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.security import HTTPBearer
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from yibao import __version__, wording
from yibao.api.door import Door, Source
from yibao.api.failures import RefusedError, handle_failures
from yibao.api.forwarded import Forwarded
from yibao.api.guard import Guard, Rules
from yibao.api.health import HealthRoutes
from yibao.api.ledger import Ledger
from yibao.api.openai_form import OpenAIRoutes
from yibao.api.routes import QuestionRoutes
from yibao.config import Config
from yibao.language.masking import mask


@dataclass(frozen=True)
class Doors:
    """The application, the doors that the page and Gradio's clients go through, and the ledger all share."""

    app: FastAPI
    page: Door
    gradio: Door
    ledger: Ledger


def make_doors(source: Source, config: Config) -> Doors:
    """Return the application with all doors for programs; nothing is loaded or bound here.

    Args:
        source: the pipeline, open or not yet.
        config: tokens, limits and names.
    """
    ledger = Ledger(lambda: source.open().reader.manifest.build_id if source.ready else None, mask)

    def door(name: str, *, waits: bool = False) -> Door:
        return Door(name, source, ledger, waits=waits)

    tools = _tools(door("mcp"), config.max_request_kb * 1024)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if tools is not None:
                await stack.enter_async_context(tools.run())
            yield

    app = FastAPI(
        title=wording.PAGE_TITLE, description=wording.API_DESCRIPTION, version=__version__, lifespan=lifespan,
        docs_url=None, redoc_url=None,  # these pages would load a script from a CDN
        redirect_slashes=False,
    )  # fmt: skip
    app.add_middleware(CORSMiddleware)  # closed; and without it Gradio would let pages of this machine in
    app.add_middleware(Guard, rules=Rules.of(config))
    app.add_middleware(Forwarded, config=config)  # what is added last stands first
    handle_failures(app)
    health = HealthRoutes(source, ledger)
    open_to_all = health.state_router()
    app.include_router(open_to_all)
    # The guard asks for the token before any of this runs; here it only becomes part of the description.
    shown = [Depends(HTTPBearer(auto_error=False))] if config.api_token else []
    routers = (QuestionRoutes(door("api")).router(), OpenAIRoutes(door("openai")).router(), health.metrics_router())
    for router in routers:
        app.include_router(router, dependencies=shown)
    for place in ("/mcp", "/mcp/"):
        app.router.routes.append(Route(place, tools.asgi_app if tools else _Refusal(_mcp_is_missing), methods=["POST"]))
    known = [*app.routes, *(route for router in (open_to_all, *routers) for route in router.routes)]
    app.router.routes.extend(_fence(known))
    return Doors(app, door("page", waits=True), door("gradio", waits=True), ledger)


def _tools(door: Door, limit: int) -> Any:
    """Return the tools' session manager, or None where the ``mcp`` package is not installed."""
    try:
        from yibao.api.tools import session_manager
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in {"mcp", "mcp_types"}:
            raise
        return None
    return session_manager(door, limit)


class _Refusal:
    """An ASGI endpoint that refuses whatever comes, with what ``error`` makes of the method."""

    def __init__(self, error: Callable[[str], RefusedError]) -> None:
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._error(scope["method"]).response()(scope, receive, send)


def _mcp_is_missing(_: str) -> RefusedError:
    return RefusedError(501, wording.EXTRA_MISSING.format(extra="mcp"))


def _nothing_here(_: str) -> RefusedError:
    return RefusedError(404, wording.NO_SUCH_PAGE)


def _fence(known: Iterable[BaseRoute]) -> list[Route]:
    """Return routes for wrong methods and wrong addresses, which would otherwise end at the page."""
    methods: dict[str, set[str]] = {}
    for route in known:
        if isinstance(route, Route):
            methods.setdefault(route.path, set()).update(route.methods or ())
    fence = [Route(path, _Refusal(_wrong_method(sorted(allowed)))) for path, allowed in methods.items()]
    return [*fence, Route("/v1", _Refusal(_nothing_here)), Route("/v1/{rest:path}", _Refusal(_nothing_here))]


def _wrong_method(allowed: list[str]) -> Callable[[str], RefusedError]:
    def error(method: str) -> RefusedError:
        return RefusedError(405, wording.NO_SUCH_METHOD.format(method=method), {"Allow": ", ".join(allowed)})

    return error
