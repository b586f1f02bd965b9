"""Values in a text, where they stand and how large they are: 45%, 15个工作日, 2024年5月, 400元/年, 12393.

Different writings of one value are equal: 半年 and 6个月, 百分之五十 and 50%, 1.5万元 and 15000元.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from yibao.language.normalise import fold
from yibao.language.numbers import han_value

ValueKind = Literal["share", "amount", "duration", "date", "count", "phone", "link", "place", "name"]

_FACTORS = {"百": 100.0, "千": 1000.0, "万": 10000.0}
_MONTH, _YEAR = 30.0, 360.0  # days: 12 months are a year
_DAYS = {"天": 1.0, "日": 1.0, "周": 7.0, "星期": 7.0, "月": _MONTH, "年": _YEAR, "工作日": 1.4, "小时": 1 / 24}
SAME_PIECE = {"位": "名", "所": "家"}
_SAME = 0.02  # shares of a value: 365 days are a year too

_N = r"(?:\d[\d,]*(?:\.\d+)?|[零一二三四五六七八九十百千两]+)"
_TO = r"\s*(?:-|~|\u2013|\u2014|至|到)\s*"
_UNIT = r"(?:个?工作日|个半月|个?月|天|日|年|周|个?星期|个?小时)"
_FORMS: dict[ValueKind, re.Pattern[str]] = {
    "share": re.compile(
        rf"(?P<a>\d+(?:\.\d+)?)%?{_TO}(?P<b>\d+(?:\.\d+)?)%|(?P<c>\d+(?:\.\d+)?)%"
        rf"|百分之(?P<d>{_N})(?:{_TO}百分之(?P<e>{_N}))?|(?P<f>[一二三四五六七八九两])成(?P<g>半|[一二三四五六七八九])?(?!立|为|功|员|人|本)"
    ),
    "amount": re.compile(
        rf"(?P<a>{_N}){_TO}(?P<b>{_N})(?P<f>[万千百])?(?:元|块钱?)(?P<per>/(?:年|月|人|天|次)|每?人?每[年月])?"
        rf"|(?P<c>{_N})(?P<g>[万千百])?(?:元|块钱?)(?P<per2>/(?:年|月|人|天|次)|每?人?每[年月])?"
    ),
    "duration": re.compile(
        rf"(?P<a>{_N})(?P<au>{_UNIT})?{_TO}(?P<b>{_N})(?P<bu>{_UNIT})|(?P<half>半个?[年月天])|(?P<c>{_N})(?P<cu>{_UNIT})"
        r"|(?P<ever>(?:长期|永久|终身|一直)(?=有效|[,\u3002;]|$))|(?P<none>(?:没有|无|不设|取消)等待期)"
    ),
    "date": re.compile(
        rf"(?:20\d\d|19\d\d)年(?:\d{{1,2}}月(?:\d{{1,2}}[日号])?)?(?:{_TO}(?:(?:20\d\d)年)?(?:\d{{1,2}}月(?:\d{{1,2}}[日号])?|底))?"
        rf"|(?:20\d\d)-\d\d-\d\d|(?:每年)?\d{{1,2}}月(?:\d{{1,2}}[日号])?{_TO}(?:次年)?\d{{1,2}}月(?:\d{{1,2}}[日号])?"
        r"|(?:每年)?\d{1,2}月\d{1,2}[日号]|每年\d{1,2}月|[当次]月(?=起|享|生效|即)"
    ),
    "count": re.compile(
        r"(?P<c>\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十两]+)(?P<g>[万千百])?(?P<u>种|类|项|家|所|名|位|张|次|份|例|分|亩|平方米|个)"
        r"(?!工作日|月|小时|星期|人|之)"
    ),
    "phone": re.compile(r"(?<![\d-])(?:\d{3,4}-\d{7,8}|1\d{10}|\d{5,8})(?![\d元%.]|-\d)"),
    "link": re.compile(r"(?:https?://|www\.)[a-z0-9./_?=&%#:~-]+"),
    "place": re.compile(
        r"(?:地址(?:[是为在:])?|位于|坐落[于在])(?P<v>[^,\u3002;:\s]{2,40}?\d+号(?:[^,\u3002;:\s]{0,8}[号楼座层室])?)"
    ),
    "name": re.compile("\u300c[^\u300d]{2,12}\u300d"),
}
# 2025年 is no duration, nor is the 6月 of a date.
_NOT_A_SPAN = re.compile(r"(?:19|20)\d\d年|\d{1,2}月\d{1,2}[日号]|\d{1,2}月(?:底|份)|\d+岁|第\d+年")


@dataclass(frozen=True)
class Value:
    """A value at ``text[start:end]``, ``low`` to ``high`` in its base unit (percent, yuan, days, pieces).

    ``unit`` parts what cannot be compared: 元/年 from 元, 种 from 类. Dates, numbers to call, links and places have
    no size: their ``unit`` is how they are written, ``low`` and ``high`` are 0.
    """

    kind: ValueKind
    start: int
    end: int
    low: float
    high: float
    unit: str

    def same_as(self, other: Value) -> bool:
        """Tell whether both are the same value, however written."""
        if (self.kind, self.unit) != (other.kind, other.unit):
            return False
        return _near(self.low, other.low) and _near(self.high, other.high)

    def contains(self, other: Value) -> bool:
        """Tell whether the other value lies within this one: 6至12个月 holds 6个月."""
        if (self.kind, self.unit) != (other.kind, other.unit):
            return False
        return self.low <= other.low * (1 + _SAME) and other.high <= self.high * (1 + _SAME)


def _near(one: float, two: float) -> bool:
    return abs(one - two) <= _SAME * max(abs(one), abs(two))


def number_of(text: str) -> float:
    """Return the number that digits (``20,000``, ``1.5``) or Chinese numerals (``二十五``) write."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    return float(han_value(text))


def find_values(text: str, kinds: tuple[ValueKind, ...]) -> list[Value]:
    """Return the values of these kinds in ``text``, by where they stand; offsets are those of ``text``."""
    folded = fold(text)
    found = [value for kind in kinds for value in _FINDERS[kind](kind, folded)]
    return sorted(found, key=lambda value: (value.start, value.end))


def _shares(kind: ValueKind, text: str) -> Iterator[Value]:
    for match in _FORMS[kind].finditer(text):
        got = match.groupdict()
        if got["a"] or got["d"]:
            low = number_of(got["a"] or got["d"])
            high = number_of(got["b"] or got["e"] or got["a"] or got["d"])
        elif got["c"]:
            low = high = number_of(got["c"])
        else:
            tail = {"": 0.0, "半": 5.0}.get(got["g"] or "")
            low = high = number_of(got["f"]) * 10 + (number_of(got["g"]) if tail is None else tail)
        yield Value(kind, *match.span(), min(low, high), max(low, high), "%")


def _amounts(kind: ValueKind, text: str) -> Iterator[Value]:
    for match in _FORMS[kind].finditer(text):
        got = match.groupdict()
        factor = _FACTORS.get(got["f"] or got["g"] or "", 1.0)
        per = (got["per"] or got["per2"] or "").lstrip("/每人")
        low = number_of(got["a"] or got["c"]) * factor
        high = number_of(got["b"] or got["c"]) * factor
        # 500-1万元 is from 500 on; 5-8万元 is from 50,000 on.
        if got["a"] and got["f"] and number_of(got["a"]) > number_of(got["b"]):
            low = number_of(got["a"])
        yield Value(kind, *match.span(), low, high, f"元/{per}" if per else "元")


def _durations(kind: ValueKind, text: str) -> Iterator[Value]:
    masked = _NOT_A_SPAN.sub(lambda match: "\x00" * len(match.group()), text)
    for match in _FORMS[kind].finditer(masked):
        got = match.groupdict()
        if got["half"]:
            low = high = _days(0.5, got["half"][1:])
        elif got["ever"]:
            low = high = 1e6
        elif got["none"]:
            low = high = 0.0
        elif got["a"]:
            low, high = _days(number_of(got["a"]), got["au"] or got["bu"]), _days(number_of(got["b"]), got["bu"])
        else:
            if re.fullmatch(r"\d{1,2}月", match.group()) or re.fullmatch(r"\d{1,2}日", match.group()):
                continue
            low = high = _days(number_of(got["c"]), got["cu"])
        yield Value(kind, *match.span(), low, high, "天")


def _days(number: float, unit: str) -> float:
    if unit.endswith("半月"):
        return (number + 0.5) * _MONTH
    return number * _DAYS[unit.removeprefix("个")]


def _counts(kind: ValueKind, text: str) -> Iterator[Value]:
    for match in _FORMS[kind].finditer(text):
        number = number_of(match["c"]) * _FACTORS.get(match["g"] or "", 1.0)
        yield Value(kind, *match.span(), number, number, SAME_PIECE.get(match["u"], match["u"]))


def _named(kind: ValueKind, text: str) -> Iterator[Value]:
    for match in _FORMS[kind].finditer(text):
        start, end = match.span("v") if kind == "place" else match.span()
        yield Value(kind, start, end, 0.0, 0.0, text[start:end])


_FINDERS: dict[ValueKind, Callable[[ValueKind, str], Iterator[Value]]] = {
    "share": _shares, "amount": _amounts, "duration": _durations, "count": _counts,
    "date": _named, "phone": _named, "link": _named, "place": _named, "name": _named,
}  # fmt: skip
