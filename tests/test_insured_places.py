"""参保地 and 就医地 are told apart where the text does."""

from __future__ import annotations

import pytest

from yibao.language.insured_places import insured_and_treated


@pytest.mark.parametrize(
    ("text", "insured", "treated"),
    [
        ("参保在河南在浙江看病", ("河南",), ("浙江",)),
        ("河南医保到浙江住院", ("河南",), ("浙江",)),
        ("从四川转诊到北京", ("四川",), ("北京",)),
        ("我在深圳上班,老家湖北交的农合,这边住院能报吗", ("湖北",), ("广东/深圳",)),
        ("莆田老家交的医保,人在福州,看病之前要备案吗", ("福建/莆田",), ("福建/福州",)),
        ("到北京就医的河北参保人", ("河北",), ("北京",)),
        ("参保地在洛阳,就医地选了郑州,想改成北京", ("河南/洛阳",), ("河南/郑州", "北京")),
        ("厦门医保在泉州能用吗", ("福建/厦门",), ("福建/泉州",)),
    ],
)
def test_both_named(text: str, insured: tuple[str, ...], treated: tuple[str, ...]) -> None:
    assert insured_and_treated(text) == (insured, treated)


@pytest.mark.parametrize(
    "text",
    [
        "西安到成都的高铁票多少钱",
        "户口在保定,人在天津,医保交哪边的",
        "小孩在老家安庆买了农合,来南京上学还要再买吗",
        "西安医保与汉中医保的门诊待遇",
        "我在贵州交职工医保,爸妈在湖南参的居民医保,能用我的账户替他们交吗",
        "我人在西安,爸妈的医保在汉中,我个人账户里的钱他们看病能用吗",
    ],
)
def test_two_places_without_treatment_are_both_asked_for(text: str) -> None:
    insured, treated = insured_and_treated(text)
    assert (len(insured), treated) == (2, ())


@pytest.mark.parametrize(
    ("text", "treated"),
    [
        ("外地医保在合肥怎么报", ("安徽/合肥",)),
        ("异地就医备案到杭州", ("浙江/杭州",)),
        ("老家交的农合,在合肥看病", ("安徽/合肥",)),
        ("合肥医保去外地看病", ()),
        ("临沧看咳嗽去哪家医院", ()),
        ("赤峰异地就医备案", ()),
        ("楚雄没办转诊去外地看病", ()),
    ],
)
def test_one_place_is_asked_for_and_is_the_place_of_treatment_only_if_said(text: str, treated: tuple[str, ...]) -> None:
    insured, found = insured_and_treated(text)
    assert (len(insured), found) == (1, treated)


def test_no_place() -> None:
    assert insured_and_treated("异地就医怎么备案") == ((), ())
