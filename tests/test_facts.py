from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.evaluation.questions import shipped_questions
from yibao.language.facts import asked_kinds, find_facts


def marked(question: str, quote: str) -> list[str]:
    return [quote[start:end] for start, end in find_facts(question, quote)]


@pytest.mark.parametrize(
    ("question", "quote", "facts"),
    [
        ("跨省看病最低报多少", "要看医院级别\uff0c最低可报合理费用的45%。", ["45%"]),
        ("急诊几天内补备案", "可以先看病\uff0c手续需在15个工作日内补办。", ["15个工作日"]),
        ("咨询打什么电话", "可以打12393咨询服务热线。", ["12393"]),
        ("什么时候开通的", "2024年5月\uff0c已经正式开通。", ["2024年5月"]),
        ("2025年个人医保一年交多少钱", "2025年的个人缴费标准是400元/年。", ["400元/年"]),
        ("几种慢特病能异地结算", "包括10种门诊慢特病\uff0c共3类费用。", ["10种"]),
        ("医保局官网网址", "网址\uff1ahttp://ybj.jxfz.gov.cn", ["http://ybj.jxfz.gov.cn"]),
        ("医院地址在哪里", "地址是临翔区南塘街116号\uff0c电话是0883-2122235。", ["临翔区南塘街116号"]),
        ("备案有效期多久", "所办的备案长期有效。", ["长期"]),
        ("一级医院报销比例", "一级医院报销90%\uff0c二级医院报销88%。", ["90%", "88%"]),
    ],
)
def test_the_fact_asked_for_is_marked(question: str, quote: str, facts: list[str]) -> None:
    assert marked(question, quote) == facts


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("异地就医怎么备案", "有效期是6个月\uff0c报45%\uff0c打12393。"),
        ("起付线多少钱", "报销比例为70%-80%。"),
        ("报销比例", "一年最多报销20,000元。"),
        ("妊娠7个月生孩子\uff0c津贴几个月", "妊娠7个月以上顺产分娩的。"),
        ("几种病能报", "共9类家庭成员。"),
    ],
)
def test_nothing_else_is_marked(question: str, quote: str) -> None:
    assert marked(question, quote) == []


def test_spans_are_those_of_the_article() -> None:
    assert find_facts("报多少", "报45%。", 100) == ((101, 104),)


@given(st.sampled_from(["报多少", "多久", "电话多少", "什么时候", "多少钱", "几种"]), st.text(max_size=60))
def test_spans_lie_in_the_quote_and_apart(question: str, quote: str) -> None:
    spans = find_facts(question, quote, 5)
    places = [place for span in spans for place in span]
    assert places == sorted(places)
    assert all(5 <= start < end <= 5 + len(quote) for start, end in spans)


def test_figure_and_phone_questions_of_the_set_ask_for_a_fact() -> None:
    questions = [question for question in shipped_questions() if question.kind in ("figure", "phone")]
    asking = [question for question in questions if asked_kinds(question.question)]
    assert len(asking) >= 0.8 * len(questions)
