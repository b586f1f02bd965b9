from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio
import pytest

from answer_samples import make_citation
from yibao import wording
from yibao.config import Config
from yibao.errors import IndexMissingError
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Answer
from yibao.web.cards import answer_card, hits_panel, question_card
from yibao.web.chat import _respond, open_target

QUESTION = "异地就医备案的有效期多久"
EMPTY = hits_panel(None, 0, {})


@pytest.fixture
def pipeline(small_corpus: Path, tmp_path: Path) -> Pipeline:
    config = Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", refuse_below=0.0)
    index_with(config)
    return open_pipeline(config)


def test_an_answer_fills_chat_session_and_panel(pipeline: Pipeline) -> None:
    box, messages, given, panel = _respond(pipeline.ask, pipeline.article, QUESTION, [], [])
    (answer,) = given
    assert box == ""
    assert [message["role"] for message in messages] == ["user", "assistant"]
    assert messages[0]["content"] == question_card(QUESTION)
    assert messages[1]["content"] == answer_card(answer, 0)
    assert "<mark>异地就医备案的有效期是6个月。" in panel


def test_a_second_answer_is_added_with_its_own_number(pipeline: Pipeline) -> None:
    first = _respond(pipeline.ask, pipeline.article, QUESTION, [], [])
    _, messages, given, panel = _respond(pipeline.ask, pipeline.article, "生育津贴怎么算", *first[1:3])
    assert len(messages) == 4
    assert messages[:2] == first[1]
    assert given[:1] == first[2]
    assert "#yb-1-1" in messages[3]["content"]
    assert "#yb-1-p1" in panel


def test_earlier_questions_are_the_history(pipeline: Pipeline) -> None:
    first = _respond(pipeline.ask, pipeline.article, "福建的家庭共济要绑定吗", [], [])
    _, _, given, _ = _respond(pipeline.ask, pipeline.article, "换成陕西呢", *first[1:3])
    assert given[1].rewritten == "陕西的家庭共济要绑定吗"


def test_an_answer_leaves_the_lists_it_was_given_alone(pipeline: Pipeline) -> None:
    messages: list[dict[str, str]] = []
    given: list[Answer] = []
    _respond(pipeline.ask, pipeline.article, QUESTION, messages, given)
    assert (messages, given) == ([], [])


@pytest.mark.parametrize("question", ["", " \n"])
def test_an_empty_question_is_told_what_to_do(pipeline: Pipeline, question: str) -> None:
    with pytest.raises(gradio.Error) as caught:
        _respond(pipeline.ask, pipeline.article, question, [], [])
    assert caught.value.message == wording.EMPTY_QUESTION


def test_a_users_error_is_shown_in_its_own_words(pipeline: Pipeline) -> None:
    def ask(*_: object) -> Answer:
        raise IndexMissingError("没有索引")

    with pytest.raises(gradio.Error) as caught:
        _respond(ask, pipeline.article, QUESTION, [], [])
    assert caught.value.message == "没有索引"


def test_markup_in_a_question_stays_text(pipeline: Pipeline) -> None:
    _, messages, _, panel = _respond(pipeline.ask, pipeline.article, "<script>备案</script>", [], [])
    shown = "".join(message["content"] for message in messages) + panel
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_every_answer_in_the_chat_has_the_disclaimer_once(pipeline: Pipeline) -> None:
    for question in (QUESTION, "胸痛喘不过气", "\u3002"):
        _, messages, _, _ = _respond(pipeline.ask, pipeline.article, question, [], [])
        assert messages[1]["content"].count(wording.DISCLAIMER) == 1


@pytest.fixture
def given(pipeline: Pipeline) -> list[Answer]:
    return [pipeline.ask("生育津贴怎么算"), pipeline.ask(QUESTION)]


def test_a_mark_opens_its_article_at_its_quote(pipeline: Pipeline, given: list[Answer]) -> None:
    html = open_target("yb-1-1", given, pipeline.article)
    assert "<h3>异地就医备案的有效期</h3>" in html
    assert f'<mark class="yb-focus">{given[1].citations[0].quote}</mark>' in html


def test_of_two_quotes_in_one_article_the_one_asked_for_is_in_focus(pipeline: Pipeline, given: list[Answer]) -> None:
    article = pipeline.article("filing")
    half = article.text.index("\u3002") + 1
    citations = (make_citation(article, 0, half), make_citation(article, half, len(article.text), number=2))
    html = open_target("yb-0-2", [replace(given[1], citations=citations)], pipeline.article)
    assert f'<mark>{article.text[:half]}</mark><mark class="yb-focus">{article.text[half:]}</mark>' in html


def test_a_title_opens_the_article_of_that_passage(pipeline: Pipeline, given: list[Answer]) -> None:
    for hit in given[1].hits:
        html = open_target(f"yb-1-p{hit.rank}", given, pipeline.article)
        assert f"<h3>{hit.passage.title}</h3>" in html
        assert html.count("yb-focus") >= 1


def test_the_way_back_shows_the_passages_again(pipeline: Pipeline, given: list[Answer]) -> None:
    html = open_target("yb-1-0", given, pipeline.article)
    assert html == _respond(pipeline.ask, pipeline.article, QUESTION, [], given[:1])[3]


@pytest.mark.parametrize("name", ["", "yb-2-1", "yb-9999-1", "yb-x-1", "other", "yb-1-1<script>"])
def test_an_unknown_target_leaves_an_empty_panel(pipeline: Pipeline, given: list[Answer], name: str) -> None:
    assert open_target(name, given, pipeline.article) == EMPTY


@pytest.mark.parametrize("name", ["yb-1-99", "yb-1-p99"])
def test_an_unknown_place_falls_back_to_the_passages(pipeline: Pipeline, given: list[Answer], name: str) -> None:
    assert open_target(name, given, pipeline.article) == open_target("yb-1-0", given, pipeline.article)


LOOK = """
import json
from yibao.web.chat import build_page, page_assets
page = build_page(None, None)
assets = page_assets()
print(json.dumps({
    "buttons": [block.value for block in page.blocks.values() if type(block).__name__ == "Button"],
    "endpoints": [function.api_visibility for function in page.fns.values()],
    "assets": assets["css"] + assets["head"] + str(assets["theme"]._stylesheets),
}))
"""


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """Build the page in a process of its own: Gradio leaves sockets and event loops behind."""
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_page_offers_the_examples(page: dict[str, Any]) -> None:
    assert [label for label in page["buttons"] if label in wording.EXAMPLE_QUESTIONS] == [*wording.EXAMPLE_QUESTIONS]
    assert {wording.SEND, wording.NEW_CHAT} <= set(page["buttons"])


def test_the_page_offers_no_public_endpoint(page: dict[str, Any]) -> None:
    assert set(page["endpoints"]) == {"private"}


def test_the_page_loads_nothing_from_elsewhere(page: dict[str, Any]) -> None:
    assert "://" not in page["assets"]
