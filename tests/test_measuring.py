from __future__ import annotations

from collections.abc import Callable

import pytest

from yibao.pipeline import Pipeline
from yibao.search.evidence import Measures

Measured = Callable[[str], Measures]


@pytest.fixture(scope="module")
def measured(real_pipeline: Pipeline) -> Measured:
    return lambda question: real_pipeline.find(question).evidence.measures


def test_a_word_for_something_else_is_in_the_way(measured: Measured) -> None:
    assert measured("异地就医备案怎么办理").stray_term <= 0.0
    assert measured("异地就医备案办错了怎么取消").stray_term > 0.0


def test_another_word_for_the_same_is_not(measured: Measured) -> None:
    named, renamed = measured("异地就医备案有效期多久"), measured("外地看病登记有效期多久")
    assert renamed.stray_term < 0.5
    assert named.stray_term < 0.5


def test_every_measure_stays_in_its_range(measured: Measured) -> None:
    for question in ("2019年福建职工医保报多少", "红烧肉怎么做", "抚顺矿务局总医院的地址是？", "a", "门槛费"):
        values = measured(question)
        assert -1.0 <= values.closest <= 1.0001
        assert -1.0 <= values.passage <= 1.0001
        assert -1.0 <= values.stray_term <= 1.0
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
