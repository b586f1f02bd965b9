"""Questions for a diagnosis, a dose or a prognosis: articles about insurance must not seem to answer them."""

from __future__ import annotations

import re

from yibao.language.normalise import fold

_DOSE = re.compile(
    r"(?:[吃服用打喂喝贴注]|一[天日次]|每[天日次])[^,\u3002?]{0,6}(?:几|多少)(?:片|粒|颗|毫升|毫克|克|单位|支|滴|袋|丸|勺|包|ml|mg)"
    r"|(?:剂量|用量|药量)|(?:吃|服|喝)[^,\u3002]{0,4}几次|(?:几|多少)(?:片|粒|颗|毫升|毫克|滴|丸)|各吃多少|饭[前后](?:吃|服)|(?:减|加|停|换)药|[减加]量"
    r"|药[^,\u3002]{0,6}(?:吃|服|用)(?:多少天|多久|几天)"
)
_WHICH_DRUG = re.compile(
    "(?:吃|用|服|擦|涂|滴|贴|喝|能吃|开)(?:点|些)?(?:什么|啥|哪种|哪些)[^,\u3002?]{0,4}(?:药|膏|汤)|什么药(?:好|管用|有效|治)|哪种药|能(?:不能)?一起吃"
)
_DIAGNOSIS = re.compile(
    "(?:是不是|会不会是?|算不算|是否|难道)[^,\u3002?]{0,4}(?:得了|患了|有|癌|[^,\u3002?]{0,8}(?:病|炎|症|癌|瘤|硬化|中风|帕金森|结核|抑郁))"
    "|(?:得了|患了|是)(?:什么|啥)病|是[^,\u3002?]{1,8}(?:炎|癌|瘤)(?:吗|么|吧)|要不要(?:做)?(?:手术|化疗|放疗|开刀)(?!前)"
)
_PROGNOSIS = re.compile(
    "(?:还)?能?活(?:多久|几年|几个月|多少年|多长)|(?:能|可以|会)(?:不能|不会)?(?:治好|治愈|根治|痊愈|断根|康复)|会不会死|会死吗|有(?:没有)?救|存活率|生存期"
)
# What is asked is what is paid, or what papers are wanted.
_POLICY = re.compile(
    "报销|[能给可]报|报(?:多少|几|吗)|医保|保险|目录|费用|多少钱|限额|免费|材料|手续|备案|哪家医院|医院(?:好|看)|去哪|医院|共济|账户|余额|结算"
)
_AMOUNT_OF_DRUG = re.compile(
    r"(?:\d+(?:\.\d+)?|[一二三四五六七八九十半两])(?:-\d+|~\d+|[至到]\d+)?\s*(?:片|粒|颗|毫升|毫克|克|单位|滴|丸|ml|mg|g)(?![\u4e00-\u9fff]*(?:机构|医院))"
    "|(?:每[日天]|一[日天])(?:[一二三四两]|\\d)次"
)


def asks_a_doctor(question: str) -> bool:
    """Tell whether a question is one that only a doctor may answer."""
    folded = fold(question)
    if _DOSE.search(folded) or _PROGNOSIS.search(folded):
        return not _about_money(folded)
    return bool(_WHICH_DRUG.search(folded) or _DIAGNOSIS.search(folded)) and not _about_money(folded)


def _about_money(folded: str) -> bool:
    return bool(_POLICY.search(folded))


def holds_a_dose(text: str) -> bool:
    """Tell whether a text says how much of a drug to take."""
    return bool(_AMOUNT_OF_DRUG.search(fold(text)))
