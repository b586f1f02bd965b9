from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from yibao import wording
from yibao.config import Config
from yibao.index.embedding import make_embedder
from yibao.language.segmenter import default_segmenter
from yibao.pipeline import Pipeline
from yibao.request import Request


@pytest.mark.parametrize("question", ["二甲双胍的剂量怎么调", "胃癌晚期能活几年"])
def test_what_only_a_doctor_can_say_is_sent_to_one(question: str, real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request(question))
    assert (answer.status, answer.text) == ("no_answer", wording.SEE_DOCTOR)


def test_general_information_comes_behind_the_advice(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("餐后腹痛吃什么药好"))
    assert answer.status in ("answered", "no_answer")
    said = answer.notices[0] if answer.status == "answered" else answer.text
    assert said in (wording.SEE_DOCTOR, wording.SEE_DOCTOR_FIRST)


def test_the_fact_asked_for_is_marked_in_the_article(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("陕西家庭共济打什么热线咨询"))
    facts = {
        real_pipeline.article(citation.article_id).text[start:end]
        for citation in answer.citations
        for start, end in citation.facts
    }
    assert "12393" in facts


@pytest.mark.parametrize(("today", "said"), [(date(2025, 5, 1), False), (date(2027, 5, 1), True)])
def test_what_is_old_is_said_on_the_day_it_is(today: date, said: bool, real_index: Path) -> None:
    embedder = make_embedder(Config().model)
    dated = Pipeline(real_index, embedder, default_segmenter(), Config().refuse_below, today=lambda: today)
    answer = dated.ask(Request("2025年个人医保一年要交多少钱"))
    old = [citation.number for citation in answer.citations if citation.published]
    assert old
    notice = wording.MAY_HAVE_CHANGED.format(numbers="".join(f"[{number}]" for number in old))
    assert (notice in answer.notices) is said


def test_a_refusal_says_what_was_looked_for(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("怎么做红烧肉"))
    assert answer.status == "no_answer"
    assert "红烧肉" in answer.text
    assert "红烧肉" in answer.missing_terms
