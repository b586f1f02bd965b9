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


def test_ten_thousand_characters_keep_their_suffix() -> None:
    assert safe_name("长" * 10_000 + ".md").endswith("长.md")
    assert len(safe_name("长" * 10_000 + ".md").encode()) < 200


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
