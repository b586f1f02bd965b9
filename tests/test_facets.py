"""Region, insurance, person and year: stated ones are found, and nothing else."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.facets import read_facets, read_regions, region_agrees, swap_insurance, swap_region
from yibao.records import NO_FACETS, Facets

REGIONS: dict[str, list[str]] = json.loads(
    files("yibao.language").joinpath("data", "regions.json").read_text(encoding="utf-8")
)
CITIES = [(province, city) for province, cities in REGIONS.items() for city in cities]


def test_all_34_provinces_are_known() -> None:
    assert len(REGIONS) == 34


@pytest.mark.parametrize("frame", ["{}医保定点医院有哪些", "我在{}参保,想去外地看病", "2025年{}居民医保缴费标准"])
def test_every_province_is_found_in_a_question(frame: str) -> None:
    assert {province: read_regions(frame.format(province)) for province in REGIONS} == {
        province: (province,) for province in REGIONS
    }


@pytest.mark.parametrize("frame", ["{}医保怎么缴费", "异地就医备案到{}", "住{}的老人", "换成{}"])
def test_every_city_is_found_with_its_province(frame: str) -> None:
    missed = [city for province, city in CITIES if f"{province}/{city}" not in read_regions(frame.format(city))]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        ("陕西省医保", ("陕西",)),
        ("广东广州", ("广东/广州",)),
        ("广东省广州市", ("广东/广州",)),
        ("内蒙古自治区锡林郭勒盟", ("内蒙古/锡林郭勒",)),
        ("从福州到厦门", ("福建/福州", "福建/厦门")),
        ("上海人在浙江看病", ("上海", "浙江")),
        ("北京北京", ("北京",)),
        ("中国的北京", ("北京",)),
        ("湖南永州", ("湖南/永州",)),  # one word for jieba
        ("湖北蕲春县", ("湖北/蕲春",)),
        ("北京大学第三医院", ("北京",)),
        ("异地就医怎么备案", ()),
        ("", ()),
    ],
)
def test_regions(text: str, regions: tuple[str, ...]) -> None:
    assert read_regions(text) == regions


@pytest.mark.parametrize(
    "text",
    [
        "医保定点医院有哪些",  # 保定
        "社保定点药店",
        "其中卫生材料费怎么报",  # 中卫
        "按规定安排住院",  # 定安
        "查询最新余额",  # 新余
        "延长治疗时间",  # 长治
        "普通化验费能报吗",  # 通化
        "最大连续缴费年限",  # 大连
        "平衡水平",  # 衡水
        "扩大理赔范围",  # 大理
        "平安康泰保险",  # 安康
        "大理石",
        "政策大同小异",
        "云南白药能用医保卡买吗",
        "长春新碱注射液报销吗",
        "中国医保",
    ],
)
def test_a_name_inside_other_words_is_no_region(text: str) -> None:
    assert read_regions(text) == ()


@pytest.mark.parametrize(
    ("text", "insurance"),
    [
        ("职工医保报销比例", ("employee",)),
        ("城镇职工基本医疗保险", ("employee",)),
        ("在职人员门诊", ("employee",)),
        ("居民医保缴费", ("resident",)),
        ("城乡居民大病", ("resident",)),
        ("新农合怎么报", ("resident",)),
        ("少儿医保", ("resident",)),
        ("职工医保转居民医保", ("employee", "resident")),
        ("职工医院在哪里", ()),
        ("居民身份证丢了", ()),
        ("医保卡丢了", ()),
    ],
)
def test_insurance(text: str, insurance: tuple[str, ...]) -> None:
    assert read_facets(text).insurance == insurance


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("上班族怎么办", ("working",)),
        ("退休人员住院", ("retired",)),
        ("灵活就业人员", ("flexible",)),
        ("新生儿参保", ("newborn",)),
        ("给孩子交医保", ("child",)),
        ("大学生在外地", ("student",)),
        ("爸妈的医保", ("elderly",)),
        ("农民看病", ("farmer",)),
        ("怀孕了能报吗", ("pregnant",)),
        ("退休老人", ("retired", "elderly")),
        ("医生", ()),
    ],
)
def test_person(text: str, person: tuple[str, ...]) -> None:
    assert read_facets(text).person == person


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2025年缴费标准", (2025,)),
        ("\uff12\uff10\uff12\uff15年缴费", (2025,)),
        ("医保2024缴费", (2024,)),
        ("2024-2025年度", (2024, 2025)),
        ("2025年和2025年", (2025,)),
        ("医保发\u30142024\u301536号", (2024,)),
        ("2025-04-19发布", (2025,)),
        ("2000年起", (2000,)),
        ("门诊起付线2000元", ()),
        ("每年2000以内", ()),
        ("报销2025元", ()),
        ("电话020251234", ()),
        ("编号12025", ()),
        ("去年", ()),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert read_facets(text).years == years


def test_all_facets_of_one_question() -> None:
    assert read_facets("2025年陕西西安灵活就业人员退休后的职工医保") == Facets(
        regions=("陕西/西安",), insurance=("employee",), person=("retired", "flexible"), years=(2025,)
    )


def test_what_is_not_stated_is_empty() -> None:
    assert read_facets("异地就医备案的有效期是多久") == NO_FACETS


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_any_text_has_known_regions_only(text: str) -> None:
    known = set(REGIONS) | {f"{province}/{city}" for province, city in CITIES}
    assert set(read_facets(text).regions) <= known


@pytest.mark.parametrize(
    ("asked", "given", "agrees"),
    [
        ((), "陕西", True),
        (("陕西",), None, True),
        (("陕西",), "陕西", True),
        (("陕西/西安",), "陕西", True),
        (("陕西",), "陕西/西安", True),
        (("陕西/西安",), "陕西/宝鸡", False),
        (("陕西",), "福建", False),
        (("福建", "陕西"), "陕西", True),
        (("山东",), "山东/济南", True),
        (("吉林/吉林市",), "吉林", True),
    ],
)
def test_region_agrees(asked: tuple[str, ...], given: str | None, agrees: bool) -> None:
    assert region_agrees(asked, given) is agrees


@pytest.mark.parametrize(
    ("earlier", "fragment", "expected"),
    [
        ("陕西医保能给父母用吗", "那福建呢", ("福建医保能给父母用吗", "那呢")),
        ("陕西省医保能给父母用吗", "福建", ("福建医保能给父母用吗", "")),
        ("陕西医保", "换成福建省", ("福建省医保", "换成")),
        ("湖北武汉医保", "福州", ("福州医保", "")),
        ("深圳市区的医院", "广州", ("广州市区的医院", "")),
        ("医保怎么缴费", "上海", ("上海医保怎么缴费", "")),
        ("医保定点医院怎么选", "福建", ("福建医保定点医院怎么选", "")),
        ("陕西医保怎么缴费", "要户口本吗", ("陕西医保怎么缴费", "要户口本吗")),
    ],
)
def test_swap_region(earlier: str, fragment: str, expected: tuple[str, str]) -> None:
    assert swap_region(earlier, fragment) == expected


@pytest.mark.parametrize(
    ("earlier", "fragment", "expected"),
    [
        ("职工医保报销比例", "居民医保呢", ("居民医保报销比例", "呢")),
        ("城镇职工基本医疗保险报多少", "新农合", ("新农合报多少", "")),
        ("住院报多少", "职工医保", ("职工医保住院报多少", "")),
        ("职工医保报销比例", "那福建呢", ("职工医保报销比例", "那福建呢")),
    ],
)
def test_swap_insurance(earlier: str, fragment: str, expected: tuple[str, str]) -> None:
    assert swap_insurance(earlier, fragment) == expected
