"""Places in a text: provinces, cities, counties; and what only looks like one."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.facets import read_facets
from yibao.language.places import find_places, full_region, known_regions, place_names, read_regions, region_agrees

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
        ("湖北蕲春县", ("湖北/黄冈/蕲春",)),
        ("蕲春医保电话", ("湖北/黄冈/蕲春",)),
        ("恩施市医保局", ("湖北/恩施",)),
        ("抚顺县医保局", ("辽宁/抚顺/抚顺县",)),
        ("南京鼓楼区", ("江苏/南京/鼓楼",)),
        ("鼓楼区的医院,在福州", ("福建/福州/鼓楼",)),
        ("鼓楼区的医院", ()),  # there are four
        ("深圳龙岗", ("广东/深圳/龙岗",)),
        ("北京朝阳医院", ("北京/朝阳",)),
        ("辽宁朝阳", ("辽宁/朝阳市",)),
        ("朝阳", ()),  # a city, and districts of two others
        ("吉林省吉林市", ("吉林/吉林市",)),
        ("楚雄彝族自治州", ("云南/楚雄",)),
        ("海南州贵德县", ("青海/海南州/贵德",)),
        ("不是福建的,是江西的", ("江西",)),
        ("是不是福建的都行", ("福建",)),
        ("除了广东以外", ()),
        ("我们不在北京,在天津", ("天津",)),
        ("人不在合肥能办吗", ("安徽/合肥",)),  # asks about 合肥 all the same
        ("南京医科大学在上海的附属医院", ("上海",)),
        ("武汉大学生", ("湖北/武汉",)),
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
        "延长缴费期",  # a county
        "合作医疗怎么交",  # a city
        "资源不够",
        "公安局的电话",
        "南部地区",
        "住在城区",
        "北京路的药店",
        "我同事叫黄石,他停保了",
    ],
)
def test_a_name_inside_other_words_is_no_region(text: str) -> None:
    assert read_regions(text) == ()


@given(st.text())
@settings(deadline=None, max_examples=200)
def test_any_text_has_known_regions_only(text: str) -> None:
    facets = read_facets(text)
    assert {*facets.regions, *facets.treated_in} <= known_regions()


def test_counties_belong_to_a_known_city() -> None:
    cities = {*REGIONS, *(f"{province}/{city}" for province, city in CITIES)}
    counties = known_regions() - cities
    assert len(counties) > 2500
    assert {region.rpartition("/")[0] for region in counties} <= cities


def test_names_of_provinces_and_cities_are_offered_for_spelling() -> None:
    assert {"福建", "莆田"} <= set(place_names())
    assert "合作" not in place_names()


@pytest.mark.parametrize(
    ("stated", "full"),
    [("湖北/蕲春", "湖北/黄冈/蕲春"), ("海南/白沙", "海南/白沙"), ("福建", "福建"), ("火星/环形山", "火星/环形山")],
)
def test_a_county_is_filed_under_its_city(stated: str, full: str) -> None:
    assert full_region(stated) == full


def test_a_place_with_its_suffix() -> None:
    (place,) = find_places("在陕西省内")
    assert (place.start, place.end, place.tail, place.region) == (1, 3, 4, "陕西")


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
        (("湖北/黄冈/蕲春",), "湖北/蕲春", True),
        (("湖北/黄冈/蕲春",), "湖北/黄冈", True),
        (("湖北/黄冈/蕲春",), "湖北/武汉", False),
    ],
)
def test_region_agrees(asked: tuple[str, ...], given: str | None, agrees: bool) -> None:
    assert region_agrees(asked, given) is agrees
