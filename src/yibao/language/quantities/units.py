"""Units of measure: how each is written, what kind of quantity it makes, and how many of the base unit it is.

All for folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from yibao.language.quantities.quantity import QuantityKind


@dataclass(frozen=True)
class Unit:
    """What a number with this unit is, in the kind's base unit."""

    kind: QuantityKind
    base: str
    factor: Decimal


# Base unit -> writings and how many of the base unit each is.
_SIZED: dict[QuantityKind, dict[str, dict[str, str]]] = {
    "share": {"%": {"%": "1", "‰": "0.1"}, "百分点": {"个百分点": "1", "百分点": "1"}},
    "amount": {
        "元": {"元钱": "1", "元": "1", "块钱": "1", "块": "1", "圆": "1", "角": "0.1", "毛钱": "0.1", "分钱": "0.01"},
        "美元": {"美元": "1", "美金": "1"},
    },
    "duration": {
        "个月": {
            "个月": "1", "个半月": "1", "个多月": "1", "月": "1", "个季度": "3", "年": "12", "周年": "12", "年度": "12",
            "个年度": "12", "个自然年度": "12", "个自然年": "12", "个整年": "12", "个缴费年度": "12",
        },
        "天": {
            "天": "1", "日": "1", "个自然日": "1", "自然日": "1", "个日历日": "1", "个昼夜": "1", "周": "7",
            "个星期": "7", "个半星期": "7", "个多星期": "7", "星期": "7", "个礼拜": "7", "礼拜": "7",
        },
        "工作日": {"个工作日": "1", "工作日": "1"},
        "分钟": {
            "个小时": "60", "个半小时": "60", "个多小时": "60",
            "小时": "60", "个钟头": "60", "个半钟头": "60", "钟头": "60", "分钟": "1",
        },
    },
    "age": {"岁": {"周岁": "1", "岁": "1"}},
}  # fmt: skip
_COUNTED = (
    "种 类 项 家 所 名 位 张 次 人次 份 例 分 亩 平方米 平方公里 公顷 公里 厘米 米 毫升 升 毫克 克 公斤 千克 "
    "个 人 个人 倍 步 件 条 套 台 "
    "部 间 支 盒 瓶 片 粒 颗 针 批 户 座 辆 页 床"
).split()
# 三位 and 三名 are the same, so are 三所 and 三家.
_SAME_PIECE = {"位": "名", "人": "名", "个人": "名", "所": "家"}
# What follows where the same characters are no unit: 一次性, 三年级, 五分之一, 两个人账户.
_NO_UNIT = {
    "次": "性|日|月|年|序|要|级|生|数", "年": "级|龄|代|[内底]?生", "块": "[地田]", "成": "", "月": "龄|份",
    "周": "岁|[一二三四五六日末边围知报期]", "日": "常|均", "天": "然|津", "角": "[形色度落膜]", "元": "[旦素宵]",
    "个": "[性税体案别]|人[账缴信负部自承医支参身电]|工作日", "个人": "[账缴信负部自承医支参身电]", "个月": "龄",
    "人": "[民员大均口社才群身工数力事次]", "家": "[庭里人属长用乡]", "所": "[有在得需以属述列称示]",
    "位": "[于置移]", "名": "[单称义字为]", "份": "额", "类": "[似型别]", "项": "[目下]",
    "分": "[之钟别为类级段布期公开成钱析局院支担离组行享散档值]", "条": "[件例款目]", "种": "[植子痘]",
    "部": "[分门级委署位长队]", "件": "数", "户": "[口籍]", "台": "[账湾]", "间": "[隔接断歇]", "批": "[准复次]",
    "支": "[付持出撑气架队部]", "片": "[区段]", "针": "[对灸剂]", "步": "骤", "升": "[级高学至为到]", "克": "[服隆罗]",
    "座": "[机位落]", "张": "[贴]", "小时": "候", "圆": "[形满通]", "倍": "增", "例": "[如外行]", "年度": "考",
}  # fmt: skip

UNITS: dict[str, Unit] = {
    written: Unit(kind, base, Decimal(factor))
    for kind, bases in _SIZED.items()
    for base, writings in bases.items()
    for written, factor in writings.items()
} | {written: Unit("count", _SAME_PIECE.get(written, written), Decimal(1)) for written in _COUNTED}
UNIT = "(?:{})".format(
    "|".join(
        re.escape(written) + (f"(?!{_NO_UNIT[written]})" if _NO_UNIT.get(written) else "")
        for written in sorted(UNITS, key=len, reverse=True)
    )
)


def base_unit(measure_word: str) -> str:
    """Return the measure word under which a count is told: 名 for 位, 家 for 所."""
    return _SAME_PIECE.get(measure_word, measure_word)
