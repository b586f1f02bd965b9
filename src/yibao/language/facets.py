"""Facets by rule and dictionary: region, insurance, person and year, from a question or a title."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib.resources import files

from yibao.language.normalise import fold
from yibao.records import Facets, Insurance

_INSURANCE: tuple[tuple[Insurance, re.Pattern[str]], ...] = (
    ("employee", re.compile("职工(?!医院)|单位医保|在职")),
    ("resident", re.compile("居民(?:基本)?医|城乡居民|城镇居民|居民保|新农合|农合|农村合作|少儿医保|学生医保")),
)
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("working", re.compile("在职|上班族")),
    ("retired", re.compile("退休")),
    ("flexible", re.compile("灵活就业|个体户|个体工商户|自由职业")),
    ("newborn", re.compile("新生儿|刚出生|宝宝")),
    ("child", re.compile("儿童|少儿|小孩|孩子|子女")),
    ("student", re.compile("大学生|学生")),
    ("elderly", re.compile("老人|老年|爸妈|父母")),
    ("farmer", re.compile("农民")),
    ("pregnant", re.compile("孕妇|怀孕|生孩子|产妇")),
)
_INSURANCE_NAME = re.compile(
    "(?:城镇)?职工(?:基本)?医(?:疗保险|保)|(?:城乡|城镇)?居民(?:基本)?医(?:疗保险|保)|新?农合|(?:新型)?农村合作医疗|少儿医保"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|\D|$)(?!\d)")
_NOT_A_REGION = re.compile("内蒙古?大学|海南岛|吉林大道|中国")


@lru_cache(maxsize=1)
def _gazetteer() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern for all place names and the region each stands for (``省`` or ``省/市``)."""
    path = files("yibao.language").joinpath("data", "regions.json")
    table: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    places: dict[str, str] = {}
    for province, cities in table.items():
        for city in cities:
            places.setdefault(city, f"{province}/{city}")
    places.update({province: province for province in table})
    names = sorted(places, key=len, reverse=True)
    return re.compile("|".join(names)), places


def read_regions(text: str) -> tuple[str, ...]:
    """Return the regions named in ``text``, each once, in order; a city stands for its province too."""
    pattern, places = _gazetteer()
    found = [places[match.group()] for match in pattern.finditer(_NOT_A_REGION.sub("", text))]
    regions = dict.fromkeys(found)
    with_city = {region.split("/")[0] for region in regions if "/" in region}
    return tuple(region for region in regions if region not in with_city)


def read_facets(text: str) -> Facets:
    """Return the facets stated in ``text``; what is not stated is empty, never guessed."""
    folded = fold(text)
    return Facets(
        regions=read_regions(folded),
        insurance=tuple(name for name, pattern in _INSURANCE if pattern.search(folded)),
        person=tuple(name for name, pattern in _PERSON if pattern.search(folded)),
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(folded))),
    )


def region_agrees(asked: tuple[str, ...], given: str | None) -> bool:
    """Tell whether a text of region ``given`` can speak for one of the regions ``asked``.

    A text without region is nationwide and speaks for all; a province speaks for its cities; a city is
    shown to somebody who asks for its province.
    """
    if not asked or not given:
        return True
    return any(a == given or a.startswith(given + "/") or given.startswith(a + "/") for a in asked)


def swap_region(earlier: str, fragment: str) -> tuple[str, str]:
    """Move the regions named in ``fragment`` into ``earlier``, in place of those named there.

    Returns:
        the changed question, and what is left of the fragment.
    """
    return _swap(_gazetteer()[0], earlier, fragment)


def swap_insurance(earlier: str, fragment: str) -> tuple[str, str]:
    """As ``swap_region``, for the kind of insurance."""
    return _swap(_INSURANCE_NAME, earlier, fragment)


def _swap(pattern: re.Pattern[str], earlier: str, fragment: str) -> tuple[str, str]:
    found = pattern.findall(fragment)
    if not found:
        return earlier, fragment
    rest = pattern.sub("", fragment)
    without, replaced = pattern.subn("\x00", earlier)
    if not replaced:
        return found[0] + earlier, rest
    head, _, tail = without.partition("\x00")
    return head + found[0] + tail.replace("\x00", ""), rest
