"""Region, insurance, person, year and topic: stated ones are found, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from yibao import wording
from yibao.corpus.markdown import PERSONS
from yibao.language.facets import read_facets, swap_insurance, swap_region
from yibao.records import NO_FACETS, Facets

LABELLED = [
    json.loads(line) for line in (Path(__file__).parent / "data" / "facets.jsonl").read_text("utf-8").splitlines()
]
NAMES = ("regions", "treated_in", "insurance", "person", "years", "topics")


def test_the_labelled_sentences_are_300_of_three_kinds() -> None:
    kinds = [row["kind"] for row in LABELLED]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"question": 120, "article": 120, "trap": 60}
    assert len({row["text"] for row in LABELLED}) == 300


@pytest.mark.parametrize("name", NAMES)
def test_f1_on_the_labelled_sentences(name: str) -> None:
    """Micro F1; ``tests/benchmarks/facets.py`` prints it by half, with precision, recall and other packages."""
    wanted = [set(row[name]) for row in LABELLED]
    given_ = [set(getattr(read_facets(row["text"]), name)) for row in LABELLED]
    right = sum(len(w & g) for w, g in zip(wanted, given_, strict=True))
    assert 2 * right / (sum(map(len, wanted)) + sum(map(len, given_))) >= 0.95


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
        ("我在固原上班", ("working",)),
        ("女儿上大学了", ("child", "student")),
        ("农民工", ()),
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


def test_a_place_of_treatment_makes_it_care_elsewhere() -> None:
    facets = read_facets("河南医保到浙江看病")
    assert (facets.regions, facets.treated_in, facets.topics) == (("河南",), ("浙江",), ("异地就医",))


def test_every_person_of_the_articles_and_questions_has_a_name() -> None:
    assert set(wording.PERSON_NAMES) == set(PERSONS) == {name for row in LABELLED for name in row["person"]}


def test_what_is_not_stated_is_empty() -> None:
    assert read_facets("医保目录多久调整一次") == NO_FACETS


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
