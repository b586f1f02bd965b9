"""How a quantity is bounded by the words around it: 至少, 不超过, 以上, 以内, 左右.

All patterns are for folded text; they look at a few characters before and after.
"""

from __future__ import annotations

import re

from yibao.language.quantities.quantity import Bound, Quantity

_LOOKED_BACK = 8
_DENIED = "(?<![不未])(?<![不未][得能应会可])"
_INCLUDED = r"及?(?:其|\(含[^)]{0,4}\))?"
_AT_LEAST_BEFORE = re.compile(
    f"(?:{_DENIED}(?:满|超过|超出|高于|多于|大于|达到)|[不未][得能应会可]?(?:低于|少于|小于)|至少|最低|最少|起码)了?为?$"
)
_AT_MOST_BEFORE = re.compile(
    f"(?:{_DENIED}(?:低于|少于|小于|不足)|[不未][得能应会可]?(?:超过|超出|高于|多于|大于|满)|至多|封顶|上限|限额)[为是]?$"
    r"|最[多高长大](?:可以?|能)?[^,\u3002;:\d]{0,4}$"
)
_ABOUT_BEFORE = re.compile("(?:约为?|大约|大概|将近|接近|差不多)$")
_NEARLY = re.compile("(?<!最)近$")  # 近7万; but 近5年 are the last five
_AT_LEAST_AFTER = re.compile(f"{_INCLUDED}以上|起(?![付来诉草点])")
_AT_MOST_AFTER = re.compile(f"{_INCLUDED}(?:以下|以内|之内)|内(?![科地容部蒙])|封顶|前(?![往台提款述])")
_ABOUT_AFTER = re.compile("左右|上下|前后|余")


def bound_of(text: str, quantity: Quantity) -> Bound:
    """Return how the words around ``quantity`` bound it; what it says itself (十余种, 三五天) holds before them."""
    if quantity.bound != "exact" or quantity.kind == "ordinal" or (not quantity.low and not quantity.high):
        return quantity.bound
    before = text[max(0, quantity.start - _LOOKED_BACK) : quantity.start]
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(text, quantity.end):
        return "at_most"
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(text, quantity.end):
        return "at_least"
    if quantity.kind not in {"duration", "date"} and _NEARLY.search(before):
        return "about"
    if _ABOUT_BEFORE.search(before) or _ABOUT_AFTER.match(text, quantity.end):
        return "about"
    return "exact"
