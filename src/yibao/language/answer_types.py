"""What kind of answer a question wants, and what such an answer looks like."""

from __future__ import annotations

import re

from yibao.language.normalise import fold

_TYPES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile("多少钱|费用|缴多少|交多少|几块|额度|限额|标准|封顶"), re.compile(r"\d[\d,.]*\s*(?:万|千|百)?元")),
    (re.compile("比例|百分之|报(?:销)?多少|能报多少|几成"), re.compile(r"\d+(?:\.\d+)?%|百分之")),
    (
        re.compile("多久|多长时间|几天|几个?月|有效期|什么时候|何时|哪年|哪一年|期限|时间"),
        re.compile(r"\d+\s*(?:个?工作日|个?月|天|日|年|周|小时)|[一二三四五六七八九十半]个?(?:月|天|年)|长期"),
    ),
    (re.compile("多大面积|占地|面积"), re.compile("平方米|平方公里|亩")),
    (re.compile("几张床|多少张|多少(?:名|位|个)"), re.compile(r"\d+\s*(?:张|名|位|个)|\d+张?(?=[,\u3002])")),
    (re.compile("电话|热线|号码|拨打|打给"), re.compile(r"(?<!\d)(?:\d{5,8}|1\d{10}|\d{3,4}-\d{7,8})(?!\d)")),
    (re.compile("网址|官网|网站"), re.compile(r"https?://|www\.")),
    (re.compile("地址|在哪里?|哪儿|位置"), re.compile(r"位于|地址|路\d*号|街|窗口|大厅")),
    (re.compile("材料|资料|证件|带什么"), re.compile("身份证|户口|证明|复印件|病历|发票|申请表")),
    (re.compile("谁|哪些人|哪些家人|哪些亲属|范围"), re.compile("配偶|父母|子女|人员|人群")),
)


Wanted = list[re.Pattern[str]]


def wanted_answers(question: str) -> Wanted:
    """Return what the answer should hold: an amount, a share, a time ...; [] where anything will do."""
    folded = fold(question)
    return [answer for asked, answer in _TYPES if asked.search(folded)]


def answer_fits(wanted: Wanted, text: str) -> float:
    """Return the share of wanted kinds that ``text`` holds, in 0..1; 0.5 where nothing special is wanted."""
    if not wanted:
        return 0.5
    folded = fold(text)
    return sum(bool(pattern.search(folded)) for pattern in wanted) / len(wanted)
