from __future__ import annotations

import opencc
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yibao.evaluation.questions import shipped_questions
from yibao.language.script import simplified, simplified_character

QUESTIONS = [q.question for q in shipped_questions() if q.kind != "traditional"]


@pytest.mark.parametrize(
    ("typed", "simple"),
    [
        ("北京醫保的親情帳戶要怎麼綁定", "北京医保的亲情账户要怎么绑定"),
        ("遼寧撫順皮膚起疹子\uff0c該掛哪一家醫院的號\uff1f", "辽宁抚顺皮肤起疹子\uff0c该挂哪一家医院的号\uff1f"),
        ("臺灣居民怎麼參保", "台湾居民怎么参保"),
        ("裡面和裏面", "里面和里面"),
        ("衞生院説", "卫生院说"),  # the forms of Hong Kong
    ],
)
def test_traditional_script_becomes_simplified(typed: str, simple: str) -> None:
    assert simplified(typed) == simple


def test_a_character_is_read_in_its_context() -> None:
    assert simplified("乾淨") == "干净"
    assert simplified("乾隆年間") == "乾隆年间"


@pytest.mark.parametrize(
    ("typed", "simple"),
    [
        ("辦健保卡", "办医保卡"),
        ("家長的身分證要正本還是影本", "家长的身份证要原件还是复印件"),
        ("收到簡訊以後在網路上列印帳單", "收到短信以后在网络上打印账单"),
        ("可以轉帳嗎", "可以转账吗"),
    ],
)
def test_words_of_taiwan_become_those_of_the_mainland(typed: str, simple: str) -> None:
    assert simplified(typed) == simple


@pytest.mark.parametrize(
    ("typed", "simple"), [("辦理需要什麼資料", "办理需要什么资料"), ("線上問診的小程序", "线上问诊的小程序")]
)
def test_words_of_both_sides_keep_their_meaning(typed: str, simple: str) -> None:
    assert simplified(typed) == simple  # not 数据, 在线, 小进程: those are computing


@pytest.mark.parametrize("typed", ["正本清源", "看诊", "", "App 120", "以什么著称", "2025年\u3000职工"])
def test_simplified_text_stays(typed: str) -> None:
    assert simplified(typed) == typed


def test_every_simplified_question_of_the_shipped_set_stays() -> None:
    assert [question for question in QUESTIONS if simplified(question) != question] == []


@pytest.mark.parametrize("table", ["s2t", "s2hk"])
def test_a_question_comes_back_from_traditional_script(table: str) -> None:
    there = opencc.OpenCC(table)
    assert [question for question in QUESTIONS if simplified(there.convert(question)) != question] == []


@given(st.text(alphabet="醫保參保網路正本看診帳戶的了A1\uff0c", max_size=20))
def test_simplified_twice_is_simplified_once(typed: str) -> None:
    assert simplified(simplified(typed)) == simplified(typed)


@pytest.mark.parametrize(("character", "simple"), [("醫", "医"), ("保", "保"), ("A", "A"), ("\u3002", "\u3002")])
def test_one_character(character: str, simple: str) -> None:
    assert simplified_character(character) == simple


@given(st.characters())
@example("\ud800")
@example("\udfff")
def test_one_character_stays_one(character: str) -> None:
    assert len(simplified_character(character)) == 1
