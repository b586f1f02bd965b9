"""Emergencies are recognised before anything is searched.

Rules, not a model: what they do can be read, and a false calm costs more than a false alarm.
"""

from __future__ import annotations

import re
from typing import Literal

from yibao.language.normalise import fold

Emergency = Literal["medical", "self_harm"]

_SYMPTOM = re.compile(
    "胸痛|胸口[^,。]{0,4}[痛疼]|胸[部闷][^,。]{0,3}[痛疼]|心口[^,。]{0,3}[痛疼]|心绞痛|心肌梗|心梗|心脏骤停|心跳(?:停|没)"
    "|呼吸困难|喘不[过上]来?气|透不过气|上不来气|没有?呼吸|呼吸(?:停|没)|窒息|噎住|卡住(?:喉咙|气管)"
    "|意识(?:不清|模糊|丧失)|神志不清|昏迷|昏倒|昏过去|晕倒|晕过去|叫不醒|不省人事|没有?意识|没有?反应了|休克"
    "|大出血|大量出血|血流不止|流血不止|止不住血|血止不住|吐血|呕血|大口咯血|大量便血"
    "|抽搐|抽风|口吐白沫|中风|脑出血|脑梗|(?:半边|一侧|一边)(?:身子|身体|手脚|胳膊)[^,。]{0,4}(?:不能动|动不了|没知觉|麻|没力|无力)|嘴(?:角)?歪|口角歪斜|突然(?:说不出话|说话不清|看不见|瘫)"
    "|服毒|中毒|喝了?[^,。]{0,3}(?:农药|百草枯|敌敌畏|消毒液|洁厕灵)|(?:吞|吃|服)[了下]?[^,。]{0,4}(?:一整?瓶|过量|太多|很多|大量|几十片)[^,。]{0,4}药|药(?:吃|服)(?:多|过量)了|误服|误食|误吞|吞[了下][^,。]{0,3}(?:电池|磁|针|钉|硬币)"
    "|触电|溺水|落水|毒蛇|蛇咬|过敏性休克|喉头水肿|严重过敏|(?:从[^,。]{0,6}|坠)(?:楼|高处)[^,。]{0,4}(?:摔|掉|坠|下来)|车祸|大面积烧伤|严重烧伤|断(?:了)?(?:手指|胳膊|腿)|羊水破|要生了"
)
_SELF_HARM = re.compile(
    "轻生|自杀|自尽|寻短见|不想活|不想再活|活不下去|活着没(?:有)?(?:意思|意义)|想死|去死|割腕|跳楼|上吊|了结(?:自己|生命)|结束(?:自己|我)?的?(?:生命|一切)|伤害自己|自残"
)
_POLICY = re.compile(
    "报销|报多少|能报|医保|社保|农合|备案|结算|费用|多少钱|花费|收费|自费|垫付|赔|理赔|比例|起付|封顶|待遇|材料|手续|流程|津贴|定点|属于(?:门诊)?慢特病|慢特病|政策|目录"
)
_NEGATED = re.compile("(?:没有?|并?无|未|不是|不伴|排除(?:了)?|除外|否认)(?:出现|发生|过|什么|任何|再)?[^,。;!?]{0,4}$")
_NOT_NOW = re.compile(
    "(?:去年|前年|以前|从前|曾经|上个?月|上次|几年前|小时候|当年|多年前|早就)|康复|恢复期|后遗症|复查|出院"
)
# Said of this moment, whatever else is asked: 突然大出血,没带医保卡怎么办. Money and papers come after it.
_NOW = re.compile(
    "救命|快不行|怎么救|叫不醒|正在(?:流血|抽)|先别管|不想再?活|活不下去|想死(?!我了)|寻短见"
    "|突然(?!.*(?:报|赔|费|钱|比例|结算|材料|手续|流程|住院|出院))"
)
_KNOWLEDGE = re.compile(
    "什么是|是什么意思|的定义|(?:怎么|如何)(?:预防|避免|防止)|预防|科普|知识|培训|论文|电影|小说|新闻|哪年|建立|统计"
)


def triage(question: str) -> Emergency | None:
    """Tell whether somebody may be in danger now.

    Questions about paying for emergency care, negated symptoms, past events and definitions are no
    emergencies, unless the words say that it happens now.
    """
    folded = fold(question)
    if _SELF_HARM.search(folded):
        return None if _about_rules(folded) or _KNOWLEDGE.search(folded) else "self_harm"
    present = [match for match in _SYMPTOM.finditer(folded) if not _NEGATED.search(folded[: match.start()])]
    if not present or _about_rules(folded) or _KNOWLEDGE.search(folded):
        return None
    if _NOT_NOW.search(folded) and not re.search("现在|正在|突然|又", folded):
        return None
    return "medical"


def _about_rules(folded: str) -> bool:
    return bool(_POLICY.search(folded)) and not _NOW.search(folded)
