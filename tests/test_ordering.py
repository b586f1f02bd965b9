"""What may change places in a sentence, and what may not."""

from __future__ import annotations

import pytest

from test_laying import laid
from yibao.answer.ordering import turned_units


@pytest.mark.parametrize(
    ("sentence", "quote", "turned"),
    [
        ("门诊报销50%，住院报销70%", "住院报销70%，门诊报销50%。", set()),
        ("有效期为半年。住院可以报销。", "住院可以报销。有效期为半年。", set()),
        ("住院治疗费用不能报销", "不能报销住院治疗费用。", {0}),
        ("由省级政府确定标准", "标准由省级政府确定。", {0}),
        ("由省级政府确定缴费标准", "缴费标准由省级政府确定。", {0}),
        ("未备案的，报销80%，备案的，报销60%", "备案的，报销80%，未备案的，报销60%。", None),
        ("先报销，再备案", "先备案，再报销。", None),
        ("子女转父母", "父母转子女。", None),
        ("社保机构提出书面申请，用人单位组织论证", "用人单位提出书面申请，社保机构组织论证。", None),
    ],
)
def test_order(sentence: str, quote: str, turned: set[int] | None) -> None:
    assert turned_units(laid(sentence, quote)) == turned
