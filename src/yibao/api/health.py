"""For whoever runs the server: is it up, can it answer, what has it done."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from yibao.api.door import Source
from yibao.api.failures import not_ready
from yibao.api.ledger import Ledger
from yibao.api.schemas import StateBody, described, errors


class HealthRoutes:
    """The handlers; those of health say nothing that a stranger may not know."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger

    def state_router(self) -> APIRouter:
        """Return the routes that stay open to everybody."""
        router = APIRouter(responses=errors(403, 421))
        router.get("/healthz", response_model=StateBody, **described("health", "operation"))(self.health)
        router.get(
            "/readyz", response_model=StateBody, responses=errors(503), **described("ready", "operation")
        )(self.ready)  # fmt: skip
        return router

    def metrics_router(self) -> APIRouter:
        """Return the route of the metrics."""
        router = APIRouter(responses=errors(401, 403, 421))
        text = {"content": {"text/plain": {"schema": {"type": "string"}}}}
        router.get(
            "/metrics", response_class=Response, responses={200: text}, **described("metrics", "operation")
        )(self.metrics)  # fmt: skip
        return router

    async def health(self) -> JSONResponse:
        """Say that the process runs."""
        return JSONResponse({"status": "ok"})

    async def ready(self) -> JSONResponse:
        """Say that questions can be answered, or 503."""
        if not self._source.ready:
            raise not_ready()
        return JSONResponse({"status": "ready"})

    async def metrics(self) -> Response:
        """Return the metrics in Prometheus' text format."""
        return Response(self._ledger.exposition(), media_type=CONTENT_TYPE_LATEST)
