"""The short fact that was asked for, marked inside its quote: 45%, 15个工作日, 12393, 2024年5月, 400元/年."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from yibao.language.normalise import fold
from yibao.language.quantities import Quantity, QuantityKind, base_unit, read_quantities

FactKind = QuantityKind | Literal["place", "name"]
_ASKED: tuple[tuple[re.Pattern[str], tuple[FactKind, ...]], ...] = (
    (
        re.compile(
            "多少钱|多少元|多少块|几块|几[百千万]|[缴交]多少|额度|限额|封顶线?(?:是|报|有|多少)|起付线|津贴多少|最多(?:能)?报"
        ),
        ("amount",),
    ),
    (re.compile("比例|百分之|报(?:销)?多少(?!钱|元)|报几成|几成|几个点"), ("share",)),
    (re.compile("(?:哪个|什么|哪款)(?:小程序|app|公众号|软件|平台|模块|栏目)|搜什么|下载哪|小程序叫"), ("name",)),
    (re.compile("什么时候|何时|哪年|哪一年|哪几?个月|几月|哪天|日期"), ("date", "duration")),
    (
        re.compile(
            "(?<!没)多久|多长时间|(?<!好)几(?:天|个?月|年|周|个?星期|个?工作日)|有效期|期限|多少(?:年|个?月|天|周|个?工作日)|管多长"
        ),
        ("duration",),
    ),
    (
        re.compile(
            "多大面积|占地|面积|几张床|多少张?床|(?:几|多少)(?:[种类项家名位张次份例分]|个(?!月|点|工作日|星期|小时))"
        ),
        ("count",),
    ),
    (re.compile("电话|热线|号码|拨打|打给"), ("phone",)),
    (re.compile("网址|网站|官网|链接"), ("link",)),
    (re.compile(r"地址|在什么地方|哪条路|什么路|几号|怎么走|位置|在哪(?:里|儿)?(?=[?啊呢呀]|$)"), ("place",)),
)
_CONDITION = re.compile(r"(?:妊娠|怀孕|妊娠不足|年满|\((?:含|不含))$")
# Facts that are no quantity; a group is the part that is marked.
_WORDS: dict[FactKind, re.Pattern[str]] = {
    "place": re.compile(
        r"(?:地址(?:[是为在:])?|位于|坐落[于在])([^,\u3002;:\s]{2,40}?\d+号(?:[^,\u3002;:\s]{0,8}[号楼座层室])?)"
    ),
    "name": re.compile("\u300c[^\u300d]{2,12}\u300d"),
}
_MULTIPLE = re.compile("[百千万亿]")
_PIECES = re.compile("(?:几|多少)([种类项家名位张次份例分个])")


def asked_kinds(question: str) -> tuple[FactKind, ...]:
    """Return the kinds of short fact that ``question`` asks for; () where it asks for none."""
    folded = fold(question)
    return tuple(dict.fromkeys(kind for asked, kinds in _ASKED if asked.search(folded) for kind in kinds))


def find_facts(question: str, quote: str, start: int = 0) -> tuple[tuple[int, int], ...]:
    """Return the spans of ``quote`` that hold the fact asked for, moved by ``start``; they never overlap.

    A value that the question names itself is what is known, not what is asked.
    """
    kinds = asked_kinds(question)
    if not kinds:
        return ()
    known = [quantity for quantity in read_quantities(question) if quantity.kind in kinds]
    pieces = {base_unit(piece) for piece in _PIECES.findall(fold(question))}
    folded = fold(quote)
    quantities = [
        quantity
        for quantity in _quantities(quote, kinds)
        if not any(quantity.same_as(other) for other in known) and _wanted(quantity, pieces, folded)
    ]
    found = sorted([(each.start, each.end) for each in quantities] + _words(folded, kinds))
    return tuple((a + start, b + start) for n, (a, b) in enumerate(found) if not n or found[n - 1][1] <= a)


def _quantities(quote: str, kinds: Sequence[FactKind]) -> list[Quantity]:
    """Return the quantities of the kinds asked for; of money also 4万8千, unless an amount says 元."""
    quantities = read_quantities(quote)
    found = [quantity for quantity in quantities if quantity.kind in kinds]
    if "amount" in kinds and not any(quantity.kind == "amount" for quantity in found):
        found += [
            each for each in quantities if each.kind == "number" and _MULTIPLE.search(quote, each.start, each.end)
        ]
    return found


def _words(folded: str, kinds: Sequence[FactKind]) -> list[tuple[int, int]]:
    return [
        match.span(match.lastindex or 0)
        for kind, form in _WORDS.items()
        if kind in kinds
        for match in form.finditer(folded)
    ]


def _wanted(value: Quantity, pieces: set[str], quote: str) -> bool:
    """Tell whether a value may be the fact: it counts what was asked for, and is no condition (妊娠7个月以上)."""
    if _CONDITION.search(quote, 0, value.start):
        return False
    return value.kind != "count" or not pieces or value.unit in pieces
