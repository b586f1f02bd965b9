"""Where a request really comes from, and under which path it is served, when proxies stand before the server."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from yibao.config import Config

_OF_PROXIES = frozenset({b"forwarded", b"x-real-ip", b"x-gradio-server"})


class Forwarded:
    """ASGI middleware: behind it, the client's address, the scheme and the path are those that count.

    Anybody can send ``X-Forwarded-For``, so from others than the configured proxies such headers reach nothing: not
    the rate limit, and not Gradio, which makes addresses from them. ``path`` begins with ``root_path``, whether the
    proxy takes that away or not.
    """

    def __init__(self, app: ASGIApp, config: Config) -> None:
        """Take the proxies and the path that are configured."""
        self._app = app
        self._root = config.root_path
        self._proxies = [ip_network(each, strict=False) for each in config.trusted_proxies]
        self._believing = ProxyHeadersMiddleware(app, [str(each) for each in self._proxies])  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it really came."""
        if scope["type"] == "http" and self._root:
            whole = scope["path"] if _is_under(scope["path"], self._root) else self._root + scope["path"]
            scope = {**scope, "root_path": self._root, "path": whole}
        if scope["type"] == "http" and self._from_proxy(scope):
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
            return
        if scope["type"] == "http":
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if not _is_of_proxy(name)]}
        await self._app(scope, receive, send)

    def _from_proxy(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            address = ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._proxies)


def route_of(scope: Scope) -> str:
    """Return the path of a request below ``root_path``; it begins with a slash."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] or "/" if root and _is_under(path, root) else path


def _is_under(path: str, root: str) -> bool:
    return path == root or path.startswith(root + "/")


def _is_of_proxy(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in _OF_PROXIES
