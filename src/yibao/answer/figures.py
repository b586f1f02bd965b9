"""Figures in a text, each with its unit, in one form: 百分之七十 and 70% are the same, so are 半年 and 6个月."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yibao.language.numbers import han_value

_MULTIPLES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

_ARABIC = r"\d[\d,]*(?:\.\d+)?"
_HAN = "[零一二两三四五六七八九十百千万]+|半"
# Unit as written -> unit in which it is told, and how many of that.
_UNITS: dict[str, tuple[str, Decimal | int]] = {
    "个工作日": ("工作日", 1), "工作日": ("工作日", 1), "个月": ("月", 1), "周岁": ("岁", 1), "岁": ("岁", 1),
    "天": ("天", 1), "日": ("天", 1), "年": ("月", 12), "周": ("天", 7), "个小时": ("小时", 1), "小时": ("小时", 1),
    "分钟": ("分钟", 1), "月": ("月份", 1), "元": ("元", 1), "块": ("元", 1), "个百分点": ("点", 1), "次": ("次", 1),
    "倍": ("倍", 1), "成": ("%", 10), "%": ("%", 1), "人": ("个", 1), "名": ("个", 1), "位": ("个", 1), "种": ("个", 1),
    "类": ("个", 1), "项": ("个", 1), "个": ("个", 1), "份": ("个", 1), "张": ("个", 1), "步": ("个", 1),
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_FIGURE = re.compile(
    r"(?P<year>(?<!\d)(?:19|20)\d\d)(?:年度?|[-/.](?=\d{1,2}[-/.]\d))(?:(?P<month>\d{1,2})[月/.-](?:(?P<day>\d{1,2})[日号]?)?)?"
    r"|(?P<date>\d{1,2}月\d{1,2}[日号])"
    r"|(?P<phone>(?<!\d)\d{3,4}-\d{7,8}(?!\d))"
    rf"|百分之(?P<share>{_ARABIC}|{_HAN})"
    rf"|(?P<first>{_ARABIC}|{_HAN})(?P<times>[百千万亿]?)\s*(?P<own>{_UNIT})?\s*[-~\u2014至到]{{1,2}}\s*(?P<second>{_ARABIC}|{_HAN})(?P<times2>[百千万亿]?)\s*(?P<unit>{_UNIT})(?!性)"
    rf"|(?P<number>{_ARABIC}|{_HAN})(?P<more>[百千万亿]?)余?\s*(?P<single>{_UNIT})(?!性)"
    rf"|(?P<bare>{_ARABIC})"
)


@dataclass(frozen=True)
class Figure:
    """A number with its unit in one form, and where it stands in the text; both ends of a range stand at one place."""

    start: int
    end: int
    value: str


def figures(folded: str) -> list[Figure]:
    """Return the figures of a folded text in their order. 一个 and 一种 are no figures: they say that something is."""
    return [Figure(match.start(), match.end(), value) for match in _FIGURE.finditer(folded) for value in _values(match)]


def _values(match: re.Match[str]) -> Iterator[str]:
    if match["year"]:
        yield "-".join([match["year"], *(str(int(part)) for part in (match["month"], match["day"]) if part)])
    elif match["date"] or match["phone"]:
        yield match["date"] or match["phone"]
    elif match["share"]:
        yield _told(match["share"], "", "%")
    elif match["second"]:
        yield _told(match["first"], match["times"] or match["times2"], match["own"] or match["unit"])
        yield _told(match["second"], match["times2"], match["unit"])
    elif match["number"]:
        if not (match["number"] == "一" and _UNITS[match["single"]][0] == "个"):
            yield _told(match["number"], match["more"], match["single"])
    else:
        yield match["bare"].replace(",", "").rstrip(".")


def _told(number: str, times: str, unit: str) -> str:
    name, factor = _UNITS[unit]
    value = _value(number) * _MULTIPLES.get(times, 1) * factor
    return f"{value.normalize():f}{name}"


def _value(number: str) -> Decimal:
    if number[0].isdigit():
        return Decimal(number.replace(",", ""))
    if number == "半":
        return Decimal("0.5")
    return Decimal(han_value(number))
