from __future__ import annotations

import pytest

from yibao.timing import Clock


def test_steps_add_up() -> None:
    clock = Clock()
    for _ in range(2):
        with clock.step("search"):
            pass
    with clock.step("answer"):
        pass
    assert set(clock.seconds) == {"total", "search", "answer"}
    assert clock.seconds["total"] == pytest.approx(clock.seconds["search"] + clock.seconds["answer"])


def test_a_step_that_fails_is_counted() -> None:
    clock = Clock()
    with pytest.raises(ValueError, match="no"), clock.step("search"):
        raise ValueError("no")
    assert clock.seconds["search"] >= 0.0
