"""Tables for statements about what is allowed or needed, and for which statements bear on a question.

All patterns are for folded text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_FORBIDS = re.compile("不能|不可|不得|无法|(?:暂)?不支持|不包括|不在|不予|不允许|不属于|不纳入")
_ALLOWS = re.compile("可以|可用|可支付|(?<!不)能(?!否|不能)|允许|(?<!不)支持|(?<!不)包括|都可|可(?=[支在])|也可")
_LOOKS_UP = re.compile("部分|查|明细|记录|只能|只有|仅限|[吗么]$")
_NO_NEED = re.compile("不用|无需|不需要?|不必|免(?!费)|不要|按已经?备案对待")
_FILED = re.compile(
    "(?:需要?|要|须|应当?)(?:先|提前|事先)?(?:去|办好|办理|办|做好|做|申请)?[^,的]{0,6}备案|(?:需要?|要|须)在[^,]{0,10}补办"
    "|(?:必须|先|提前|事先)(?:办好|办理|办|做好|做)?[^,\u3001]{0,6}备案|前提是[^,]{0,4}备案"
)
_PROVED = re.compile("需要?|要|须|提交|提供|带上?")
_COVERED = re.compile("不能报|不予报|不可报|不报|自费|不在[^,]*报销范围")


def _allowed(clause: str) -> bool | None:
    if _LOOKS_UP.search(clause):
        return None
    if _FORBIDS.search(clause):
        return False
    return True if _ALLOWS.search(clause) else None


def _filing_needed(clause: str) -> bool | None:
    if re.search("部分", clause):
        return None
    if _NO_NEED.search(clause):
        return False
    return True if _FILED.search(clause) else None


def _proof_needed(clause: str) -> bool | None:
    if _NO_NEED.search(clause):
        return False
    return True if _PROVED.search(clause) else None


def _covered(clause: str) -> bool | None:
    if _COVERED.search(clause):
        return False
    return True if re.search("(?:可以|可|能|予以|纳入)[^,]{0,4}报销", clause) else None


def _account(text: str) -> str:
    """Return which means of payment is named: the card may not be lent, even where the account may be shared."""
    found = re.search("(社保卡|医保卡(?!个人))|共济|个人账户|亲情账户|医保资金", text)
    return "" if not found else "card" if found[1] else "account"


def _named(name: str) -> Callable[[str], str]:
    pattern = re.compile(name)
    return lambda text: name if pattern.search(text) else ""


def _things(*table: tuple[str, str]) -> Callable[[str], list[str]]:
    compiled = [(name, re.compile(pattern)) for name, pattern in table]
    return lambda clause: [name for name, pattern in compiled if pattern.search(clause)]


@dataclass(frozen=True)
class Rule:
    """One kind of rule: what it is done with, whether it is allowed or needed (None: not said), for which things."""

    name: str
    instrument: Callable[[str], str]
    polarity: Callable[[str], bool | None]
    things: Callable[[str], list[str]]
    by_service: bool
    by_subject: bool


PAID = _things(
    ("住院", "住院"),
    ("门诊", "门诊(?!特殊|慢|特)"),
    ("药品", "药品|买药|药店"),
    ("器械", "器械|血压计|血糖仪"),
    ("体检", "体检"),
    ("疫苗", "疫苗"),
    ("医保费", "医保费|[缴交]纳?[^,]{0,4}医保|保费|参保缴费"),
    ("医疗费用", "报销(?:[^,]{0,3}的)?医疗费用|报销[^,]{2,6}的医疗费|看病的?费用|看病的?钱"),
)
RULE_WORDS = ("共济", "账户", "社保卡", "备案", "补办", "证明", "户口", "报销", "自费", "支付")
RULES = (
    Rule(
        "pay", _account, _allowed,
        PAID,
        by_service=False, by_subject=False,
    ),
    Rule("filing", _named("备案"), _filing_needed, lambda _: ["备案"], by_service=True, by_subject=False),
    Rule(
        "proof", _named("绑定|共济"), _proof_needed, _things(("关系证明", "关系证明|户口[本簿]")),
        by_service=False, by_subject=False,
    ),
    Rule(
        "covered", _named("报销|自费"), _covered, _things(("报销", "费用|手术|治疗|取环|取出")),
        by_service=True, by_subject=True,
    ),
)  # fmt: skip

# What a question must say for statements of a topic to be relevant to it.
_ASKED: dict[str, re.Pattern[str]] = {
    "validity": re.compile("备案.*(?:有效|多久|多长|管|几个?月|半年|一年)|有效.*备案"),
    "waiting": re.compile("[要用需得还]等|等(?:多|几|待)|多久|多长|空白|什么时候|几个?月"),
    "deadline": re.compile("补"),
    "review": re.compile("审核|审查|多久"),
    "allowance": re.compile("津贴"),
    "ratio": re.compile("比例|百分|几成|几个点|报(?:销)?(?:多少|几)|多少.*报"),
    "contribution": re.compile("缴费比例|百分之|按多少"),
    "deductible": re.compile("起付|门槛"),
    "cap": re.compile("封顶|限额|额度|最多|最高|上限"),
    "premium": re.compile("(?:交|缴).*(?:多少|几)|多少钱|缴费标准"),
    "collection": re.compile("什么时候|几月|哪几个月|何时|集中"),
    "hotline": re.compile("热线|全国.*(?:电话|号码)|12333|12393"),
    "count 慢特病": re.compile("几种|多少种|[0-9一二三四五六七八九十]+种|慢特病.*(?:哪些|几)"),
    "count 亲属": re.compile("几类|多少类|哪些"),
    "filing": re.compile("备案.*(?:要|用|需|必须|得|免)|(?:要|用|需|必须|得|免|没|未|不).*备案"),
    "proof": re.compile("证明|户口|材料|证件"),
    "covered": re.compile("报|自费"),
}
_YES_OR_NO = re.compile("[吗嘛不没]|(?<![什怎])么|是否|能|可以|(?<!银)行(?!程|卡)|得|还是|用得着|哪些")


def matters(topic: str, question: str) -> bool:
    """Tell whether a folded question asks for what statements of this topic state."""
    name, _, thing = topic.partition(" ")
    if name == "pay":
        return bool(_account(question) and thing in PAID(question) and _YES_OR_NO.search(question))
    asked = _ASKED.get(topic) or _ASKED[name]
    return bool(asked.search(question)) and (
        name not in {"filing", "proof", "covered"} or bool(_YES_OR_NO.search(question))
    )
