"""Quotes that give different values for one thing: a disagreement of sources, or values for different people.

Strict on purpose. Two statements are about the same thing only where topic, services, qualifiers and subject agree; a
value within the other's range, or the same one in another writing, is no difference. Then

* ``conflict``: nothing that both state parts them. Region and years must be the same (both may be unsaid); the
  insurance may be unsaid on one side where it does not change the matter, as for how long a filing holds.
* ``table``: region, insurance, person, hospital level or kind of filing part them.
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
    """Tell how two statements of different articles stand to each other."""
    if not same_thing(one, two) or agree(one, two):
        return "neither"
    return _parted(one, two)


def same_thing(one: Statement, two: Statement) -> bool:
    """Tell whether two statements are about the same thing, for whomever."""
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
    """Return the unit of a value that has a size; 400元/年 and 400元 of a yearly premium are the same."""
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
    """Tell whether two statements that cannot both be right for the same people are about the same people."""
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
    """Tell whether both sides say something, and not the same."""
    return bool(one and two) and not one & two
