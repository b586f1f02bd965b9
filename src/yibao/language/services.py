"""Which service and which branch of social insurance a text speaks of: closed lists, for questions and sentences."""

from __future__ import annotations

import re

# Patterns for folded text, the longer before those they hold.
_SERVICES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("慢特病", re.compile("(?:门诊)?(?:慢特病|特殊病种?|慢性病|慢病|特定病种?|两病)")),
    ("大病", re.compile("大病(?:保险|报销|医疗)?")),
    ("急诊", re.compile("(?<!门)急诊(?:抢救)?|急救|抢救|紧急情况|突发疾病")),
    ("门诊", re.compile("门急诊|普通门诊|门诊(?:统筹)?")),
    ("住院", re.compile("住院|乡镇卫生院住院")),
    ("生育", re.compile("生育(?!津贴)|分娩")),
    ("药店", re.compile("药店")),
)
_BRANCHES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("医疗", re.compile("医保|医疗保险|农合|农村合作医疗")),
    ("养老", re.compile("养老(?:保险|金|待遇)|退休金")),
    ("失业", re.compile("失业(?:保险|金|待遇|补助)")),
    ("工伤", re.compile("工伤")),
    ("生育", re.compile("生育(?:保险|津贴)")),
    ("长护", re.compile("长护险?|长期护理|护理保险")),
    ("商业", re.compile("商业?(?:医疗|健康)?保险|商保|惠民保|百万医疗|重疾险")),
)


def read_services(folded: str) -> frozenset[str]:
    """Return the services a folded text names: 门诊, 住院, 慢特病 ..."""
    rest, found = folded, set()
    for name, pattern in _SERVICES:
        rest, count = pattern.subn(" ", rest)
        if count:
            found.add(name)
    return frozenset(found)


def read_branches(folded: str) -> frozenset[str]:
    """Return the branches of insurance a folded text names: 医疗, 养老, 工伤 ..."""
    return frozenset(name for name, pattern in _BRANCHES if pattern.search(folded))
