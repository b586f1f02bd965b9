"""One index term for a number however it is written: 2万 = 20000 = 20,000元, 百分之五十 = 50%, 半年 = 6个月.

Words alone cannot do this: a segmenter cuts 20,000 into 20 and 000, and 五十 shares nothing with 50.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite

from yibao.language.normalise import fold

NUMBER_PREFIX = "#"  # keeps the term of an amount apart from the digits as a word
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_HAN_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_TWO_DIGITS = re.compile("[一二两三四五六七八九][零〇一二两三四五六七八九]")
# Bounded, so that a long run of digits takes no longer than it has digits.
_HAN = f"(?<![{_HAN_DIGITS}])[{_HAN_DIGITS}]{{1,14}}(?![{_HAN_DIGITS}])"
_ARABIC = r"(?<![\d.])(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(?:\.\d{1,4})?(?!\d)"
_MONTHS_OF_A_YEAR = 12
_TENTHS = 10
_LARGE_ENOUGH = 1000  # a smaller number without a unit may count anything


def number_terms(text: str) -> list[str]:
    """Return one term per document number, date, telephone number, percentage, span of time and amount of money.

    In the order of the kinds, with repeats. What one kind has taken no later one reads again.
    """
    rest = fold(text)
    terms: list[str] = []

    def take(pattern: re.Pattern[str], write: Callable[[re.Match[str]], str]) -> None:
        nonlocal rest

        def taken(match: re.Match[str]) -> str:
            written = write(match)
            if not written:
                return match.group()
            terms.append(NUMBER_PREFIX + written)
            return " "

        rest = pattern.sub(taken, rest)

    for pattern, write in _KINDS:
        take(pattern, write)
    return terms


def value_of(written: str) -> float | None:
    """Return the value of a number in Arabic or Chinese digits, with or without 万 and 亿; None where it is none."""
    plain = written.replace(",", "")
    scale = 1
    while plain and plain[-1] in _LARGE | _UNITS and re.fullmatch(r"[\d.]+", plain[:-1].rstrip("万亿十百千")):
        scale *= (_LARGE | _UNITS)[plain[-1]]
        plain = plain[:-1]
    try:
        return float(plain) * scale
    except ValueError:
        return _chinese(plain)


def han_value(written: str) -> int:
    """Return the number that Chinese numerals write: 一百二十, 两万五千, 十五; of two digits in a row the last counts.

    Raises:
        KeyError: another character is among them.
    """
    total = section = digit = 0
    for character in written:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += max(digit, 1) * _UNITS[character]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[character]
            section = digit = 0
    return total + section + digit


def _chinese(written: str) -> float | None:
    """Read Chinese numerals, and 一万二 as 12000; not 三五 or 一二三, which are a manner of speaking."""
    if not written or set(written) - set(_HAN_DIGITS) or _TWO_DIGITS.search(written):
        return None
    before = (_UNITS | _LARGE).get(written[-2:-1], 1)
    return float(han_value(written) + _DIGITS.get(written[-1], 0) * (max(1, before // 10) - 1))


def _plain(value: float | None) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value is not None and isfinite(value) else ""


def _percentage(match: re.Match[str]) -> str:
    value = value_of(match["number"] or match["han"])
    return "" if value is None else _plain(value) + "%"


def _tenths(match: re.Match[str]) -> str:
    value = value_of(match["number"])
    return "" if value is None or value >= _TENTHS else _plain(10 * value + (5 if match["half"] else 0)) + "%"


def _span(match: re.Match[str]) -> str:
    value = value_of(match["number"])
    if value is None:
        return ""
    unit = {"日": "天", "星期": "周", "礼拜": "周", "个小时": "小时"}.get(match["unit"], match["unit"])
    if unit == "年":
        value, unit = (value + (0.5 if match["half"] else 0)) * _MONTHS_OF_A_YEAR, "月"
    return _plain(value) + unit


def _money(match: re.Match[str]) -> str:
    value = value_of(match["number"])
    if not match["unit"] and (
        value is None or value < _LARGE_ENOUGH or re.fullmatch("(?:19|20)\\d\\d", match["number"])
    ):
        return ""
    return _plain(value)


def _date(match: re.Match[str]) -> str:
    parts = [match["year"], match["month"], match["day"]]
    return "-".join(f"{int(part):02d}" for part in parts if part) + "日"


_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"[\[(〔【]\s*((?:19|20)\d\d)\s*[\])〕】]\s*第?\s*(\d{1,5})\s*号"),
        lambda match: f"{match[1]}-{int(match[2])}号",
    ),
    (
        re.compile(r"(?<!\d)(?:\(?(0\d{2,3})\)?[- ]?(\d{7,8})|(400|800)-?(\d{3})-?(\d{4}))(?!\d)"),
        lambda match: "".join(filter(None, match.groups())),
    ),
    (
        re.compile(
            r"(?:(?P<year>(?<!\d)(?:19|20)\d\d)[年/.-])?(?<!\d)(?P<month>1[0-2]|0?[1-9])[月/.-](?P<day>[0-3]?\d)"
            "(?:日|号|(?(year)(?!\\d)|(?!)))"
        ),
        _date,
    ),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)年"), lambda match: f"{match[1]}年"),
    (re.compile(rf"(?P<number>{_ARABIC})\s*%|百分之(?P<han>{_ARABIC}|{_HAN})"), _percentage),
    (re.compile(rf"(?P<number>{_HAN})成(?P<half>半?)(?![都立为功员本人年熟长绩果份])"), _tenths),
    (re.compile("半年"), lambda _: "6月"),
    (
        re.compile(
            rf"(?<![\d.第])(?P<number>{_ARABIC}|{_HAN})\s*(?:个)?(?P<unit>工作日|小时|月|天|日|年|周|星期|礼拜)(?P<half>半?)(?!\d)"
        ),
        _span,
    ),
    (
        re.compile(rf"(?<![\d.#-])(?P<number>(?:{_ARABIC})\s*[万亿千百]*|{_HAN})\s*(?P<unit>元|块|圆)?(?![\d%])"),
        _money,
    ),
)
