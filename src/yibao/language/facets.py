"""Facets by rule and dictionary: region, insurance, person and year, from a question or a title."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

from yibao.language.normalise import fold
from yibao.language.segmenter import default_segmenter
from yibao.records import Facets, Insurance

_INSURANCE: tuple[tuple[Insurance, re.Pattern[str]], ...] = (
    ("employee", re.compile("(?<!多少)(?<!多少名)(?<!几个)职工(?!医院)|单位医保|在职")),
    ("resident", re.compile("居民(?:基本)?医|城乡居民|城镇居民|居民保|新农合|农合|农村合作|少儿医保|学生医保")),
)
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("working", re.compile("在职|上班族")),
    ("retired", re.compile("退休")),
    ("flexible", re.compile("灵活就业|个体户|个体工商户|自由职业")),
    ("newborn", re.compile("新生儿|刚出生|宝宝")),
    ("child", re.compile("儿童|少儿|小孩|(?<!生)(?<!生完)(?<!生了)孩子|子女|仔女|儿子|女儿|(?:我|家)娃|娃娃")),
    ("student", re.compile("大学生|学生")),
    ("elderly", re.compile("老人|老年|爸|妈(?!妈班)|父母|父亲|母亲|爷爷|奶奶|外公|外婆|姥[姥爷]|公公|婆婆|岳[父母]")),
    ("farmer", re.compile("农民")),
    (
        "pregnant",
        re.compile(
            "孕[妇期]|怀(?:孕|着|双胞胎|[一二三]胎|上)|生(?:完|了)?孩子|生[一二三]胎|产妇|顺产|剖[宫腹]产|产假|坐月子"
        ),
    ),
)
_INSURANCE_NAME = re.compile(
    "(?:城镇)?职工(?:基本)?医(?:疗保险|保)|(?:城乡|城镇)?居民(?:基本)?医(?:疗保险|保)|新?农合|(?:新型)?农村合作医疗|少儿医保"
)
_WORK = re.compile("在职|退休|灵活就业")
_YEAR = re.compile(r"(?<!\d)(?:20\d\d(?=年)|20[1-3]\d(?![\d元块万多余]))")  # 2000 alone is an amount of money
# Words that begin with the name of a place and mean something else: stone, idioms, medicines.
_NOT_A_REGION = re.compile(
    "大理石|大同小异|长治久安|日照(?:时|间|计)|天门冬|云南白药|长春(?:新|花)?碱|哈密瓜|普洱茶|青海苔|河[南北]岸|吉林大道|中国"
)
_PLACE_SUFFIX = re.compile("(?:壮族|回族|维吾尔)?自治区|省|地区|[市县盟](?![区民场级内])")
_BEFORE_A_PLACE = "在到去从住回往那"  # jieba takes 那天 out of 那天水呢


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


def place_names() -> tuple[str, ...]:
    """Return the short names of all known places."""
    return tuple(_gazetteer()[1])


def read_regions(text: str) -> tuple[str, ...]:
    """Return the regions named in ``text``, each once, in order; a city stands for its province too."""
    places = _gazetteer()[1]
    regions = dict.fromkeys(places[text[start:end]] for start, end in _place_spans(text))
    with_city = {region.split("/")[0] for region in regions if "/" in region}
    return tuple(region for region in regions if region not in with_city)


def _place_spans(text: str) -> list[tuple[int, int]]:
    """Return where ``text`` names a place: at the start of a word, or right behind another place.

    As a mere substring 保定 is in 医保定点, 长治 in 延长治疗 and 安康 in 平安康泰.
    """
    masked = _NOT_A_REGION.sub(lambda match: "\x00" * len(match.group()), text)
    found = [match.span() for match in _gazetteer()[0].finditer(masked)]
    if not found:
        return []
    borders = {0, *accumulate(len(word) for word in default_segmenter().words(text))}
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if start in borders or text[start - 1] in _BEFORE_A_PLACE:
            spans.append((start, end))
            borders.add(end)
    return spans


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
    return _swap(_region_spans, earlier, fragment)


def swap_insurance(earlier: str, fragment: str) -> tuple[str, str]:
    """As ``swap_region``, for the kind of insurance."""
    return _swap(_insurance_spans, earlier, fragment)


def swap_person(earlier: str, fragment: str) -> tuple[str, str]:
    """As ``swap_region``, for working and retired people, who take each other's place: 退休的呢, 在职的呢."""
    return _swap(lambda text: [match.span() for match in _WORK.finditer(text)], earlier, fragment)


def _region_spans(text: str) -> list[tuple[int, int]]:
    suffixed = ((start, end, _PLACE_SUFFIX.match(text, end)) for start, end in _place_spans(text))
    return [(start, suffix.end() if suffix else end) for start, end, suffix in suffixed]


def _insurance_spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _INSURANCE_NAME.finditer(text)]


def _swap(find: Callable[[str], list[tuple[int, int]]], earlier: str, fragment: str) -> tuple[str, str]:
    named = find(fragment)
    if not named:
        return earlier, fragment
    name, rest = fragment[slice(*named[0])], _without(fragment, named)
    replaced = find(earlier)
    if not replaced:
        return name + earlier, rest
    start = replaced[0][0]
    return earlier[:start] + name + _without(earlier, replaced)[start:], rest


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
