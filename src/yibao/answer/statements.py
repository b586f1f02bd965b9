"""Reads the statements of a sentence: the value of something (a deductible of 600元), or that something is allowed.

Two statements are compared in ``relations``. Only what the tables of ``statement_words`` and ``rule_words`` name is
read; a sentence that they do not cover has no statements.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from yibao.answer import statement_words as words
from yibao.answer.rule_words import RULE_WORDS, RULES
from yibao.language.facets import read_facets
from yibao.language.normalise import fold
from yibao.language.quantities import Quantity, QuantityKind, read_quantities
from yibao.language.services import read_services
from yibao.records import Facets

_CLAUSE = re.compile(r"[,;\u3002!?\n]|:(?!/)")
_KINDS: frozenset[QuantityKind] = frozenset(["share", "amount", "duration", "date", "count", "phone"])
_PER = re.compile("每?人?每?(次|天|日|月|年)度?(?=最|限|支|报|额|缴|个人|$)|/(年|月|天|次)|(年)度|一(年|次)")
_BEFORE_CHANGE = re.compile("(?:由|从)$")
_JOINT = re.compile("^(?:但是?|而且|并且|不过|同时|此外|另外)")
_CHANGE = re.compile("^(?:[^,\u3002]{0,3})(?:升|提|增|降|调|往)")
_DELTA = re.compile("(?:下降|下浮|上涨|增加|降低|减少|上浮|下调|上调|提高|调低|多报|少报|增长|幅度在)(?:了|约)?$")


@dataclass(frozen=True)
class Scope:
    """Whom a statement applies to; a field is empty where the text does not say. ``level``: hospital levels 1 to 3."""

    insurance: frozenset[str]
    person: frozenset[str]
    level: frozenset[str]
    filing: frozenset[str]
    regions: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    """One statement, and the slice ``text[start:end]`` that makes it.

    A rule has no ``value``; ``allowed`` then says whether the thing is allowed (or, of filings and proofs, needed).
    ``subject`` are the words that remain when value, topic and scope are removed.
    """

    topic: str
    start: int
    end: int
    value: Quantity | None
    allowed: bool
    services: frozenset[str]
    qualifiers: frozenset[str]
    subject: frozenset[str]
    scope: Scope


@lru_cache(maxsize=4096)
def read_statements(text: str, context: str = "") -> tuple[Statement, ...]:
    """Return the statements of the sentence ``text``; ``context`` is the title and heading it stands under."""
    folded = fold(text)
    values = [quantity for quantity in read_quantities(folded) if quantity.kind in _KINDS]
    rules = any(word in folded for word in RULE_WORDS)
    if not values and not rules:
        return ()
    clauses = _clauses(folded)
    facets = read_facets(folded)
    statements = [
        statement for value in values if (statement := _value_statement(folded, clauses, value, values, facets))
    ]
    if rules:
        statements += _rule_statements(folded, fold(context), clauses, facets)
    return tuple(statements)


def _clauses(text: str) -> list[tuple[int, int]]:
    borders = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(borders) if a < b]


def _value_statement(
    text: str, clauses: list[tuple[int, int]], value: Quantity, values: list[Quantity], facets: Facets
) -> Statement | None:
    """Return the statement about one value; None if nothing says what it is the value of, or it is only a change."""
    at = next((n for n, (a, b) in enumerate(clauses) if a <= value.start < b), None)
    if at is None or _is_change(text, value):
        return None
    own = text[slice(*clauses[at])]
    own_start = clauses[at][0]
    earlier = _earlier(text, clauses, at, [v for v in values if v.kind == value.kind])
    before = text[earlier : clauses[at][0]]
    topic = words.topic_of(own, value.start - own_start, value.end - own_start, value.kind)
    if topic is None:
        topic = words.topic_of(before + own, value.start - earlier, value.end - earlier, value.kind)
    if topic is None or not words.fits(topic, value, before + own):
        return None
    near, lead = before + own, text[: own_start + len(own)]
    services = read_services(near) or read_services(lead)
    whole = text if topic in words.SUBJECT_IS_TOPIC else near
    qualifiers = words.qualifiers(whole, topic) or words.qualifiers(lead, topic)
    if topic in words.MONEY:
        qualifiers |= _per(own, value) | _bounds(own, value, own_start)
        qualifiers |= {
            f"band {near[v.start : v.end]}" for v in read_quantities(near) if v.kind == "amount" and topic == "ratio"
        }
    elif topic in words.TIME:
        qualifiers |= _bounds(own, value, own_start)
    return Statement(
        topic=topic,
        start=value.start,
        end=value.end,
        value=value,
        allowed=True,
        services=services if topic not in words.ANY_SERVICE else frozenset(),
        qualifiers=frozenset(qualifiers),
        subject=words.subject(near),
        scope=_scope(own, before, lead, facets),
    )


def _earlier(text: str, clauses: list[tuple[int, int]], at: int, values: list[Quantity]) -> int:
    """Return where the context of clause ``at`` begins: after the last clause before it that has its own value."""
    start = clauses[at][0]
    for a, b in reversed(clauses[:at]):
        inside = [value for value in values if a <= value.start < b]
        if any(words.topic_of(text[a:b], value.start - a, value.end - a, value.kind) for value in inside):
            break
        start = a
    return start


def _is_change(text: str, value: Quantity) -> bool:
    """Tell whether the value is an old one (50% in 由50%升到70%) or a difference (下浮10%)."""
    if _BEFORE_CHANGE.search(text[: value.start]) and _CHANGE.search(text[value.end :]):
        return True
    return bool(_DELTA.search(text[: value.start]))


def _per(own: str, value: Quantity) -> set[str]:
    found = {next(filter(None, match.groups())) for match in _PER.finditer(own)}
    found |= {value.unit.partition("/")[2]} - {""}
    return {f"per {'天' if each == '日' else each}" for each in found} - {"per 年"}


def _bounds(own: str, value: Quantity, offset: int) -> set[str]:
    before, after = own[: value.start - offset], own[value.end - offset :]
    if re.search("(?:最低|至少|不低于|不少于|最少)[^,]{0,8}$", before) or re.match("以上|起", after):
        return {"at least"}
    if re.search("(?:不超过|不高于|最长|至多|不会超过|最高不)[^,]{0,4}$", before) or after.startswith("以下"):
        return {"at most"}
    return set()


def _scope(own: str, before: str, lead: str, facets: Facets) -> Scope:
    """Return whom a clause applies to; what it does not say is taken from the clauses before it.

    A hospital level is said for one value at a time, so it is taken only from ``before``, which states nothing itself.
    """
    here = read_facets(own)
    led = here if here.insurance and here.person else read_facets(lead)
    return Scope(
        insurance=frozenset(here.insurance or led.insurance),
        person=frozenset(here.person or led.person) & words.PERSONS,
        level=words.levels(own) or words.levels(before),
        filing=words.filings(own) or words.filings(before),
        regions=facets.regions,
        years=facets.years,
    )


def _rule_statements(text: str, context: str, clauses: list[tuple[int, int]], facets: Facets) -> list[Statement]:
    """Return what the clauses allow or forbid, require or waive."""
    statements = []
    for start, end in clauses:
        clause, lead = text[start:end].rstrip(",;:\u3002"), text[:end]
        joint = _JOINT.search(clause)
        for rule in RULES:
            allowed = rule.polarity(clause)
            instrument = rule.instrument(clause) or rule.instrument(lead) or rule.instrument(context)
            if allowed is None or not instrument:
                continue
            services = (read_services(clause) or read_services(lead)) if rule.by_service else frozenset()
            qualifiers = words.qualifiers(lead, rule.name) if rule.by_service else frozenset()
            statements += [
                Statement(
                    topic=f"{rule.name} {thing}",
                    start=start + (joint.end() if joint else 0),
                    end=start + len(clause),
                    value=None,
                    allowed=allowed,
                    services=services,
                    qualifiers=qualifiers | {instrument},
                    subject=words.subject(clause) if rule.by_subject else frozenset(),
                    scope=_scope(clause, text[:start], text[:start], facets),
                )
                for thing in rule.things(clause)
            ]
    return statements
