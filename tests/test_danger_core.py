from __future__ import annotations

import json

import pytest

from yibao.answer.danger_core import Rule, core_danger, core_rules
from yibao.answer.danger_head import SENTENCES
from yibao.language.normalise import fold

RULES = core_rules()


def test_there_are_at_most_60_rules_each_with_a_name_and_a_witness_of_its_own() -> None:
    assert 0 < len(RULES) <= 60
    assert len({rule.name for rule in RULES}) == len({rule.witness for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_witness_fires_its_rule(rule: Rule) -> None:
    assert rule.holds(fold(rule.witness))
    assert core_danger(fold(rule.witness)) == rule.danger


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_left_to_the_head_in_a_story(rule: Rule) -> None:
    assert not rule.holds(fold(f"电影里有一句{rule.witness}"))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.danger == "medical"], ids=lambda rule: rule.name)
def test_a_rule_of_illness_is_left_to_the_head_beside_money_and_the_past(rule: Rule) -> None:
    assert not rule.holds(fold(f"{rule.witness},抢救能报销多少"))
    assert not rule.holds(fold(f"去年{rule.witness}"))


def test_a_wish_to_die_is_heard_beside_money_and_first() -> None:
    assert core_danger("没钱看病活不下去了,医保能报吗") == "self_harm"
    assert core_danger("我不想活了,我爸又突然昏迷了") == "self_harm"


@pytest.mark.parametrize("text", ["他不是昏迷了", "排除休克了", "没有羊水破", ""])
def test_a_denied_sign_is_none(text: str) -> None:
    assert core_danger(text) is None


def test_the_rules_cry_wolf_for_hardly_any_labelled_look_alike() -> None:
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    calm = [row["question"] for row in rows if row["danger"] is None]
    false = [question for question in calm if core_danger(fold(question))]
    assert len(false) <= 0.01 * len(calm), false
