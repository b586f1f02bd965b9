from __future__ import annotations

from yibao.config import Config
from yibao.serving.composition import compose
from yibao.serving.live import LazyPipeline
from yibao.serving.page_gate import PageGate


def test_the_page_stands_behind_its_gate_and_refuses_paths_by_itself_too(hash_config: Config) -> None:
    composition = compose(LazyPipeline(hash_config), hash_config)
    assert isinstance(composition.app.routes[-1].app, PageGate)  # type: ignore[attr-defined]
    page = composition.page.get_blocks()
    assert (page.has_launched, page.is_running, page.allowed_paths) == (True, True, [])
