"""Links are followed inside the folder and nowhere else, and every file is read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao import wording
from yibao.corpus.reading import Reading, read_corpus

OUTSIDE = wording.SKIP_LINK_OUTSIDE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles" / "sub").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.md").write_text("密码\u3002\n", "utf-8")
    (tmp_path / "articles" / "a.md").write_text("甲\u3002\n", "utf-8")
    (tmp_path / "articles" / "sub" / "b.md").write_text("乙\u3002\n", "utf-8")
    return tmp_path / "articles"


def read(folder: Path) -> Reading:
    return read_corpus([folder], 20_000_000)


def ids(folder: Path) -> list[str]:
    return [article.id for article in read(folder).articles]


def skipped(folder: Path) -> list[tuple[str, str]]:
    return [(Path(each.source).name, each.reason) for each in read(folder).skipped]


@pytest.mark.parametrize(
    "target", ["../secret/key.md", "/etc/hostname", "../secret/gone.md", "../articles/../secret/key.md"]
)
def test_a_link_to_a_file_outside_is_one_line(folder: Path, target: str) -> None:
    (folder / "link.md").symlink_to(target)
    assert ids(folder) == ["a", "sub/b"]
    assert skipped(folder) == [("link.md", OUTSIDE)]


@pytest.mark.parametrize("target", ["../secret", "/etc", "..", "/", "/proc/self"])
def test_a_link_to_a_folder_outside_is_one_line(folder: Path, target: str) -> None:
    (folder / "linked").symlink_to(target, target_is_directory=True)
    assert ids(folder) == ["a", "sub/b"]
    assert skipped(folder) == [("linked", OUTSIDE)]


def test_a_link_by_way_of_another_link_is_judged_by_where_it_ends(folder: Path) -> None:
    (folder / "sub" / "one.md").symlink_to("two.md")
    (folder / "sub" / "two.md").symlink_to("../../secret/key.md")
    assert ids(folder) == ["a", "sub/b"]
    assert skipped(folder) == [("one.md", OUTSIDE), ("two.md", OUTSIDE)]


def test_a_folder_whose_name_begins_alike_is_outside(folder: Path) -> None:
    (folder.parent / "articles-of-others").mkdir()
    (folder.parent / "articles-of-others" / "c.md").write_text("丙\u3002\n", "utf-8")
    (folder / "c.md").symlink_to("../articles-of-others/c.md")
    assert skipped(folder) == [("c.md", OUTSIDE)]


def test_a_link_to_what_is_read_anyway_changes_nothing(folder: Path) -> None:
    before = read(folder)
    (folder / "0.md").symlink_to("sub/b.md")
    (folder / "0").symlink_to("sub", target_is_directory=True)
    assert read(folder) == before


def test_links_inside_to_hidden_folders_are_followed(folder: Path) -> None:
    (folder / ".store" / "deep").mkdir(parents=True)
    (folder / ".store" / "c.md").write_text("丙\u3002\n", "utf-8")
    (folder / ".store" / "deep" / "d.md").write_text("丁\u3002\n", "utf-8")
    (folder / "c.md").symlink_to(".store/c.md")
    (folder / "more").symlink_to(".store/deep", target_is_directory=True)
    assert ids(folder) == ["a", "sub/b", "c", "more/d"]
    assert skipped(folder) == []


def test_loops_end(folder: Path) -> None:
    (folder / "sub" / "up").symlink_to("..", target_is_directory=True)
    (folder / "sub" / "self").symlink_to("self", target_is_directory=True)
    (folder / ".x").mkdir()
    (folder / ".x" / "back").symlink_to("../.x", target_is_directory=True)
    (folder / "x").symlink_to(".x", target_is_directory=True)
    assert ids(folder) == ["a", "sub/b"]
    assert skipped(folder) == []


def test_a_corpus_that_is_itself_a_link_is_read(folder: Path) -> None:
    (folder.parent / "link").symlink_to("articles", target_is_directory=True)
    assert ids(folder.parent / "link") == ["a", "sub/b"]


def test_a_packed_corpus_that_leads_outside_is_one_line(folder: Path) -> None:
    (folder.parent / "secret" / "rows").write_text('{"_id": "x", "text": "密码"}\n', "utf-8")
    (folder / "corpus.jsonl").symlink_to("../secret/rows")
    assert ids(folder) == []
    assert skipped(folder) == [("corpus.jsonl", OUTSIDE)]


def test_hidden_links_and_links_of_other_kinds_are_left_alone(folder: Path) -> None:
    (folder / ".key.md").symlink_to("../secret/key.md")
    (folder / "key.json").symlink_to("../secret/key.md")
    assert ids(folder) == ["a", "sub/b"]
    assert skipped(folder) == []
