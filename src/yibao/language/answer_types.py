"""What kind of answer a question wants, and what such an answer looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yibao.language.normalise import fold
from yibao.language.quantities import Quantity, QuantityKind, base_unit, read_quantities
from yibao.language.quantities.quantity import date_parts

_AMOUNT_ASKED = (
    "多少钱|多少元|多少块|几块|几[百千万]|价格|收费|费用是?多少"
    "|(?:工本费|额度|限额|起付线|门槛费|起付标准|封顶线?|金额|标准)(?:是|为|要|报|有)*(?:多少|几|$)"
)
_SOME_MONEY = r"免费|[几数][十百千万]|\d\s*(?:美金|铢|镑|w)"
_SEVERAL = "(?<![哪好了过这那前近十])(?:多少|几)"  # 好几天 and 疼了几个月 only tell
_DAYS = "工作日|天|星期|小时|分钟|周(?!岁)"
_FOUNDED = "年(?=成立|建|开|创|出|办|起)"
_PARTS_OF_TIME = "[早晚]上|[上中下][午旬]|饭[前后]|早餐|年[初中底内]|长期|永久|当天|次日"
_AT_ONCE = "长期|永久|终身|当天|次日|即时|实时|随时"
_ONE = frozenset([1.0, 7.0, 12.0, 60.0])  # 一天, 一周, 一年, 一小时 in their base units
_RECENT = re.compile("[近前]$")
_LENGTH_BEFORE = re.compile("[为是期满至到或]$")
_LENGTH_AFTER = re.compile("[多半后]|左右|上下|以?内|有效")

Holds = Callable[[str, Quantity], bool]


def _of(*kinds: QuantityKind) -> Holds:
    return lambda _, quantity: quantity.kind in kinds


def _counted(*measure_words: str) -> Holds:
    units = {base_unit(word) for word in measure_words}
    return lambda _, quantity: quantity.kind == "count" and quantity.unit in units


def _amount(text: str, quantity: Quantity) -> bool:
    """Tell whether a quantity is money, be it without 元: 三百多, 4万8千."""
    multiple = quantity.kind == "number" and re.search("[百千万亿]", text[quantity.start : quantity.end])
    return quantity.kind == "amount" or bool(multiple)


def _amount_or_share(text: str, quantity: Quantity) -> bool:
    return quantity.kind == "share" or _amount(text, quantity)


def _length(text: str, quantity: Quantity) -> bool:
    """Tell whether a quantity tells how long: not 近两年, and no 一年 that only says per year."""
    before, after = text[max(0, quantity.start - 1) : quantity.start], quantity.end
    if quantity.kind != "duration" or _RECENT.search(before):
        return False
    if text[quantity.start] != "一" or quantity.low != quantity.high or quantity.low not in _ONE:
        return True
    return bool(_LENGTH_BEFORE.search(before) or _LENGTH_AFTER.match(text, after))


def _days(text: str, quantity: Quantity) -> bool:
    return _length(text, quantity) and (quantity.unit != "个月" or quantity.high <= 1)


def _years(text: str, quantity: Quantity) -> bool:
    return _length(text, quantity) and "年" in text[quantity.start : quantity.end]


def _month(_: str, quantity: Quantity) -> bool:
    return quantity.kind == "date" and quantity.unit != "年" and date_parts(quantity.low)[1] > 0


def _people(text: str, quantity: Quantity) -> bool:
    alone = quantity.kind == "number" and text[quantity.end : quantity.end + 1] in {",", "\u3002"}
    return alone or _counted("名", "个")(text, quantity)


@dataclass(frozen=True)
class AnswerType:
    """What is asked, and what any answer to it holds.

    ``by_place``: what every place has for itself, so that another place's may be no answer; unless it is one that holds
    ``everywhere``, as 12393 does.
    """

    asked: re.Pattern[str]
    words: re.Pattern[str] | None
    holds: Holds | None
    by_place: bool
    everywhere: re.Pattern[str] | None

    def needs_place(self, text: str) -> bool:
        """Tell whether what ``text`` tells holds for one place alone."""
        everywhere = self.everywhere
        return self.by_place and not (
            everywhere and any(q.kind == "phone" and everywhere.match(q.unit) for q in read_quantities(text))
        )

    def held_by(self, text: str) -> bool:
        """Tell whether ``text`` holds what is asked: a word, or a quantity of the kind."""
        folded = fold(text)
        if self.words and self.words.search(folded):
            return True
        holds = self.holds
        return holds is not None and any(holds(folded, quantity) for quantity in read_quantities(folded))


def _type(
    asked: str, words: str = "", holds: Holds | None = None, *, by_place: bool = False, everywhere: str = ""
) -> AnswerType:
    return AnswerType(
        re.compile(asked),
        re.compile(words) if words else None,
        holds,
        by_place,
        re.compile(everywhere) if everywhere else None,
    )


# Rather too much than too little, since nothing is quoted by it alone.
_TYPES = (
    _type(_AMOUNT_ASKED, _SOME_MONEY, _amount, by_place=True),
    _type(
        "[缴交](?:多少|几)(?!年|个?月|次|天|钱|元|块|个点|成)", f"{_SOME_MONEY}|全额", _amount_or_share, by_place=True
    ),
    _type("比例|百分之|百分比|报销?(?:多少|几)(?!钱|元|天|次)|几成|几个点", "全额", _of("share"), by_place=True),
    _type(f"{_SEVERAL}个?(?:{_DAYS})", _AT_ONCE, _days),
    _type(
        f"(?<![没不])多久|多长时间|有效期|期限|{_SEVERAL}个月|{_SEVERAL}(?!{_FOUNDED})年",
        _AT_ONCE,
        _length,
    ),
    _type(
        f"什么时候|何时|几时|哪年|哪一年|哪天|哪几个月|几(?:{_FOUNDED}|月份?|点)|(?<![街路])几号(?!楼|线)",
        _PARTS_OF_TIME,
        _of("date", "time", "duration"),
    ),
    _type(
        "哪几个月|几月份?|^(?!.*(?:新生|出生|孩|娃|宝)).*(?:什么时候|何时|几时)[^,?]{0,4}[交缴]",
        "月[底初]|年底",
        _month,
    ),
    _type("[交缴][^,?]{0,3}(?:多少|几)年", _AT_ONCE, _years),
    _type("面积(?!大)|占地", "平方米|平方公里|亩|公顷"),
    _type("(?:几|多少)张", holds=_counted("张")),
    _type("(?:几|多少)次", holds=_counted("次")),
    _type("(?:几|多少)家(?!里|人|属)", holds=_counted("家")),
    _type("(?:几|多少)种", holds=_counted("种", "类", "个")),
    _type(
        "(?:几|多少)(?:名|位|个)?(?:人|家里人|家人|家属|亲属|亲人|成员|医生|护士|职工|员工)|(?:几|多少)[名位]",
        holds=_people,
    ),
    _type("(?:几|多少)岁|年龄", holds=_of("age")),
    _type("(?:几|哪)路(?:车|公交)?|坐什么车", r"\d+\s*(?:路|号线|线)"),
    _type(
        "电话(?!费|多少钱)|座机|热线|号码|拨打|打给",
        holds=_of("phone"),
        by_place=True,
        everywhere=r"(?:1[02]\d{3}|9\d{4})$|[48]00\d{7}$",
    ),
    _type("网址|网站地址|官网地址|链接|官网是", holds=_of("link")),
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
    return sum(each.held_by(folded) for each in wanted) / len(wanted)


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
