"""Numbers that count nothing: numbers to call, documents, links, ordinals, and long runs of digits.

All patterns are for folded text; each is tried where a number, a bracket or a sign of its own starts.
"""

from __future__ import annotations

import re

from yibao.language.quantities.dates import TO
from yibao.language.quantities.numerals import NUMBER, read_number
from yibao.language.quantities.quantity import Quantity, QuantityKind
from yibao.language.quantities.units import UNIT

_LINK = re.compile(r"(?:https?://|www\.)[a-z0-9./_?=&%#:~-]+")
_DOCUMENT = re.compile(
    r"[\[(〔【] ?(?P<year>(?:19|20)\d\d)(?:年)? ?[\])〕】] ?第? ?(?P<number>\d{1,5}) ?号"
    r"|(?P<year2>(?:19|20)\d\d)年? ?第 ?(?P<number2>\d{1,5}) ?号"
)
_PHONE = re.compile(
    r"(?<![a-z_])(?P<digits>\(?(?P<area>0\d{2,3})\)?[- \u2013\u2014]{0,3}(?P<local>\d{7,8}|\d{3,4}-\d{4})"
    r"|(?P<free>[48]00)[- ]?(?P<free2>\d{3}[- ]?\d{4}|\d{4}[- ]?\d{3})"
    r"|(?P<mobile>1[3-9]\d[- ]?\d{4}[- ]?\d{4})|(?P<hotline>1[02]\d{3}|9[56]\d{3,4})|(?P<number>[2-8]\d{6,7}))"
    r"(?: ?(?:转|ext\.?) ?(?P<extension>\d{1,6}))?"
    rf"(?![\d%]|\.\d|-\d| ?[万亿余多]?{UNIT})"
)
# 5000000 and 20240501 are written so for other reasons, as is 12000.
_ROUND = re.compile(r"\d{2}0{3}$|\d{1,4}0{4,}$|(?:19|20)\d{6}$")
# What a number stands after that is to be called, be it 120 or an office's own six digits.
_CALLED = re.compile(r"(?:电话|热线|座机|号码|拨打|致电|拨|打)[是为:]? ?$")
_CALLED_NUMBER = re.compile(rf"(?:11[029]|12[02]|114|999|\d{{5,8}})(?![\d%.,:]|-\d| ?[万亿余多]?{UNIT})")
_ORDINAL_UNIT = (
    "(?:个?工作日|季度|学期|阶段|年度|周岁|个?月|[条款项章节编档类批次期届部级位名号页步轮组年天周个例代胎](?!性))"
)
_ORDINAL = re.compile(
    rf"第 ?(?P<first>{NUMBER}) ?(?P<own>{_ORDINAL_UNIT})?"
    rf"(?:(?:{TO}第?|第?{TO}) ?(?P<second>{NUMBER}) ?(?P<unit>{_ORDINAL_UNIT}))?"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def read_link(text: str, at: int) -> Quantity | None:
    """Return the web address at ``text[at]``."""
    match = _LINK.match(text, at)
    return _named("link", match, match.group()) if match else None


def read_document(text: str, at: int) -> Quantity | None:
    """Return the number of a document at ``text[at]``: 〔2024〕36号 and 2024年第36号."""
    match = _DOCUMENT.match(text, at)
    if not match:
        return None
    number = int(match["number"] or match["number2"])
    return _named("document", match, f"{match['year'] or match['year2']}-{number}号")


def read_phone(text: str, at: int) -> Quantity | None:
    """Return the number to call at ``text[at]``: with area code, 400 and 800, mobile, hotline, or said to be one."""
    if (match := _PHONE.match(text, at)) and not _ROUND.match(match["number"] or match["hotline"] or ""):
        extension = f"转{match['extension']}" if match["extension"] else ""
        return _named("phone", match, re.sub(r"\D", "", match["digits"]) + extension)
    match = _CALLED_NUMBER.match(text, at)
    if match and _CALLED.search(text[max(0, at - 5) : at]):
        return _named("phone", match, match.group())
    return None


def read_ordinal(text: str, at: int) -> tuple[Quantity | None, int]:
    """Return the ordinal at ``text[at]`` and where to read on: 第三十条, 第2款至第4款; 第一 alone is none."""
    match = _ORDINAL.match(text, at)
    if not match:
        return None, at + 1
    unit = match["unit"] or match["own"] or ""
    first = read_number(match["first"])
    last = read_number(match["second"]) if match["second"] else first
    if not first or not last or not (unit or match["first"][0].isdigit()):
        return None, match.end()
    if unit == "号":
        return _named("document", match, f"{first[0]:f}号"), match.end()
    return Quantity(
        "ordinal", *match.span(), float(first[0]), float(last[1]), unit.removeprefix("个") or unit
    ), match.end()


def read_code(text: str, at: int) -> Quantity | None:
    """Return the run of digits, points and commas at ``text[at]`` that is no number: 1.2.3, an identity number."""
    match = _DIGITS.match(text, at)
    return _named("code", match, match.group()) if match else None


def _named(kind: QuantityKind, match: re.Match[str], form: str) -> Quantity:
    return Quantity(kind, *match.span(), 0.0, 0.0, form)
