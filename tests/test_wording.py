from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from string import Formatter
from typing import Any

import pytest

from yibao import wording, wording_pages
from yibao.evaluation.questions import SHIPPED, read_questions
from yibao.request import SearchOptions

HALF_WIDTH_AFTER_HAN = re.compile("[\u3400-\u9fff][,:;?!()]")


def texts() -> Iterator[tuple[str, str]]:
    for name, value in [*vars(wording).items(), *vars(wording_pages).items()]:
        if name.isupper():
            yield from flat(name, value)


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from flat(f"{name}.{key}", each)
    else:
        for number, each in enumerate(value):
            yield from flat(f"{name}.{number}", each)


TEXTS = dict(texts())
CHANGEABLE = [name for name in TEXTS if name != "DISCLAIMER"]


def test_the_disclaimer_is_the_standard_wording() -> None:
    assert wording.DISCLAIMER == "\u63d0\u793a:本内容不能代替面诊,如有不适请尽快就医\u3002"


def test_chinese_is_followed_by_full_width_marks() -> None:
    assert {name: found for name in CHANGEABLE if (found := HALF_WIDTH_AFTER_HAN.findall(TEXTS[name]))} == {}


def test_no_text_is_empty_or_ends_in_space() -> None:
    assert [name for name, text in TEXTS.items() if not text or text.strip() != text] == []


def test_gaps_in_texts_have_names() -> None:
    gaps = {
        name: gap
        for name, text in TEXTS.items()
        if name != "HELP_QUESTIONS"  # shows a JSON object
        for _, gap, _, _ in Formatter().parse(text)
        if gap is not None and not gap.isidentifier()
    }
    assert gaps == {}


@pytest.mark.parametrize("kind", ["medical", "self_harm"])
def test_emergency_texts_name_the_number_before_anything_else(kind: str) -> None:
    text = wording.EMERGENCY_TEXTS[kind]
    assert "拨打 120" in text
    assert "报销" not in text.split("120")[0]


def test_every_status_a_page_can_show_has_words() -> None:
    assert set(wording.EMERGENCY_TEXTS) == {"medical", "self_harm"}
    assert set(wording.INSURANCE_NAMES) == {"employee", "resident"}


def test_no_name_stands_for_two_texts() -> None:
    both = {name for name in vars(wording) if name.isupper()} & {name for name in vars(wording_pages) if name.isupper()}
    assert both == set()


def test_every_option_of_the_search_has_a_label() -> None:
    assert {field.name for field in fields(SearchOptions)} <= set(wording_pages.OPTION_LABELS)


def test_every_kind_of_question_has_a_label() -> None:
    assert {question.kind for question in read_questions(SHIPPED)} == set(wording_pages.KIND_LABELS)
