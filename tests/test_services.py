"""Services and branches as questions and sentences name them."""

from __future__ import annotations

import pytest

from yibao.language.normalise import fold
from yibao.language.services import read_branches, read_services


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("普通门诊统筹报多少", {"门诊"}),
        ("门急诊年度限额", {"门诊"}),
        ("住院押金", {"住院"}),
        ("门诊慢特病报销80%", {"慢特病"}),
        ("高血压糖尿病两病用药", {"慢特病"}),
        ("特殊病种和普通门诊", {"慢特病", "门诊"}),
        ("大病保险起付线", {"大病"}),
        ("急诊抢救不用备案", {"急诊"}),
        ("突发疾病去急救", {"急诊"}),
        ("生育住院怎么报", {"生育", "住院"}),
        ("生育津贴多久到账", set()),
        ("分娩", {"生育"}),
        ("药店买药", {"药店"}),
        ("门诊和住院分别报多少", {"门诊", "住院"}),
        ("异地就医备案", set()),
        ("", set()),
    ],
)
def test_services(text: str, services: set[str]) -> None:
    assert read_services(fold(text)) == services


@pytest.mark.parametrize(
    ("text", "branches"),
    [
        ("居民医保怎么交", {"医疗"}),
        ("基本医疗保险", {"医疗"}),
        ("新农合", {"医疗"}),
        ("养老金每月几号发", {"养老"}),
        ("养老院", set()),
        ("退休金", {"养老"}),
        ("失业保险金领多久", {"失业"}),
        ("失业了怎么办", set()),
        ("工伤认定", {"工伤"}),
        ("生育津贴多少", {"生育"}),
        ("生育保险和职工医保", {"生育", "医疗"}),
        ("长护险怎么申请", {"长护"}),
        ("长期护理保险", {"长护"}),
        ("惠民保能报吗", {"商业"}),
        ("商业保险", {"商业"}),
        ("商业健康保险", {"商业"}),
        ("", set()),
    ],
)
def test_branches(text: str, branches: set[str]) -> None:
    assert read_branches(fold(text)) == branches


def test_the_kinds_of_care_within_one_word_are_not_counted_apart() -> None:
    assert read_services("门诊慢特病") == {"慢特病"}
    assert read_services("门诊慢特病和门诊") == {"慢特病", "门诊"}
