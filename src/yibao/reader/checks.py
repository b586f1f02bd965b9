"""What a sentence speaks for, held against the question: place, insurance, branch, person, year and service.

A sentence is read with its heading, its title and what its article says of itself, the nearest first: the heading
counts only where the sentence is silent. Each check is about closed, checkable things; what else a sentence lacks is
for the reader to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yibao.language.facets import read_facets
from yibao.language.facts import asked_kinds, find_facts
from yibao.language.normalise import fold
from yibao.language.places import region_agrees
from yibao.language.services import read_branches, read_services
from yibao.records import Article, Facets, Passage

REMEMBERED = 20_000  # texts


@dataclass(frozen=True)
class Said:
    """What one text names; empty where it is silent."""

    regions: frozenset[str]
    insurance: frozenset[str]
    branches: frozenset[str]
    person: frozenset[str]
    years: frozenset[int]
    services: frozenset[str]


@lru_cache(maxsize=REMEMBERED)
def said_by(text: str) -> Said:
    """Read one text."""
    facets, folded = read_facets(text), fold(text)
    return Said(
        regions=frozenset((*facets.regions, *facets.treated_in)),
        insurance=frozenset(facets.insurance),
        branches=read_branches(folded),
        person=frozenset(facets.person),
        years=frozenset(facets.years),
        services=read_services(folded),
    )


@dataclass(frozen=True)
class Checks:
    """One flag a check, 1 where it fails.

    ``other_…``: the sentence speaks for something else than was asked for. ``unsaid_…``: it was asked for, and neither
    the sentence nor what stands above it names any. ``unsaid_fact``: an amount, a time, a telephone number
    or the like was asked for, and the sentence holds none.
    """

    other_place: float
    unsaid_place: float
    other_insurance: float
    other_branch: float
    other_person: float
    unsaid_person: float
    other_year: float
    unsaid_year: float
    other_service: float
    unsaid_service: float
    unsaid_fact: float


def check(question: str, asked: Facets, passage: Passage, article: Article) -> Callable[[str], Checks]:
    """Return a function that checks one sentence of ``passage``, given as text, against a question.

    Args:
        question: the completed question.
        asked: its facets, which somebody may have set by hand.
        passage: where the sentence stands.
        article: its article.
    """
    folded = fold(question)
    branches, services = read_branches(folded), read_services(folded)
    fact = bool(asked_kinds(question))
    above = (said_by(passage.heading), said_by(passage.title))
    regions = tuple(asked.regions)
    insurance, person = frozenset(asked.insurance), frozenset(asked.person)
    years = frozenset(asked.years)

    def place(sentence: Said) -> tuple[float, float]:
        if not regions:
            return 0.0, 0.0
        named = _nearest(sentence.regions, *(each.regions for each in above), _one(article.region))
        if not named:
            return 0.0, 1.0
        return float(not any(region_agrees(regions, region) for region in named)), 0.0

    def of(text: str) -> Checks:
        sentence = said_by(text)
        levels = (sentence, *above)
        other_place, unsaid_place = place(sentence)
        unsaid_fact = float(fact and not find_facts(question, text))
        other_person, unsaid_person = _differs(person, *(each.person for each in levels), frozenset(article.person))
        other_year, unsaid_year = _differs(years, *(each.years for each in levels), _year(article))
        other_service, unsaid_service = _differs(services, *(each.services for each in levels))
        return Checks(
            other_place, unsaid_place,
            _differs(insurance, *(each.insurance for each in levels), frozenset(article.insurance))[0],
            _differs(branches, *(each.branches for each in levels))[0],
            other_person, unsaid_person, other_year, unsaid_year, other_service, unsaid_service,
            unsaid_fact,
        )  # fmt: skip

    return of


def _differs(asked: frozenset[Any], *said: frozenset[Any]) -> tuple[float, float]:
    """Return whether the nearest text that names any names none of those asked for, and whether no text names any."""
    if not asked:
        return 0.0, 0.0
    named = _nearest(*said)
    return (float(not named & asked), 0.0) if named else (0.0, 1.0)


def _nearest(*said: Iterable[Any]) -> frozenset[Any]:
    return next((frozenset(each) for each in said if each), frozenset())


def _one(region: str | None) -> tuple[str, ...]:
    return (region,) if region else ()


def _year(article: Article) -> frozenset[int]:
    return frozenset([int(article.published[:4])]) if article.published else frozenset()
