from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from running import Opened, running
from yibao import wording
from yibao.api.application import make_doors
from yibao.config import Config
from yibao.errors import IndexMissingError
from yibao.index.manifest import read_manifest, write_manifest
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request
from yibao.serving.live import LazyPipeline, Watch

QUESTION = "异地就医备案的有效期多久"


def test_a_lazy_pipeline_opens_nothing_before_it_is_asked(hash_config: Config) -> None:
    lazy = LazyPipeline(hash_config)
    assert not lazy.ready
    index_with(hash_config)
    assert lazy.open().ask(Request(QUESTION)).citations[0].article_id == "filing"
    assert lazy.ready


def test_a_lazy_pipeline_is_opened_once_for_all_who_wait(hash_config: Config) -> None:
    index_with(hash_config)
    lazy = LazyPipeline(hash_config)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: lazy.open(), range(8)))
    assert len({id(pipeline) for pipeline in opened}) == 1


def test_an_index_made_later_is_found(hash_config: Config) -> None:
    lazy = LazyPipeline(hash_config)
    with pytest.raises(IndexMissingError):
        lazy.open()
    assert not lazy.ready
    index_with(hash_config)
    assert lazy.open().ask(Request(QUESTION)).status == "answered"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(hash_config: Config, hash_pipeline: Pipeline, said: list[str]) -> Watch:
    return Watch(Path(hash_config.index), hash_pipeline, said.append)


@pytest.fixture
def change(small_corpus: Path, hash_config: Config) -> Callable[[str], str]:
    """Change an article, index again, and return the id of the new build."""

    def changed(months: str) -> str:
        text = f"---\ntitle: 异地就医备案的有效期\n---\n异地就医备案的有效期是{months}个月。\n"
        (small_corpus / "filing.md").write_text(text, "utf-8")
        index_with(hash_config)
        return (Path(hash_config.index) / "CURRENT").read_text("utf-8").strip()

    return changed


def test_a_new_build_is_taken_without_a_restart(
    watch: Watch, hash_pipeline: Pipeline, change: Callable[[str], str], said: list[str]
) -> None:
    watch.look()
    assert said == []
    build = change("9")
    assert "6个月" in hash_pipeline.ask(Request(QUESTION)).text
    watch.look()
    assert "9个月" in hash_pipeline.ask(Request(QUESTION)).text
    assert said == [wording.INDEX_RELOADED.format(build=build)]
    watch.look()
    assert len(said) == 1


def test_a_build_that_was_reloaded_elsewhere_is_nothing_new(
    watch: Watch, hash_pipeline: Pipeline, change: Callable[[str], str], said: list[str]
) -> None:
    change("9")
    hash_pipeline.reload()
    watch.look()
    assert said == []


def test_an_index_of_another_kind_is_reported_once_and_the_old_one_stays(
    watch: Watch, hash_config: Config, hash_pipeline: Pipeline, change: Callable[[str], str], said: list[str]
) -> None:
    build = change("9")
    folder = Path(hash_config.index) / build
    write_manifest(folder, replace(read_manifest(folder), segmenter_fingerprint="other"))
    for _ in range(3):
        watch.look()
    assert said == [wording.INDEX_NOT_RELOADED.format(reason=wording.INDEX_OTHER_SEGMENTER)]
    assert "6个月" in hash_pipeline.ask(Request(QUESTION)).text
    change("12")
    watch.look()
    assert "12个月" in hash_pipeline.ask(Request(QUESTION)).text


def test_without_a_current_file_the_build_is_served_on_with_a_warning_said_once(
    watch: Watch, hash_config: Config, hash_pipeline: Pipeline, change: Callable[[str], str], said: list[str]
) -> None:
    (Path(hash_config.index) / "CURRENT").unlink()
    for _ in range(3):
        watch.look()
    assert len(said) == 1
    assert "CURRENT" in said[0]
    assert hash_pipeline.reader.warning == said[0]
    build = change("9")
    watch.look()
    assert said[1:] == [wording.INDEX_RELOADED.format(build=build)]
    assert hash_pipeline.reader.warning is None


def test_a_damaged_build_leaves_the_one_before_it_with_its_warning(
    watch: Watch, hash_config: Config, hash_pipeline: Pipeline, change: Callable[[str], str], said: list[str]
) -> None:
    build = change("9")
    (Path(hash_config.index) / build / "passages.faiss").write_bytes(b"damaged")
    for _ in range(3):
        watch.look()
    assert len(said) == 1
    assert "正在使用上一次的索引" in said[0]
    assert "6个月" in hash_pipeline.ask(Request(QUESTION)).text


def test_an_index_that_is_gone_is_reported_once_and_taken_when_it_is_back(
    watch: Watch, hash_config: Config, hash_pipeline: Pipeline, said: list[str]
) -> None:
    root = Path(hash_config.index)
    root.rename(root.with_name("away"))
    for _ in range(3):
        watch.look()
    assert len(said) == 1
    assert hash_pipeline.ask(Request(QUESTION)).status == "answered"
    shutil.move(root.with_name("away"), root)
    watch.look()
    assert len(said) == 1


def test_questions_go_on_while_the_index_is_built_anew(
    watch: Watch, hash_config: Config, hash_pipeline: Pipeline, change: Callable[[str], str]
) -> None:
    app = make_doors(Opened(hash_pipeline), replace(hash_config, requests_per_minute=0)).app
    asking = True
    with running(app) as address, ThreadPoolExecutor(8) as pool:

        def ask(_: int) -> set[tuple[int, str]]:
            seen = set()
            while asking:
                reply = address.post("/v1/ask", {"question": QUESTION, "top_k": 1})
                seen.add((reply.status, reply.json["text"]))
            return seen

        threads = [pool.submit(ask, number) for number in range(8)]
        for months in ("7", "8", "9", "10"):
            change(months)
            watch.look()
        asking = False
        seen = set().union(*(thread.result() for thread in threads))
    allowed = {(200, f"异地就医备案的有效期是{months}个月。 [1]") for months in ("6", "7", "8", "9", "10")}
    assert {(status, text.split("\n")[0]) for status, text in seen} <= allowed
    assert len(seen) >= 2


def test_the_pipeline_that_is_watched_is_the_one_that_answers(hash_config: Config) -> None:
    index_with(hash_config)
    assert open_pipeline(hash_config).reader.manifest.passages == 3
