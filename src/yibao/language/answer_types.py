"""What kind of answer a question wants, and what such an answer looks like."""

from __future__ import annotations

import re

from yibao.language.normalise import fold

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百半两]+)"
_TYPES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile("多少钱|多少元|多少块|几块|几[百千万]|[缴交]多少|额度|限额|封顶线?(?:是|报|有|多少)"),
        re.compile(r"\d[\d,.]*\s*(?:万|千|百)?元"),
    ),
    (re.compile("比例|百分之|报(?:销)?多少|能报多少|几成|几个点"), re.compile(r"\d+(?:\.\d+)?%|百分之")),
    (
        re.compile("多久|多长时间|几天|几个?月|有效期|什么时候|何时|哪年|哪一年|期限|多少(?:年|个?月|天)|几年"),
        re.compile(_NUMBER + "\\s*(?:个?工作日|个?月|天|日|年|周|小时)|长期"),
    ),
    (re.compile("多大面积|占地|面积"), re.compile("平方米|平方公里|亩")),
    (re.compile("几张床|多少张?床|多少(?:名|位|个)"), re.compile(r"\d+\s*(?:张|名|位|个)|\d+(?=[,\u3002])")),
    (re.compile("电话|热线|号码|拨打|打给"), re.compile(r"(?<!\d)(?:\d{5,8}|1\d{10}|\d{3,4}-\d{7,8})(?!\d)")),
    (re.compile("网址|网站地址|官网地址|链接|官网是"), re.compile(r"https?://|www\.")),
    (
        re.compile(r"地址|在什么地方|哪条路|怎么走|位置|在哪(?:里|儿)?(?=[?啊呢呀]|$)"),
        re.compile(r"位于|地址|路\d*号|街|窗口|大厅|平台|小程序|app|点"),
    ),
    (re.compile("材料|资料|证件|带什么"), re.compile("身份证|户口|证明|复印件|病历|发票|申请表|材料")),
    (re.compile("哪些人|哪些家人|哪些亲属|谁的"), re.compile("配偶|父母|子女|人员|人群|亲属")),
)
# 抚顺市眼病医院, not 社区医院: the name of one organisation.
_ORGANISATION = re.compile("[^的去在和与是有到看从给,\u3002?!\\s]{3,12}(?:医院|防治院|保健院)")
_ANY_OF_ITS_KIND = re.compile(
    "社区|乡镇|镇上|村|门口|哪|级|三甲|定点|公立|私立|家|什么|附近|当地|外地|异地|大医院|个|住院"
)
_UNIT = re.compile("[市省县区]")


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


def organisations(question: str) -> list[str]:
    """Return the organisations a question names, without 市 and 县, which people leave out."""
    named = (match.group() for match in _ORGANISATION.finditer(fold(question)))
    return [_UNIT.sub("", name) for name in named if not _ANY_OF_ITS_KIND.search(name)]


def speaks_of(text: str, named: list[str]) -> bool:
    """Tell whether ``text`` names all the organisations."""
    bare = _UNIT.sub("", fold(text))
    return all(name in bare for name in named)
