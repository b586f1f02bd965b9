from __future__ import annotations

import math

import pytest

from yibao.answer.danger_head import DangerHead, Linear, danger_head, grams, pieces, stored

HEAD = DangerHead(Linear(-1.0, {"痛": 4.0, "死": 6.0}), Linear(-1.0, {"死": 6.0}), threshold=0.5)


def test_grams_are_runs_and_pairs_of_one_clause_with_all_digits_alike() -> None:
    seen = grams("胸口,很疼39")
    assert {"^胸", "胸口", "口,很", "疼", "00$", "很_0"} <= seen
    assert not {"胸_很", "胸_口", "3"} & seen


def test_a_pair_stands_at_most_five_apart() -> None:
    assert "一_六" in grams("一二三四五六七")
    assert "一_七" not in grams("一二三四五六七")


def test_a_score_is_the_sum_over_the_root_of_all_grams() -> None:
    assert Linear(0.5, {"痛": 2.0}).score({"痛", "吗", "$", "^"}) == pytest.approx(1.5)
    assert Linear(0.5, {}).score(set()) == 0.5


def test_the_threshold_counts_and_the_second_model_tells_the_danger() -> None:
    assert HEAD.danger.score(grams("痛")) == pytest.approx(-1.0 + 4.0 / math.sqrt(6))
    assert HEAD.judge("痛") == "medical"
    assert HEAD.judge("死") == "self_harm"
    assert HEAD.judge("好") is None
    assert (HEAD.kind("好"), HEAD.kind("死")) == ("medical", "self_harm")


def test_a_long_text_is_judged_by_its_most_alarming_piece() -> None:
    one = DangerHead(Linear(-1.0, {"痛": 40.0}), Linear(-1.0, {}), threshold=0.5)
    assert one.judge("好" * 300 + "痛" + "好" * 300) == "medical"


@pytest.mark.parametrize("length", [0, 1, 79, 80, 81, 120, 121, 500])
def test_pieces_cover_the_text_and_overlap(length: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(length))
    found = list(pieces(text))
    assert all(len(piece) <= 80 for piece in found)
    assert all(text[at : at + 20] in "|".join(found) for at in range(length))
    assert (len(found) == 1) == (length <= 80)


def test_what_is_stored_is_rounded_and_without_what_rounds_to_nothing() -> None:
    assert stored(Linear(0.12341, {"乙": 0.004, "甲": -1.239})) == {"intercept": 0.1234, "weights": {"甲": -124}}


def test_the_shipped_head_knows_danger_from_calm() -> None:
    assert danger_head().judge("胸口疼得一身冷汗") == "medical"
    assert danger_head().judge("住院报销比例是多少") is None
