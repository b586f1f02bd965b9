from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from yibao.config import Config
from yibao.errors import IndexCorruptError, IndexLockedError
from yibao.index import switches
from yibao.index.store import IndexReader, open_index
from yibao.index.switches import SWITCHED_OFF, read_switches, switch, switched_off_rows
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline
from yibao.request import Request

QUESTION = "异地就医备案的有效期多久"


@pytest.fixture
def config(small_corpus: Path, tmp_path: Path) -> Config:
    config = Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", refuse_below=0.0)
    index_with(config)
    return config


@pytest.fixture
def root(config: Config) -> Path:
    return Path(config.index)


@pytest.fixture
def reader(root: Path) -> IndexReader:
    return open_index(root)


def test_nothing_is_switched_off_at_first(root: Path, reader: IndexReader) -> None:
    assert read_switches(root) == {}
    assert switched_off_rows(root, reader.database) == frozenset()


def test_a_passage_is_switched_off_and_on_again(root: Path, reader: IndexReader) -> None:
    first, second, _ = reader.database.all_passages()
    switch(root, [first, second], off=True)
    assert switched_off_rows(root, reader.database) == {0, 1}
    switch(root, [first], off=False)
    assert switched_off_rows(root, reader.database) == {1}
    assert set(read_switches(root)) == {second.id}


def test_what_is_switched_off_is_not_found_and_found_again_when_it_is_on(config: Config, root: Path) -> None:
    pipeline = open_pipeline(config)
    wanted = pipeline.find(Request(QUESTION)).hits[0].passage
    assert wanted.article_id == "filing"
    switch(root, [wanted], off=True)
    pipeline.reload()
    assert wanted.id not in [hit.passage.id for hit in pipeline.find(Request(QUESTION, top_k=10)).hits]
    assert wanted.id not in [name for name, _ in next(pipeline.rank([QUESTION], 10, "hybrid", by_article=False))]
    switch(root, [wanted], off=False)
    pipeline.reload()
    assert pipeline.find(Request(QUESTION)).hits[0].passage.id == wanted.id


def test_a_rebuild_keeps_it_off_and_other_words_under_the_same_id_are_on(config: Config, root: Path) -> None:
    wanted = open_pipeline(config).find(Request(QUESTION)).hits[0].passage
    switch(root, [wanted], off=True)
    index_with(config, rebuild=True)
    database = open_index(root).database
    (row,) = switched_off_rows(root, database)
    assert database.passages([row])[0].id == wanted.id
    article = Path(config.corpus[0]) / "filing.md"
    article.write_text(article.read_text("utf-8").replace("6个月", "12个月"), "utf-8")
    index_with(config)
    assert switched_off_rows(root, open_index(root).database) == frozenset()


def test_ids_that_are_no_longer_there_do_no_harm(root: Path, reader: IndexReader) -> None:
    passage = replace(reader.database.all_passages()[0], id="gone@1")
    switch(root, [passage], off=True)
    assert switched_off_rows(root, reader.database) == frozenset()


@pytest.mark.parametrize("content", ["", "[]", '{"a@1": 3}', "\x00\x01", "{"])
def test_a_damaged_file_is_a_clear_error_and_stays_as_it_is(config: Config, root: Path, content: str) -> None:
    path = root / SWITCHED_OFF
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IndexCorruptError, match="switched_off"):
        open_pipeline(config)
    with pytest.raises(IndexCorruptError):
        switch(root, [], off=True)
    assert path.read_text(encoding="utf-8") == content


def test_writing_leaves_no_other_file_and_waits_for_no_index_writer(root: Path, reader: IndexReader) -> None:
    with FileLock(str(root / ".lock")):  # an index is being written
        switch(root, reader.database.all_passages(), off=True)
    assert len(json.loads((root / SWITCHED_OFF).read_text("utf-8"))) == 3
    assert [path.name for path in root.iterdir() if path.name.startswith(f".{SWITCHED_OFF}-")] == []


def test_somebody_else_writing_for_too_long_is_a_clear_error(
    root: Path, reader: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switches, "_PATIENCE", 0.05)
    with FileLock(str(root / ".switched_off.lock")), pytest.raises(IndexLockedError):
        switch(root, reader.database.all_passages(), off=True)
