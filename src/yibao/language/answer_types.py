"""What kind of answer a question wants, and what such an answer looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yibao.language.normalise import fold

_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千半两]+)"
_AMOUNT_ASKED = (
    "多少钱|多少元|多少块|几块|几[百千万]|价格|收费|费用是?多少"
    "|(?:工本费|额度|限额|起付线|门槛费|起付标准|封顶线?|金额|标准)(?:是|为|要|报|有)*(?:多少|几|$)"
)
_AMOUNT = (
    r"(?:\d[\d,.]*|[几数一二三四五六七八九十百千两]+)\s*[万千百亿]?[余多来]?\s*(?:元|块|美金|铢|镑|w)|[\u00a5$]\s*\d|\d\s*\u00a5|\d万"
    "|[一二三四五六七八九十两几][百千万]|免费"
)
_SHARE = r"\d+(?:\.\d+)?\s*%|百分之|[一二三四五六七八九]成|全额"
_SEVERAL = "(?<![哪好了过这那前近十])(?:多少|几)"  # 好几天 and 疼了几个月 only tell
_DAYS = "工作日|天|星期|小时|分钟|周(?!岁)"
_FOUNDED = "年(?=成立|建|开|创|出|办|起)"
_TIME = rf"{_NUMBER}\s*[个多余]?\s*(?:{_DAYS}|月|日|年|点)|\d[:]\d|[早晚]上|[上中下][午旬]|饭[前后]|早餐|年[初中底内]"
_TIME += "|长期|永久|当天|次日"


def _length(units: str) -> str:
    """Return what tells how long: not 2024年, 5月1日 or 近两年, and no 一年 that only says per year."""
    return (
        rf"(?<!\d)\d{{1,3}}(?:\.\d+)?\s*[多余]?(?:个[多半]?)?(?:{units})|(?<![\d月])\d{{1,3}}日"
        rf"|(?<![近前])[二三四五六七八九十百半两几]\s*[个多余半]*\s*(?:{units})"
        rf"|[为是期满至到或]一个?(?:{units})|一个?(?:{units})(?:[多半后]|左右|上下|以?内|有效)"
        "|长期|永久|终身|当天|次日|即时|实时|随时"
    )


@dataclass(frozen=True)
class AnswerType:
    """What is asked, and what any answer to it holds.

    ``by_place``: what every place has for itself, so that another place's may be no answer; unless it is one that holds
    ``everywhere``, as 12393 does.
    """

    asked: re.Pattern[str]
    answer: re.Pattern[str]
    by_place: bool
    everywhere: re.Pattern[str] | None

    def needs_place(self, text: str) -> bool:
        """Tell whether what ``text`` tells holds for one place alone."""
        return self.by_place and not (self.everywhere and self.everywhere.search(fold(text)))


def _type(asked: str, answer: str, *, by_place: bool = False, everywhere: str = "") -> AnswerType:
    return AnswerType(re.compile(asked), re.compile(answer), by_place, re.compile(everywhere) if everywhere else None)


# Rather too much than too little, since nothing is quoted by it alone.
_TYPES = (
    _type(_AMOUNT_ASKED, _AMOUNT, by_place=True),
    _type("[缴交](?:多少|几)(?!年|个?月|次|天|钱|元|块|个点|成)", f"{_AMOUNT}|{_SHARE}", by_place=True),
    _type("比例|百分之|百分比|报销?(?:多少|几)(?!钱|元|天|次)|几成|几个点", _SHARE, by_place=True),
    _type(f"{_SEVERAL}个?(?:{_DAYS})", f"{_length(_DAYS)}|半个?月|[一1]个月"),
    _type(
        f"(?<![没不])多久|多长时间|有效期|期限|{_SEVERAL}个月|{_SEVERAL}(?!{_FOUNDED})年",
        _length(f"{_DAYS}|个月|年(?!\\s*\\d+月)"),
    ),
    _type(f"什么时候|何时|几时|哪年|哪一年|哪天|哪几个月|几(?:{_FOUNDED}|月份?|点)|(?<![街路])几号(?!楼|线)", _TIME),
    _type(
        "哪几个月|几月份?|^(?!.*(?:新生|出生|孩|娃|宝)).*(?:什么时候|何时|几时)[^,?]{0,4}[交缴]",
        r"\d月|[一二九十]月|月[底初]|年底",
    ),
    _type("[交缴][^,?]{0,3}(?:多少|几)年", _length("年")),
    _type("面积(?!大)|占地", "平方米|平方公里|亩|公顷"),
    _type("(?:几|多少)张", _NUMBER + r"\s*[余多]?张"),
    _type("(?:几|多少)次", _NUMBER + r"\s*[余多]?次"),
    _type("(?:几|多少)家(?!里|人|属)", _NUMBER + r"\s*[余多]?家"),
    _type("(?:几|多少)种", _NUMBER + r"\s*[余多]?[种类个]"),
    _type(
        "(?:几|多少)(?:名|位|个)?(?:人|家里人|家人|家属|亲属|亲人|成员|医生|护士|职工|员工)|(?:几|多少)[名位]",
        _NUMBER + r"\s*[余多]?[名位个人]|\d+(?=[,\u3002])",
    ),
    _type("(?:几|多少)岁|年龄", _NUMBER + r"\s*周?岁"),
    _type("(?:几|哪)路(?:车|公交)?|坐什么车", r"\d+\s*(?:路|号线|线)"),
    _type(
        "电话(?!费|多少钱)|座机|热线|号码|拨打|打给",
        r"(?<![\d-])(?:\d{5,8}|1\d{10}|(?:\d{3,4}[- ]){1,2}\d{3,8})(?!\d)",
        by_place=True,
        everywhere=r"(?<![\d-])(?:1[02]\d{3}(?!\d)|9\d{4}(?!\d)|[48]00-?\d{3})",
    ),
    _type("网址|网站地址|官网地址|链接|官网是", r"https?://|www\."),
    _type(
        "(?<!网站)(?<!官网)地址|在什么地方|哪条[路街]|什么路|怎么走|位置",
        r"位于|地址|坐落|[路街道巷]\s*\d*\s*号|\d\s*号|大道|街",
    ),
    _type(
        r"在哪(?:里|儿)?(?=[?啊呢呀]|$)",
        r"位于|地址|路\d*号|街|窗口|大厅|平台|小程序|app|网点|服务点|服务站|局|市场|处|[东南西北左右旁]边|入口",
    ),
    _type(
        "(?:什么|啥|哪些|几样|要|需|带|备|提供|提交)[^,交完齐了]{0,4}(?:材料|资料|证件)"
        "|(?:材料|资料|证件)(?:有?哪些|清单|[?]?$)|带(?:什么|啥)(?=$|[?去来过吗呢东证材资])",
        "身份证|户口|证明|复印件|病历|发票|申请表|材料|资料",
    ),
    _type("哪些人|哪些家人|哪些亲属", "配偶|父母|子女|人员|人群|亲属"),
)
# What a question is about and no other thing can stand for: a scheme or benefit by name, undoing instead of doing.
_SUBJECTS = (
    _type(
        "解绑|解除绑|取消|撤[销回]|注销|作废|退[保费款钱出]",
        "解绑|解除|取消|撤[销回]|注销|作废|终止|退[保费款钱出还]|返还",
    ),
    _type("生效", "生效|等待期|即时|实时|起[^,]{0,4}享受|[才就可能]以?使?用"),
    _type("慢[性特]?病|门特", "慢[性特]?病|慢特|门特|特殊病|特病|两病|高血压|糖尿病"),
    _type("起付|门槛费", "起付|门槛"),
    _type("津贴", "津贴|产假工资"),
    _type("补[助贴](?!报销)", "补[助贴]|资助|救助|津贴"),
    _type("长护|长期护理|护理保险", "长护|长期护理|护理保险"),
    _type("大病(?:保险|二次|报销)", "大病"),
    _type("医疗救助", "救助"),
    _type("工伤", "工伤"),
    _type("失业(?:金|保险)", "失业"),
    _type("养老(?:金|保险)", "养老"),
    _type("商业?保险?|百万医疗|重疾险|惠民保", "商业?保险?|百万医疗|重疾险|惠民保"),
    _type("国外|境外|海外|出国", "国外|境外|海外|出国|港澳"),
)
# 抚顺市眼病医院, not 社区医院: the name of one organisation.
_ORGANISATION = re.compile("[^的去在和与是有到看从给,\u3002?!\\s]{3,12}(?:医院|防治院|保健院)")
_ANY_OF_ITS_KIND = re.compile(
    "社区|乡镇|镇上|村|门口|哪|级|三甲|定点|公立|私立|家|什么|附近|当地|外地|异地|大医院|个|住院"
)
_UNIT = re.compile("[市省县区]")


def wanted_answers(question: str) -> list[AnswerType]:
    """Return what the answer should hold: an amount, a share, a time ...; [] where anything will do."""
    folded = fold(question)
    return [each for each in _TYPES if each.asked.search(folded)]


def wanted_subjects(question: str) -> list[AnswerType]:
    """Return what any answer must speak of, be it in its title: the benefit named, or undoing where that is asked."""
    folded = fold(question)
    return [each for each in _SUBJECTS if each.asked.search(folded)]


def answer_fits(wanted: Sequence[AnswerType], text: str) -> float:
    """Return the share of what is wanted that ``text`` holds, in 0..1; 0.5 where nothing special is wanted."""
    if not wanted:
        return 0.5
    folded = fold(text)
    return sum(bool(each.answer.search(folded)) for each in wanted) / len(wanted)


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
