from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.evaluation.evaluating import evaluate, keep
from yibao.index.layout import LAST_EVALUATION
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline
from yibao.web.quality_html import failure_list
from yibao.web.quality_page import evaluation_part, feedback_part, read_evaluation
from yibao.web.services import PageServices, RatedQuestion

NO_FACETS: dict[str, list[Any]] = {"regions": [], "insurance": [], "person": [], "years": []}


def row(name: str, question: str, quote: str = "", **fields: Any) -> dict[str, Any]:
    gold = [{"article": "filing", "quote": quote}] if quote else []
    return {
        "id": name, "kind": "direct", "question": question, "history": [], "standalone": "", "clean": "", "gold": gold,
        "all_needed": False, "status": "answered", "facets": NO_FACETS, "note": "",
    } | fields  # fmt: skip


QUESTIONS = [
    row("filing", "异地就医备案有效期多久", "异地就医备案的有效期是6个月。"),
    row("meat", "<b>红烧肉</b>怎么做", kind="off-topic", status="no_answer"),
    row(
        "more",
        "那有效期呢",
        "异地就医备案的有效期是6个月。",
        kind="follow-up",
        history=["异地备案", "说说看"],
        status="ask_back",
    ),
    row("help", "我爸突然昏迷没有呼吸了怎么办", kind="emergency", status="emergency"),
]


@pytest.fixture
def services(small_corpus: Path, tmp_path: Path) -> PageServices:
    config = Config(
        corpus=(str(small_corpus),), index=str(tmp_path / "index"), uploads=str(tmp_path / "none"), model="hash",
        refuse_below=0.0,
    )  # fmt: skip
    index_with(config)
    pipeline = open_pipeline(config)
    return PageServices(config, lambda: pipeline)


@pytest.fixture
def evaluated(services: PageServices, tmp_path: Path) -> PageServices:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in QUESTIONS), "utf-8")
    pipeline = services.pipeline()
    keep(evaluate(path, pipeline, None), Path(services.config.index), pipeline.reader.manifest)
    return services


def test_before_any_evaluation_the_command_is_named(services: PageServices) -> None:
    command = pages.QUALITY_COMMAND.format(index=services.config.index)
    assert f"<code>{command}</code>" in evaluation_part(services)
    assert read_evaluation(Path(services.config.index)) is None


def test_the_last_evaluation_is_shown_with_figures_kinds_plots_and_failures(evaluated: PageServices) -> None:
    shown = evaluation_part(evaluated)
    assert "questions.jsonl" in shown
    assert all(pages.KIND_LABELS[kind] in shown for kind in ("direct", "off-topic", "follow-up", "emergency"))
    assert "100.0%" in shown
    assert "<svg" in shown
    assert pages.QUALITY_STATUS in shown
    assert "retrieval?q=" in shown
    assert "&lt;b&gt;红烧肉" in shown
    assert "<b>红烧肉" not in shown
    assert "重新运行" not in shown


def test_failures_are_kept_worst_first_with_their_history(evaluated: PageServices) -> None:
    kept = read_evaluation(Path(evaluated.config.index))
    assert kept is not None
    assert [(row["id"], row["got"]) for row in kept["failures"]] == [("meat", "answered"), ("more", "answered")]
    assert kept["failures"][1]["history"] == ["异地备案", "说说看"]
    assert kept["failures"][1]["question"] == "那有效期呢"
    shown = failure_list(kept["failures"])
    assert "h=%E5%BC%82" in shown
    assert pages.FAILURE_STATUS.format(wanted="反问", got="作答") in shown


def test_a_changed_index_is_told(evaluated: PageServices, small_corpus: Path) -> None:
    (small_corpus / "new.md").write_text("新的文章。", "utf-8")
    index_with(evaluated.config)
    evaluated.pipeline().reload()
    assert "重新运行" in evaluation_part(evaluated)
    (small_corpus / "new.md").unlink()
    index_with(evaluated.config)  # another build of what was evaluated
    evaluated.pipeline().reload()
    assert "重新运行" not in evaluation_part(evaluated)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "\x00"])
def test_a_damaged_result_is_told_in_one_line(services: PageServices, content: str) -> None:
    (Path(services.config.index) / LAST_EVALUATION).write_text(content, "utf-8")
    assert 'role="alert"' in evaluation_part(services)


def test_a_beir_result_is_not_kept(services: PageServices) -> None:
    manifest = services.pipeline().reader.manifest
    keep({"path": "x", "questions": 3, "legs": {}}, Path(services.config.index), manifest)
    assert read_evaluation(Path(services.config.index)) is None


def test_many_failures_are_folded_and_none_is_said() -> None:
    one = {
        "id": "x", "kind": "strange", "question": "问", "history": [], "wanted": "answered", "got": "answered",
        "confidence": 0.5, "rank": 0, "expected": "引", "shown": "",
    }  # fmt: skip
    assert failure_list([one] * 25).count("<li>") == 25
    assert pages.QUALITY_MORE.format(count=5) in failure_list([one] * 25)
    assert "<details class=" not in failure_list([one] * 20)
    assert pages.FAILURE_FACTS_NOT_FOUND.format(confidence="0.50") in failure_list([one])
    assert pages.QUALITY_NO_FAILURES in failure_list([])


class Ratings:
    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def counts(self) -> Mapping[str, int]:
        return self._counts

    def worst(self, limit: int) -> Sequence[RatedQuestion]:
        return [RatedQuestion("<i>备案</i>要钱吗", {"没用": 3, "过期": 2})][:limit]


def test_feedback_is_shown_where_there_is_any() -> None:
    shown = feedback_part(Ratings({"有用": 12, "没用": 3}))
    assert "12" in shown
    assert "&lt;i&gt;备案" in shown
    assert "没用 3 · 过期 2" in shown
    assert feedback_part(Ratings({})) == feedback_part(None) == ""
