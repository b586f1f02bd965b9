"""The torture itself runs, and notices what it is there for."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "torture" / "run.py"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no kill -9")


def torture(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUN), "--seed", "1", *flags]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_a_short_run_holds_and_says_so() -> None:
    done = torture("--only", "history", "--minutes", "0.05")
    assert (done.returncode, done.stderr) == (0, "")
    first, figures, last = done.stdout.splitlines()
    assert first == "seed 1, about 0.05 minutes"
    assert figures.startswith("ok     kill -9 while the history is written")
    assert " 0 lost, 0 corrupt" in figures
    assert last == "all held"


def test_what_does_not_hold_is_said_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    run = importlib.import_module("run")
    figures = run.Figures("a crowd")
    figures.counts["mixed up"] += 1
    figures.check(False, "another answer")
    monkeypatch.setitem(run.TORTURES, "crowd", (1.0, lambda _: figures))
    monkeypatch.setitem(run.TORTURES, "fuzz", (1.0, lambda _: 1 / 0))
    monkeypatch.setattr(sys, "argv", ["run.py", "--only", "crowd", "fuzz", "--seed", "3"])
    assert run.main() == 1
    said = capsys.readouterr().out
    assert "FAILED a crowd" in said
    assert "1 x another answer" in said
    assert "ZeroDivisionError" in said
    assert said.endswith("2 of 2 did not hold (seed 3)\n")
