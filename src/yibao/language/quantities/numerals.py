"""Numbers as they are written: 20,000, 1.5万, 4万8千, 两万五千, 一万二, 五十五点五; and 三五 or 七八十, which are two.

All patterns are for folded text, and bounded, so that reading at one place takes a constant time.
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "○": 0}
_MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LARGE = 10_000
HAN = "零〇○一二两三四五六七八九十百千万亿"
HAN_DIGIT = "[零〇○一二两三四五六七八九]"
_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,15})(?:\.\d{1,8})?(?!\.?\d)"
# 4万8千, 1万5000, 3千5: what follows a multiple is no number of its own unless a sign says so.
_ARABIC_LED = rf"{_ARABIC}(?: ?[十百千万亿]{{1,2}}(?:零?\d{{1,4}}(?![\d.%:]|,\d)(?!-\d))?){{0,4}}"
# 三百一年 are 300 for a year. A longer run than 16 characters is no number, nor is any part of it.
_HAN_LED = (
    rf"(?:[{HAN}]{{1,15}}?[百千万亿](?=一(?:年|人|天|次|个))"
    rf"|[{HAN}]{{1,16}}(?![{HAN}])(?:(?<=[百千万亿])\d{{1,4}}(?!\d)[百千]?|点{HAN_DIGIT}{{1,6}}[百千万亿]{{0,2}})?)"
)
NUMBER = f"(?:{_ARABIC_LED}|{_HAN_LED})"

_TOKEN = re.compile(rf"\d+(?:\.\d+)?|[{HAN}]")
# 三五天, 七八十元: neighbouring digits that nobody means as one number.
_PAIR = re.compile("(?:一[二两]|[二两]三|三[四五]|四五|五六|六七|七八|八九)")
_TAIL_OF_MULTIPLES = re.compile("[百千万亿]+$")


def read_number(written: str) -> tuple[Decimal, Decimal] | None:
    """Return the number that ``written``, a match of ``NUMBER``, stands for, as its lowest and highest value.

    Both are the same but for 三五 and the like. None where it stands for none: 一二三四, 二零.
    """
    plain = written.replace(",", "").replace(" ", "")
    whole, point, fraction = plain.partition("点")
    if point:
        value = _with_fraction(whole, fraction)
        return None if value is None else (value, value)
    if not plain[0].isdigit() and (pair := _PAIR.search(plain)):
        low, high = (_value(plain[: pair.start()] + digit + plain[pair.end() :]) for digit in pair.group())
        return None if low is None or high is None else (low, high)
    value = _value(plain)
    return None if value is None else (value, value)


def shared_multiple(first: str, second: str) -> int:
    """Return what the first number of a range is to be multiplied by, as its second is: 5-8万, but not 500-1万."""
    tail = _TAIL_OF_MULTIPLES.search(second)
    if not tail or not tail.start() or re.search("[百千万亿]", first):
        return 1
    own, other = read_number(first), read_number(second[: tail.start()])
    if not own or not other or own[1] >= other[0]:
        return 1
    return _product(tail.group())


def _product(multiples: str) -> int:
    factor = 1
    for character in multiples:
        factor *= _MULTIPLES[character]
    return factor


def _with_fraction(whole: str, fraction: str) -> Decimal | None:
    value, digits = _value(whole), fraction.rstrip("百千万亿")
    if value is None:
        return None
    value += Decimal("0." + "".join(str(DIGITS[each]) for each in digits))
    return value * _product(fraction[len(digits) :])


def _value(written: str) -> Decimal | None:
    """Return the number that digits and multiples write; of 一万二 the last digit counts as thousands."""
    total = section = Decimal(0)
    pending: str | None = None  # a digit, or a run of them, that no multiple has taken yet
    before, gap, small = "", False, _LARGE
    for part in _TOKEN.findall(written):
        if part in "零〇○":
            if pending is not None:
                return None
            gap = True
        elif part not in _MULTIPLES:
            if pending is not None:
                return None
            pending = part
        elif _MULTIPLES[part] < _LARGE:
            if _MULTIPLES[part] >= small:
                return None
            small = _MULTIPLES[part]
            section += (_digits(pending) if pending else 1) * small
            pending, gap = None, False
        else:
            section += _digits(pending) if pending else 0
            if not section and not total:
                if before or written[0] != part:
                    return None
                section = Decimal(1)
            multiple = _MULTIPLES[part]
            total = total + section * multiple if section else total * multiple
            section, pending, gap, small = Decimal(0), None, False, _LARGE
        before = part
    return total + section + _rest(written, pending, gap)


def _rest(written: str, pending: str | None, gap: bool) -> Decimal:
    """Return what the last digits count: 二 of 一万二 2000, 5000 of 1万5000 itself, 五 of 一百零五 5."""
    if not pending:
        return Decimal(0)
    previous = written[: -len(pending)][-1:]
    if previous in _MULTIPLES and not gap and len(pending) == 1:
        return _digits(pending) * (_MULTIPLES[previous] // 10)
    return _digits(pending)


def _digits(written: str) -> Decimal:
    return Decimal(DIGITS[written]) if written in DIGITS else Decimal(written)
