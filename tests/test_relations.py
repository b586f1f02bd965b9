"""Planted and real pairs of sentences; half of them are told apart by rules that were tuned on the other half."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.relations import agree, relation, same_thing
from yibao.answer.statements import Statement, read_statements

DATA = files("yibao.language").joinpath("data")
PROVINCES: dict[str, list[str]] = json.loads(DATA.joinpath("regions.json").read_text("utf-8"))
CITIES = [f"{province}{city}" for province, cities in PROVINCES.items() for city in cities]
COUNTIES = [  # as they are written in full: 河北保定博野县
    parent.replace("/", "") + county.strip("*!").replace("/", "")
    for line in DATA.joinpath("counties.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for parent, *counties in [line.split()]
    for county in counties
]
STATED = (
    "{place}的住院报销比例为{value}0%。",
    "在{place},职工医保门诊的起付线是{value}00元。",
    "{place}居民医保个人缴费标准为{value}00元。",
    "{place}异地就医备案有效期为{value}个月。",
    "{place}城乡居民医保住院报销,封顶线为{value}万元。",
)

PAIRS = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "contrasts.jsonl").read_text("utf-8").splitlines()
]


def half_of(pair: dict[str, Any]) -> str:
    return "tune" if hashlib.sha256(pair["id"].encode()).digest()[0] % 2 == 0 else "report"


def statements_of(side: dict[str, Any]) -> list[Statement]:
    statements = read_statements(side["text"])
    regions = (side["region"],) if "region" in side else None
    return [
        replace(statement, scope=replace(statement.scope, regions=regions or statement.scope.regions))
        for statement in statements
    ]


def found(pair: dict[str, Any]) -> str:
    kinds = {relation(one, two) for one in statements_of(pair["one"]) for two in statements_of(pair["two"])}
    return "conflict" if "conflict" in kinds else "table" if "table" in kinds else "neither"


def test_there_are_enough_pairs_and_half_of_them_must_not_fire() -> None:
    labels = Counter(pair["label"] for pair in PAIRS)
    assert len(PAIRS) >= 120
    assert labels["neither"] >= len(PAIRS) / 2
    assert labels["conflict"] >= 30
    assert labels["table"] >= 30


@pytest.mark.parametrize("half", ["tune", "report"])
def test_precision_and_recall_on_each_half(half: str) -> None:
    pairs = [pair for pair in PAIRS if half_of(pair) == half]
    fired = [pair for pair in pairs if found(pair) != "neither"]
    right = [pair for pair in fired if found(pair) == pair["label"]]
    wanted = [pair for pair in pairs if pair["label"] != "neither"]
    assert len(right) / len(fired) >= 0.95
    assert len(right) / len(wanted) >= 0.85


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["id"]))
def test_a_relation_does_not_depend_on_the_order(pair: dict[str, Any]) -> None:
    assert found(pair) == found({"one": pair["two"], "two": pair["one"]})


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["id"]))
def test_a_sentence_never_contradicts_itself(pair: dict[str, Any]) -> None:
    for side in (pair["one"], pair["two"]):
        for statement in statements_of(side):
            assert same_thing(statement, statement)
            assert agree(statement, statement)


def test_regions_part_first_and_what_is_unsaid_is_no_difference_in_insurance() -> None:
    (one,), (two,) = (
        statements_of({"text": "备案有效期为1年。"}),
        statements_of({"text": "职工医保的备案有效期为半年。"}),
    )
    assert relation(one, two) == "conflict"
    placed = replace(two, scope=replace(two.scope, regions=("陕西",)))
    assert relation(one, placed) == "table"


@given(
    st.one_of(
        st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)
        for places in (list(PROVINCES), CITIES, COUNTIES)
    ),
    st.sampled_from(STATED),
)
def test_any_two_places_make_a_table(places: list[str], stated: str) -> None:
    one, two = (read_statements(stated.format(place=place, value=n)) for place, n in zip(places, (3, 5), strict=True))
    assert {relation(a, b) for a in one for b in two} == {"table"}
