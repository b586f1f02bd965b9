from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.claims import read_claims


def stated(text: str, context: str = "") -> list[tuple[str, str]]:
    return [(claim.topic, text[claim.start : claim.end]) for claim in read_claims(text, context)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("备案的有效期是6个月。", [("validity", "6个月")]),
        ("门诊起付线为600元\uff0c报销比例为70%。", [("deductible", "600元"), ("ratio", "70%")]),
        ("报销比例由50%升到70%。", [("ratio", "70%")]),
        ("没有转诊的\uff0c报销比例下降20%。", []),
        ("医院有36个科室。", []),
        ("异地急诊不用备案。", [("filing 备案", "异地急诊不用备案")]),
        (
            "但手续需在15个工作日内补办备案。",
            [("deadline", "15个工作日"), ("filing 备案", "手续需在15个工作日内补办备案")],
        ),
        (
            "共济账户可以支付住院费用\uff0c不能买药品。",
            [("pay 住院", "共济账户可以支付住院费用"), ("pay 药品", "不能买药品")],
        ),
    ],
)
def test_claims_are_read_with_the_slice_that_holds_the_value(text: str, claims: list[tuple[str, str]]) -> None:
    assert stated(text) == claims


def test_the_purse_may_stand_in_the_title() -> None:
    assert stated("可支付的费用包括住院费用。") == []
    assert stated("可支付的费用包括住院费用。", "共济账户怎么用") == [("pay 住院", "可支付的费用包括住院费用")]


def test_each_value_has_its_own_hospital_level() -> None:
    claims = read_claims("住院\uff0c一级医院报销90%\uff0c三级医院报销85%。")
    assert [set(claim.scope.level) for claim in claims] == [{"1"}, {"3"}]
    assert all(claim.services == {"住院"} for claim in claims)


def test_scope_is_read_from_the_clause_or_those_before() -> None:
    (claim,) = read_claims("上海的退休职工住院\uff0c报销比例为92%。")
    assert (claim.scope.regions, claim.scope.person, claim.scope.insurance) == (("上海",), {"retired"}, {"employee"})


@given(st.text(alphabet="门诊住院报销比例起付线备案有效期共济账户不能可以年月6%元\uff0c。一二三级", max_size=60))
def test_every_claim_is_a_slice(text: str) -> None:
    assert all(0 <= claim.start < claim.end <= len(text) for claim in read_claims(text))
