"""How two statements of different articles relate: they conflict, or they give values for different people.

Strict on purpose. Two statements are about the same thing only where topic, services, qualifiers and subject agree. A
value within the other's range, or the same value written differently, is no difference. Otherwise they are a

* ``conflict`` if both apply to the same people. Region and years must be the same (or missing on both sides); the
  insurance may be missing on one side where it makes no difference, as for how long a filing is valid;
* ``table`` if they differ in region, insurance, person, hospital level or kind of filing.
"""

from __future__ import annotations

from typing import Literal

from yibao.answer.statement_words import MONEY, SUBJECT_IS_TOPIC
from yibao.answer.statements import Statement
from yibao.language.quantities import Quantity
from yibao.language.quantities.quantity import date_parts

Relation = Literal["conflict", "table", "neither"]
_SUBJECT_SHARE = 0.5
_SIZED = frozenset(["share", "amount", "duration", "count"])


def relation(one: Statement, two: Statement) -> Relation:
    """Return how two statements of different articles relate; ``neither`` where they are not comparable or agree."""
    if not same_thing(one, two) or agree(one, two):
        return "neither"
    return _parted(one, two)


def same_thing(one: Statement, two: Statement) -> bool:
    """Tell whether two statements are about the same thing, whomever they apply to."""
    if one.topic != two.topic or one.services != two.services or one.qualifiers != two.qualifiers:
        return False
    if one.scope.years and two.scope.years and not set(one.scope.years) & set(two.scope.years):
        return False
    if one.value and two.value and (one.value.kind, _unit(one)) != (two.value.kind, _unit(two)):
        return False
    if one.topic in SUBJECT_IS_TOPIC or (not one.subject and not two.subject):
        return True
    shared = len(one.subject & two.subject)
    return shared / len(one.subject | two.subject) >= _SUBJECT_SHARE


def _unit(statement: Statement) -> str:
    """Return the unit of a value that has a size, without its period: 400元/年 and 400元 of a premium are the same."""
    assert statement.value
    return statement.value.dimension.partition("/")[0] if statement.value.kind in _SIZED else ""


def agree(one: Statement, two: Statement) -> bool:
    """Tell whether two statements of one thing can both be right."""
    if not one.value or not two.value:
        return one.allowed == two.allowed
    if one.value.kind not in _SIZED:
        return _written(one.value) == _written(two.value)
    return one.value.contains(two.value) or two.value.contains(one.value)


def _written(value: Quantity) -> tuple[int, int] | str:
    """Return a value without size in a form that can be compared: of a date the months."""
    return (date_parts(value.low)[1], date_parts(value.high)[1]) if value.kind == "date" else value.unit


def _parted(one: Statement, two: Statement) -> Relation:
    """Return ``conflict`` if two statements that disagree apply to the same people, ``table`` if to different ones."""
    a, b = one.scope, two.scope
    if one.topic.startswith("filing") and bool(a.regions) != bool(b.regions):
        return "neither"  # who leaves a province and who does not are told apart by the region alone
    if a.regions != b.regions or differ(a.insurance, b.insurance) or differ(a.filing, b.filing):
        return "table"
    if differ(a.person, b.person) or differ(a.level, b.level):
        return "table"
    if one.topic in MONEY:
        if bool(a.person) != bool(b.person) or bool(a.level) != bool(b.level):
            return "neither"  # the general rule, and the one for some
        if bool(a.insurance) != bool(b.insurance) and not a.person:
            return "neither"
    return "conflict"


def differ(one: frozenset[str], two: frozenset[str]) -> bool:
    """Tell whether both sides are given and have nothing in common."""
    return bool(one and two) and not one & two
