from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from yibao.config import Config
from yibao.serving.composition import compose
from yibao.serving.live import LazyPipeline
config = Config(index=sys.argv[1], history=sys.argv[2])
composition = compose(LazyPipeline(config), config)
page = composition.page.get_blocks()
gate = type(composition.app.routes[-1].app).__name__
print(json.dumps([gate, page.has_launched, page.is_running, page.allowed_paths]))
"""


def test_the_page_stands_behind_its_gate_and_refuses_paths_by_itself_too(tmp_path: Path) -> None:
    # In a process of its own: Gradio leaves an event loop open for whoever collects what is left.
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "index"), str(tmp_path / "h.db")],
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(told.stdout) == ["PageGate", True, True, []]
