from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE
from urllib.request import ProxyHandler, build_opener

import pytest

from yibao import wording
from yibao.config import Config
from yibao.errors import ConfigError, IndexMissingError
from yibao.indexing import index_with
from yibao.serving.live import LazyPipeline
from yibao.serving.server import _build, serve

QUESTION = "异地就医备案的有效期多久"


@pytest.fixture
def config(small_corpus: Path, tmp_path: Path) -> Config:
    return Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", refuse_below=0.0)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_a_host_that_is_not_this_machine_is_refused(config: Config, host: str) -> None:
    with pytest.raises(ConfigError) as caught:
        serve(replace(config, host=host), build=False)
    assert str(caught.value) == wording.HOST_NOT_LOCAL.format(host=host)


def command(config: Config, port: int) -> list[str]:
    flags = ["--index", config.index, "--model", config.model, "--port", str(port)]
    return [sys.executable, "-m", "yibao", "serve", *flags]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_page_is_served_until_interrupted_and_a_second_one_finds_the_port_taken(config: Config) -> None:
    index_with(config)
    port = free_port()
    with subprocess.Popen(command(config, port), stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8") as server:
        assert server.stderr is not None
        assert server.stderr.readline() == wording.PAGE_OPEN.format(url=f"http://127.0.0.1:{port}/") + "\n"
        assert server.stderr.readline().startswith(wording.READY.split("{")[0])
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/") as response:
            assert wording.PAGE_TITLE in response.read().decode()
        second = subprocess.run(command(config, port), capture_output=True, check=False)
        server.send_signal(signal.SIGINT)
        rest = server.communicate(timeout=20)
    assert (second.returncode, second.stdout) == (1, b"")
    assert second.stderr.decode() == wording.ERROR_PREFIX + wording.PORT_TAKEN.format(port=port) + "\n"
    assert (server.returncode, rest) == (0, ("", ""))


def test_without_an_index_no_page_is_opened(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(IndexMissingError, match="yibao index"):
        serve(config, build=False)
    assert capsys.readouterr() == ("", "")


def test_build_brings_the_index_up_to_date_and_says_so(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    _build(config)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "文章 3 篇" in captured.err
    assert LazyPipeline(config).open().reader.manifest.passages == 3


def test_build_without_a_change_says_nothing(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    index_with(config)
    _build(config)
    assert capsys.readouterr() == ("", "")


def test_build_names_what_it_skipped(config: Config, small_corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_corpus / "empty.md").write_text("", encoding="utf-8")
    _build(config)
    assert wording.SKIP_EMPTY in capsys.readouterr().err


def test_a_lazy_pipeline_opens_nothing_before_it_is_asked(config: Config) -> None:
    pipeline = LazyPipeline(config)
    index_with(config)
    assert pipeline.ask(QUESTION, ()).citations[0].article_id == "filing"
    assert pipeline.article("birth").title == "生育津贴怎么算"


def test_a_lazy_pipeline_is_opened_once_for_all_who_wait(config: Config) -> None:
    index_with(config)
    lazy = LazyPipeline(config)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: lazy.open(), range(8)))
    assert len({id(pipeline) for pipeline in opened}) == 1


def test_a_lazy_pipeline_gives_as_many_hits_as_configured(config: Config) -> None:
    index_with(config)
    assert len(LazyPipeline(replace(config, top_k=2)).ask(QUESTION, ()).hits) == 2


def test_an_index_made_later_is_found(config: Config) -> None:
    lazy = LazyPipeline(config)
    with pytest.raises(IndexMissingError):
        lazy.ask(QUESTION, ())
    index_with(config)
    assert lazy.ask(QUESTION, ()).status == "answered"
