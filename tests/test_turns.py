from __future__ import annotations

from answer_samples import make_answer, make_citation
from yibao.history.turns import masked, new_visitor
from yibao.records import Article, Choice


def stars(text: str) -> str:
    return text.replace("张三", "**")


def test_what_repeats_the_question_is_masked() -> None:
    answer = make_answer(
        question="张三问", rewritten="张三怎么问", status="ask_back", text="张三的哪种", unanswered=("张三的电话",),
        missing_terms=("张三",), choices=(Choice("张三的职工医保", "张三职工医保"),),
    )  # fmt: skip
    assert "张三" not in str(masked(answer, stars).to_json())


def test_quotes_stay_word_for_word(make_article: type[Article]) -> None:
    citation = make_citation(make_article(text="张三热线\u3002"), 0, 5)
    answer = make_answer(text="张三热线\u3002 [1]", citations=(citation,))
    assert masked(answer, stars) == answer


def test_an_emergency_keeps_its_numbers() -> None:
    answer = make_answer(status="emergency", text="拨打 120")
    assert masked(answer, lambda text: text.replace("120", "***")).text == "拨打 120"


def test_a_visitors_id_cannot_be_guessed() -> None:
    ids = {new_visitor() for _ in range(100)}
    assert len(ids) == 100
    assert min(map(len, ids)) >= 32
