"""参保地 and 就医地: which of the places a text names holds the insurance, and which gives the treatment.

Benefits follow the place of insurance; the place of treatment decides what its list of medicines holds and where a
filing is checked. A text that names one place only asks for that one.
"""

from __future__ import annotations

import re
from enum import IntEnum

from yibao.language.places import Mention, find_places, without_parents

# All patterns are for folded text. In front of a place: what ends there; behind it: what begins there.
_INSURED_BEFORE = re.compile(
    "(?:参保地?|(?<!外地)(?<!外省)(?<!异地)(?:医保|社保|农合)(?!去|到)[^,\u3002]{0,5}|参的保|投保)(?:是|在|为|还在|办在|交在|都在|[^,\u3002能可会怎]{0,2}在)?$"
)
_INSURED_BEHIND = re.compile(
    "(?:(?:的|省|市|县|本地|当地|城镇|城乡|在职|退休|灵活就业|普通)*"
    "(?:职工|居民|少儿|学生|大学生|农村|新|城乡|城镇|基本)*(?:医保|社保|农合|农村合作|医疗保险|参保|参的|参加)"
    "|[^,\u3002在到去]{0,3}(?:交|缴|买|上)(?:的|了|过)?(?:少儿|职工|居民|城乡居民|大学生|新)*(?:医保|社保|农合|保险|居民))"
    "|(?:交|缴|买)(?:的|了)(?:医保|社保|农合|[,\u3002?]|$)"
)
_HOME_BEFORE = re.compile("(?:^|[,\u3002])从$|(?:户口|户籍|老家|家|单位)(?:是|在|为)?$|(?:来自|是)$")
_HOME_BEHIND = re.compile("的?(?:人(?!民)|居民|老人|职工|退休|户口|户籍|单位|上班|农村|学生|参保)|的(?:[,\u3002]|$)")
_FILED_BEFORE = re.compile("(?:转诊|转院|转|备案|就医)(?:到|至|去|往|地)[^,\u3002]{0,3}$")
_TREATED_BEFORE = re.compile(f"{_FILED_BEFORE.pattern}|(?:医院|就医地)[^,\u3002]{{0,2}}在$|(?:改成|换成|改到|换到)$")
_GOING_BEFORE = re.compile("(?:到|去|来|往|至|回|赴|长住|住在?)(?:老家|我?这边|我?那边|外地)?$")
_STAYING_BEFORE = re.compile("(?:在|人在|住[^,\u3002]{0,4})$")
_STAYING_BEHIND = re.compile("(?:这边|那边)?(?:上班|打工|务工|工作|带孩子|带娃|长住|居住)")
_CARE_WORDS = (
    "看病|看(?:门诊|牙|眼|骨|医生|专家|急诊|的急诊|诊)|看(?=[,?]|$)|住院|就医|就诊|治疗|治病|医治|手术|化疗|门诊|医院|急诊|买药"
    "|生孩子|生娃|生产|分娩|体检|检查|过冬|养老|备案|协和|华西|湘雅"
)
_CARE = re.compile(_CARE_WORDS)
_CARE_BEHIND = re.compile(f"(?:的|市)?(?:{_CARE_WORDS})")
_PAYMENT = re.compile("报销|报|结算|用|刷")
_SHARED_ACCOUNT = re.compile("共济|亲情账户|个人账户|代缴|代交|[给帮替][^,\u3002]{0,8}(?:用|交|缴)")
_FROM_ELSEWHERE = re.compile(
    "外地(?:的)?(?:医保|社保|农合|居民医保|人|参保)|外省(?:的)?(?:医保|社保|农合|人|参保)|异地(?:的)?(?:医保|农合)"
    "|不是[^,\u3002]{1,6}的|备案(?:后|了|好),?在|老家(?:的|交|买|上|参)"
)


class _Role(IntEnum):
    """What the words around a place make of it."""

    NONE = 0
    STAYING = 1
    HOME = 2
    TREATED = 3
    INSURED = 4


def insured_and_treated(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the regions whose rules a folded text is about, and the place of treatment where it is set apart.

    Returns:
        the regions of the insurance if the text tells insurance and treatment apart, else all that are named; and the
        regions of treatment, empty unless the text says that the insurance is from elsewhere.
    """
    mentions = find_places(text)
    regions = without_parents(mention.region for mention in mentions)
    if not regions or _SHARED_ACCOUNT.search(text):
        return regions, ()
    roles = {region: {_Role.NONE} for region in regions}
    for number, mention in enumerate(mentions):
        around = _around(text, mentions, number)
        for region in regions:  # what is said of 广东 in 广东广州 is said of 广州
            if region == mention.region or region.startswith(f"{mention.region}/"):
                roles[region].add(_role(*around))
    if len(regions) == 1:
        only = roles[regions[0]]
        treated_here = _Role.TREATED in only or not only & {_Role.HOME, _Role.INSURED}
        filed = any(_FILED_BEFORE.search(_around(text, mentions, number)[0]) for number in range(len(mentions)))
        return regions, regions if filed or (treated_here and _FROM_ELSEWHERE.search(text)) else ()
    treated = _treated(text, {region: max(all_of_it) for region, all_of_it in roles.items()})
    insured = tuple(region for region in regions if region not in treated)
    return (insured, treated) if insured and treated else (regions, ())


def _treated(text: str, roles: dict[str, _Role]) -> tuple[str, ...]:
    """Return the regions of treatment; who only lives or works somewhere is treated there if nowhere else is named."""
    treated = tuple(region for region, role in roles.items() if role == _Role.TREATED)
    if treated or not _CARE.search(text):
        return treated
    rest = [role for role in roles.values() if role != _Role.STAYING]
    if not rest or max(rest) < _Role.HOME:
        return ()
    return tuple(region for region, role in roles.items() if role == _Role.STAYING)


def _around(text: str, mentions: list[Mention], number: int) -> tuple[str, str]:
    """Return the text in front of a place and behind it, each up to the next place and what belongs to that."""
    mention = mentions[number]
    start = mentions[number - 1].tail if number else 0
    if number and (taken := _INSURED_BEHIND.match(text[start : mention.start])):
        start += taken.end()
    end = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
    return text[start : mention.start], text[mention.tail : end]


def _role(before: str, behind: str) -> _Role:
    if _TREATED_BEFORE.search(before):
        return _Role.TREATED
    if _INSURED_BEHIND.match(behind):
        return _Role.INSURED
    going, staying = _GOING_BEFORE.search(before), _STAYING_BEFORE.search(before)
    clause = re.split("[,\u3002]", behind)[0]
    if going and _CARE.search(behind):
        return _Role.TREATED
    if _INSURED_BEFORE.search(before):
        return _Role.INSURED
    if (staying and (_CARE.search(clause) or _PAYMENT.search(clause))) or _CARE_BEHIND.match(behind):
        return _Role.TREATED
    if _STAYING_BEHIND.match(behind):
        return _Role.STAYING
    if _HOME_BEFORE.search(before) or _HOME_BEHIND.match(behind):
        return _Role.HOME
    return _Role.STAYING if staying else _Role.NONE
