"""Tables of words from which statements about values are read: topics, services, qualifiers, hospital levels.

All patterns are for folded text.
"""

from __future__ import annotations

import re

from yibao.language.places import blank_places
from yibao.language.quantities import Quantity, QuantityKind
from yibao.language.segmenter import default_segmenter

# What a value is the value of: its name, the kinds of value it takes, its words. The nearest to the value counts.
_TOPICS: tuple[tuple[str, tuple[QuantityKind, ...], re.Pattern[str]], ...] = (
    ("validity", ("duration",), re.compile("有效期|有效|备案[^,]{0,3}管")),
    ("waiting", ("duration",), re.compile("等待期|生效|才能(?:使用|享受|用)|空白期")),
    ("deadline", ("duration",), re.compile("补办|补备案|补交|补手续|补办备案")),
    ("review", ("duration",), re.compile("审核|审查|办结|受理")),
    ("allowance", ("duration", "amount"), re.compile("津贴")),
    ("ratio", ("share",), re.compile("报销|支付比例|可报|给报|能报|报(?=约?\\d)")),
    ("contribution", ("share",), re.compile("缴费比例|缴费率|费率")),
    ("deductible", ("amount",), re.compile("起付线|起付标准|门槛费")),
    ("cap", ("amount",), re.compile("封顶|限额|最高支付|最多(?:能)?(?:报|支付)|最高(?:能)?报销|报销额度")),
    ("premium", ("amount",), re.compile("缴费标准|个人缴费|保费")),
    ("collection", ("date",), re.compile("集中(?:缴费|征缴|参保)期?")),
    ("hotline", ("phone",), re.compile("热线|咨询(?:服务)?电话")),
    ("count 慢特病", ("count",), re.compile("慢特病|慢性病|慢病|病种")),
    ("count 亲属", ("count",), re.compile("亲属|家庭成员|家人")),
)
MONEY = frozenset(["ratio", "contribution", "deductible", "cap", "premium"])
TIME = frozenset(["validity", "waiting", "deadline", "review"])
ANY_SERVICE = frozenset(
    ["validity", "waiting", "premium", "contribution", "collection", "hotline", "count 慢特病", "count 亲属"]
)
SUBJECT_IS_TOPIC = frozenset(["hotline", "count 慢特病"])  # whatever else the sentence says
PERSONS = frozenset(["working", "retired", "flexible", "student", "newborn", "child", "elderly", "farmer"])

_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("1", re.compile("一级|社区(?:卫生|医院|服务)|卫生院|村卫生室|基层")),
    ("2", re.compile("二级")),
    ("3", re.compile("三级|三甲|大医院")),
)
_FILINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("temporary", re.compile("临时外出|旅游急诊|短期外出")),
    ("resident", re.compile("长期居?住|长住|异地安置|退休安置|常驻|长期驻外|异地居住")),
)
_QUALIFIERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("not referred", re.compile("(?:未|没有|没|未经|无|不)转诊")),
    ("referred", re.compile("(?<!未)(?<!没有)(?<!没)(?<!未经)(?<!无)(?<!不)转诊")),
    ("not filed", re.compile("(?:未|没有|没)(?:经|办理?)?备案")),
    ("filed", re.compile("(?:已|办好|办理)(?:经)?备案")),
    ("abroad", re.compile("异地|跨省|外地|外省|省外")),
    ("in province", re.compile("省内")),
    ("employer", re.compile("单位(?:缴|的缴)")),
    ("old", re.compile(r"\d+周?岁(?:及)?以上")),
    ("young", re.compile(r"\d+周?岁(?:及)?以下")),
    ("settled", re.compile("直接结算")),
    ("relatives", re.compile("家属|共济")),
    ("to employee", re.compile("居民医保(?:转|改|换|变)(?:成|为|到)?职工")),
    ("to resident", re.compile("职工医保(?:转|改|换|变)(?:成|为|到)?(?:城乡)?居民")),
)
# Conditions that do not matter to a topic: where somebody is treated does not change how long a filing is valid.
_FREE = {
    "validity": frozenset(["abroad", "in province", "referred", "not referred", "filed", "not filed"]),
    "deadline": frozenset(["abroad", "not filed", "filed"]),
    "count 慢特病": frozenset(["abroad", "in province"]),
    "filing": frozenset(["abroad", "not filed", "filed", "referred", "not referred"]),
}
_STRIPPED = re.compile(
    "有效期?|等待期|生效|才能(?:使用|享受|用)|补办|审核|生育津贴|津贴|报销比例|报销|支付比例|缴费比例|缴费标准|个人缴费|起付(?:线|标准)"
    "|封顶线?|(?:年度)?(?:最高)?(?:支付)?限额|最多|最高|集中(?:缴费|征缴)期|热线|电话|职工(?:基本)?医保|(?:城乡)?居民医保|新农合|农合"
    "|居民医保(?:转|改|换|变)(?:成|为)?|在职|退休|灵活就业|[一二三]级(?:及以[上下])?|社区(?:卫生服务中心|医院)|大医院|乡镇卫生院|村卫生室"
    "|临时外出|长期居住|退休安置|旅游|常驻|急诊|转诊|异地|跨省|外地|省内|门诊|住院|慢特病|备案|医保|医疗|通常|可以|需要|以后|以内"
    r"|20\d\d年|[一二三四五六七八九十两]+(?:年|个?月|天|日|种)|\d[\d.,%元年个月天种日-]*|(?:转|改|换|变)(?:成|为)?"
)
_GENERIC = frozenset(
    """人员 职工 居民 参保 参保人 参保人员 参加 重新 普通 医院 医疗机构 机构 费用 费用段 比例 标准 部分 政策
    规定 范围 范围内 手续 办理 办好 完成 年度 一次 处在 处于 之间 大致 左右 具体 其中 以及 包括 或者 就医 患者
    如果 工作日 使用 享受 待遇 全国 目前 直接 结算 实现 已经 统筹 城镇 城乡 基本 保险 看病 家人 一般 为例
    个人 家庭 部分地区 地区 各地 政策范围 合规 提高 提升 进一步 降低 负担 缴费 服务 咨询 没有 现在 外出 居住
    长期 临时 乡镇 通过 等等 中心 社区 学生 老年人 老人 女职工 周岁 有效 确认 当月 通常 成功 申请
    超过 合理 累计 支付 达到 上调 提供""".split()
)
# A word of two characters that begins with one of these says how, not what: 可报, 给报, 就能, 需先, 已有.
_FUNCTION = frozenset("不无未没必应须需要可能才就已给得从发处每一两半")
_NUMBERED = re.compile("[一二三四五六七八九十两几半每][个级类种档次年月天份项]|[升到提降增]?[高低至]?到")


def subject(clause: str) -> frozenset[str]:
    """Return the words that say what a clause is about: without value, topic, places and whom it applies to."""
    bare = _STRIPPED.sub(",", blank_places(clause))
    return frozenset(word for word in default_segmenter().words(bare) if _is_content(word))


def _is_content(word: str) -> bool:
    if len(word) == 1 or word[0].isdigit() or word in _GENERIC or _NUMBERED.search(word):
        return False
    return len(word) > 2 or word[0] not in _FUNCTION  # noqa: PLR2004


def topic_of(text: str, start: int, end: int, kind: QuantityKind) -> str | None:
    """Return the topic named nearest to the value at ``text[start:end]``, or None where no topic takes this kind."""
    best: tuple[int, str] | None = None
    for name, kinds, pattern in _TOPICS:
        if kind not in kinds:
            continue
        for match in pattern.finditer(text):
            distance = start - match.end() if match.end() <= start else max(0, match.start() - end) + 2
            if best is None or distance < best[0]:
                best = (distance, name)
    return best[1] if best else None


def fits(topic: str, value: Quantity, clause: str) -> bool:
    """Tell whether a value is plausible for its topic: 12393 is a hotline, 0713-7220256 the number of one office."""
    if topic == "hotline":
        return bool(re.fullmatch("12\\d{3}", value.unit))
    if topic == "ratio":
        return not re.search("缴费|上涨|工资", clause)
    if topic == "premium":
        return not re.search("报销|限额", clause)
    if topic == "validity":
        return "备案" in clause
    if topic == "collection":
        return value.unit[0] in {"月", "日"}
    return topic != "count 慢特病" or value.unit == "种"


def levels(text: str) -> frozenset[str]:
    """Return the hospital levels named; 二级及以上 names two."""
    named = {name for name, pattern in _LEVELS if pattern.search(text)}
    if re.search("二级及以上", text):
        named.add("3")
    return frozenset(named)


def filings(text: str) -> frozenset[str]:
    """Return the kinds of filing named."""
    return frozenset(name for name, pattern in _FILINGS if pattern.search(text))


def qualifiers(text: str, topic: str) -> frozenset[str]:
    """Return the conditions of a statement (referred, filed, settled directly ...) other than whom it applies to."""
    found = frozenset(name for name, pattern in _QUALIFIERS if pattern.search(text)) - _FREE.get(topic, frozenset())
    return found if topic == "count 慢特病" else found - {"settled"}
