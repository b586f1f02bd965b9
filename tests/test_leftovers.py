"""What a sentence may add to a quote's units, and what it may leave out of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from answer_samples import make_citation
from test_laying import laid
from yibao.answer.leftovers import Leftovers
from yibao.answer.lenders import Lenders
from yibao.records import Article


@pytest.mark.parametrize(
    ("sentence", "quote", "safe"),
    [
        ("证明由医院开具并盖章", "证明由医院出具，盖章。", True),
        ("由医保基金支付住院费用", "从医保基金中支付住院费用。", True),
        ("住院费用可由医保基金支付", "住院费用由医保基金支付。", True),  # what is, may be
        ("住院费用可由医保基金支付", "住院费用应当由医保基金支付。", False),
        ("每年报销", "每月报销。", False),
        ("线上办理", "线下办理。", False),
        ("参加职工医保的人员", "参加居民医保的人员。", False),
        ("住院全部报销", "住院报销。", False),
        ("申请补贴", "按照国家规定申请补贴。", True),
        ("未申请补贴", "未按照国家规定申请补贴。", False),
        ("不得外借医保卡", "不得向任何单位和个人外借医保卡。", True),
        ("单位应当提供资料", "单位应当接受检查，提供资料。", True),
        ("参保人可以申请", "参保人缴费满一年可以申请。", False),
        ("甲方告知理由", "甲方不同意的，应当告知理由。", False),
    ],
)
def test_leftovers(make_article: Callable[..., Article], sentence: str, quote: str, safe: bool) -> None:
    citation = make_citation(make_article(text=quote, title="问"), 0, len(quote), heading="")
    one = laid(sentence, quote)
    assert Leftovers(one, Lenders(citation, one.grounds), set(), benefit=True).are_safe() is safe


@pytest.mark.parametrize(
    ("sentence", "safe"),
    [
        ("患者递送好材料", True),
        ("患者寄送材料", False),  # one character for another are two
        ("患者寄送材料，窗口核验材料，医院签章，单位领取结果", True),
        ("患者寄送材料，窗口查验材料，医院签章，单位领取结果", False),
        ("患者递送上材料", False),
    ],
)
def test_few_characters_may_differ_and_more_in_a_long_sentence(
    make_article: Callable[..., Article], sentence: str, safe: bool
) -> None:
    quote = "患者递送材料，窗口核验材料，医院签章，单位领取结果。"
    citation = make_citation(make_article(text=quote, title="问"), 0, len(quote), heading="")
    one = laid(sentence, quote)
    assert Leftovers(one, Lenders(citation, one.grounds), set(), benefit=False).are_safe() is safe
