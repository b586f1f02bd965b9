"""What may be kept of a turn: nothing personal that was typed, everything that the articles say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from answer_samples import make_answer, make_citation, make_hit
from yibao.history.hiding import masked_turn
from yibao.history.turns import Asked, Feedback, Turn
from yibao.language.masking import mask
from yibao.records import Answer, Article, Choice, Contrast, ContrastRow, Facets, Leg
from yibao.wording import MASKED

MOBILE, IDENTITY = "13812345678", "110101199003074578"


def masked(answer: Answer, hide: Callable[[str], str]) -> Answer:
    return masked_turn(Turn(Asked(answer.question), answer), hide).answer


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


@pytest.mark.parametrize(
    "typed",
    [
        MOBILE,
        IDENTITY,
        "138 1234 5678",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "zhang.san@example.com",
    ],
)
def test_wherever_a_number_turns_up_it_is_hidden(make_article: Callable[..., Article], typed: str) -> None:
    pieces = tuple(typed.split())
    article = make_article(text="备案的有效期是6个月\u3002")
    leg = Leg(1, 2.5, ("备案", typed), (*pieces, typed, "有效期"), (("手机", typed), ("备案", "登记")))
    answer = make_answer(
        question=f"我的手机{typed}备案有效期", rewritten=f"我的手机{typed}备案有效期", text="没有找到\uff1a" + "\u3001".join((typed, *pieces)),
        hits=(replace(make_hit(article), legs={"lexical": leg}),), notices=(f"没有{typed}的规定",), summary=f"您的{typed}",
        facets=Facets((typed,), (), (), ()), choices=(Choice(typed, typed),), unanswered=(typed, *pieces), missing_terms=(typed, *pieces, "登记"),
        suggestions=(f"{typed}怎么办",), contrasts=(Contrast("table", typed, (ContrastRow(typed, "6个月", 1),)),),
    )  # fmt: skip
    turn = Turn(
        Asked(answer.question, answer.facets), answer, (f"{typed}怎么备案",), Feedback("bad", typed, f"我{typed}")
    )
    hidden = masked_turn(turn, mask)
    written = str(hidden)
    assert not [piece for piece in (typed, *pieces) if piece in written]
    kept = hidden.answer.hits[0].legs["lexical"]
    assert (kept.matched, kept.missed, kept.synonyms) == (("备案",), ("有效期",), (("备案", "登记"),))
    assert hidden.answer.missing_terms == ("登记",)
    assert hidden.answer.hits[0].passage == answer.hits[0].passage
    assert masked_turn(hidden, mask) == hidden


def test_a_number_that_an_article_gives_stays_in_its_quote(make_article: Callable[..., Article]) -> None:
    text = f"经办机构的手机是{MOBILE}\u3002"
    citation = make_citation(make_article(text=text), 0, len(text))
    answer = make_answer(
        question=f"{IDENTITY}打给谁", text=f"{text} [1]\n没有找到\uff1a{IDENTITY}", citations=(citation,)
    )
    hidden = masked(answer, mask)
    assert hidden.citations == (citation,)
    assert hidden.text == f"{text} [1]\n没有找到\uff1a{MASKED['identity']}"


def test_half_a_surrogate_pair_becomes_a_sign_that_a_file_takes() -> None:
    hidden = masked_turn(Turn(Asked("备案\ud800"), make_answer(question="备案\ud800")), mask)
    assert hidden.asked.question == hidden.answer.question == "备案\ufffd"


def test_a_question_without_numbers_stays_as_it_is(make_article: Callable[..., Article]) -> None:
    answer = make_answer(hits=(make_hit(make_article()),), notices=("2025年的规定\uff0c电话12393",))
    assert masked(answer, mask) == answer
