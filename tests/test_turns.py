from __future__ import annotations

from yibao.history.turns import new_visitor


def test_a_visitors_id_cannot_be_guessed() -> None:
    ids = {new_visitor() for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) >= 32
