"""How long the steps of an answer take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Seconds per step, and in all."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {"total": 0.0}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside, under ``name``; a step done twice adds up."""
        started = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + taken
            self.seconds["total"] += taken
