from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from yibao import wording
from yibao.errors import MissingExtraError
from yibao.evaluation.measures import summary
from yibao.evaluation.outcomes import Outcome
from yibao.evaluation.report import failed, print_table, summary_lines, table_rows, write_report


def outcome(**fields: Any) -> Outcome:
    values: dict[str, Any] = {
        "id": "q", "kind": "direct", "half": "tune", "question": "问", "wanted": "answered", "got": "answered",
        "gold_count": 1, "all_needed": False, "gold_ranks": (1,), "evidence_at": 100, "gold_in_card": 1.0,
        "confidence": 0.9, "facets_right": 1, "facets_wanted": 1, "facets_given": 1, "broken_quotes": 0,
        "standalone_rank": 1, "leg_ranks": {"lexical": 1, "dense": 3}, "timings_ms": {"total": 10.0, "embed": 4.0}, "shown": "所示", "expected": "所求",
    }  # fmt: skip
    return Outcome(**(values | fields))


RIGHT = outcome()
LOW = outcome(id="low", gold_ranks=(2,), evidence_at=700, gold_in_card=0.0)
REFUSED = outcome(
    id="refused", kind="follow-up", got="no_answer", gold_ranks=(0,), evidence_at=0, gold_in_card=0.0, confidence=0.1
)
INVENTED = outcome(
    id="invented", kind="near-miss", wanted="no_answer", gold_count=0, gold_ranks=(), gold_in_card=0.0, confidence=0.6
)
EMERGENCY = outcome(
    id="help", kind="emergency", wanted="emergency", got="emergency", gold_count=0, gold_ranks=(), gold_in_card=0.0
)
OUTCOMES = [RIGHT, LOW, REFUSED, INVENTED, EMERGENCY]


def test_the_table_by_hand() -> None:
    head, *rows = table_rows(summary(OUTCOMES))
    assert head == ["", wording.EVAL_QUESTIONS, "recall@1", "recall@5", "mrr@10", "ndcg@10", "evidence@600", "gold_in_card", "status_right"]  # fmt: skip
    assert rows == [
        ["direct", "2", "50.0", "100.0", "75.0", "81.5", "50.0", "50.0", "100.0"],
        ["follow-up", "1", "0.0", "0.0", "0.0", "0.0", "0.0", "0.0", "0.0"],
        ["near-miss", "1", "", "", "", "", "", "", "0.0"],
        ["emergency", "1", "", "", "", "", "", "", "100.0"],
        [wording.EVAL_OVERALL, "5", "33.3", "66.7", "50.0", "54.4", "33.3", "33.3", "60.0"],
    ]


def test_the_lines_below_the_table_by_hand() -> None:
    lines = summary_lines(summary(OUTCOMES))
    assert "false answers: 100.0% (100.0-100.0)" in lines
    assert any(line.startswith("false refusals: 33.3% (") for line in lines)
    assert "area under the curve of refusal: 0.667" in lines  # 0.9 and 0.9 above 0.6, 0.1 below
    assert "emergency recall: 1.000" in lines
    assert "emergency false alarms: 0.000" in lines
    assert "facets F1: 1.000 (precision 1.000, recall 1.000)" in lines
    assert "broken quotes: 0" in lines
    assert "follow-up: recall@5 0.000, self-contained or clean 1.000" in lines
    assert "total: p50 10.0 ms, p95 10.0 ms" in lines
    assert [line.partition(" (")[0] for line in lines if "recall@10" in line] == [
        "lexical: recall@1 100.0%", "dense: recall@1 0.0%", "hybrid: recall@1 33.3%",
    ]  # fmt: skip
    assert "answered -> answered 2, emergency 0, no_answer 1" in lines


def test_kinds_without_questions_have_no_line() -> None:
    assert not [line for line in summary_lines(summary([RIGHT])) if line.startswith(("follow-up", "typo", "pinyin"))]


@pytest.mark.parametrize(
    ("given", "looked_at"), [(RIGHT, False), (LOW, True), (REFUSED, True), (INVENTED, True), (EMERGENCY, False)]
)
def test_what_deserves_a_look(given: Outcome, looked_at: bool) -> None:
    assert failed(given) is looked_at


def test_nothing_is_cut_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(summary([outcome(kind="emergency-lookalike")]))
    printed = capsys.readouterr().out
    assert "\u2026" not in printed
    assert all(name in printed for name in ("emergency-lookalike", "evidence@600", "status_right", "broken quotes: 0"))


def test_nothing_is_cut_in_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_table(summary([outcome(kind="emergency-lookalike")]))
    assert "\u2026" not in capsys.readouterr().out


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    markup = outcome(id="markup", question="<script>alert(1)</script>", gold_in_card=0.5, shown="a & b")
    path = write_report(folder, summary([*OUTCOMES, markup]), [*OUTCOMES, markup])
    assert path == folder / "report.html"
    return path.read_text(encoding="utf-8")


def test_the_page_lists_what_failed_with_what_was_wanted_and_shown(page: str) -> None:
    failures = page[page.index(wording.EVAL_FAILURES) :]
    assert re.findall("<tr><td><pre>(.*?)</pre>", failures) == ["low", "refused", "invented", "markup"]
    assert "<td><pre>answered / no_answer (0.10)</pre></td>" in failures
    assert "<td><pre>所求</pre></td><td><pre>所示</pre></td>" in failures


def test_the_page_shows_table_and_figures(page: str) -> None:
    assert "<td><pre>near-miss</pre></td><td><pre>1</pre></td>" in page
    assert "<li>broken quotes: 0</li>" in page


def test_questions_are_text_not_markup(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a &amp; b" in page


def test_the_page_needs_nothing_else(page: str) -> None:
    assert page.count("<svg") == page.count("</svg>") == 3
    assert not re.search(r"<(?:img|link|iframe)|@import|url\((?!#)", page)
    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>")


def test_a_page_without_answers_can_be_written(tmp_path: Path) -> None:
    only = [INVENTED]  # no kind has gold, so there is no bar to draw
    assert write_report(tmp_path, summary(only), only).read_text(encoding="utf-8").count("<svg") == 3


def test_a_missing_extra_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'yibao\[eval\]'"):
        write_report(tmp_path, summary(OUTCOMES), OUTCOMES)
