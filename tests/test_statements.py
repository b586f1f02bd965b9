from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.statements import read_statements


def stated(text: str, context: str = "") -> list[tuple[str, str]]:
    return [(statement.topic, text[statement.start : statement.end]) for statement in read_statements(text, context)]


@pytest.mark.parametrize(
    ("text", "statements"),
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
def test_statements_are_read_with_the_slice_that_holds_the_value(text: str, statements: list[tuple[str, str]]) -> None:
    assert stated(text) == statements


def test_the_purse_may_stand_in_the_title() -> None:
    assert stated("可支付的费用包括住院费用。") == []
    assert stated("可支付的费用包括住院费用。", "共济账户怎么用") == [("pay 住院", "可支付的费用包括住院费用")]


def test_each_value_has_its_own_hospital_level() -> None:
    statements = read_statements("住院\uff0c一级医院报销90%\uff0c三级医院报销85%。")
    assert [set(statement.scope.level) for statement in statements] == [{"1"}, {"3"}]
    assert all(statement.services == {"住院"} for statement in statements)


def test_scope_is_read_from_the_clause_or_those_before() -> None:
    (statement,) = read_statements("上海的退休职工住院\uff0c报销比例为92%。")
    assert (statement.scope.regions, statement.scope.person, statement.scope.insurance) == (
        ("上海",),
        {"retired"},
        {"employee"},
    )


@given(st.text(alphabet="门诊住院报销比例起付线备案有效期共济账户不能可以年月6%元\uff0c。一二三级", max_size=60))
def test_every_claim_is_a_slice(text: str) -> None:
    assert all(0 <= statement.start < statement.end <= len(text) for statement in read_statements(text))
