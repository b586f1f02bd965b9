from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.web.files import moved, safe_name


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


def test_files_move_and_move_back_where_something_fails(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    with pytest.raises(FileNotFoundError), moved([(one, two), (tmp_path / "missing", one)]):
        pass
    assert one.read_text() == "1"
    with pytest.raises(ZeroDivisionError), moved([(one, two)]):
        _ = 1 / (not two.exists())
    assert one.read_text() == "1"
    with moved([(one, two)]):
        pass
    assert not one.exists()
    assert two.read_text() == "1"
