"""One tree of errors, drawn as it is."""

from __future__ import annotations

import pytest

from yibao import errors
from yibao.errors import IndexStateError, YibaoError

CLASSES = {name: value for name, value in vars(errors).items() if isinstance(value, type)}


@pytest.mark.parametrize("name", CLASSES)
def test_every_error_is_a_yibao_error(name: str) -> None:
    assert issubclass(CLASSES[name], YibaoError)


@pytest.mark.parametrize("name", ["IndexMissingError", "IndexLockedError", "IndexMismatchError", "IndexCorruptError"])
def test_what_is_wrong_with_an_index_is_one_branch(name: str) -> None:
    assert CLASSES[name].__mro__[1] is IndexStateError


def test_the_tree_in_the_docstring_names_every_error_once() -> None:
    drawing = errors.__doc__ or ""
    named = [word for line in drawing.splitlines() for word in line.split() if word.endswith("Error")]
    assert sorted(named) == sorted(CLASSES)


def test_the_message_is_what_is_printed() -> None:
    assert str(errors.InputError("没有这个文件夹")) == "没有这个文件夹"
