from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.masking import mask
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.language.terms import index_terms
from yibao.search.understanding import MAX_QUESTION_CHARACTERS, complete, is_fragment, strip_courtesy, understand


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("您好,请问异地就医怎么备案?", "异地就医怎么备案?"),
        ("你好\uff0c请问一下异地就医怎么备案\uff1f谢谢\uff01", "异地就医怎么备案\uff1f"),
        ("我想问一下医保怎么交", "医保怎么交"),
        ("麻烦问一下 生育津贴怎么领。多谢", "生育津贴怎么领"),
        ("异地就医怎么备案", "异地就医怎么备案"),
    ],
)
def test_courtesy_is_stripped(typed: str, bare: str) -> None:
    assert strip_courtesy(typed) == bare


@pytest.mark.parametrize("typed", ["你好", "谢谢", "请问"])
def test_courtesy_alone_stays(typed: str) -> None:
    assert strip_courtesy(typed) == typed


def test_negation_survives(segmenter: Segmenter) -> None:
    assert understand("请问哪些情况不能报销", (), segmenter).normalized == "哪些情况不能报销"


@pytest.mark.parametrize(
    "question", ["那居民医保呢", "换成湖北呢", "要带户口本吗", "那要多久\uff1f", "父母呢", "它的电话是多少"]
)
def test_fragments_need_what_came_before(question: str, segmenter: Segmenter) -> None:
    assert is_fragment(question, segmenter)


@pytest.mark.parametrize(
    "question",
    [
        "异地就医怎么备案",
        "生育津贴怎么领",
        "那曲医保怎么交",
        "慢特病怎么申请",
        "我在北京工作五年了现在想把关系转回老家去怎么弄",
    ],
)
def test_whole_questions_stand_alone(question: str, segmenter: Segmenter) -> None:
    assert not is_fragment(question, segmenter)


@pytest.mark.parametrize(
    ("fragment", "earlier", "completed"),
    [
        ("那居民医保呢", "职工医保住院报多少", "居民医保住院报多少"),
        ("换成湖北呢\uff1f", "陕西共济账户能给父母用吗", "湖北共济账户能给父母用吗"),
        ("要带户口本吗", "新生儿怎么参保", "新生儿怎么参保 要带户口本吗"),
        ("深圳呢", "异地就医怎么备案", "深圳异地就医怎么备案"),
    ],
)
def test_a_fragment_changes_or_extends_the_question_before(fragment: str, earlier: str, completed: str) -> None:
    assert complete(fragment, earlier) == completed


def test_a_follow_up_is_completed_from_the_history(segmenter: Segmenter) -> None:
    query = understand("那居民医保呢", ["职工医保住院报多少"], segmenter)
    assert query.normalized == "居民医保住院报多少"
    assert query.carried_from == "职工医保住院报多少"
    assert query.text == "那居民医保呢"
    assert query.facets.insurance == ("resident",)


def test_a_chain_of_follow_ups_keeps_its_subject(segmenter: Segmenter) -> None:
    history = ["职工医保住院报多少", "那居民医保呢"]
    assert understand("湖北呢", history, segmenter).normalized == "湖北居民医保住院报多少"


def test_the_latest_subject_wins(segmenter: Segmenter) -> None:
    history = ["职工医保住院报多少", "新生儿怎么参保"]
    assert understand("要带户口本吗", history, segmenter).carried_from == "新生儿怎么参保"


def test_a_whole_question_carries_nothing(segmenter: Segmenter) -> None:
    query = understand("异地就医怎么备案", ["职工医保住院报多少"], segmenter)
    assert query.carried_from is None
    assert query.normalized == "异地就医怎么备案"


def test_a_whole_question_on_a_new_subject_is_searched_alone(segmenter: Segmenter) -> None:
    query = understand("在境外就医的费用能报吗\uff1f", ["医保个人账户余额可以提现吗\uff1f"], segmenter)
    assert query.carried_from is None
    assert query.normalized == "在境外就医的费用能报吗\uff1f"


def test_a_fragment_without_history_stays_as_typed(segmenter: Segmenter) -> None:
    query = understand("那居民医保呢", (), segmenter)
    assert query.normalized == "那居民医保呢"
    assert query.carried_from is None


def test_facets_are_read_from_the_completed_question(segmenter: Segmenter) -> None:
    query = understand("要带户口本吗", ["福州新生儿怎么参保"], segmenter)
    assert query.facets.regions == ("福建/福州",)
    assert query.facets.person == ("newborn",)


def test_a_very_long_question_is_cut(segmenter: Segmenter) -> None:
    query = understand("异" * 10_000, (), segmenter)
    assert query.normalized == "异" * MAX_QUESTION_CHARACTERS
    assert len(query.text) == 10_000


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_any_question_is_understood(question: str, history: list[str]) -> None:
    segmenter = default_segmenter()
    query = understand(question, history, segmenter)
    assert query.text == question
    assert query.tokens == tuple(index_terms(query.normalized, segmenter))
    assert query.carried_from is None or history


def test_what_stands_for_a_masked_number_is_not_looked_for() -> None:
    segmenter = default_segmenter()
    plain = understand("我的手机号怎么解绑亲情账户", (), segmenter)
    masked = understand(mask("我的手机号13812345678怎么解绑亲情账户"), (), segmenter)
    assert (masked.normalized, masked.terms, masked.tokens) == (plain.normalized, plain.terms, plain.tokens)
