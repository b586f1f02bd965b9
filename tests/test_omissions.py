"""Which units of a quote a sentence may leave out altogether."""

from __future__ import annotations

import pytest

from test_laying import laid
from yibao.answer.omissions import Omissions


@pytest.mark.parametrize(
    ("sentence", "quote", "benefit", "safe"),
    [
        ("住院可以报销", "住院可以报销，最高不超过5万元。", True, False),
        ("住院可以报销", "住院可以报销，手续简便。", True, True),
        ("住院可以报销", "住院可以报销。但美容除外。", True, False),
        ("住院可以报销", "住院可以报销，应当先备案。", True, False),
        ("单位应当申报", "单位应当申报，并应当公示。", False, True),
        ("可以报销", "参保人缴费满一年，可以报销。", True, False),
        ("断缴会清零", "断缴会清零，这是谣言。", False, False),
        ("能报销", "备案的，能报销；未备案的，自费。", True, False),
        ("未备案的，自费", "备案的，能报销；未备案的，自费。", True, True),
        ("美容整形", "下列情形不予支付：美容整形；健康体检。", False, False),
        ("美容整形不予支付", "下列情形不予支付：美容整形；健康体检。", False, True),
        ("缴费后可以报销", "办理流程：缴费后可以报销。", True, True),
        ("在职职工不再划入", "在职职工缴纳的，全部划入；单位缴纳的，不再划入。", False, False),
        ("住院报销，起付线为500元", "住院报销，比例通常不低，起付线为500元。", False, False),
        ("在职职工缴纳的，单位缴纳的，不再划入", "在职职工缴纳的，全部划入；单位缴纳的，不再划入。", False, False),
        ("2025年，医疗费能报销", "2025年，吴忠职工生孩子，医疗费能报销。", True, False),
        ("断缴后年限清零", "误区：断缴后年限清零。事实：累计计算。", False, False),
        ("误区是累计计算", "误区：断缴后年限清零。事实：累计计算。", False, False),
        ("低保家庭可以申请", "有下列情形之一的，可以申请：低保家庭；特困人员。", True, True),
        ("低保家庭可以申请", "同时具备下列条件的，可以申请：低保家庭；本地户籍。", True, False),
        ("甲方应当交费，丙方应当签字", "甲方应当交费，乙方应当作证，丙方应当签字。", False, True),
    ],
)
def test_omissions(sentence: str, quote: str, benefit: bool, safe: bool) -> None:
    assert Omissions(laid(sentence, quote), benefit=benefit).are_safe() is safe
