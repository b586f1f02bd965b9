from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao import wording
from yibao.errors import InputError
from yibao.evaluation.comparing import Comparison, compare_files, paired_p_value


def row(name: str, **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": name, "kind": "direct", "half": "tune", "question": f"问{name}", "wanted": "answered", "got": "answered",
        "gold_count": 1, "all_needed": False, "gold_ranks": [1], "evidence_at": 100, "gold_in_card": 1.0,
        "confidence": 0.9, "facets_right": 1, "facets_wanted": 1, "facets_given": 1, "broken_quotes": 0,
        "standalone_rank": 1, "leg_ranks": {"lexical": 1, "dense": 3}, "timings_ms": {"total": 10.0}, "shown": "", "expected": "",
    }  # fmt: skip
    return values | fields


def compared(folder: Path, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Comparison:
    for name, rows in (("before", before), ("after", after)):
        (folder / name).write_text(json.dumps({"outcomes": rows}), encoding="utf-8")
    return compare_files(folder / "before", folder / "after")


def means(comparison: Comparison) -> dict[str, tuple[float, float]]:
    return {each.measure: (each.before, each.after) for each in comparison.differences}


def test_the_means_of_both_runs(tmp_path: Path) -> None:
    before = [row("a", gold_ranks=[2]), row("b", gold_ranks=[0], gold_in_card=0.0)]
    after = [row("a", gold_ranks=[1]), row("b", gold_ranks=[7], gold_in_card=0.0, got="no_answer")]
    assert means(compared(tmp_path, before, after)) == {
        "reciprocal_rank": (0.25, pytest.approx((1 + 1 / 7) / 2)),
        "recall@5": (0.5, 0.5),
        "gold_in_card": (0.5, 0.5),
        "status_right": (1.0, 0.5),
    }


def test_recall_is_that_of_the_report(tmp_path: Path) -> None:
    two = row("a", gold_count=2, all_needed=True, gold_ranks=[1, 0])
    assert means(compared(tmp_path, [two], [row("a", gold_count=2, gold_ranks=[1, 0])]))["recall@5"] == (0.5, 1.0)


def test_questions_of_one_run_alone_do_not_count(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [row("a"), row("b", got="no_answer")], [row("c", got="no_answer"), row("a")])
    assert comparison.questions == 1
    assert means(comparison)["status_right"] == (1.0, 1.0)


def test_questions_without_gold_count_for_the_status_alone(tmp_path: Path) -> None:
    nothing = row("b", wanted="no_answer", gold_count=0, gold_ranks=[], gold_in_card=0.0)
    found = means(compared(tmp_path, [row("a"), nothing], [row("a"), nothing | {"got": "no_answer"}]))
    assert found["reciprocal_rank"] == (1.0, 1.0)
    assert found["status_right"] == (0.5, 1.0)
    assert set(means(compared(tmp_path, [nothing], [nothing]))) == {"status_right"}


def test_a_question_that_lost_its_gold_between_the_runs_is_no_pair(tmp_path: Path) -> None:
    before, after = row("a"), row("a", gold_count=0, gold_ranks=[], gold_in_card=0.0)
    assert set(means(compared(tmp_path, [before], [after]))) == {"status_right"}
    assert set(means(compared(tmp_path, [after], [before]))) == {"status_right"}


def test_what_moved_is_named(tmp_path: Path) -> None:
    before = [row("a", got="no_answer"), row("b"), row("c", gold_in_card=0.5), row("d")]
    after = [row("a"), row("b", got="no_answer"), row("c"), row("d", gold_ranks=[9])]
    comparison = compared(tmp_path, before, after)
    assert comparison.better == ("a 问a", "c 问c")
    assert comparison.worse == ("b 问b",)


def test_a_run_against_itself_shows_nothing(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [row("a"), row("b")], [row("b"), row("a")])
    assert {each.p_value for each in comparison.differences} == {1.0}
    assert (comparison.better, comparison.worse) == ((), ())


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"outcomes": 1}', '{"outcomes": ["a"]}', '{"outcomes": [{"id": "a"}]}', '{"legs": {}}'],
)
def test_another_file_is_no_report(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        compare_files(path, path)
    assert str(raised.value) == wording.NOT_A_REPORT.format(path=path)


def test_bytes_and_missing_files_are_no_report(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "bytes", tmp_path / "nosuch", tmp_path):
        with pytest.raises(InputError, match=path.name):
            compare_files(path, path)


def test_runs_without_a_common_question_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=wording.NOTHING_IN_COMMON):
        compared(tmp_path, [row("a")], [row("b")])


def exact_p_value(differences: list[float]) -> float:
    """Every one of the 2^n signs."""
    observed = abs(sum(differences)) - 1e-12
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((-1, 1), repeat=len(differences))
    ]
    return sum(each >= observed for each in sums) / len(sums)


@pytest.mark.parametrize(
    "differences", [[1.0] * 5, [1.0] * 7 + [-1.0], [0.5, 0.25, -0.1, 0.3, 0.05, 0.2], [1.0, -1.0], [-1.0] * 6]
)
def test_the_p_value_is_near_the_exact_one(differences: list[float]) -> None:
    assert paired_p_value(np.array(differences)) == pytest.approx(exact_p_value(differences), abs=0.015)


def test_questions_that_did_not_move_change_nothing() -> None:
    moved = [1.0, 1.0, 1.0, -0.5]
    assert paired_p_value(np.array(moved + [0.0] * 100)) == paired_p_value(np.array(moved))


@given(st.lists(st.floats(-1, 1), max_size=12))
def test_the_p_value_is_one_and_has_no_side(differences: list[float]) -> None:
    value = paired_p_value(np.array(differences))
    assert 0.0 < value <= 1.0
    assert paired_p_value(-np.array(differences)) == value
