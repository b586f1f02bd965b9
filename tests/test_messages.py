from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from answer_samples import make_answer, make_hit
from html_reader import EVIL, Reader, assert_is_safe
from yibao import wording
from yibao.history.turns import Asked, Feedback, Turn
from yibao.records import Article, Facets, Query
from yibao.search.evidence import NOTHING_FOUND
from yibao.search.hybrid import SearchResult
from yibao.web.messages import UnderWay, messages, progress_card, stopped_messages, turn_card

QUERY = Query("那陕西呢", "陕西备案多久", (), Facets(("陕西",), (), (), ()), "备案多久")
TURN = Turn(Asked("备案多久"), make_answer())


@pytest.fixture
def found(make_article: Callable[..., Article]) -> SearchResult:
    hits = (
        make_hit(make_article(title="甲文")),
        make_hit(make_article(title="甲文"), 2),
        make_hit(make_article(title=EVIL), 3),
    )
    return SearchResult(hits, (0, 1, 2), NOTHING_FOUND)


def test_a_turn_is_a_question_and_its_card() -> None:
    user, assistant = messages((TURN,))
    assert (user["role"], assistant["role"]) == ("user", "assistant")
    assert "备案多久" in user["content"]
    assert assistant["content"] == turn_card(TURN, 0)


def test_a_question_under_way_stands_behind_the_others() -> None:
    shown = messages((TURN,), UnderWay(Asked("那陕西呢"), 1))
    assert len(shown) == 4
    assert wording.STEP_UNDERSTAND in shown[3]["content"]


def test_a_question_asked_again_stands_in_its_place() -> None:
    shown = messages((TURN, TURN), UnderWay(Asked("备案多久"), 0))
    assert wording.STEP_UNDERSTAND in shown[1]["content"]
    assert shown[3]["content"] == turn_card(TURN, 1)


def test_the_card_grows_step_by_step(found: SearchResult) -> None:
    first = UnderWay(Asked("那陕西呢"), 0)
    understood = replace(first, query=QUERY)
    searched = replace(understood, found=found)
    texts = [Reader(progress_card(each)).text for each in (first, understood, searched)]
    assert texts[0] == wording.STEP_UNDERSTAND
    assert wording.STEP_UNDERSTOOD.format(question="陕西备案多久") in texts[1]
    assert texts[1].endswith(wording.STEP_SEARCH)
    assert wording.STEP_FOUND.format(count=3) in texts[2]
    assert texts[2].count("甲文") == 1
    assert texts[2].endswith(wording.STEP_QUOTE)
    assert_is_safe(progress_card(searched))


def test_a_step_is_one_line_of_html() -> None:
    under_way = UnderWay(Asked("那"), 0, replace(QUERY, normalized="一\n\n<b>二\r\n"))
    assert "「一 &lt;b&gt;二 」" in progress_card(under_way)


def test_an_answer_that_is_still_being_written_has_no_buttons_yet(found: SearchResult) -> None:
    under_way = UnderWay(Asked("备案"), 0, QUERY, found, make_answer(text="正文"))
    shown = messages((), under_way)[1]["content"]
    assert "正文" in shown
    assert "yb-actions" not in shown


def test_a_stopped_question_can_be_asked_again() -> None:
    shown = stopped_messages((TURN,), Asked(EVIL))
    assert EVIL in assert_is_safe(shown[2]["content"]).text
    assert 'href="#yb-again"' in shown[3]["content"]


def test_a_card_can_be_copied_asked_again_and_rated() -> None:
    html = turn_card(TURN, 7)
    for verb in ("copy", "retry", "good", "bad"):
        assert f'href="#yb-7-{verb}"' in html


@pytest.mark.parametrize(
    ("feedback", "said", "other"),
    [
        (Feedback("good"), wording.USEFUL, "bad"),
        (Feedback("bad", "region"), f"{wording.USELESS}：地区不符", "good"),
        (Feedback("bad"), wording.USELESS, "good"),
    ],
)
def test_a_rated_card_says_so_and_can_be_rated_anew(feedback: Feedback, said: str, other: str) -> None:
    html = turn_card(replace(TURN, feedback=feedback), 0)
    assert f"{said} · {wording.FEEDBACK_THANKS}" in Reader(html).text
    assert f'href="#yb-0-{other}"' in html


def test_an_emergency_is_not_rated() -> None:
    html = turn_card(replace(TURN, answer=make_answer(status="emergency", text="拨打 120")), 0)
    assert "-bad" not in html
    assert "-retry" not in html


def test_related_questions_follow_the_card() -> None:
    html = turn_card(replace(TURN, related=("多久到账？",)), 2)
    assert 'href="#yb-2-r0">多久到账？</a>' in html
