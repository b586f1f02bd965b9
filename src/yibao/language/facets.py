"""Facets by rule and dictionary: region, insurance, person, year and topic, from a question or a title."""

from __future__ import annotations

import re
from collections.abc import Callable

from yibao.language.insured_places import insured_and_treated
from yibao.language.normalise import fold
from yibao.language.places import find_places
from yibao.language.topics import TOPICS, read_topics
from yibao.records import Facets, Insurance

_INSURANCE: tuple[tuple[Insurance, re.Pattern[str]], ...] = (
    ("employee", re.compile("(?<!多少)(?<!多少名)(?<!几个)职工(?!医院)|单位医保|在职")),
    (
        "resident",
        re.compile(
            "居民(?:基本)?医|城乡居民|城镇居民|居民保|新农合|农合|农村合作|少儿医保|学生医保"
            "|居民的?(?:缴费|大病|参保)|参保[^,\u3002]{0,8}居民|[成为交换]居民的"
        ),
    ),
)
_PERSON: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("working", re.compile("在职|上班")),
    ("retired", re.compile("退休")),
    ("flexible", re.compile("灵活就业|个体户|个体工商户|自由职业")),
    ("newborn", re.compile("新生儿|刚出生|宝宝")),
    ("child", re.compile("儿童|少儿|小孩|(?<!生)(?<!生完)(?<!生了)孩子|子女|仔女|儿子|女儿|(?:我|家)娃|娃娃")),
    ("student", re.compile("学生|[上读念]大学")),
    ("elderly", re.compile("老人|老年|爸|妈(?!妈班)|父母|父亲|母亲|爷爷|奶奶|外公|外婆|姥[姥爷]|公公|婆婆|岳[父母]")),
    ("farmer", re.compile("农民(?!工)")),
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
_YEAR = re.compile(r"(?<!\d)(?:20\d\d(?=年)|20[1-3]\d(?![\d元块万多余款]))")  # 2000 alone is an amount of money
_REMOTE_CARE = TOPICS[0]


def read_facets(text: str) -> Facets:
    """Return the facets stated in ``text``; what is not stated is empty, never guessed."""
    folded = fold(text)
    regions, treated_in = insured_and_treated(folded)
    topics = read_topics(folded)
    return Facets(
        regions=regions,
        insurance=tuple(name for name, pattern in _INSURANCE if pattern.search(folded)),
        person=tuple(name for name, pattern in _PERSON if pattern.search(folded)),
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(folded))),
        treated_in=treated_in,
        topics=topics if not treated_in else tuple(dict.fromkeys((_REMOTE_CARE, *topics))),
    )


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
    return [(mention.start, mention.tail) for mention in find_places(text)]


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
