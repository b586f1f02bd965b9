"""What is counted and logged of every question, whichever door it came through."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from yibao.records import Answer

QUESTION_LOG = logging.getLogger("yibao.questions")
# Set for the time of one request, so that its log line can be found by the id the client was given.
request_id: ContextVar[str] = ContextVar("request_id", default="")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def new_request_id() -> str:
    """Return an id that no other request has."""
    return uuid.uuid4().hex


class Ledger:
    """Counts questions and writes one line each; its numbers belong to one application, not to the process."""

    def __init__(self, build_id: Callable[[], str | None], mask: Callable[[str], str] | None = None) -> None:
        """Set up the metrics.

        Args:
            build_id: tells which build of the index is in use, None before there is one.
            mask: makes a question fit to be logged; without it questions are not logged at all.
        """
        self._mask = mask
        self._under_way = 0
        self._lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._questions = Counter("yibao_questions", "Questions answered", ["status", "door"], registry=self._registry)
        self._steps = Histogram(
            "yibao_step_seconds",
            "Seconds a step of an answer took",
            ["step"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_IndexState(build_id))
        ProcessCollector(registry=self._registry)

    @property
    def under_way(self) -> int:
        """How many questions are being answered now."""
        return self._under_way

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a question as under way."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def record(self, answer: Answer, door: str) -> None:
        """Count an answer and log it; of the question only what ``mask`` leaves."""
        self._questions.labels(answer.status, door).inc()
        for step, seconds in answer.timings.items():
            self._steps.labels(step).observe(seconds)
        line: dict[str, Any] = {
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "request_id": request_id.get() or new_request_id(),
            "door": door,
            "status": answer.status,
            "confidence": round(answer.confidence, 4),
            "timings_ms": {step: round(1000 * seconds, 2) for step, seconds in answer.timings.items()},
        }
        if self._mask is not None:
            line["question"] = self._mask(answer.question)
        QUESTION_LOG.info(json.dumps(line, ensure_ascii=False))

    def exposition(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class _IndexState(Collector):
    """Whether questions can be answered, and from which build: looked up at every scrape."""

    def __init__(self, build_id: Callable[[], str | None]) -> None:
        self._build_id = build_id

    def collect(self) -> Iterator[Metric]:
        """Yield the two metrics."""
        build = self._build_id()
        yield GaugeMetricFamily("yibao_ready", "1 when model and index are loaded", value=float(build is not None))
        if build is not None:
            yield InfoMetricFamily("yibao_index", "The build of the index in use", value={"build": build})
