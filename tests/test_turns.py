from __future__ import annotations

import pytest

from yibao.history.turns import is_visitor, new_visitor


def test_a_visitors_id_cannot_be_guessed() -> None:
    ids = {new_visitor() for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) >= 32


@pytest.mark.parametrize("sent", ["", "13812345678", "张三", "a b", "x" * 65, "a\n", "<b>"])
def test_only_what_can_be_an_id_of_ours_is_a_visitor(sent: str) -> None:
    assert is_visitor(new_visitor())
    assert not is_visitor(sent)
