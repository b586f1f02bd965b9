from __future__ import annotations

import pytest

from yibao import wording
from yibao.answer.asking_back import MOST_CHOICES
from yibao.evaluation.questions import of_half, shipped_questions
from yibao.pipeline import Pipeline
from yibao.records import Answer
from yibao.request import Request


@pytest.fixture(scope="module")
def answers(real_pipeline: Pipeline) -> list[tuple[str, Answer]]:
    questions = [question for question in shipped_questions() if question.kind in ("ask-back", "no-ask-back")]
    return [(question.kind, real_pipeline.ask(Request(question.question))) for question in questions]


def test_what_splits_is_asked_back_and_what_does_not_is_not(answers: list[tuple[str, Answer]]) -> None:
    needed = [answer.status == "ask_back" for kind, answer in answers if kind == "ask-back"]
    not_needed = [answer.status == "ask_back" for kind, answer in answers if kind == "no-ask-back"]
    assert sum(needed) / len(needed) >= 0.6
    assert sum(not_needed) / len(not_needed) < 0.05


def test_every_choice_leads_to_an_answer(answers: list[tuple[str, Answer]], real_pipeline: Pipeline) -> None:
    choices = {choice.question for _, answer in answers for choice in answer.choices}
    assert choices
    assert {choice: real_pipeline.ask(Request(choice)).status for choice in choices} == dict.fromkeys(
        choices, "answered"
    )


def test_a_choice_within_the_dialogue_leads_to_an_answer_too(
    answers: list[tuple[str, Answer]], real_pipeline: Pipeline
) -> None:
    for _, answer in answers:
        for choice in answer.choices[:1]:
            assert real_pipeline.ask(Request(choice.question, [answer.question])).status == "answered"


def test_asking_back_shows_a_question_with_two_to_five_choices_and_no_quote(answers: list[tuple[str, Answer]]) -> None:
    asked = [answer for _, answer in answers if answer.status == "ask_back"]
    assert {answer.text for answer in asked} <= {wording.ASK_REGION, wording.ASK_PERSON}
    for answer in asked:
        assert 2 <= len(answer.choices) <= MOST_CHOICES
        assert len({choice.label for choice in answer.choices}) == len(answer.choices)
        assert answer.citations == ()
    assert not [answer for _, answer in answers if answer.choices and answer.status != "ask_back"]


@pytest.mark.parametrize(
    "question", ["抚顺眼睛看东西有毛病\uff0c去哪家医院看好", "退休职工看门诊能报几成", "上海职工医保看门诊报百分之几"]
)
def test_a_question_that_says_it_is_not_asked_back(question: str, real_pipeline: Pipeline) -> None:
    assert real_pipeline.ask(Request(question)).status == "answered"


def test_few_other_questions_are_asked_back(real_pipeline: Pipeline) -> None:
    others = [question for question in of_half(shipped_questions(), "report") if question.status != "ask_back"]
    asked = [
        real_pipeline.ask(Request(question.question, question.history)).status == "ask_back" for question in others
    ]
    assert sum(asked) / len(asked) < 0.02


def test_what_only_articles_of_some_places_tell_needs_the_place(real_pipeline: Pipeline) -> None:
    asked = real_pipeline.ask(Request("生孩子可以报销哪些费用"))
    assert asked.status == "ask_back"
    assert asked.text == wording.ASK_REGION
    assert real_pipeline.ask(Request("固原生孩子可以报销哪些费用")).status == "answered"


def test_an_office_is_called_in_some_place(real_pipeline: Pipeline) -> None:
    assert real_pipeline.ask(Request("医保咨询电话是多少")).text == wording.ASK_REGION
    assert real_pipeline.ask(Request("异地就医备案电话是多少")).status == "answered"


def test_the_answer_does_not_depend_on_how_many_passages_are_shown(real_pipeline: Pipeline) -> None:
    for question in ("门诊一年最多能报多少钱", "家庭共济能给哪些家人用", "异地就医备案有效期多久"):
        some, many = (real_pipeline.ask(Request(question, top_k=count)) for count in (6, 12))
        assert (some.status, some.text) == (many.status, many.text)
        assert (len(some.hits), len(many.hits)) == (6, 12)


def test_a_passage_far_down_is_shown_where_it_is_quoted(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("家庭共济的钱能不能拿来付家里人的住院费？", top_k=6))
    assert [contrast.kind for contrast in answer.contrasts] == ["conflict"]
    assert {citation.passage_id for citation in answer.citations} <= {hit.passage.id for hit in answer.hits}
    assert len(answer.hits) == 6
    assert [hit.rank for hit in answer.hits] == sorted({hit.rank for hit in answer.hits})


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_is_quoted_is_shown_however_few_passages_are_asked_for(real_pipeline: Pipeline, count: int) -> None:
    for question in ("异地就医备案有效期多久", "家庭共济能给哪些家人用"):
        whole, few = (real_pipeline.ask(Request(question, top_k=each)) for each in (10, count))
        assert (few.status, few.text) == (whole.status, whole.text)
        quoted = {citation.passage_id for citation in few.citations}
        assert len(few.hits) == max(count, len(quoted))
        assert quoted <= {hit.passage.id for hit in few.hits}
