"""Dates, spans of dates and times of day: 2024年5月1日, 二〇二四年, 每年9月至12月, 2021-2025年, 8:30-17:00.

All patterns are for folded text; each is tried where a number starts.
"""

from __future__ import annotations

import re

from yibao.language.quantities.numerals import DIGITS, HAN_DIGIT, read_number
from yibao.language.quantities.quantity import Quantity

TO = r" ?(?:-{1,2}|~|\u2013|\u2014{1,2}|―|至|到) ?"
_YEAR = rf"(?:(?:19|20)\d\d(?!\d)|[一二][九零〇○]{HAN_DIGIT}{{2}})"
_MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = "(?:[12]\\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九])"
_EDGE = "(?:底|初(?![一二三四五六七八九十])|末|[上中下]旬)"
_AT_EDGE = re.compile(f"{_EDGE}$")
_LATER = "(?P<later>次年|翌年|第二年|来年)?(?:当年|同年|本年)?"
_MONTHS = f" ?{_MONTH} ?月(?!龄|薪)"

_DIGITS_ONLY = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=s)(?P<d>[12]\d|3[01]|0?[1-9])(?!\d)日?"
    rf"(?:{TO}(?P<y2>(?:19|20)\d\d)(?P=s)(?P<m2>1[0-2]|0?[1-9])(?P=s)(?P<d2>[12]\d|3[01]|0?[1-9])(?!\d)日?)?"
    r"|(?P<ym>(?:19|20)\d\d)-(?P<mm>0[1-9]|1[0-2])(?![\d年-])"
)
_WRITTEN = re.compile(
    rf"(?P<every>每年(?:的)?)?(?:(?P<y>{_YEAR}) ?年(?:度)?(?!级|龄|代)(?:的)?(?={_MONTHS}))?"
    rf"(?P<m> ?{_MONTH}) ?月(?!龄|薪)份?(?:(?P<d> ?{_DAY}) ?[日号](?!楼|线))?{_EDGE}?"
    rf"(?:{TO}{_LATER}(?:(?P<y2>{_YEAR}) ?年度?)?(?:(?P<m2> ?{_MONTH}) ?月(?!龄|薪)份?)?"
    rf"(?:(?<=[月至到~―\u2013\u2014 -])(?P<d2> ?{_DAY}) ?[日号](?!楼|线))?(?:{_EDGE}|(?<=[月日号年])))?"
)
_YEARS = re.compile(
    rf"(?P<y>{_YEAR}) ?年(?:度)?(?!级|龄|代){_EDGE}?(?:{TO}(?P<y2>{_YEAR}) ?年度?{_EDGE}?)?"
    rf"|(?P<bare>{_YEAR}){TO}(?P<bare2>{_YEAR}) ?年度?"
)
_MONTHS_ONLY = re.compile(
    rf"(?P<every>每年)?(?P<m>{_MONTH}){TO}{_LATER}(?P<m2>{_MONTH}) ?月(?!龄|薪| ?{_DAY} ?[日号])份?{_EDGE}?"
)
_DAY_OF_MONTH = re.compile(rf"(?P<d>{_DAY}) ?[日号](?:{TO}(?P<d2>{_DAY}) ?[日号])?")
_BEFORE_DAY = re.compile(r"(?:[每当次本上下该]|每个)月的?$|月 ?\d{1,2} ?[日号][、和及或,]$")
_CURRENT = re.compile("[当次]月(?=起|享|生效|即)")

_NOON = 12
_YEAR_DIGITS = 4
_AFTERNOON = re.compile("(?:下午|晚上|傍晚|晚)$")
_DAYPART = re.compile("(?:[上下]午|早上|晚上|中午|凌晨|傍晚|早|晚)$")
_O_CLOCK = (
    r"(?:(?P<h{n}>[01]?\d|2[0-4])(?::(?P<c{n}>[0-5]\d)(?!\d)(?::[0-5]\d)?|[点时](?P<r{n}>半|整|钟|[0-5]?\d分?(?!钟))?)"
    r"|(?P<w{n}>十[一二]?|[一二两三四五六七八九])点(?P<x{n}>半|整|钟)?)"
)
_TIME = re.compile(_O_CLOCK.format(n=1) + rf"(?:{TO}(?P<part>[上下]午|晚上)?" + _O_CLOCK.format(n=2) + ")?")


def read_date(text: str, at: int) -> Quantity | None:
    """Return the date, or the span of dates, that starts at ``text[at]``."""
    if match := _DIGITS_ONLY.match(text, at):
        got = match.groupdict()
        low = _number(got["y"] or got["ym"], got["m"] or got["mm"], got["d"])
        high = _number(got["y2"], got["m2"], got["d2"]) if got["y2"] else low
        return _date(match, low, high)
    if match := _WRITTEN.match(text, at):
        return _written(match)
    if match := _YEARS.match(text, at):
        first, second = match["y"] or match["bare"], match["y2"] or match["bare2"]
        return _date(match, _number(first), _number(second or first))
    if match := _MONTHS_ONLY.match(text, at):
        high = _number(None, match["m2"]) + (10_000 if match["later"] else 0)
        return _date(match, _number(None, match["m"]), high)
    if (match := _DAY_OF_MONTH.match(text, at)) and _BEFORE_DAY.search(text[max(0, at - 8) : at]):
        return _date(match, _number(None, None, match["d"]), _number(None, None, match["d2"] or match["d"]))
    match = _CURRENT.match(text, at)
    return Quantity("date", *match.span(), 0.0, 0.0, match.group()) if match else None


def _written(match: re.Match[str]) -> Quantity:
    got = match.groupdict()
    low = _number(got["y"], got["m"], got["d"])
    if not (got["y2"] or got["m2"] or got["d2"]):
        return _date(match, low, low)
    year = got["y2"] or got["y"]
    month = got["m2"] or (None if got["y2"] else got["m"])
    high = _number(year, month, got["d2"])
    return _date(match, low, high + (10_000 if got["later"] and not got["y2"] else 0))


def _date(match: re.Match[str], low: float, high: float) -> Quantity:
    finest = "日" if low % 100 or high % 100 else "月" if low % 10_000 or high % 10_000 else "年"
    yearly = "/年" if match.groupdict().get("every") else ""
    edge = _AT_EDGE.search(match.group())
    return Quantity("date", *match.span(), low, high, finest + (edge.group() if edge else "") + yearly)


def _number(year: str | None, month: str | None = None, day: str | None = None) -> float:
    return float(_part(year) * 10_000 + _part(month) * 100 + _part(day))


def _part(written: str | None) -> int:
    bare = (written or "0").strip()
    if len(bare) == _YEAR_DIGITS and not bare.isdecimal():  # 二〇二四
        return int("".join(str(DIGITS[character]) for character in bare))
    read = read_number(bare)
    return int(read[0]) if read else 0


def read_time(text: str, at: int) -> Quantity | None:
    """Return the time of day, or the span of them, that starts at ``text[at]``; no 3点建议 and no 一点."""
    match = _TIME.match(text, at)
    if not match:
        return None
    before = text[max(0, at - 2) : at]
    plain = not any(match[name] for name in ("c1", "r1", "x1", "h2", "w2"))
    if plain and not _DAYPART.search(before):
        return None
    low = _minutes(match, 1, late=bool(_AFTERNOON.search(before)))
    late = match["part"] in {"下午", "晚上"} or (not match["part"] and bool(_AFTERNOON.search(before)))
    high = _minutes(match, 2, late=late) if match["h2"] or match["w2"] else low
    return Quantity("time", *match.span(), low, high, "时")


def _minutes(match: re.Match[str], number: int, *, late: bool) -> float:
    hour = _part(match[f"h{number}"] or match[f"w{number}"])
    rest = match[f"r{number}"] or match[f"x{number}"] or ""
    minute = 30 if rest == "半" else int(match[f"c{number}"] or rest.strip("整钟分") or 0)
    return float((hour + (_NOON if late and hour < _NOON else 0)) * 60 + minute)
