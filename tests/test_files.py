from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.web.files import exchanged, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("异地就医（2025）.md", "异地就医（2025）.md"),
        ("A.MD", "A.md"),
        ("../../etc/passwd.txt", "-..-etc-passwd.txt"),
        ("..\\..\\x.md", "-..-x.md"),
        ("/etc/x.md", "-etc-x.md"),
        (".md", "未命名.md"),
        ("", "未命名"),
        ("...", "未命名"),
        ("a\x00b\n.md", "ab.md"),
        ("a\u202egpj.md", "agpj.md"),
        ("a#1@2.md", "a-1-2.md"),
        ("a  b .md", "a b.md"),
        ("a.tar.md", "a.tar.md"),
        ("\ud800x.md", "-x.md"),
        ("<img src=x>.md", "-img src=x-.md"),
    ],
)
def test_names_become_plain(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=30), st.sampled_from([1, 500]))
def test_any_name_becomes_a_visible_file_of_its_folder(name: str, times: int) -> None:
    safe = safe_name(name * times)
    path = Path("/folder") / safe
    assert path.parent == Path("/folder")
    assert path.name == safe
    assert not safe.startswith(".")
    assert len(safe.encode()) < 200
    assert safe.isprintable()


LONG = "关于进一步做好基本医疗保险跨省异地就医直接结算工作有关事项的通知" * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{LONG}（一）.md", f"{LONG}（二）.md"),
        (f"{LONG}.md", f"{LONG}。.md"),
        (f"{LONG}1.txt", f"{LONG}2.txt"),
        ("a" * 151 + ".md", "a" * 152 + ".md"),
        ("a" * 150 + "b.md", "a" * 150 + "c.md"),
        ("长" * 10_000 + ".md", "长" * 10_001 + ".md"),
        ("长" * 50 + "甲.md", "长" * 50 + ".md"),
        ("\U00020bb7" * 38 + ".md", "\U00020bb7" * 39 + ".md"),
        ("a " * 80 + "b.md", "a " * 80 + "c.md"),
        ("." * 5 + "长" * 60 + "甲.md", "长" * 60 + "乙.md"),
    ],
)
def test_long_names_that_differ_stay_different(one: str, other: str) -> None:
    assert safe_name(one) != safe_name(other)
    for name in (one, other):
        assert safe_name(safe_name(name)) == safe_name(name)
        assert len(safe_name(name).encode()) <= 160
        assert safe_name(name).rpartition(".")[2] == name.rpartition(".")[2]


def test_a_long_name_is_cut_and_marked_in_the_same_way_on_every_machine() -> None:
    assert safe_name("长" * 10_000 + ".md") == "长" * 46 + "-130514172a.md"
    assert safe_name("长" * 50 + ".md") == "长" * 50 + ".md"


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    (tmp_path / "aside").mkdir()
    return tmp_path / "aside"


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text)


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_files_arrive_and_leave(tmp_path: Path, aside: Path) -> None:
    write(tmp_path, one="1", old="0", two="2")
    with exchanged([(tmp_path / "one", tmp_path / "three"), (tmp_path / "two", tmp_path / "old")], [], aside):
        assert read(tmp_path) == {"one": "1", "two": "2", "three": "1", "old": "2"}
    with exchanged([], [tmp_path / "old"], aside):
        pass
    assert read(tmp_path) == {"one": "1", "two": "2", "three": "1"}


def test_all_is_as_it_was_where_something_fails(tmp_path: Path, aside: Path) -> None:
    write(tmp_path, one="1", old="0", gone="9")
    before = read(tmp_path)
    leaving = [tmp_path / "gone", tmp_path / "never"]
    with pytest.raises(ZeroDivisionError), exchanged([(tmp_path / "one", tmp_path / "old")], leaving, aside):
        _ = 1 / (read(tmp_path) != {"one": "1", "old": "1"})
    assert read(tmp_path) == before
    arriving = [(tmp_path / "one", tmp_path / "new"), (tmp_path / "missing", tmp_path / "old")]
    with pytest.raises(FileNotFoundError), exchanged(arriving, [tmp_path / "gone"], aside):
        pass
    assert read(tmp_path) == before


def test_a_file_that_takes_the_place_of_the_one_that_leaves_stays(tmp_path: Path, aside: Path) -> None:
    """As on a disk where ``A`` and ``a`` are one file; here a second name stands for the other case."""
    write(tmp_path, one="1", old="0")
    (tmp_path / "OLD").hardlink_to(tmp_path / "old")
    with exchanged([(tmp_path / "one", tmp_path / "old")], [tmp_path / "old"], aside):
        pass
    assert read(tmp_path)["old"] == "1"
