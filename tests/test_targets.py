from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer_samples import make_answer
from yibao.history.turns import Asked, Turn
from yibao.records import NO_FACETS, Choice, Facets
from yibao.web.targets import Target, asked_by, read_target, with_facets, without_facet

FACETS = Facets(("陕西", "福建"), ("employee",), ("retired",), (2025,))
TURNS = (
    Turn(Asked("先问"), make_answer()),
    Turn(
        Asked("那陕西呢"),
        make_answer(facets=FACETS, choices=(Choice("职工", "职工怎么报"),), suggestions=("电话是多少？",)),
        related=("多久到账？", "要什么材料？"),
    ),
)


def click(target: str, text: str = "", **values: Any) -> Target:
    read = read_target(json.dumps({"target": target, "text": text, "values": values}))
    assert read
    return read


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("yb-2-1", Target("", 2, 1)),
        ("yb-0-p3", Target("p", 0, 3)),
        ("yb-12-0", Target("", 12, 0)),
        ("yb-1-facets", Target("facets", 1)),
        ("yb-open-aB_-9", Target("open", conversation="aB_-9")),
        ("yb-export", Target("export")),
    ],
)
def test_a_target_is_read(name: str, target: Target) -> None:
    assert click(name) == target


@pytest.mark.parametrize(
    "clicked",
    [
        "", "null", "[]", "{}", '"yb-1-1"', '{"target": 3}', '{"target": "yb-1-1", "values": []}',
        '{"target": "yb-1-1", "text": 5}', '{"target": "other"}', '{"target": "yb-99999-1"}', '{"target": "yb-1-1x"}',
        '{"target": "yb-open-"}', '{"target": "yb-open-../x"}', '{"target": "yb-1-1\\n"}', "[" * 9999,
    ],
)  # fmt: skip
def test_anything_else_is_none(clicked: str) -> None:
    assert read_target(clicked) is None


@given(
    st.text()
    | st.recursive(st.none() | st.text() | st.integers(), lambda x: st.dictionaries(st.text(), x)).map(json.dumps)
)
def test_reading_never_fails(clicked: str) -> None:
    read_target(clicked)


@pytest.mark.parametrize(
    ("target", "asked", "place"),
    [
        (click("yb-ask", "备案多久？"), Asked("备案多久？"), 2),
        (click("yb-1-c0"), Asked("职工怎么报"), 2),
        (click("yb-1-s0"), Asked("电话是多少？"), 2),
        (click("yb-1-r1"), Asked("要什么材料？"), 2),
        (click("yb-1-retry"), Asked("那陕西呢"), 1),
        (click("yb-1-typed"), Asked("那陕西呢", literal=True), 1),
        (click("yb-1-x1"), Asked("那陕西呢", Facets(("陕西",), ("employee",), ("retired",), (2025,))), 1),
        (click("yb-0-facets", region="湖北"), Asked("先问", Facets(("湖北",), (), (), ())), 0),
    ],
)
def test_a_click_asks_a_question_at_its_place(target: Target, asked: Asked, place: int) -> None:
    assert asked_by(target, TURNS) == (asked, place)


@pytest.mark.parametrize(
    "target",
    [
        click("yb-ask", " "), click("yb-9-retry"), click("yb-1-c1"), click("yb-1-r9"), click("yb-1-x5"), click("yb-0-x0"),
        click("yb-0-facets"), click("yb-1-facets", region="陕西"), click("yb-1-1"), click("yb-1-good"), click("yb-export"),
    ],
)  # fmt: skip
def test_other_clicks_ask_nothing(target: Target) -> None:
    assert asked_by(target, TURNS) is None


def test_each_facet_can_be_taken_away_by_its_place() -> None:
    assert without_facet(FACETS, 0).regions == ("福建",)
    assert without_facet(FACETS, 2).insurance == ()
    assert without_facet(FACETS, 3).person == ()
    assert without_facet(FACETS, 4).years == ()
    assert without_facet(FACETS, 5) == FACETS


def test_facets_of_a_dialog_are_added() -> None:
    chosen = {"region": "湖北", "insurance": "resident", "person": "child", "year": "2024"}
    assert with_facets(FACETS, chosen) == Facets(
        ("陕西", "福建", "湖北"), ("employee", "resident"), ("retired", "child"), (2025, 2024)
    )


@pytest.mark.parametrize(
    "chosen",
    [{}, {"region": ""}, {"insurance": "other"}, {"year": "abc"}, {"year": 2025}, {"region": ["湖北"]}, {"x": "y"}],
)
def test_what_is_no_facet_is_not_added(chosen: dict[str, Any]) -> None:
    assert with_facets(NO_FACETS, chosen) == NO_FACETS
