"""Folders become articles; what cannot be read is one line and stops nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from yibao import wording
from yibao.corpus.outcomes import Read
from yibao.corpus.reading import READERS, Reading, Remark, content_fingerprint, read_corpus
from yibao.errors import InputError
from yibao.records import Article

LIMIT = 20_000_000
GOOD = "---\ntitle: 好文章\n---\n正文\u3002\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    return path


def read(folder: Path) -> Reading:
    return read_corpus([folder], LIMIT)


def reasons(reading: Reading) -> dict[str, str]:
    return {Path(skipped.source).name: skipped.reason for skipped in reading.skipped}


def ids(reading: Reading) -> list[str]:
    return [article.id for article in reading.articles]


def test_a_small_corpus_is_read_in_a_fixed_order(small_corpus: Path) -> None:
    reading = read(small_corpus)
    assert ids(reading) == ["birth", "filing", "sub/account"]
    assert (reading.files, reading.skipped, reading.duplicates) == (3, [], 0)


def test_ids_are_paths_without_suffix_and_sources_are_paths(small_corpus: Path) -> None:
    article = read(small_corpus).articles[2]
    assert (article.id, article.source) == ("sub/account", str(small_corpus / "sub" / "account.md"))


def test_the_data_of_these_tests(data: Path) -> None:
    reading = read(data / "reading")
    pages = ["saved-page", "saved-page#1", "saved-page#2", "saved-page#3"]
    assert ids(reading) == ["broken", "gb18030", "rare-characters", *pages]
    assert reading.skipped == []
    broken = str(data / "reading" / "broken.md")
    assert reading.remarks == [Remark(broken, wording.REMARK_FRONT_MATTER.format(line=3))]
    assert reading.files == 4


def test_a_gb18030_file_is_read(data: Path) -> None:
    article = read(data / "reading" / "gb18030.txt").articles[0]
    assert article.title == "参保地怎么查"
    assert article.text.startswith("参保地可以在国家医保服务平台App的首页查到\u3002\n")


def test_rare_characters_are_kept(data: Path) -> None:
    text = read(data / "reading" / "rare-characters.md").articles[0].text
    assert "\U00020bb7田㛃" in text
    assert "王䶮" in text
    assert "\U0001f600" in text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.md", b"", wording.SKIP_EMPTY),
        ("blank.txt", b" \r\n\t\n", wording.SKIP_EMPTY),
        ("mark.txt", b"\xef\xbb\xbf", wording.SKIP_EMPTY),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00", wording.SKIP_BINARY),
        ("noise.md", bytes(range(128, 256)) * 20, wording.SKIP_ENCODING),
        ("cut.txt", "医保报销比例".encode()[:-1], "文件损坏"),
        ("picture.md", b"![](a.png)", wording.SKIP_PICTURES),
    ],
)
def test_a_bad_file_is_one_line_and_the_rest_is_read(folder: Path, name: str, content: bytes, reason: str) -> None:
    (folder / name).write_bytes(content)
    (folder / "a.md").write_text(GOOD, "utf-8")
    (folder / "z.md").write_text(GOOD + "另一篇\u3002\n", "utf-8")
    reading = read(folder)
    assert ids(reading) == ["a", "z"]
    assert list(reasons(reading)) == [name]
    assert reason in reasons(reading)[name]
    assert "\n" not in reasons(reading)[name]
    assert reading.files == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_article(folder: Path, encoding: str) -> None:
    text = "---\ntitle: 异地就医备案\n---\n备案的有效期是6个月\u3002备案可以在手机上办理\uff0c不需要户口本\u3002\r\n"
    (folder / "a.md").write_bytes(text.encode(encoding))
    (article,) = read(folder).articles
    assert article.title == "异地就医备案"
    assert article.text == "备案的有效期是6个月\u3002备案可以在手机上办理\uff0c不需要户口本\u3002"


def test_a_file_of_50_megabytes_is_one_line(folder: Path) -> None:
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (folder / "z.md").write_text(GOOD, "utf-8")
    reading = read(folder)
    assert ids(reading) == ["z"]
    assert reasons(reading) == {"huge.txt": wording.SKIP_TOO_LARGE.format(size="50 MB > 20 MB")}


def test_the_limit_itself_is_allowed(folder: Path) -> None:
    (folder / "a.md").write_text(GOOD, "utf-8")
    size = (folder / "a.md").stat().st_size
    assert ids(read_corpus([folder], size)) == ["a"]
    assert ids(read_corpus([folder], size - 1)) == []


def test_other_files_and_hidden_ones_are_left_alone(folder: Path) -> None:
    (folder / ".git").mkdir()
    for name in ("a.MD", "b.markdown", "c.Txt", "d.json", "e.pdf", "README", ".hidden.md", ".git/f.md"):
        (folder / name).write_text(f"标题{name}\n\n正文{name}\u3002\n", "utf-8")
    reading = read(folder)
    assert ids(reading) == ["a", "b", "c"]
    assert reading.files == 3


def test_a_folder_named_like_an_article_is_a_folder(folder: Path) -> None:
    (folder / "notes.md").mkdir()
    (folder / "notes.md" / "a.md").write_text(GOOD, "utf-8")
    assert ids(read(folder)) == ["notes.md/a"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有这个文件夹.*nowhere"):
        read(tmp_path / "nowhere")


def test_an_empty_folder_gives_nothing(folder: Path) -> None:
    assert read(folder) == Reading()


def test_a_link_to_nowhere_is_one_line(folder: Path) -> None:
    (folder / "link.md").symlink_to(folder / "gone.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "z.md").write_text(GOOD, "utf-8")
    reading = read(folder)
    assert ids(reading) == ["z"]
    assert list(reasons(reading)) == ["link.md", "loop.md"]
    assert all(reason.startswith("读不了") for reason in reasons(reading).values())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="no permission stops root")
def test_an_unreadable_file_and_an_unreadable_folder_are_one_line_each(folder: Path) -> None:
    (folder / "locked").mkdir()
    (folder / "secret.md").write_text(GOOD, "utf-8")
    (folder / "z.md").write_text(GOOD, "utf-8")
    (folder / "secret.md").chmod(0)
    (folder / "locked").chmod(0)
    try:
        reading = read(folder)
    finally:
        (folder / "locked").chmod(0o755)
    assert ids(reading) == ["z"]
    assert sorted(reasons(reading)) == ["locked", "secret.md"]
    assert all(reason.startswith("读不了") for reason in reasons(reading).values())


def test_a_file_name_that_is_no_utf_8_is_read_and_can_be_written(folder: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xd2\xbd\xb1\xa3.md")).write_text("正文\u3002\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (article,) = read(folder).articles
    assert article.id == "\u04bd\\xb1\\xa3"
    json.dumps([article.id, article.title, article.source], ensure_ascii=False).encode()


def test_a_single_file_may_be_given(folder: Path) -> None:
    (folder / "a.md").write_text(GOOD, "utf-8")
    (folder / "b.md").write_text(GOOD, "utf-8")
    assert ids(read(folder / "b.md")) == ["b"]


def test_a_single_file_of_an_unknown_kind_is_one_line(folder: Path) -> None:
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    reading = read_corpus([folder / "a.pdf"], LIMIT)
    assert reasons(reading) == {"a.pdf": wording.NOTHING_TO_INDEX}


@pytest.mark.parametrize("given", [".", "corpus.jsonl"])
def test_a_beir_folder_or_its_file(folder: Path, given: str) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "d1", "text": "甲"}\n坏\n{"_id": "d2", "text": "乙"}\n', "utf-8")
    (folder / "notes.md").write_text(GOOD, "utf-8")
    reading = read(folder / given)
    assert ids(reading) == ["d1", "d2"]
    assert reasons(reading) == {"corpus.jsonl": wording.SKIP_BEIR_LINE.format(number=2)}
    assert reading.files == 1


def test_several_folders_are_read_one_after_the_other(tmp_path: Path) -> None:
    for name in ("second", "first"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(f"{name}\n\n正文\u3002\n", "utf-8")
    assert ids(read_corpus([tmp_path / "second", tmp_path / "first"], LIMIT)) == ["second", "first"]


def test_the_same_title_and_text_count_once(folder: Path) -> None:
    (folder / "a.md").write_text("---\ntitle: 备案\nregion: 陕西\n---\n有效期6个月\uff0c可续\u3002\n", "utf-8")
    (folder / "b.md").write_text("---\ntitle: 备案\n---\n有效期 \uff16 个月,可续\u3002\n\n", "utf-8")
    (folder / "c.txt").write_text("备案\n\n有效期6个月\uff0c可续\u3002\n", "utf-8")
    reading = read(folder)
    assert ids(reading) == ["a"]
    assert (reading.duplicates, reading.skipped, reading.files) == (2, [], 3)


@pytest.mark.parametrize("other", ["---\ntitle: 备案\n---\n乙\u3002\n", "---\ntitle: 报销\n---\n甲\u3002\n"])
def test_another_title_or_text_is_another_article(folder: Path, other: str) -> None:
    (folder / "a.md").write_text("---\ntitle: 备案\n---\n甲\u3002\n", "utf-8")
    (folder / "b.md").write_text(other, "utf-8")
    assert read(folder).duplicates == 0


def test_a_second_article_of_the_same_id_is_one_line(folder: Path) -> None:
    (folder / "a.md").write_text(GOOD, "utf-8")
    (folder / "a.txt").write_text("别的\n\n别的正文\u3002\n", "utf-8")
    reading = read(folder)
    assert ids(reading) == ["a"]
    assert reasons(reading) == {"a.txt": wording.SKIP_SAME_ID.format(id="a")}


def test_the_content_fingerprint_keeps_title_and_text_apart(make_article: Callable[..., Article]) -> None:
    whole = content_fingerprint(make_article(title="医保", text="备案"))
    assert whole == content_fingerprint(make_article(title="医 保", text="备\n案", id="other", region="陕西"))
    assert whole != content_fingerprint(make_article(title="医", text="保备案"))


class _OddError(Exception):
    """Of a reader nobody expects to fail."""


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (MemoryError(), wording.SKIP_MEMORY),
        (RecursionError("too\ndeep"), wording.SKIP_READER_FAILED.format(kind="RecursionError", reason="too deep")),
        (_OddError("x" * 500), wording.SKIP_READER_FAILED.format(kind="_OddError", reason="x" * 80)),
        (AttributeError("no year"), wording.SKIP_READER_FAILED.format(kind="AttributeError", reason="no year")),
        (
            ValueError("Exceeds the limit"),
            wording.SKIP_READER_FAILED.format(kind="ValueError", reason="Exceeds the limit"),
        ),
        (OSError(5, "Input/output error"), wording.SKIP_UNREADABLE.format(reason="Input/output error")),
    ],
)
def test_whatever_a_reader_raises_is_one_line_and_the_rest_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, reason: str
) -> None:
    def fails(*_: str) -> Read:
        raise failure

    monkeypatch.setitem(READERS, ".txt", fails)
    for name in ("a.md", "b.txt", "c.md"):
        (folder / name).write_text(f"{name}的正文\u3002\n", "utf-8")
    reading = read(folder)
    assert ids(reading) == ["a", "c"]
    assert reasons(reading) == {"b.txt": reason}


def test_a_mistake_of_ours_is_not_swallowed_where_it_is_none_of_a_reader(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yibao.corpus.reading.content_fingerprint", lambda _: 1 // 0)
    (folder / "a.md").write_text(GOOD, "utf-8")
    with pytest.raises(ZeroDivisionError):
        read(folder)


def test_remarks_name_the_file_and_the_article_is_read(folder: Path) -> None:
    (folder / "a.md").write_text("---\ntitle: 医保: 报销\n---\n![图](a.png)\n\n甲\u3002\n", "utf-8")
    (folder / "b.txt").write_text("乙\u3002<img src='b.png'>\n", "utf-8")
    reading = read(folder)
    assert [article.text for article in reading.articles] == ["图\n\n甲\u3002", "乙\u3002"]
    assert [str(remark) for remark in reading.remarks] == [
        wording.REMARK_LINE.format(source=folder / "a.md", reason=wording.REMARK_FRONT_MATTER.format(line=2)),
        wording.REMARK_LINE.format(source=folder / "a.md", reason=wording.REMARK_PICTURES.format(count=1)),
        wording.REMARK_LINE.format(source=folder / "b.txt", reason=wording.REMARK_PICTURES.format(count=1)),
    ]


def test_pictures_of_a_packed_corpus_are_one_remark(folder: Path) -> None:
    row = '{"_id": "d%d", "text": "甲%d\u3002![图](a.png)"}\n'
    (folder / "corpus.jsonl").write_text("".join(row % (n, n) for n in range(3)), "utf-8")
    reading = read(folder)
    assert [article.text for article in reading.articles] == ["甲0\u3002图", "甲1\u3002图", "甲2\u3002图"]
    assert [remark.reason for remark in reading.remarks] == [wording.REMARK_PICTURES.format(count=3)]


@pytest.mark.parametrize("size", [300_000])
def test_an_embedded_picture_is_no_text(folder: Path, size: int) -> None:
    (folder / "a.md").write_text(
        f"# 题\n\n![图](data:image/png;base64,{'iVBO' * (size // 4)})\n\n正文\u3002\n", "utf-8"
    )
    (article,) = read(folder).articles
    assert article.text == "图\n\n正文\u3002"
