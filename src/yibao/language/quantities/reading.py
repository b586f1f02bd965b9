"""All quantities of a text in one pass: at each place where one can start, the first reading that fits is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from yibao.language.normalise import fold
from yibao.language.quantities.bounds import bound_of
from yibao.language.quantities.codes import read_code, read_document, read_link, read_ordinal, read_phone
from yibao.language.quantities.dates import read_date, read_time
from yibao.language.quantities.measures import (
    read_fraction,
    read_measured,
    read_periodic,
    read_signed,
    read_span_of_words,
    read_tenths,
)
from yibao.language.quantities.numerals import HAN, NUMBER, read_number
from yibao.language.quantities.quantity import FOREVER, Bound, Quantity

Reader = Callable[[str, int], Quantity | None]

_START = re.compile(
    rf"\d|[{HAN}]|半|第(?=[ \d{HAN}])|[\[(〔【](?=[ \d])|¥|人民币|rmb|https?:|www\."
    rf"|每(?:人每)?[年月天日次](?:每人)?(?=的?[ \d{HAN}])|[当次]月(?=[起享生即])"
    "|长期|永久|终身|一直|没有等|无等|不设等|取消等"
)
_RUN = re.compile(rf"\d+|[{HAN}]+")
# 统一, 周三, 初一: the numeral belongs to the word before it.
_WORD_BEFORE = re.compile(
    "(?:(?<!以)[统唯同单划上下另某任逐这那哪]一|最后一|(?:星期|礼拜|周)[一二三四五六]|初[一二三四五六七八九十])$"
)
_NUMBER = re.compile(rf"(?P<number>{NUMBER})(?P<vague>[余多])?(?![a-z])")
_LETTER = re.compile("[a-z_]")
# 5.2025年度 and 1.80周岁 at the start of a line: the fifth and the first item of a list.
_LIST_MARK = re.compile(r"\d{1,2}\.(?=(?:19|20)\d\d ?年|\d+ ?周?岁)")
_LINE_START = re.compile(r"(?:^|\n)[ >*-]*$")
_READERS: tuple[Reader, ...] = (
    read_document, read_phone, read_date, read_time, read_periodic, read_fraction, read_tenths, read_measured,
    read_signed, read_span_of_words, read_link,
)  # fmt: skip
_LEAST_BARE = 100  # a smaller number in Chinese numerals without unit says nothing that can be compared
_COUNTED_FROM_ONE = frozenset(["次", "倍"])  # 一次 is a figure
_CACHED = 4000  # characters


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of ``text`` in their order; they never overlap, and offsets are those of ``text``."""
    return _cached(text) if len(text) <= _CACHED else tuple(_read(fold(text)))


@lru_cache(maxsize=4096)
def _cached(text: str) -> tuple[Quantity, ...]:
    return tuple(_read(fold(text)))


def _read(text: str) -> Iterator[Quantity]:
    at = 0
    while start := _START.search(text, at):
        found, at = _read_at(text, start.start())
        if found:
            yield replace(found, bound=bound_of(text, found))


def _read_at(text: str, at: int) -> tuple[Quantity | None, int]:
    """Return what starts at ``text[at]``, if anything, and where to read on: never inside a run of numerals."""
    if text[at] == "第":
        return read_ordinal(text, at)
    if (mark := _LIST_MARK.match(text, at)) and _LINE_START.search(text[max(0, at - 6) : at]):
        return None, mark.end()
    if _WORD_BEFORE.search(text[max(0, at - 2) : at + 1]):
        return None, at + 1
    for reader in _READERS:
        if found := reader(text, at):
            return found, found.end
    if found := _bare(text, at):
        return found, found.end
    run = _RUN.match(text, at)
    return None, run.end() if run else at + 1


def _bare(text: str, at: int) -> Quantity | None:
    """Return a number without unit: any in digits, of those in Chinese numerals the large ones (一万五, 三百多)."""
    han = text[at] in HAN
    if not (han or text[at].isdecimal()) or _LETTER.match(text[at - 1 : at]):
        return None
    match = _NUMBER.match(text, at)
    read = read_number(match["number"]) if match else None
    if match and read:
        if han and (read[0] < _LEAST_BARE or text[at] in "百千万亿" or read[0] != read[1]):
            return None
        bound: Bound = "about" if match["vague"] else "exact"
        return Quantity("number", *match.span(), float(read[0]), float(read[1]), "", bound)
    return read_code(text, at)


def read_figures(text: str) -> tuple[Quantity, ...]:
    """Return the quantities that a claim must share with its source.

    一个 and 一种 are none: they say that something is. Nor are a link and 长期, which are compared as words.
    """
    return tuple(quantity for quantity in read_quantities(text) if _is_figure(quantity, text))


def _is_figure(quantity: Quantity, text: str) -> bool:
    if quantity.kind == "count":
        return text[quantity.start] != "一" or quantity.unit in _COUNTED_FROM_ONE or quantity.low != 1
    return quantity.kind != "link" and not (quantity.kind == "duration" and quantity.low in (0.0, FOREVER))
