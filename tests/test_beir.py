"""BEIR corpus files, packed or not, whole or broken."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from yibao import wording
from yibao.corpus.beir import corpus_file, read_beir, read_json_lines
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.outcomes import Read
from yibao.records import Article

ROWS = [
    {"_id": "d1", "title": "陕西家庭共济", "text": "第一篇\u3002"},
    {"_id": "d2", "title": "", "text": "第二篇\u3002\r\n第二行\u3002", "metadata": {}},
]
PLAIN = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "corpus.jsonl": bytes,
    "corpus.jsonl.gz": gzip.compress,
    "corpus.jsonl.xz": lzma.compress,
}
LONG = "".join(json.dumps({"_id": str(n), "text": f"第{n * 7919 % 10007}篇"}) + "\n" for n in range(3000)).encode()


def outcomes(tmp_path: Path, content: bytes, name: str = "corpus.jsonl") -> list[Article | UnreadableError]:
    path = tmp_path / name
    path.write_bytes(content)
    found: list[Article | UnreadableError] = []
    for outcome in read_beir(path):
        found += [outcome] if isinstance(outcome, UnreadableError) else outcome.articles
    return found


def read(tmp_path: Path, content: bytes, name: str = "corpus.jsonl") -> tuple[list[str], list[str]]:
    """Return the ids that were read, and the reasons for what was not."""
    found = outcomes(tmp_path, content, name)
    ids = [outcome.id for outcome in found if isinstance(outcome, Article)]
    return ids, [str(outcome) for outcome in found if isinstance(outcome, UnreadableError)]


@pytest.mark.parametrize("name", PACKERS)
def test_every_form_gives_the_same_articles(tmp_path: Path, name: str) -> None:
    found = outcomes(tmp_path, PACKERS[name](PLAIN), name)
    assert [(a.id, a.title, a.text) for a in found if isinstance(a, Article)] == [
        ("d1", "陕西家庭共济", "第一篇\u3002"),
        ("d2", "", "第二篇\u3002\n第二行\u3002"),
    ]


def test_the_fields_of_an_article(tmp_path: Path) -> None:
    assert outcomes(tmp_path, PLAIN)[0] == Article(
        id="d1", title="陕西家庭共济", text="第一篇\u3002", source=str(tmp_path / "corpus.jsonl"), published=None,
        region="陕西", insurance=(), person=(), topics=(), kind="article", disclaimer=wording.DISCLAIMER,
    )  # fmt: skip


@pytest.mark.parametrize("name", PACKERS)
def test_a_folder_is_recognised_by_its_corpus_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert corpus_file(tmp_path) == tmp_path / name
    assert corpus_file(tmp_path / name) == tmp_path / name


def test_other_folders_and_files_are_not_recognised(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_bytes(b"")
    assert corpus_file(tmp_path) is None
    assert corpus_file(tmp_path / "articles.jsonl") is None
    assert corpus_file(tmp_path / "corpus.jsonl") is None


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b'{"_id": "x", "text": "cut off',
        b'["_id", "text"]',
        b'"text"',
        b"null",
        b'{"text": "no id"}',
        b'{"_id": "", "text": "x"}',
        b'{"_id": "  ", "text": "x"}',
        b'{"_id": null, "text": "x"}',
        b'{"_id": ["x"], "text": "x"}',
        b'{"_id": "a\\nb", "text": "x"}',
        b'{"_id": "\\ud800", "text": "x"}',
        b'{"_id": "x", "text": "\xff\xfe"}',
        b'{"_id": ' + b"9" * 5000 + b', "text": "x"}',
        b"[" * 100_000,
    ],
)
def test_a_broken_line_is_one_reason_and_the_rest_is_read(tmp_path: Path, line: bytes) -> None:
    ids, reasons = read(tmp_path, PLAIN + line + b"\n" + b'{"_id": "d3", "text": "ok"}')
    assert ids == ["d1", "d2", "d3"]
    assert reasons == [wording.SKIP_BEIR_LINE.format(number=3)]


@pytest.mark.parametrize("text", ["null", '""', '" \\n"', '"\\u200b\\ufeff"', "[]"])
def test_a_line_without_text_is_one_reason(tmp_path: Path, text: str) -> None:
    ids, reasons = read(tmp_path, f'{{"_id": "x", "text": {text}}}\n'.encode() + PLAIN)
    assert ids == ["d1", "d2"]
    assert reasons == [wording.SKIP_BEIR_EMPTY.format(number=1)]


def test_empty_lines_are_nothing_but_count(tmp_path: Path) -> None:
    assert read(tmp_path, b"\n\n  \n" + PLAIN + b"\nx\n")[1] == [wording.SKIP_BEIR_LINE.format(number=7)]


def test_a_number_is_an_id(tmp_path: Path) -> None:
    assert read(tmp_path, b'{"_id": 0, "text": "x"}\n{"_id": 17, "text": "y"}\n') == (["0", "17"], [])


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + PLAIN.replace(b"\n", b"\r\n")) == (["d1", "d2"], [])


def test_a_lone_surrogate_in_the_text_vanishes(tmp_path: Path) -> None:
    found = outcomes(tmp_path, b'{"_id": "x", "text": "a\\ud800b"}')
    assert [article.text for article in found if isinstance(article, Article)] == ["ab"]


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "corpus.jsonl.xz"])
def test_a_packed_file_that_breaks_off_gives_what_was_there(tmp_path: Path, name: str) -> None:
    packed = PACKERS[name](LONG)
    ids, reasons = read(tmp_path, packed[: len(packed) // 2], name)
    assert ids == [str(n) for n in range(len(ids))]
    assert len(reasons) == 1
    assert reasons[0].startswith("文件损坏")
    assert 0 < len(ids) < 3000


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "corpus.jsonl.xz"])
def test_a_file_that_is_not_packed_at_all_is_one_reason(tmp_path: Path, name: str) -> None:
    ids, reasons = read(tmp_path, PLAIN, name)
    assert ids == []
    assert len(reasons) == 1
    assert reasons[0].startswith("文件损坏")


def test_damaged_deflate_data_is_one_reason(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LONG))
    packed[10] = 0xFF  # no kind of block begins so: zlib.error, which is no OSError
    ids, reasons = read(tmp_path, bytes(packed), "corpus.jsonl.gz")
    assert ids == []
    assert len(reasons) == 1
    assert reasons[0].startswith("文件损坏")


def test_a_missing_file_is_one_reason(tmp_path: Path) -> None:
    (outcome,) = read_beir(tmp_path / "corpus.jsonl")
    assert isinstance(outcome, UnreadableError)


def test_read_json_lines_numbers_lines_and_marks_broken_ones(tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_bytes(b'{"_id": "q1"}\n\nx\n[1]\n{"_id": "q2"}\n')
    assert list(read_json_lines(path)) == [(1, {"_id": "q1"}), (3, None), (4, None), (5, {"_id": "q2"})]


def test_a_benchmark_of_the_shared_folder(shared: Path) -> None:
    path = corpus_file(shared / "benchmarks" / "cmrc2018")
    assert path is not None
    found = list(read_beir(path))
    assert len(found) == 1104
    assert all(isinstance(outcome, Read) and outcome.articles[0].text.strip() for outcome in found)
