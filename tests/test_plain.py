"""Plain values become the record they came from, and nothing else becomes one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.plain import read_plain


@dataclass(frozen=True)
class Inner:
    word: str
    pair: tuple[int, int] | None = None


@dataclass(frozen=True)
class Outer:
    kind: Literal["a", "b"]
    share: float
    count: int
    sure: bool
    inner: tuple[Inner, ...]
    named: Mapping[str, Inner]
    note: str | None = None


GOOD: dict[str, Any] = {
    "kind": "a", "share": 0.5, "count": 2, "sure": True, "inner": [{"word": "x", "pair": [1, 2]}],
    "named": {"y": {"word": "z"}}, "note": None,
}  # fmt: skip


INNER = st.builds(Inner)


@given(st.builds(Outer, share=st.floats(allow_nan=False), named=st.dictionaries(st.text(), INNER)))
def test_a_record_survives_json(outer: Outer) -> None:
    assert read_plain(Outer, json.loads(json.dumps(asdict(outer)))) == outer


def test_values_take_the_types_of_their_fields() -> None:
    assert read_plain(Outer, GOOD) == Outer("a", 0.5, 2, True, (Inner("x", (1, 2)),), {"y": Inner("z")})


def test_a_whole_number_is_a_float_where_one_is_wanted() -> None:
    assert type(read_plain(Outer, GOOD | {"share": 1}).share) is float


def test_unknown_names_are_passed_over_and_defaults_fill_in() -> None:
    assert read_plain(Inner, {"word": "x", "later": 1}) == Inner("x", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "c"}, {"share": "0.5"}, {"count": 1.5}, {"count": True}, {"sure": 1}, {"inner": "x"}, {"inner": [1]},
        {"inner": [{"word": "x", "pair": [1]}]}, {"named": []}, {"named": {"y": {}}}, {"note": 3},
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_plain(Outer, GOOD | wrong)


@pytest.mark.parametrize("values", [None, [], "text", {}, {"pair": [1, 2]}])
def test_what_is_no_record_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_plain(Inner, values)
