"""Index terms: jieba words, numbers, Han characters and Han bigrams together, words counted twice.

On policy text bigrams find more, on web questions words do; in one index each makes up for the other, and
single characters find 缴 in 缴费 where the segmenter kept the word whole.
Nothing is dropped as a stop word: 不能, 没有, 以上 and 以下 turn a rule into its opposite, and BM25's own
weights make common words cheap.
"""

from __future__ import annotations

import re

from yibao.language.normalise import fold
from yibao.language.quantities import FOREVER, Quantity, read_quantities
from yibao.language.quantities.quantity import date_form, date_parts
from yibao.language.segmenter import Segmenter

GRAM_PREFIX = "\u00b7"  # keeps the bigram 医保 apart from the word 医保
WORD_WEIGHT = 2
NUMBER_PREFIX = "#"  # keeps the term of an amount apart from the digits as a word
_LARGE_ENOUGH = 1000  # a smaller number without a unit may count anything
_YEARS = range(1900, 2100)  # as likely a year as an amount
_HAN_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"\w")


def words(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of ``text`` that carry letters or digits, folded, with repeats."""
    return [word for word in segmenter.words(text) if _WORD.search(word)]


def grams(text: str, size: int) -> list[str]:
    """Return the overlapping runs of ``size`` Han characters in ``text``, marked with ``GRAM_PREFIX``."""
    return [GRAM_PREFIX + run[n : n + size] for run in _HAN_RUN.findall(fold(text)) for n in range(len(run) - size + 1)]


def index_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return all index terms of a text, with repeats: words, numbers in one writing, characters, bigrams."""
    return (words(text, segmenter) + number_terms(text)) * WORD_WEIGHT + grams(text, 1) + grams(text, 2)


def number_terms(text: str) -> list[str]:
    """Return one term for each number that can be searched for, however it is written: 2万, 20000 and 20,000元.

    In their order, with repeats: shares, amounts, lengths of time, dates, numbers to call and documents. Words alone
    cannot do this: a segmenter cuts 20,000 into 20 and 000, and 五十 shares nothing with 50.
    """
    return [NUMBER_PREFIX + form for quantity in read_quantities(text) for form in _searched(quantity)]


def _searched(quantity: Quantity) -> list[str]:
    """Return what a quantity is searched by; nothing where it only counts or is a manner of speaking (三五年)."""
    if quantity.kind in {"phone", "document"}:
        return [quantity.unit]
    if quantity.kind == "date":
        return [form for end in dict.fromkeys((quantity.low, quantity.high)) for form in _date_terms(end)]
    if quantity.bound == "about" and quantity.low != quantity.high:
        return []
    if quantity.kind in {"amount", "number"}:
        small = quantity.kind == "number" and (quantity.low < _LARGE_ENOUGH or quantity.low in _YEARS)
        return [] if small else [form.partition("元")[0] for form in quantity.forms]
    if quantity.kind == "duration" and 0 < quantity.low < FOREVER:
        return [form.replace("个月", "月") for form in quantity.forms]
    return list(quantity.forms) if quantity.kind == "share" else []


def _date_terms(date: float) -> list[str]:
    """Return a day as one term, and without a day year and month apart: 2024年5月 is found by either."""
    year, month, day = date_parts(date)
    if day and month:
        return [date_form(date)]
    return [date_form(part) for part in (year * 10_000, month * 100) if part]


def shown_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of a question that are worth showing as matched or missed, each once.

    Characters that the dictionary leaves alone stand together (解绑, 补牙), unless they are grammar.
    """
    terms: list[str] = []
    run = ""
    for word in [*segmenter.words(text), ""]:
        if len(word) == 1 and _HAN_RUN.fullmatch(word) and word not in FUNCTION_CHARACTERS:
            run += word
            continue
        terms += [run] if len(run) > 1 else []
        run = ""
        terms += [word] if (len(word) > 1 or word.isdigit()) and _WORD.search(word) and word not in _FILLERS else []
    return list(dict.fromkeys(terms))


# Characters that stand alone in any sentence: a run that holds one is grammar, neither a term nor a slip.
FUNCTION_CHARACTERS = frozenset(
    "是在和谁哪好又这那的了吗呢吧嘛个些有不没要会能可也都还把被给跟与及或之其而且但则到从向对于看几多少一二三四五六七八九十"
    "啊我你他她它们们就很上下里外后前着过来说得再才让为去"
)
_FILLERS = frozenset(
    (
        "怎么 怎样 如何 什么 哪些 哪里 哪个 多少 是否 可以 请问 一下 需要 能不 这个 那个 怎么办 可不可以 有没有 是不是 "
        "我们 你们 问下 想问 咨询 谢谢 多少钱 多久 百分之 百分之几 几成 几块 什么时候 哪家 到底 应该 "
        "多长时间 怎么样 为什么 比较"
    ).split()
)
