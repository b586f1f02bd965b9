"""What kind of answer a question wants, and what such an answer looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yibao.language.normalise import fold

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千半两]+)"
_AMOUNT_ASKED = (
    "多少钱|多少元|多少块|几块|几[百千万]|价格|收费|费用是?多少|[缴交](?:多少|几)(?!年|个?月|次|天)"
    "|(?:工本费|额度|限额|起付线|门槛费|起付标准|封顶线?|金额|标准)(?:是|为|要|报|有)*(?:多少|几|$)"
)
_TIME_ASKED = (
    "多久|多长时间|有效期|期限|什么时候|何时|几时|哪年|哪一年|哪天|几[年月天点]|(?<![街路])几号(?!楼|线)"
    "|(?:多少|几)个?(?:年|月|天|周|星期|小时|工作日)"
)
# What is asked, and what any answer to it holds: rather too much than too little, since nothing is quoted by it alone.
_TYPES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(answer))
    for asked, answer in (
        (
            _AMOUNT_ASKED,
            r"(?:\d[\d,.]*|[几数一二三四五六七八九十百千两]+)\s*[万千百亿]?[余多来]?\s*(?:元|块|美元|欧元)|[\u00a5$]\d|免费",
        ),
        (
            "比例|百分之|百分比|报销?(?:多少|几)(?!钱|元|天|次)|几成|几个点",
            r"\d+(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成|全额",
        ),
        (
            _TIME_ASKED,
            _NUMBER + r"\s*[个多余]?\s*(?:工作日|月|天|日|年|周|星期|小时|分钟|点)|\d[:]\d|长期|永久|当天|次日",
        ),
        ("面积|占地", "平方米|平方公里|亩|公顷"),
        ("(?:几|多少)张", _NUMBER + r"\s*[余多]?张"),
        ("(?:几|多少)次", _NUMBER + r"\s*[余多]?次"),
        ("(?:几|多少)家(?!里|人|属)", _NUMBER + r"\s*[余多]?家"),
        ("(?:几|多少)种", _NUMBER + r"\s*[余多]?[种类个]"),
        (
            "(?:几|多少)(?:名|位|个)?(?:人|家里人|家人|家属|亲属|亲人|成员|医生|护士|职工|员工)|(?:几|多少)[名位]",
            _NUMBER + r"\s*[余多]?[名位个人]|\d+(?=[,\u3002])",
        ),
        ("(?:几|多少)岁|年龄", _NUMBER + r"\s*周?岁"),
        ("(?:几|哪)路(?:车|公交)?|坐什么车", r"\d+\s*(?:路|号线|线)"),
        ("电话|热线|号码|拨打|打给", r"(?<![\d-])(?:\d{5,8}|1\d{10}|(?:\d{3,4}[- ]){1,2}\d{3,8})(?!\d)"),
        ("网址|网站地址|官网地址|链接|官网是", r"https?://|www\."),
        ("地址|在什么地方|哪条[路街]|什么路|怎么走|位置", r"位于|地址|坐落|[路街道巷]\s*\d*\s*号|\d\s*号|大道|街"),
        (r"在哪(?:里|儿)?(?=[?啊呢呀]|$)", r"位于|地址|路\d*号|街|窗口|大厅|平台|小程序|app|网点|服务点|服务站|局"),
        ("材料|资料|证件|带什么|带啥", "身份证|户口|证明|复印件|病历|发票|申请表|材料|资料"),
        ("哪些人|哪些家人|哪些亲属|谁的", "配偶|父母|子女|人员|人群|亲属"),
    )
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


def speaking_of(named: list[str], title: str, sentences: Sequence[str]) -> list[bool]:
    """Tell which sentences of a passage speak of the organisations named; all do where none is.

    One that is named once is spoken of until another is, or all along where the title names it.
    """
    throughout = _names(title, named)
    speaks, told = throughout, []
    for sentence in sentences:
        if _names(sentence, named):
            speaks = True
        elif organisations(sentence):
            speaks = throughout
        told.append(speaks)
    return told


def _names(text: str, named: list[str]) -> bool:
    bare = _UNIT.sub("", fold(text))
    return all(name in bare for name in named)
