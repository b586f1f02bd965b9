"""What a sentence speaks for, held against a question: one table a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

import pytest

from yibao.language.facets import read_facets
from yibao.reader.checks import Checks, check, said_by
from yibao.records import NO_FACETS, Article, Facets, Passage

Make = Callable[..., Article]
Table = list[tuple[str, str, dict[str, Any], set[str]]]


def flags(
    make: Make,
    question: str,
    sentence: str,
    *,
    facets: Facets | None = None,
    heading: str = "",
    title: str = "办法",
    **fields: Any,
) -> set[str]:
    """Return the names of the checks that fail."""
    article = make(text=sentence, title=title, **fields)
    passage = Passage("one@1", "one", title, heading, sentence, 0, len(sentence), ())
    found = check(question, read_facets(question) if facets is None else facets, passage, article)(sentence)
    assert set(asdict(found).values()) <= {0.0, 1.0}
    return {name for name, value in asdict(found).items() if value}


PLACE: Table = [
    ("武汉怎么办备案", "武汉参保人可以在手机上办。", {}, set()),
    ("武汉怎么办备案", "湖北省参保人可以在手机上办。", {}, set()),  # a province speaks for its cities
    ("湖北怎么办备案", "武汉参保人可以在手机上办。", {}, set()),  # a city is shown to who asks for its province
    ("武汉怎么办备案", "长沙参保人可以在手机上办。", {}, {"other_place"}),
    ("武汉怎么办备案", "宜昌参保人可以在手机上办。", {}, {"other_place"}),
    ("武汉怎么办备案", "武汉和长沙参保人可以在手机上办。", {}, set()),
    ("武汉怎么办备案", "可以在手机上办。", {}, {"unsaid_place"}),  # nationwide
    ("怎么办备案", "长沙参保人可以在手机上办。", {}, set()),
    ("武汉怎么办备案", "可以在手机上办。", {"region": "湖北/武汉"}, set()),
    ("武汉怎么办备案", "可以在手机上办。", {"region": "湖南"}, {"other_place"}),
    ("武汉怎么办备案", "可以在手机上办。", {"title": "长沙市备案办法", "region": "湖北/武汉"}, {"other_place"}),
    ("武汉怎么办备案", "可以在手机上办。", {"heading": "武汉", "title": "长沙市备案办法"}, set()),
    ("武汉怎么办备案", "长沙参保人可以在手机上办。", {"heading": "武汉", "title": "武汉市备案办法"}, {"other_place"}),
    ("武汉参保人在长沙住院怎么备案", "长沙的医院住院可以直接结算。", {}, {"other_place"}),
    ("湖南参保人怎么备案", "湖南参保人到武汉就医,可以在手机上备案。", {}, set()),
    ("武汉怎么办备案", "湖南参保人到武汉就医,可以在手机上备案。", {}, set()),  # its 就医地 is named, too
]
INSURANCE: Table = [
    ("职工医保起付线", "职工医保起付线为500元。", {}, set()),
    ("职工医保起付线", "城乡居民医保起付线为500元。", {}, {"other_insurance"}),
    ("居民医保起付线", "职工医保起付线为500元。", {}, {"other_insurance"}),
    ("居民医保起付线", "职工医保和居民医保的起付线都是500元。", {}, set()),
    ("居民医保起付线", "起付线为500元。", {}, set()),
    ("居民医保起付线", "起付线为500元。", {"insurance": ("employee",)}, {"other_insurance"}),
    ("居民医保起付线", "起付线为500元。", {"title": "居民医保待遇", "insurance": ("employee",)}, set()),
    ("起付线", "职工医保起付线为500元。", {}, set()),
]
BRANCH: Table = [
    ("养老金怎么领", "失业保险金按月发放。", {}, {"other_branch"}),
    ("养老金怎么领", "养老金按月发放。", {}, set()),
    ("养老金怎么领", "按月发放。", {"title": "工伤待遇"}, {"other_branch"}),
    ("养老金怎么领", "按月发放。", {}, set()),
    ("医疗保险和养老保险一起交吗", "养老保险按月缴纳。", {}, set()),
]
PERSON: Table = [
    ("退休人员划入多少", "退休人员每月划入80元。", {}, set()),
    ("退休人员划入多少", "在职人员每月划入2%。", {}, {"other_person"}),
    ("退休人员划入多少", "每月划入80元。", {}, {"unsaid_person"}),
    ("退休人员划入多少", "每月划入80元。", {"heading": "在职人员", "person": ("retired",)}, {"other_person"}),
    ("退休人员划入多少", "每月划入80元。", {"person": ("retired",)}, set()),
    ("划入多少", "在职人员每月划入2%。", {}, set()),
]
YEAR: Table = [
    ("2025年缴费多少", "2025年缴费标准为400元。", {}, set()),
    ("2025年缴费多少", "2024年缴费标准为380元。", {}, {"other_year"}),
    ("2025年缴费多少", "缴费标准为380元。", {}, {"unsaid_year"}),
    ("2025年缴费多少", "缴费标准为380元。", {"published": "2024-11-02"}, {"other_year"}),
    ("2025年缴费多少", "缴费标准为380元。", {"title": "2025年缴费通知", "published": "2024-11-02"}, set()),
    ("2025年缴费多少", "2024年和2025年缴费标准相同。", {}, set()),
    ("缴费多少", "2024年缴费标准为380元。", {}, set()),
]
SERVICE: Table = [
    ("门诊报多少", "门诊报销60%。", {}, set()),
    ("门诊报多少", "住院报销80%。", {}, {"other_service"}),
    ("门诊报多少", "门诊慢特病报销80%。", {}, {"other_service"}),
    ("门诊报多少", "报销80%。", {}, {"unsaid_service"}),
    ("门诊报多少", "报销80%。", {"heading": "住院待遇", "title": "门诊统筹"}, {"other_service"}),
    ("门诊报多少", "报销80%。", {"title": "门诊统筹"}, set()),
    ("报多少", "住院报销80%。", {}, set()),
]

FACT: Table = [
    ("备案有效期多久", "备案有效期为6个月。", {}, set()),
    ("备案有效期多久", "备案可以在手机上办理。", {}, {"unsaid_fact"}),
    ("备案有效期多久", "备案可以在手机上办理。", {"title": "有效期6个月"}, {"unsaid_fact"}),  # the sentence itself
    ("备案怎么办", "备案可以在手机上办理。", {}, set()),
]


@pytest.mark.parametrize(
    ("question", "sentence", "around", "failed"), PLACE + INSURANCE + BRANCH + PERSON + YEAR + SERVICE + FACT
)
def test_checks(make_article: Make, question: str, sentence: str, around: dict[str, Any], failed: set[str]) -> None:
    assert flags(make_article, question, sentence, **around) == failed


def test_facets_set_by_hand_take_the_place_of_those_of_the_question(make_article: Make) -> None:
    assert flags(make_article, "武汉怎么办", "长沙可以办。", facets=NO_FACETS) == set()
    by_hand = Facets(regions=("湖南/长沙",), insurance=("resident",), person=("student",), years=(2025,))
    sentence = "2024年武汉职工退休人员可以办。"
    expected = {"other_place", "other_insurance", "other_person", "other_year"}
    assert flags(make_article, "怎么办", sentence, facets=by_hand) == expected


def test_a_question_that_asks_for_nothing_special_is_never_failed(make_article: Make) -> None:
    sentence = "2024年武汉职工医保退休人员住院报销80%,养老金照发。"
    assert flags(make_article, "报多少", sentence, region="湖南", published="2023-01-01") == set()


def test_one_function_checks_every_sentence_of_a_passage(make_article: Make) -> None:
    passage = Passage("one@1", "one", "办法", "", "正文。", 0, 3, ())
    of = check("武汉门诊报多少", read_facets("武汉门诊报多少"), passage, make_article())
    assert (of("长沙门诊报60%。").other_place, of("武汉门诊报60%。").other_place) == (1.0, 0.0)
    assert of("武汉门诊报60%。") == Checks(*[0.0] * len(fields(Checks)))


def test_what_one_text_names() -> None:
    said = said_by("2025年武汉职工医保退休人员住院")
    assert (said.regions, said.insurance, said.branches) == ({"湖北/武汉"}, {"employee"}, {"医疗"})
    assert (said.person, said.years, said.services) == ({"retired"}, {2025}, {"住院"})
