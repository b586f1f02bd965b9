from __future__ import annotations

from collections.abc import Callable

import pytest

from yibao.pipeline import Pipeline
from yibao.request import Request
from yibao.search.evidence import Measures

Measured = Callable[[str], Measures]


@pytest.fixture(scope="module")
def measured(real_pipeline: Pipeline) -> Measured:
    return lambda question: real_pipeline.find(Request(question)).evidence.measures


def test_every_measure_stays_in_its_range(measured: Measured) -> None:
    for question in ("2019年福建职工医保报多少", "红烧肉怎么做", "抚顺矿务局总医院的地址是？", "a", "门槛费"):
        values = measured(question)
        assert -1.0 <= values.closest <= 1.0001
        assert -1.0 <= values.passage <= 1.0001
        assert 0.0 <= values.other_region <= 1.0
        assert 0.0 <= values.answer_gap <= 1.0
        assert {values.other_insurance, values.other_year, values.organisation_missing} <= {0.0, 1.0}


def test_a_year_the_articles_do_not_know(measured: Measured) -> None:
    assert measured("2031年居民医保缴费标准是多少").other_year == 1.0
    assert measured("2025年居民医保个人缴费标准是多少").other_year == 0.0


def test_an_organisation_the_articles_do_not_know(measured: Measured) -> None:
    assert measured("抚顺矿务局总医院的地址是？").organisation_missing == 1.0
    assert measured("抚州市第一人民医院的地址在哪里").organisation_missing == 0.0


def test_an_answer_of_the_kind_asked_for_may_stand_nowhere_or_near(measured: Measured) -> None:
    assert measured("抚州市第一人民医院有多少张病床").answer_gap == 1.0
    assert measured("怎么办理异地就医备案").answer_gap == 0.0
    assert measured("2025年居民医保个人缴费标准是多少").answer_gap < 0.5


@pytest.mark.parametrize(
    ("near", "asked"),
    [
        ("怎么绑定家庭共济", "家庭共济绑错了怎么解绑"),
        ("异地就医怎么备案", "异地就医备案怎么撤销"),
        ("居民医保怎么报销", "长护险怎么报销"),
        ("异地看病怎么报销", "在国外看病怎么报销"),
        ("异地就医备案有效期多久", "异地就医备案多久生效"),
        ("慢病卡办理需要什么资料", "慢病卡有效期多久"),  # of a card one sentence tells, of a length of time another
    ],
)
def test_an_answer_speaks_of_what_nothing_else_can_stand_for(measured: Measured, near: str, asked: str) -> None:
    assert measured(near).answer_gap == 0.0
    assert measured(asked).answer_gap > 0.5


def test_what_each_place_has_for_itself_must_be_told_of_the_place(measured: Measured) -> None:
    assert measured("上海职工医保在三级医院看门急诊报百分之几").answer_gap < 0.2
    assert measured("上海居民医保看门急诊的起付线是多少").answer_gap >= 0.5
    assert measured("成都职工医保在三级医院住院能报几成").answer_gap >= 0.5
    assert measured("上海医保打什么电话").answer_gap >= 0.5
    assert measured("湖北蕲春县医保电话").answer_gap == 0.0
    assert measured("湖北异地就医备案有效期多久").answer_gap < 0.2  # a time limit may be nationwide
