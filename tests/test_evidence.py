from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.index.lexical import LexicalIndex
from yibao.search.evidence import NOTHING_FOUND, Measures, TermWeights, weigh

NAMES = [field.name for field in fields(Measures)]
ANSWERS = Measures(0.96, 0.95, 0.0, 0.0, 0.0, 0.0, 0.0)
FOREIGN = Measures(0.80, 0.79, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    """备案 stands in every passage, 津贴 in one."""
    return LexicalIndex.build([["备案", "津贴"], ["备案", "手机"], ["备案", "手机"], ["备案"]])


def test_shares_add_up_to_one_and_rare_terms_weigh_more(index: LexicalIndex) -> None:
    shares = TermWeights.of(["备案", "津贴", "红烧肉"], index).shares
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["红烧肉"] > shares["津贴"] > shares["备案"]


def test_a_text_covers_what_it_holds(index: LexicalIndex) -> None:
    terms = TermWeights.of(["备案", "津贴"], index)
    assert terms.covered("备案以后领津贴") == pytest.approx(1.0)
    assert terms.covered("只有津贴") > 0.5 > terms.covered("只有备案") > 0.0
    assert terms.covered("今天天气好") == 0.0


def test_full_width_letters_are_covered_by_half_width_ones(index: LexicalIndex) -> None:
    assert TermWeights.of(["app"], index).covered("\uff21\uff30\uff30") == 1.0


def test_a_question_that_names_nothing_is_covered_by_nothing(index: LexicalIndex) -> None:
    terms = TermWeights.of([], index)
    assert terms.covered("备案") == 0.0


def test_close_and_covering_passages_convince_and_far_ones_do_not() -> None:
    assert weigh(ANSWERS).probability > 0.8
    assert weigh(FOREIGN).probability < 0.2


def test_where_nothing_was_found_nothing_is_likely() -> None:
    assert NOTHING_FOUND.probability == 0.0


def test_a_closer_sentence_convinces_more() -> None:
    assert weigh(replace(ANSWERS, closest=0.80)).probability < weigh(ANSWERS).probability


@pytest.mark.parametrize(
    "name", ["other_region", "other_insurance", "other_year", "answer_gap", "organisation_missing"]
)
def test_what_speaks_against_never_convinces_more(name: str) -> None:
    assert weigh(replace(ANSWERS, **{name: 1.0})).probability <= weigh(ANSWERS).probability


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=len(NAMES), max_size=len(NAMES)))
def test_the_probability_is_one_and_keeps_its_measures(values: list[float]) -> None:
    measures = Measures(*values)
    evidence = weigh(measures)
    assert 0.0 < evidence.probability < 1.0
    assert evidence.measures == measures
