from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from yibao import wording
from yibao.cli import main
from yibao.config import Config
from yibao.errors import InputError
from yibao.evaluation.evaluating import (
    SHIPPED,
    broken_quotes,
    compare,
    comparison_text,
    evaluate,
    print_evaluation,
    write_report,
)
from yibao.evaluation.questions import read_questions
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request

NO_FACETS: dict[str, list[Any]] = {"regions": [], "insurance": [], "person": [], "years": []}
FILING = "异地就医备案的有效期是6个月。"
OFF_TOPIC, EMERGENCY = "红烧肉怎么做", "我爸突然昏迷没有呼吸了怎么办"


def row(name: str, question: str, *gold: tuple[str, str], **fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": name, "kind": "direct", "question": question, "history": [], "standalone": "", "clean": "",
        "gold": [{"article": article, "quote": quote} for article, quote in gold], "all_needed": False,
        "status": "answered", "facets": NO_FACETS, "note": "",
    }  # fmt: skip
    return values | fields


QUESTIONS = [
    row("filing", "异地就医备案有效期多久", ("filing", FILING)),
    row("birth", "生育津贴怎么算", ("birth", "生育津贴按上年度职工月平均工资计发。")),
    row(
        "account", "户口本要带吗", ("sub/account", "绑定不需要户口本。"), kind="follow-up",
        history=["陕西家庭共济怎么绑定"], standalone="陕西家庭共济绑定要户口本吗",
        facets=NO_FACETS | {"regions": ["陕西"]},
    ),
    row("meat", OFF_TOPIC, kind="off-topic", status="no_answer"),
    row("help", EMERGENCY, kind="emergency", status="emergency"),
]  # fmt: skip
ANSWERED = {"filing", "birth", "account", "meat"}  # with refuse_below = 0 nothing is refused


def save(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), encoding="utf-8")
    return path


def beir(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    save(folder / "queries.jsonl", {"_id": "q1", "text": "异地就医备案有效期"}, {"_id": "q2", "text": "zzz"})
    (folder / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tfiling\t1\nq2\tnosuch\t1\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def index(small_corpus: Path, tmp_path: Path) -> str:
    root = str(tmp_path / "index")
    index_with(Config(corpus=(str(small_corpus),), index=root, model="hash"))
    return root


@pytest.fixture
def pipeline(index: str) -> Pipeline:
    return open_pipeline(Config(index=index, model="hash", refuse_below=0.0))


@pytest.fixture
def question_set(tmp_path: Path) -> Path:
    return save(tmp_path / "set.jsonl", *QUESTIONS)


# The library


def test_a_question_set_is_asked_and_summed_up(pipeline: Pipeline, question_set: Path) -> None:
    found = evaluate(question_set, pipeline, None)
    outcomes = {each["id"]: each for each in found["outcomes"]}
    assert (found["path"], found["half"], list(outcomes)) == ("set.jsonl", None, [each["id"] for each in QUESTIONS])
    assert {name: outcomes[name]["gold_ranks"] for name in ("filing", "birth", "meat", "help")} == {
        "filing": (1,), "birth": (1,), "meat": (), "help": (),
    }  # fmt: skip
    assert {name for name, each in outcomes.items() if each["got"] == "answered"} == ANSWERED
    assert outcomes["help"]["got"] == "emergency"
    summary = found["summary"]
    assert summary["questions"] == 5
    assert summary["overall"]["status_right"]["mean"] == 0.8
    assert summary["overall"]["recall@1"]["mean"] == 1.0
    assert summary["refusal"]["false_answers"]["mean"] == 1.0
    assert summary["emergency"] == {"recall": 1.0, "false_alarms": 0.0, "false_alarms_on_lookalikes": 0.0}
    assert summary["facets"]["recall"] == 1.0
    assert broken_quotes(found) == 0


def test_a_half_is_those_questions_alone(pipeline: Pipeline, question_set: Path) -> None:
    halves = {each.id: each.half for each in read_questions(question_set)}
    for half in ("tune", "report"):
        found = evaluate(question_set, pipeline, half)  # type: ignore[arg-type]
        assert [each["id"] for each in found["outcomes"]] == [name for name, its in halves.items() if its == half]
        assert {each["half"] for each in found["outcomes"]} == {half} == {found["half"]}


def test_a_beir_folder_is_ranked_on_every_leg(pipeline: Pipeline, tmp_path: Path) -> None:
    found = evaluate(beir(tmp_path / "beir"), pipeline, None)
    assert found["questions"] == 2
    for leg in ("lexical", "dense", "hybrid"):
        assert found["legs"][leg]["R@1"]["mean"] == 0.5
    assert broken_quotes(found) == 0


def test_an_evaluation_is_plain_values(pipeline: Pipeline, question_set: Path, tmp_path: Path) -> None:
    for path in (question_set, beir(tmp_path / "beir")):
        found = evaluate(path, pipeline, None)
        assert json.loads(json.dumps(found)).keys() == found.keys()


@pytest.mark.parametrize(
    ("gold", "reason"), [(("filing", "没有这句话。"), "filing: 没有这句话。"), (("nosuch", FILING), "nosuch")]
)
def test_questions_on_other_articles_are_refused(
    pipeline: Pipeline, tmp_path: Path, gold: tuple[str, str], reason: str
) -> None:
    path = save(tmp_path / "set.jsonl", row("a", "备案有效期", gold))
    with pytest.raises(InputError) as raised:
        evaluate(path, pipeline, None)
    assert reason in str(raised.value)


def test_broken_quotes_are_counted(pipeline: Pipeline, question_set: Path) -> None:
    class Inventing:
        """Quotes one character less than it says."""

        def ask(self, request: Request) -> Any:
            answer = pipeline.ask(request)
            return replace(answer, citations=tuple(replace(c, quote=c.quote[:-1]) for c in answer.citations))

        def article(self, name: str) -> Any:
            return pipeline.article(name)

        rank, find = pipeline.rank, pipeline.find

    honest, inventing = evaluate(question_set, pipeline, None), evaluate(question_set, Inventing(), None)
    assert broken_quotes(honest) == 0
    assert broken_quotes(inventing) >= len(ANSWERED)


def test_the_figures_of_a_beir_folder_are_printed(
    pipeline: Pipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = beir(tmp_path / "beir")
    print_evaluation(folder, evaluate(folder, pipeline, None))
    title, *legs = capsys.readouterr().out.splitlines()
    assert title == wording.EVAL_TITLE.format(folder=folder, queries=2)
    assert [line.split()[0] for line in legs] == ["lexical", "dense", "hybrid"]
    assert all("R@1 50.00 (0.0-100.0)" in line for line in legs)


def test_a_report_comes_back_from_json(pipeline: Pipeline, question_set: Path, tmp_path: Path) -> None:
    found = json.loads(json.dumps(evaluate(question_set, pipeline, None)))
    page = write_report(tmp_path / "page", found).read_text(encoding="utf-8")
    assert OFF_TOPIC in page[page.index(wording.EVAL_FAILURES) :]


def test_a_beir_folder_has_no_report(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=wording.EVAL_NO_REPORT):
        write_report(tmp_path, evaluate(beir(tmp_path / "beir"), pipeline, None))


def test_a_comparison_is_told_in_lines(pipeline: Pipeline, question_set: Path, tmp_path: Path) -> None:
    found = evaluate(question_set, pipeline, None)
    (tmp_path / "after").write_text(json.dumps(found), encoding="utf-8")
    found["outcomes"][0] |= {"gold_ranks": [2], "gold_in_card": 0.0}
    (tmp_path / "before").write_text(json.dumps(found), encoding="utf-8")
    lines = comparison_text(compare(tmp_path / "before", tmp_path / "after")).splitlines()
    assert lines[0].split()[:4] == ["reciprocal_rank", "83.33", "->", "100.00"]
    assert lines[-1] == "+ filing 异地就医备案有效期多久"


def test_the_shipped_questions_belong_to_the_shipped_articles(real_pipeline: Pipeline, tmp_path: Path) -> None:
    some = SHIPPED.read_text(encoding="utf-8").splitlines()[::40]
    (tmp_path / "some.jsonl").write_text("\n".join(some), encoding="utf-8")
    found = evaluate(tmp_path / "some.jsonl", real_pipeline, None)
    assert found["summary"]["questions"] == len(some)
    assert found["summary"]["overall"]["recall@5"]["mean"] >= 0.8
    assert broken_quotes(found) == 0


# The command line


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def yibao_eval(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, index: str
) -> Command:
    """Run ``yibao eval`` on the small index, as the console script does."""
    for name in list(os.environ):
        if name.startswith("YIBAO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("YIBAO_MODEL", "hash")
    monkeypatch.setenv("YIBAO_INDEX", index)
    monkeypatch.setenv("YIBAO_REFUSE_BELOW", "0")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["yibao", "eval", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return command


def assert_is_one_error_line(run: Run, part: str) -> None:
    assert run.code == 1
    assert run.err.startswith(wording.ERROR_PREFIX)
    assert run.err.count("\n") == 1
    assert part in run.err


def test_the_table_goes_to_standard_output(yibao_eval: Command, question_set: Path) -> None:
    run = yibao_eval(question_set)
    assert (run.code, run.err) == (0, "")
    assert wording.EVAL_OVERALL in run.out
    assert "emergency recall: 1.000" in run.out
    assert "broken quotes: 0" in run.out


def test_json_is_one_object(yibao_eval: Command, question_set: Path, pipeline: Pipeline) -> None:
    run = yibao_eval(question_set, "--json")
    found = json.loads(run.out)
    assert (run.code, run.err, found["path"]) == (0, "", "set.jsonl")
    ranks = [list(each["gold_ranks"]) for each in evaluate(question_set, pipeline, None)["outcomes"]]
    assert [each["gold_ranks"] for each in found["outcomes"]] == ranks


def test_a_half_by_option(yibao_eval: Command, question_set: Path) -> None:
    halves = {half: json.loads(yibao_eval(question_set, "--half", half, "--json").out) for half in ("tune", "report")}
    assert all(found["half"] == half for half, found in halves.items())
    ids = [each["id"] for found in halves.values() for each in found["outcomes"]]
    assert sorted(ids) == sorted(each["id"] for each in QUESTIONS)


def test_there_is_no_third_half(yibao_eval: Command, question_set: Path) -> None:
    run = yibao_eval(question_set, "--half", "both")
    assert (run.code, run.out) == (2, "")
    assert "tune / report" in run.err


def test_a_report_is_written_and_named_on_the_error_stream(
    yibao_eval: Command, question_set: Path, tmp_path: Path
) -> None:
    run = yibao_eval(question_set, "--json", "--report", tmp_path / "page")
    assert json.loads(run.out)["path"] == "set.jsonl"
    assert run.err == wording.EVAL_REPORT_WRITTEN.format(path=tmp_path / "page" / "report.html") + "\n"
    assert (tmp_path / "page" / "report.html").is_file()


def test_a_run_is_compared_with_itself(yibao_eval: Command, question_set: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(yibao_eval(question_set, "--json").out, encoding="utf-8")
    text, as_json = yibao_eval("--compare", path, path), yibao_eval("--compare", path, path, "--json")
    assert (text.code, text.err, as_json.code) == (0, "", 0)
    assert [line.split()[0] for line in text.out.splitlines()] == [
        "reciprocal_rank", "recall@5", "gold_in_card", "status_right",
    ]  # fmt: skip
    assert json.loads(as_json.out)["questions"] == len(QUESTIONS)


def test_a_beir_folder_by_option(yibao_eval: Command, tmp_path: Path) -> None:
    folder = beir(tmp_path / "beir")
    text, as_json = yibao_eval(folder), yibao_eval(folder, "--json")
    assert text.out.startswith(wording.EVAL_TITLE.format(folder=folder, queries=2))
    found = json.loads(as_json.out)
    assert (found["path"], found["questions"], list(found["legs"])) == (str(folder), 2, ["lexical", "dense", "hybrid"])


def test_questions_of_another_index_are_one_line(yibao_eval: Command, tmp_path: Path) -> None:
    other = save(tmp_path / "other.jsonl", row("a", "备案有效期", ("filing", "没有这句话。")))
    run = yibao_eval(other)
    assert_is_one_error_line(run, "没有这句话。")
    assert run.out == ""


def test_the_shipped_questions_do_not_belong_to_the_small_index(yibao_eval: Command) -> None:
    assert_is_one_error_line(yibao_eval(), wording.EVAL_NOT_MATCHING.partition("{")[0])


@pytest.mark.parametrize("line", ["{", "[]", "\udcff"], ids=["cut off", "list", "bytes"])
def test_a_broken_question_is_one_line(yibao_eval: Command, tmp_path: Path, line: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_bytes(json.dumps(QUESTIONS[0]).encode() + b"\n" + line.encode(errors="surrogateescape") + b"\n")
    assert_is_one_error_line(yibao_eval(path), wording.NOT_JSON_LINE.format(path=path, number=2))


@pytest.mark.parametrize(
    "fields",
    [{"question": 5}, {"question": None}, {"history": "上一问"}, {"history": [1]}, {"history": None}, {"gold": [{}]}, {"facets": []}],
    ids=str,
)  # fmt: skip
def test_a_question_with_a_wrong_field_is_one_line(yibao_eval: Command, tmp_path: Path, fields: dict[str, Any]) -> None:
    path = save(tmp_path / "set.jsonl", QUESTIONS[0] | fields)
    assert_is_one_error_line(yibao_eval(path), f"{path} 第 1 行")


def test_a_line_separator_inside_a_question_is_no_end_of_line(yibao_eval: Command, tmp_path: Path) -> None:
    path = save(tmp_path / "set.jsonl", QUESTIONS[0] | {"note": "一\u2028二"})
    assert yibao_eval(path).code == 0


@pytest.mark.parametrize("file", ["queries.jsonl", "qrels/test.tsv"])
def test_a_broken_line_of_a_beir_folder_is_one_line(yibao_eval: Command, tmp_path: Path, file: str) -> None:
    path = beir(tmp_path / "beir") / file
    path.write_text(path.read_text(encoding="utf-8") + "broken\n", encoding="utf-8")
    assert_is_one_error_line(yibao_eval(tmp_path / "beir"), f"{path} 第 {3 if path.suffix == '.jsonl' else 4} 行")


def test_a_path_that_is_neither_is_one_line(yibao_eval: Command, tmp_path: Path) -> None:
    assert_is_one_error_line(yibao_eval(tmp_path), wording.NOT_BEIR_FOLDER.format(path=tmp_path))
    assert_is_one_error_line(yibao_eval(tmp_path / "nosuch.jsonl"), "nosuch.jsonl")


def test_another_file_to_compare_is_one_line(yibao_eval: Command, question_set: Path) -> None:
    assert_is_one_error_line(yibao_eval("--compare", question_set, question_set), str(question_set))


def test_a_report_on_a_beir_folder_is_one_line(yibao_eval: Command, tmp_path: Path) -> None:
    assert_is_one_error_line(yibao_eval(beir(tmp_path / "beir"), "--report", tmp_path), wording.EVAL_NO_REPORT)
