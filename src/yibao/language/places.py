"""Places of China in a text: provinces, cities, and the counties and districts below them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

from yibao.language.normalise import fold
from yibao.language.segmenter import default_segmenter

# Words that contain the name of a place and mean something else: stone, idioms, medicines, people, streets.
_NOT_A_REGION = re.compile(
    "大理石|大同小异|长治久安|日照(?:时|间|计)|天门冬|云南白药|长春(?:新|花)?碱|哈密瓜|普洱茶|青海苔|河[南北]岸|吉林大道|中国"
    "|北京时间|(?<=叫).{2}(?=[,\u3002])"
)
_STREET_OR_FIRM = re.compile("[东西南北中]?(?:路|街|大道|大街)|航空|银行|证券|保险公司|人寿")
_PLACE_SUFFIX = re.compile(
    "(?:壮族|回族|维吾尔)?自治区|(?:[\u4e00-\u9fff]{1,4}族){1,3}自治州|省|地区|州|[市县盟](?![区民场级内])"
)
_SCHOOL = re.compile("(?!上|读|念|的)[\u4e00-\u9fff]{0,4}大学(?!生)")
_BEFORE_A_PLACE = "在到去从住回往那"  # jieba takes 那天 out of 那天水呢
_NOT_FROM = re.compile("(?:(?<!是)不是|并非|而非|没在)(?:在|去|到|参保在)?$")
_NOT_IN = re.compile("(?<!在)(?<!户口)不在$")
_DENIAL = 8  # characters: no denial in front of a place is longer
_APART_FROM = re.compile("(?:省|市)?(?:以|之)外")
_OPEN_NAME = "朝阳"  # a city and two districts: its bare name is read wherever the text names one of their provinces


@dataclass(frozen=True)
class Mention:
    """A place where the text names it: ``text[start:end]``, with the suffix up to ``tail``.

    ``denied`` says that the text excludes it (不是福建的), ``school`` that it is part of the name of a university.
    """

    start: int
    end: int
    tail: int
    region: str
    denied: bool
    school: bool


@dataclass(frozen=True)
class _Gazetteer:
    """Which regions each name may mean: by itself, or only behind the place that it belongs to."""

    alone: Mapping[str, tuple[str, ...]]
    behind: Mapping[str, tuple[str, ...]]
    top: tuple[str, ...]
    longest: int

    @property
    def regions(self) -> frozenset[str]:
        return frozenset(region for table in (self.alone, self.behind) for each in table.values() for region in each)


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    folder = files("yibao.language").joinpath("data")
    table: dict[str, list[str]] = json.loads(folder.joinpath("regions.json").read_text(encoding="utf-8"))
    alone: dict[str, list[str]] = defaultdict(list)
    behind: dict[str, list[str]] = defaultdict(list)
    for province, cities in table.items():
        alone[province].append(province)
        for city in cities:
            alone[city].append(f"{province}/{city}")
            if city[-1] == "市":  # 中山市: the bare name is a word of its own
                behind[city[:-1]].append(f"{province}/{city}")
    top = tuple(alone)
    for line in folder.joinpath("counties.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        parent, *counties = line.split()
        for county in counties:
            _add_county(parent, county, alone, behind)
    # Folded as texts are: 乾安 is read as 干安.
    tables = [{fold(name): tuple(dict.fromkeys(regions)) for name, regions in each.items()} for each in (alone, behind)]
    return _Gazetteer(tables[0], tables[1], top, max(len(name) for each in tables for name in each))


def _add_county(parent: str, written: str, alone: dict[str, list[str]], behind: dict[str, list[str]]) -> None:
    short, _, suffix = written.strip("*!").partition("/")
    region = f"{parent}/{short}"
    if place_name(parent) == short:  # 抚顺县 in 抚顺
        region += suffix
    alone[short + suffix].append(region)
    if suffix and written[0] == "*":
        alone[short].append(region)
    elif suffix and written[0] != "!":
        behind[short].append(region)


def place_names() -> tuple[str, ...]:
    """Return the short names of all provinces and cities."""
    return _gazetteer().top


def known_regions() -> frozenset[str]:
    """Return every region that can be read from a text."""
    return _gazetteer().regions


def full_region(stated: str) -> str:
    """Return the region with the city a county belongs to: ``湖北/蕲春`` is ``湖北/黄冈/蕲春``; others as they are."""
    return _county_cities().get(stated, stated)


@lru_cache(maxsize=1)
def _county_cities() -> dict[str, str]:
    found: dict[str, str] = {}
    for region in sorted(known_regions()):
        levels = region.split("/")
        if len(levels) == 3:  # noqa: PLR2004
            found.setdefault(f"{levels[0]}/{levels[2]}", region)
    return {short: region for short, region in found.items() if short not in known_regions()}


def find_places(text: str) -> list[Mention]:
    """Return the places named in ``text`` (folded), in order, where the text tells which place is meant.

    A name that several counties share (鼓楼区) counts only where the text also names a city or province above it.
    """
    return _settled(text, _candidates(text))


def blank_places(text: str) -> str:
    """Return ``text`` (folded) with a comma for every name of a place, also for one that several places share."""
    for start, end, _ in reversed(_candidates(text)):
        suffix = _PLACE_SUFFIX.match(text, end)
        text = f"{text[:start]},{text[suffix.end() if suffix else end :]}"
    return text


def _candidates(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return start, end and possible regions of the names of places: at the start of a word, or right behind another.

    As a mere substring 保定 is in 医保定点, 长治 in 延长治疗 and 安康 in 平安康泰.
    """
    masked = _NOT_A_REGION.sub(lambda match: "\x00" * len(match.group()), text)
    borders: set[int] = set()
    candidates: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(masked):
        if (found := _longest(masked, at, candidates[-1] if candidates else None)) is None:
            at += 1
            continue
        borders = borders or {0, *accumulate(len(word) for word in default_segmenter().words(text))}
        end, regions = found
        touching = bool(candidates) and at in _ends(text, candidates[-1][1])
        whole = end in borders or not all(region.count("/") > 1 for region in regions)  # 山丹 is no county in 山丹丹
        if touching or (whole and (at in borders or text[at - 1] in _BEFORE_A_PLACE)):
            if not _STREET_OR_FIRM.match(text, end) or _longest(masked, end, (at, end, regions)):  # 台州路桥区
                candidates.append((at, end, regions))
            at = end
        else:
            at += 1
    return candidates


def _ends(text: str, end: int) -> set[int]:
    """Return where a next place may stand that touches the one ending at ``end``: 广东广州, 广东省广州, 广东的广州."""
    suffix = _PLACE_SUFFIX.match(text, end)
    tail = suffix.end() if suffix else end
    return {end, tail, tail + 1} if text[tail : tail + 1] == "的" else {end, tail}


def _longest(
    text: str, at: int, previous: tuple[int, int, tuple[str, ...]] | None
) -> tuple[int, tuple[str, ...]] | None:
    """Return end and regions of the longest name that starts at ``at``, or None."""
    gazetteer = _gazetteer()
    above = previous[2] if previous and at in _ends(text, previous[1]) else ()
    for length in range(min(gazetteer.longest, len(text) - at), 1, -1):
        name = text[at : at + length]
        inside = [r for r in gazetteer.behind.get(name, ()) if any(r.startswith(f"{a}/") for a in above)]
        known = gazetteer.alone.get(name, ())
        if name == _OPEN_NAME:
            known = tuple(gazetteer.behind[name])
        if known or inside:
            return at + length, tuple(dict.fromkeys([*known, *inside]))
    return None


def _settled(text: str, candidates: Sequence[tuple[int, int, tuple[str, ...]]]) -> list[Mention]:
    """Choose among the regions a name may stand for by the others that are named, nearest in front first."""
    sure = [regions[0] for _, _, regions in candidates if len(regions) == 1]
    mentions: list[Mention] = []
    for start, end, regions in candidates:
        region = regions[0] if len(regions) == 1 else _which(regions, [m.region for m in reversed(mentions)], sure)
        if region is None:
            continue
        suffix = _PLACE_SUFFIX.match(text, end)
        tail = suffix.end() if suffix else end
        denied = bool(_NOT_FROM.search(text, max(0, start - _DENIAL), start)) or bool(_APART_FROM.match(text, end))
        mentions.append(Mention(start, end, tail, region, denied, bool(_SCHOOL.match(text, end))))
    return _without_the_unmeant(text, mentions)


def _which(regions: tuple[str, ...], before: list[str], sure: list[str]) -> str | None:
    for known in (*before, *sure):
        inside = [region for region in regions if region.startswith(f"{known}/") or known.startswith(f"{region}/")]
        same = [region for region in regions if region.split("/")[0] == known.split("/")[0]]
        for choice in (inside, same):
            largest = min(choice, key=len, default="")  # 朝阳市 rather than 朝阳县 in it
            if choice and all(each == largest or each.startswith(f"{largest}/") for each in choice):
                return largest
    return None


def _without_the_unmeant(text: str, mentions: list[Mention]) -> list[Mention]:
    """Drop what the text excludes, and the place in a university's name where another place is named."""
    allowed = [m for m in mentions if not m.denied]
    kept = [m for m in allowed if not m.school] or allowed
    elsewhere = [m for m in kept if not _NOT_IN.search(text, max(0, m.start - _DENIAL), m.start)]
    return elsewhere or kept


def read_regions(text: str) -> tuple[str, ...]:
    """Return the regions named in ``text``, each once, in order; a city stands for its province too."""
    return without_parents(mention.region for mention in find_places(text))


def without_parents(regions: Iterable[str]) -> tuple[str, ...]:
    """Return each region once, in order, without those that hold another one of them."""
    once = tuple(dict.fromkeys(regions))
    return tuple(r for r in once if not any(other.startswith(f"{r}/") for other in once))


def place_name(region: str) -> str:
    """Return the last part of a region: 蕲春 of 湖北/黄冈/蕲春."""
    return region.rpartition("/")[2]


def region_agrees(asked: tuple[str, ...], given: str | None) -> bool:
    """Tell whether a text of region ``given`` can speak for one of the regions ``asked``.

    A text without region is nationwide and speaks for all; a province speaks for its cities; a city is
    shown to somebody who asks for its province.
    """
    if not asked or not given:
        return True
    stated = full_region(given)
    return any(a == stated or a.startswith(f"{stated}/") or stated.startswith(f"{a}/") for a in map(full_region, asked))
