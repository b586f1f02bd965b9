from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.answer.parts import MOST_PARTS, split_parts
from yibao.pipeline import Pipeline
from yibao.request import Request


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("住院报多少比例\uff1f另外备案要带什么材料\uff1f", ["住院报多少比例", "备案要带什么材料"]),
        ("两个问题\uff1a广州门诊报多少\uff1f省内看病怎么备案\uff1f", ["广州门诊报多少", "广州省内看病怎么备案"]),
        (
            "人在外地\uff0c没备案怎么报销\uff0c还有急诊能不能直接结算",
            ["人在外地\uff0c没备案怎么报销", "急诊能不能直接结算"],
        ),
    ],
)
def test_where_both_halves_ask_the_question_is_cut(question: str, parts: list[str]) -> None:
    assert split_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "临沧是不是只有一家三甲医院\uff1f是哪家",
        "在职的和退休的起付线分别是多少\uff0c哪个高",
        "打嗝打了好几天停不住\uff0c抚顺这边去哪看",
        "异地就医怎么备案\uff1f谢谢",
        "共济账户怎么绑定\uff0c能不能给父母用",
        "全国人均一年看几次病\uff0c2015年的数是多少",
        "有人说要证明\uff0c有人说不要\uff0c到底怎么办",
        "",
    ],
)
def test_one_question_is_left_whole(question: str) -> None:
    assert split_parts(question) == []


@given(st.text(alphabet="医保怎么报销多少哪里备案\uff0c\uff1f还有另外上海", max_size=60))
def test_there_are_two_parts_or_more_or_none(question: str) -> None:
    parts = split_parts(question)
    assert not parts or 2 <= len(parts) <= MOST_PARTS


def test_both_parts_are_quoted(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(
        Request("两个问题\uff1a广州在社区医院看门诊报多少\uff1f要去省内别的市看病\uff0c备案在哪个小程序上办\uff1f")
    )
    quotes = "".join(citation.quote for citation in answer.citations)
    assert "80%" in quotes
    assert "粤医保" in quotes
    assert answer.unanswered == ()


def test_a_part_that_nothing_answers_is_named(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("抚州居民医保哪几个月集中交\uff1f另外红烧肉怎么做才好吃"))
    assert answer.status == "answered"
    assert answer.unanswered == ("抚州红烧肉怎么做才好吃",)
    assert any("红烧肉" in notice for notice in answer.notices)


def test_quotes_of_parts_come_from_passages_that_are_shown(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("陕西医保App点哪里看代缴明细\uff0c搞不懂的话打什么热线问", top_k=2))
    quoted = {citation.passage_id for citation in answer.citations}
    assert len(answer.hits) == max(2, len(quoted))
    assert quoted <= {hit.passage.id for hit in answer.hits}
    assert [hit.rank for hit in answer.hits] == sorted({hit.rank for hit in answer.hits})
