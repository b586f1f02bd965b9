from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.language.answer_types import answer_fits, organisations, speaking_of, wanted_answers, wanted_subjects


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        ("新生儿参保要缴多少钱", "每人每年缴费 400 元\u3002", "出生后 90 天内缴费\u3002"),
        ("门诊最高限额", "年度限额为1.5万元", "按比例报销"),
        ("在职职工单位缴费比例", "单位按 8.5% 缴费", "单位按月缴费"),
        ("能报几成", "报销百分之六十", "报销六百元"),
        ("备案有效期多久", "有效期6个月\u3002", "有效期由参保地规定\u3002"),
        ("多少天能办好\u3001什么时候能用", "5个工作日内办结", "审核通过后办结"),
        ("备案多长时间失效", "备案长期有效", "备案有效"),
        ("医院多大面积", "占地 120 亩", "位于城东"),
        ("医院有几张床", "开放床位 600 张", "开放床位"),
        ("有多少张病床", "开放床位 600 余张", "床位 600"),
        ("最多能绑几个家里人", "可绑定 5 位亲属", "5 分钟就能绑定"),
        ("坐几路公交", "附近有 2路\u300122路", "附近有公交站"),
        ("起付线是多少", "每年 1300 元", "报销 70%"),
        ("在哪条街几号", "新抚区东一路 12 号", "泌尿科医疗团队"),
        ("售后电话", "029-6187-5227", "029 分部"),
        ("办证工本费多少", "免费", "当天办好"),
        ("医保局电话", "咨询电话 0917-3260123\u3002", "可以打电话咨询\u3002"),
        ("打哪个热线", "拨打12393", "拨打服务专线"),
        ("手机号码是多少", "联系人 13800138000", "联系人 138001380001234"),
        ("缴费官网是什么", "登录 https://example.cn 缴费", "登录平台缴费"),
        ("医保中心在哪里", "市民大厅三号窗口", "医保中心"),
        ("要带什么", "身份证原件", "本人到场"),
        ("职工医保要交满多少年", "男性累计缴满 30 年", "2025年起按 5% 缴费"),
        ("职工医保要交满多少年", "满一年", "一年最多报两万元"),
        ("交完材料几天能拿到卡", "7个工作日内发放", "近两年内的记录\u3001有效期6个月"),
        ("备案要等几天", "当天生效", "5月1日起实行"),
        ("剖宫产多给多少天", "增加半个月", "增加津贴"),
        ("门诊统筹个人交多少", "单位 8%\u3001个人 2%", "按月缴纳"),
        ("医保局座机是多少", "0713-7220256", "电话咨询"),
        ("奶粉多少钱一罐", "三百多", "价格有点贵"),
        ("共济给哪些家人", "配偶\u3001父母", "参保人"),
    ],
)
def test_a_text_fits_where_it_holds_what_is_wanted(question: str, fitting: str, other: str) -> None:
    wanted = wanted_answers(question)
    assert answer_fits(wanted, fitting) > answer_fits(wanted, other) == 0.0


def test_years_of_paying_are_no_months() -> None:
    wanted = wanted_answers("职工医保要交满多少年")
    assert answer_fits(wanted, "男性累计缴满30年") == 1.0 > answer_fits(wanted, "有3个月的空白期")


@pytest.mark.parametrize("question", ["居民医保几月份交", "居民医保什么时候缴费", "哪几个月集中缴"])
def test_a_month_of_the_year_is_no_number_of_months(question: str) -> None:
    wanted = wanted_answers(question)
    assert answer_fits(wanted, "每年9月至12月集中缴费") == 1.0 > answer_fits(wanted, "有3个月的等待期")


@pytest.mark.parametrize(
    "question",
    [
        "异地就医怎么备案",
        "不能报销吗",
        "",
        "App 怎么用",
        "疼了几个月了去哪看",
        "刚出生没多久的宝宝哭",
        "程咬金带什么技能",
    ],
)
def test_where_nothing_special_is_wanted_every_text_is_halfway(question: str) -> None:
    assert wanted_answers(question) == []
    assert answer_fits([], "400 元") == answer_fits([], "") == 0.5


@pytest.mark.parametrize(
    ("question", "speaking", "other"),
    [
        ("怎么解绑", "可以取消绑定", "绑定步骤如下"),
        ("备案办错了怎么撤销", "撤销备案", "办理备案"),
        ("能领生育津贴吗", "生育津贴按天发", "生育费用可以报销"),
        ("起付线多少", "门槛费 500 元", "限额 500 元"),
        ("长护险怎么申请", "长期护理保险的申请", "医保的申请"),
        ("备案多久生效", "备案即时生效", "备案的有效期为 1 年，期内可享受相同待遇"),
        ("转职工医保几个月能生效", "当月起就能享受，没有等待期", "当月就要缴费"),
        ("慢病卡有效期多久", "门诊慢特病待遇每两年复核一次", "备案的有效期为 1 年"),
    ],
)
def test_some_subjects_nothing_else_can_stand_for(question: str, speaking: str, other: str) -> None:
    wanted = wanted_subjects(question)
    assert answer_fits(wanted, speaking) == 1.0
    assert answer_fits(wanted, other) == 0.0


@pytest.mark.parametrize("question", ["异地就医怎么备案", "老公失业了医保怎么办", "离职后解除劳动合同医保还能用吗", ""])
def test_most_questions_name_none_of_them(question: str) -> None:
    assert wanted_subjects(question) == []


def test_some_answers_hold_for_one_place_alone() -> None:
    (phone,) = wanted_answers("医保局电话")
    assert phone.needs_place("电话 0713-7220256")
    assert not phone.needs_place("全国统一 12393")
    (length,) = wanted_answers("备案有效期多久")
    assert not length.needs_place("6个月")


def test_a_question_may_want_two_things() -> None:
    wanted = wanted_answers("要缴多少钱\uff0c什么时候办")
    assert len(wanted) == 2
    assert answer_fits(wanted, "每年 400 元\u3002") == 0.5
    assert answer_fits(wanted, "3 个月内办,缴 400 元\u3002") == 1.0
    assert answer_fits(wanted, "按规定缴费\u3002") == 0.0


def test_full_width_letters_and_traditional_script_are_read() -> None:
    (wanted,) = wanted_answers("醫保局電話")
    assert answer_fits([wanted], "\uff11\uff12\uff13\uff19\uff13") == 1.0


@pytest.mark.parametrize("text", ["2025年", "1234", "1234567890123"])
def test_other_numbers_are_no_telephone(text: str) -> None:
    assert answer_fits(wanted_answers("电话"), text) == 0.0


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_share_is_one(question: str, text: str) -> None:
    assert 0.0 <= answer_fits(wanted_answers(question), text) <= 1.0


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("抚顺市眼病医院几点上班", ["抚顺眼病医院"]),
        ("社区医院能报多少", []),
        ("哪家医院看结核", []),
        ("异地就医怎么备案", []),
    ],
)
def test_organisations_are_named_without_their_unit(question: str, named: list[str]) -> None:
    assert organisations(question) == named


def test_a_sentence_speaks_of_an_organisation_until_another_is_named() -> None:
    sentences = [
        "本地有两家医院。", "抚顺市眼病医院。", "位于新抚区。", "抚顺市中医院也不错。", "床位 90 张。"
    ]  # fmt: skip
    named = organisations("抚顺眼病医院的电话")
    assert speaking_of(named, "眼睛红肿看哪里", sentences) == [False, True, True, False, False]
    assert speaking_of(named, "抚顺市眼病医院", sentences) == [True] * 5
    assert speaking_of([], "", sentences) == [True] * 5
