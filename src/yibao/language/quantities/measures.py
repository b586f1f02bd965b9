"""What is measured: shares, money, lengths of time, ages and counts, one value or a range.

All patterns are for folded text; each is tried where a number starts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from yibao.language.quantities.dates import TO
from yibao.language.quantities.numerals import DIGITS, HAN, NUMBER, read_number, shared_multiple
from yibao.language.quantities.quantity import DAYS, FOREVER, Bound, Quantity
from yibao.language.quantities.units import UNIT, UNITS, Unit

_TEN = 10  # tenths
_HALF = Decimal("0.5")
_VAGUE = "[余多来几]"
# A half after the unit: 一年半, 三天半; not that of 一年半价.
_TRAILING_HALF = f"(?:半(?![个年月天日小价数{HAN}]))"
_MEASURED = re.compile(
    rf"(?P<first>{NUMBER})(?: ?(?P<vague>{_VAGUE}))? ?(?P<own>{UNIT})?(?P<half>{_TRAILING_HALF}?)(?P<more>[多余]?)"
    rf"(?:{TO}(?P<second>{NUMBER})(?P<vague2>{_VAGUE}?) ?(?P<unit>{UNIT})(?P<half2>{_TRAILING_HALF}?))?"
)
_FRACTION = re.compile(
    rf"(?P<of>[{HAN}]{{1,4}}|\d{{1,4}})分之(?P<first>{NUMBER})"
    rf"(?:{TO}(?:(?P=of)分之)?(?P<second>{NUMBER})(?! ?[个年月天日元人]))?"
)
_TENTH = r"(?:[一二两三四五六七八九十]{1,2}|10|\d(?:\.\d)?)"
_TENTHS = re.compile(
    rf"(?:(?P<from>{_TENTH})成?{TO}(?=[一二三四五六七八九十\d.]{{1,3}}[成折]))?(?P<first>{_TENTH})"
    "(?:成(?![都立为功员本人年熟长绩果份])(?P<tail>半|[一二三四五六七八九](?![年月天日个项种类次人元块]))?|折(?![叠旧射扣算]))"
)
_YEARS_AND_MONTHS = re.compile(rf"(?P<years>{NUMBER})年(?:零|又|加)?(?P<months>{NUMBER})个月")
_HALF_FIRST = re.compile("半(?:个(?P<vague>多?))?(?P<unit>小时|钟头|星期|月(?!板|经)|年|天)(?!级)")
_TO = re.compile(TO)
_SIGNED = re.compile(rf"(?:¥|人民币|rmb) ?(?P<first>{NUMBER}) ?(?:元|圆|块钱?)?")
_CHANGE = re.compile(
    "(?:(?P<dime>[一二两三四五六七八九]|\\d)(?:角|毛(?!病))|(?<=块)(?P<bare>[一二两三四五六七八九]|\\d)(?![\\d\u3400-\u9fff]))"
    "(?:(?P<cent>[一二两三四五六七八九]|\\d)分)?"
)
_PER_AFTER = re.compile(
    "(?:(?:/|每)(?:人|床)?[/\u00b7.]?(?:每)?(?P<per>年|月|天|日|次|人|户|床日)(?![\u4e00-\u9fff]?[均起])(?:[/\u00b7.](?:人|户))?)"
)
_PER_FIRST = re.compile("(?:每人)?每(?P<per>年|月|天|日|次)(?:每人)?")
_PERIODS = {"日": "天"}
_WORDS = frozenset(["十分", "三角", "一步"])
_BEFORE_PIECES = frozenset("成为这那哪")  # 分成两块
_BEFORE_VAGUE = frozenset("数几上近")  # 数万元
_EVER = re.compile("(?:长期|永久|终身|一直)(?=有效|[,\u3002;]|$)")
_NONE = re.compile("(?:没有|无|不设|取消)等待期")


def read_fraction(text: str, at: int) -> Quantity | None:
    """Return the share at ``text[at]`` that is written as a fraction: 百分之五十五点五, 千分之三, 三分之二."""
    match = _FRACTION.match(text, at)
    if not match:
        return None
    whole, first = read_number(match["of"]), read_number(match["first"])
    last = read_number(match["second"]) if match["second"] else first
    if not whole or not first or not last or not whole[0]:
        return None
    low, high = first[0] * 100 / whole[0], last[1] * 100 / whole[0]
    return Quantity("share", *match.span(), float(min(low, high)), float(max(low, high)), "%")


def read_tenths(text: str, at: int) -> Quantity | None:
    """Return the share at ``text[at]`` in tenths: 七成, 三成五, 七八成, 六到八成; 八折 and 八五折 are what is paid."""
    match = _TENTHS.match(text, at)
    if not match:
        return None
    ends = _tenths(match["first"])
    begins = _tenths(match["from"]) if match["from"] else ends
    if not ends or not begins or max(begins[0], ends[1]) > _TEN:
        return None
    tail = match["tail"]
    more = _HALF if tail == "半" else Decimal(DIGITS[tail]) / _TEN if tail else Decimal(0)
    low, high = (begins[0] if match["from"] else ends[0] + more), ends[1] + more
    bound: Bound = "about" if not match["from"] and low != high else "exact"
    return Quantity("share", *match.span(), float(low * _TEN), float(high * _TEN), "%", bound)


def _tenths(written: str) -> tuple[Decimal, Decimal] | None:
    read = read_number(written)
    if read or not all(character in DIGITS for character in written):
        return read
    value = Decimal(f"{DIGITS[written[0]]}.{DIGITS[written[1]]}")  # 八五折
    return value, value


def read_span_of_words(text: str, at: int) -> Quantity | None:
    """Return the length of time at ``text[at]`` that no number tells: 半年, 长期, 没有等待期."""
    if match := _HALF_FIRST.match(text, at):
        unit = UNITS[match["unit"]]
        value = float(_HALF * unit.factor)
        half = Quantity("duration", *match.span(), value, value, unit.base, "about" if match["vague"] else "exact")
        to = _TO.match(text, match.end())
        last = read_measured(text, to.end()) if to else None
        return replace(half, end=last.end, high=last.high) if last and last.unit == half.unit else half
    if match := _EVER.match(text, at):
        return Quantity("duration", *match.span(), FOREVER, FOREVER, "天")
    match = _NONE.match(text, at)
    return Quantity("duration", *match.span(), 0.0, 0.0, "天") if match else None


def read_signed(text: str, at: int) -> Quantity | None:
    """Return the amount at ``text[at]`` that a sign leads: ¥400, 人民币2万元."""
    match = _SIGNED.match(text, at)
    read = read_number(match["first"]) if match else None
    return Quantity("amount", *match.span(), float(read[0]), float(read[1]), "元") if match and read else None


def read_measured(text: str, at: int) -> Quantity | None:
    """Return the number with its unit at ``text[at]``, or the range: 500元至1万元, 3到5个工作日, 18至60周岁."""
    if match := _YEARS_AND_MONTHS.match(text, at):
        years, months = read_number(match["years"]), read_number(match["months"])
        if years and months:
            value = float(years[0] * 12 + months[0])
            return Quantity("duration", *match.span(), value, value, "个月")
    match = _MEASURED.match(text, at)
    if not match or not (match["own"] or match["unit"]):
        return None
    if match["unit"] and (found := _range(match)):
        return _priced(text, found)
    return _priced(text, found) if match["own"] and (found := _single(text, match)) else None


def _single(text: str, match: re.Match[str]) -> Quantity | None:
    """Return the first quantity of a match, without the range that it seemed to open."""
    read, unit = read_number(match["first"]), UNITS[match["own"]]
    if not read or _is_only_a_word(text, match, unit):
        return None
    half = _HALF if match["half"] or "个半" in match["own"] else Decimal(0)
    low, high = ((value + half) * unit.factor for value in read)
    end = match.end("half")
    vague = bool(match["vague"] or "个多" in match["own"] or (match["more"] and unit.kind != "count") or low != high)
    if match["more"] and not match["vague"]:
        end = match.end("more") if vague else end
    return Quantity(unit.kind, match.start(), end, float(low), float(high), unit.base, "about" if vague else "exact")


def _is_only_a_word(text: str, match: re.Match[str], unit: Unit) -> bool:
    """Tell whether a number is part of a word: 千家, 数万元, 一块; only money is counted by a bare multiple (百元)."""
    before = text[max(0, match.start() - 1) : match.start()]
    if match["own"] == "块" and not _CHANGE.match(text, match.end("own")):
        return match["first"] == "一" or (len(match["first"]) == 1 and before in _BEFORE_PIECES)
    if match["first"] + match["own"] in _WORDS:
        return True
    return match["first"][0] in "百千万亿" and (unit.kind != "amount" or before in _BEFORE_VAGUE)


def _range(match: re.Match[str]) -> Quantity | None:
    """Return the range, both ends in one base unit; None where they cannot be: 3天至500元."""
    same_piece = match["own"] == "个" and match["unit"].startswith("个")  # 1个至5个工作日
    unit, own = UNITS[match["unit"]], UNITS[match["unit"] if same_piece else match["own"] or match["unit"]]
    first, last = read_number(match["first"]), read_number(match["second"])
    if not first or not last or own.kind != unit.kind:
        return None
    factor = shared_multiple(match["first"], match["second"]) if not match["own"] else 1
    low = (first[0] * factor + (_HALF if match["half"] or "个半" in (match["own"] or "") else 0)) * own.factor
    high = (last[1] + (_HALF if match["half2"] or "个半" in match["unit"] else 0)) * unit.factor
    base = unit.base
    if own.base != unit.base:
        if unit.kind != "duration":
            return None
        low, high, base = low * DAYS[own.base], high * DAYS[unit.base], "天"
    about: Bound = "about" if match["vague"] or match["vague2"] else "exact"
    return Quantity(unit.kind, *match.span(), float(low), float(high), base, about)


def _priced(text: str, found: Quantity) -> Quantity:
    """Return an amount with its small change and with that what it is for: 3元5角, 400元/年, 每月1000元."""
    if found.kind != "amount":
        return found
    low, high, end = found.low, found.high, found.end
    if (match := _CHANGE.match(text, end)) and low == high:
        dime, cent = (DIGITS.get(each or "零", each) for each in (match["dime"] or match["bare"], match["cent"]))
        low = high = round(low + int(dime) / 10 + int(cent) / 100, 2)
        end = match.end()
    after = _PER_AFTER.match(text, end)
    end = after.end() if after else end
    per = after["per"] if after else ""
    unit = f"{found.unit}/{_PERIODS.get(per, per)}" if per and per != "人" else found.unit
    return Quantity("amount", found.start, end, low, high, unit, found.bound)


def read_periodic(text: str, at: int) -> Quantity | None:
    """Return the amount at ``text[at]`` that is told for each period first: 每人每年400元 is 400元/年."""
    match = _PER_FIRST.match(text, at)
    amount = read_measured(text, match.end()) if match else None
    if not match or not amount or amount.kind != "amount" or "/" in amount.unit:
        return None
    return replace(amount, start=at, unit=f"{amount.unit}/{_PERIODS.get(match['per'], match['per'])}")
