from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from yibao import __version__, wording
from yibao.cli import main
from yibao.index.manifest import read_manifest, write_manifest

HEAVY = ("torch", "faiss", "gradio", "sentence_transformers", "jieba", "bm25s", "transformers")
ANSWER_FIELDS = {
    "question", "rewritten", "status", "text", "citations", "hits", "notices", "facets", "disclaimer", "timings_ms",
}  # fmt: skip
CITATION_FIELDS = {
    "number", "passage_id", "article_id", "title", "heading", "published", "quote", "start", "end",
}  # fmt: skip
HIT_FIELDS = {"passage_id", "article_id", "title", "heading", "text", "start", "end", "score", "rank", "legs"}
TEXTS = {
    "filing": "异地就医备案的有效期是6个月。备案可以在手机上办理。",
    "sub/account": "陕西参保人在陕西医保App上绑定家庭成员。绑定不需要户口本。",
    "birth": "生育津贴按上年度职工月平均工资计发。",
}
QUESTION = "异地就医备案的有效期多久"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.removesuffix("\n").split("\n")]


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line as the console script does, in an empty folder, with the hash model."""
    for name in list(os.environ):
        if name.startswith("YIBAO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("YIBAO_MODEL", "hash")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def yibao(*arguments: str, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["yibao", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return yibao


@pytest.fixture
def indexed(run: Run, small_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """As ``run``, with the small corpus indexed in ./index and every question answered."""
    assert run("index", "--corpus", str(small_corpus)).code == 0
    monkeypatch.setenv("YIBAO_REFUSE_BELOW", "0")
    return run


def json_lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def assert_is_one_error_line(outcome: Outcome, part: str) -> None:
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith(wording.ERROR_PREFIX)
    assert outcome.err.count("\n") == 1
    assert part in outcome.err
    assert "{" not in outcome.err


def test_importing_the_command_line_pulls_in_nothing_heavy() -> None:
    code = f"import sys, yibao.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_answers_in_under_half_a_second() -> None:
    durations = []
    for _ in range(3):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "yibao", "--help"], capture_output=True, check=True)
        durations.append(time.perf_counter() - started)
        assert wording.HELP_APP in done.stdout.decode()
    assert min(durations) < 0.5


@pytest.mark.parametrize("command", ["index", "ask", "search", "serve", "eval", "config"])
def test_every_command_explains_itself_in_chinese(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert getattr(wording, f"HELP_{command.upper()}")[:20] in outcome.out


def test_version(run: Run) -> None:
    assert run("--version") == Outcome(0, f"yibao {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nosuch",),
        ("ask",),
        ("ask", QUESTION, "--questions", "-"),
        ("ask", QUESTION, "--nosuch"),
        ("ask", QUESTION, "--top-k", "many"),
        ("search",),
        ("search", "--queries", "-", "--leg", "both"),
        ("search", "--queries", "-", "--unit", "word"),
        ("search", "--queries", "-", "--format", "xml"),
        ("search", "--queries", "-", "--top-k", "0"),
        ("serve", "--port", "web"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_prints_no_data(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_a_leg_that_does_not_exist_is_told_the_ones_that_do(run: Run) -> None:
    assert "hybrid / dense / lexical" in run("search", "--queries", "-", "--leg", "both").err


def test_index_reports_what_it_did(run: Run, small_corpus: Path) -> None:
    outcome = run("index", "--corpus", str(small_corpus), "--index", "made")
    assert (outcome.code, outcome.err) == (0, "")
    assert "文章 3 篇" in outcome.out
    assert Path("made/CURRENT").is_file()


def test_index_json_counts_everything(run: Run, small_corpus: Path) -> None:
    (small_corpus / "empty.md").write_text("", encoding="utf-8")
    outcome = run("index", "--corpus", str(small_corpus), "--json")
    report = outcome.json
    assert (outcome.code, outcome.err) == (0, "")
    assert (report["files"], report["articles"], report["excerpts"], report["passages"]) == (4, 3, 0, 3)
    assert (report["sentences"], report["embedded"], report["reused"]) == (5, 8, 0)
    assert (report["changed"], report["duplicates"], report["removed_articles"]) == (True, 0, 0)
    assert report["skipped"] == [{"source": str(small_corpus / "empty.md"), "reason": wording.SKIP_EMPTY}]
    assert report["seconds"] >= 0


def test_index_names_skipped_files_and_still_succeeds(run: Run, small_corpus: Path) -> None:
    (small_corpus / "empty.md").write_text("", encoding="utf-8")
    outcome = run("index", "--corpus", str(small_corpus))
    assert outcome.code == 0
    assert f"跳过 {small_corpus / 'empty.md'}" in outcome.out


BROKEN = "---\npublished: !!timestamp x\nregion: !!int ''\n---\n正文一。\n", "---\ntitle: 医保: 报销\n---\n正文二。\n"


def test_index_names_what_it_passed_over_and_indexes_the_article(run: Run, small_corpus: Path) -> None:
    for name, text in zip(("bad.md", "colon.md"), BROKEN, strict=True):
        (small_corpus / name).write_text(text, encoding="utf-8")
    outcome = run("index", "--corpus", str(small_corpus))
    assert (outcome.code, outcome.err) == (0, "")
    assert "文章 5 篇" in outcome.out
    assert f"注意 {small_corpus / 'bad.md'}：文首信息 published 的值「x」不对" in outcome.out
    assert f"注意 {small_corpus / 'colon.md'}：文首信息（front matter）第 2 行写法有误" in outcome.out
    report = run("index", "--corpus", str(small_corpus), "--json").json
    assert [Path(remark["source"]).name for remark in report["remarks"]] == ["bad.md", "colon.md"]


def test_index_check_fails_where_something_was_passed_over(run: Run, small_corpus: Path) -> None:
    (small_corpus / "colon.md").write_text(BROKEN[1], encoding="utf-8")
    outcome = run("index", "--corpus", str(small_corpus), "--check")
    assert outcome.code == 1
    assert outcome.out.endswith(wording.CHECK_REPORT.format(articles=4, skipped=1) + "\n")


def test_index_again_changes_nothing(indexed: Run, small_corpus: Path) -> None:
    report = indexed("index", "--corpus", str(small_corpus), "--json").json
    assert (report["changed"], report["embedded"], report["reused"]) == (False, 0, 8)


def test_index_rebuild_starts_afresh(indexed: Run, small_corpus: Path) -> None:
    report = indexed("index", "--corpus", str(small_corpus), "--rebuild", "--json").json
    assert (report["changed"], report["embedded"], report["reused"]) == (True, 8, 0)


def test_index_takes_several_folders(run: Run, small_corpus: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "extra.txt").write_text("慢特病怎么申请\n\n带上病历申请。\n", encoding="utf-8")
    report = run("index", "--corpus", str(small_corpus), "--corpus", str(more), "--json").json
    assert (report["files"], report["articles"]) == (4, 4)


def test_index_check_reads_without_writing(run: Run, small_corpus: Path) -> None:
    outcome = run("index", "--corpus", str(small_corpus), "--check")
    assert outcome == Outcome(0, wording.CHECK_REPORT.format(articles=3, skipped=0) + "\n", "")
    assert list(Path().iterdir()) == []


def test_index_check_fails_where_a_file_cannot_be_used(run: Run, small_corpus: Path) -> None:
    (small_corpus / "empty.md").write_text("", encoding="utf-8")
    outcome = run("index", "--corpus", str(small_corpus), "--check")
    assert outcome.code == 1
    assert wording.SKIP_EMPTY in outcome.out


def test_ask_prints_text_sources_and_the_disclaimer_once(indexed: Run) -> None:
    outcome = indexed("ask", QUESTION)
    assert (outcome.code, outcome.err) == (0, "")
    assert "异地就医备案的有效期是6个月。" in outcome.out
    assert "[1] 《异地就医备案的有效期》 · 2025-04-01" in outcome.out
    assert outcome.out.count(wording.DISCLAIMER) == 1
    assert outcome.out.endswith(wording.DISCLAIMER + "\n")


def test_ask_json_is_the_contract(indexed: Run) -> None:
    outcome = indexed("ask", QUESTION, "--json")
    answer = outcome.json
    assert (outcome.code, outcome.err) == (0, "")
    assert set(answer) >= ANSWER_FIELDS
    assert (answer["question"], answer["rewritten"], answer["status"]) == (QUESTION, QUESTION, "answered")
    assert answer["disclaimer"] == wording.DISCLAIMER
    assert answer["notices"] == [wording.MAY_HAVE_CHANGED.format(numbers="[1]")]
    assert answer["facets"] == {
        "regions": [],
        "insurance": [],
        "person": [],
        "years": [],
        "treated_in": [],
        "topics": ["异地就医"],
    }
    assert answer["text"].startswith("异地就医备案的有效期是6个月。")


def test_ask_json_citations_are_slices(indexed: Run) -> None:
    answer = indexed("ask", QUESTION, "--json").json
    first = answer["citations"][0]
    assert set(first) >= CITATION_FIELDS
    assert (first["number"], first["article_id"], first["passage_id"]) == (1, "filing", "filing@1")
    assert (first["title"], first["heading"], first["published"]) == ("异地就医备案的有效期", "", "2025-04-01")
    for citation in answer["citations"]:
        assert citation["quote"] == TEXTS[citation["article_id"]][citation["start"] : citation["end"]]
        assert f"{citation['quote']} [{citation['number']}]" in answer["text"]


def test_ask_json_hits_have_every_field(indexed: Run) -> None:
    hits = indexed("ask", QUESTION, "--json").json["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["article_id"] == "filing"
    for hit in hits:
        assert set(hit) >= HIT_FIELDS
        assert hit["text"] == TEXTS[hit["article_id"]][hit["start"] : hit["end"]]
        assert 0.0 <= hit["score"] <= 1.0
        for leg in ("lexical", "dense"):
            assert set(hit["legs"][leg]) >= {"rank", "score", "matched", "missed"}
    assert "有效期" in hits[0]["legs"]["lexical"]["matched"]


def test_ask_json_timings_are_milliseconds(indexed: Run) -> None:
    timings = indexed("ask", QUESTION, "--json").json["timings_ms"]
    assert 0 < timings["total"] < 60_000
    assert timings["total"] >= timings["search"] >= 0


@pytest.mark.parametrize(
    ("question", "status", "text"),
    [("胸痛喘不过气", "emergency", wording.EMERGENCY_TEXTS["medical"]), ("", "no_answer", wording.EMPTY_QUESTION)],
)
def test_ask_json_has_every_field_whatever_the_status(indexed: Run, question: str, status: str, text: str) -> None:
    answer = indexed("ask", question, "--json").json
    assert set(answer) >= ANSWER_FIELDS
    assert (answer["status"], answer["text"], answer["disclaimer"]) == (status, text, wording.DISCLAIMER)
    assert (answer["citations"], answer["hits"], answer["notices"]) == ([], [], [])
    assert answer["timings_ms"]["total"] >= 0


def test_ask_refuses_below_the_threshold(indexed: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_REFUSE_BELOW", "1")
    answer = indexed("ask", QUESTION, "--json").json
    assert (answer["status"], answer["citations"]) == ("no_answer", [])
    assert answer["hits"][0]["article_id"] == "filing"


def test_ask_top_k_bounds_the_hits(indexed: Run) -> None:
    assert len(indexed("ask", QUESTION, "--top-k", "1", "--json").json["hits"]) == 1


def test_questions_are_answered_one_a_line_with_their_ids(indexed: Run, tmp_path: Path) -> None:
    rows = [{"id": "a", "q": QUESTION}, {"id": 7, "q": "生育津贴怎么算", "history": []}, {"q": ""}]
    (tmp_path / "q.jsonl").write_bytes(json_lines(*rows) + b"\n\n")
    outcome = indexed("ask", "--questions", str(tmp_path / "q.jsonl"))
    assert (outcome.code, outcome.err) == (0, "")
    assert [answer["id"] for answer in outcome.lines] == ["a", 7, None]
    assert [answer["question"] for answer in outcome.lines] == [QUESTION, "生育津贴怎么算", ""]
    assert all(set(answer) >= ANSWER_FIELDS | {"id"} for answer in outcome.lines)


def test_top_k_bounds_the_hits_of_questions_too(indexed: Run) -> None:
    stdin = json_lines({"id": 1, "q": QUESTION})
    (answer,) = indexed("ask", "--questions", "-", "--top-k", "1", stdin=stdin).lines
    assert len(answer["hits"]) == 1


def test_questions_of_one_dialogue_stand_in_history(indexed: Run) -> None:
    row = {"id": 1, "q": "那生育津贴呢", "history": ["福建的备案怎么办", "换成陕西呢"]}
    (answer,) = indexed("ask", "--questions", "-", stdin=json_lines(row)).lines
    assert answer["question"] == "那生育津贴呢"
    (answer,) = indexed("ask", "--questions", "-", stdin=json_lines(row | {"q": "要户口本吗"})).lines
    assert answer["rewritten"] == "陕西的备案怎么办 要户口本吗"
    assert answer["facets"]["regions"] == ["陕西"]


def test_questions_alone_are_the_same_as_ask_json(indexed: Run) -> None:
    (batch,) = indexed("ask", "--questions", "-", stdin=json_lines({"id": 1, "q": QUESTION})).lines
    single = indexed("ask", QUESTION, "--json").json
    for answer in (batch, single):
        del answer["timings_ms"]
    assert batch == single | {"id": 1}


def test_a_byte_order_mark_and_windows_line_ends_are_no_error(indexed: Run) -> None:
    stdin = b"\xef\xbb\xbf" + json_lines({"id": 1, "q": QUESTION}) + b"\r\n" + json_lines({"id": 2, "q": QUESTION})
    assert [answer["id"] for answer in indexed("ask", "--questions", "-", stdin=stdin + b"\r\n").lines] == [1, 2]


def test_line_separators_inside_a_question_do_not_end_it(indexed: Run) -> None:
    question = f"{QUESTION}\u2028\u0085吗"
    (answer,) = indexed("ask", "--questions", "-", stdin=json_lines({"id": 1, "q": question})).lines
    assert answer["question"] == question


def test_half_a_surrogate_pair_in_json_is_no_error(indexed: Run) -> None:
    outcome = indexed("ask", "--questions", "-", stdin=b'{"id": "\\ud800", "q": "\\ud800 app", "history": ["\\udfff"]}')
    assert outcome.code == 0
    assert (outcome.lines[0]["id"], outcome.lines[0]["question"]) == ("\ud800", "\ufffd app")
    assert indexed("search", "--queries", "-", stdin=b'{"_id": "1", "text": "\\ud800"}').code == 0


def test_no_questions_give_no_answers(indexed: Run) -> None:
    assert indexed("ask", "--questions", "-") == Outcome(0, "", "")


def trec(outcome: Outcome) -> list[list[str]]:
    assert (outcome.code, outcome.err) == (0, "")
    return [line.split(" ") for line in outcome.out.splitlines()]


def test_search_writes_a_trec_run(indexed: Run) -> None:
    queries = json_lines({"_id": "q1", "text": QUESTION}, {"_id": "q2", "text": "生育津贴怎么算"})
    rows = trec(indexed("search", "--queries", "-", stdin=queries))
    assert all(len(row) == 6 and row[1] == "Q0" and row[5] == "yibao" for row in rows)
    assert [(row[0], row[3]) for row in rows] == [(q, str(rank)) for q in ("q1", "q2") for rank in (1, 2, 3)]
    assert (rows[0][2], rows[3][2]) == ("filing", "birth")
    for number in (0, 3):
        scores = [float(row[4]) for row in rows[number : number + 3]]
        assert scores == sorted(scores, reverse=True)
        assert sorted(row[2] for row in rows[number : number + 3]) == sorted(TEXTS)


def test_search_writes_json_lines(indexed: Run) -> None:
    outcome = indexed(
        "search", "--queries", "-", "--format", "jsonl", "--top-k", "2",
        stdin=json_lines({"_id": 5, "text": QUESTION, "metadata": {}}, {"_id": "b", "text": "生育津贴怎么算"}),
    )  # fmt: skip
    first, second = outcome.lines
    assert (first["_id"], second["_id"]) == (5, "b")
    assert set(first) == {"_id", "hits"}
    assert [hit["rank"] for hit in second["hits"]] == [1, 2]
    assert second["hits"][0]["id"] == "birth"
    assert len(first["hits"]) == 2
    assert first["hits"][0]["score"] >= first["hits"][1]["score"]


def test_search_agrees_with_itself_in_both_formats(indexed: Run) -> None:
    queries = json_lines({"_id": "q", "text": QUESTION})
    rows = trec(indexed("search", "--queries", "-", stdin=queries))
    (line,) = indexed("search", "--queries", "-", "--format", "jsonl", stdin=queries).lines
    assert [(row[2], float(row[4])) for row in rows] == [(hit["id"], hit["score"]) for hit in line["hits"]]


def test_search_by_passage_names_passages(indexed: Run) -> None:
    rows = trec(
        indexed("search", "--queries", "-", "--unit", "passage", stdin=json_lines({"_id": 1, "text": QUESTION}))
    )
    assert rows[0][2] == "filing@1"


def test_search_on_the_lexical_leg_gives_only_what_shares_terms(indexed: Run) -> None:
    queries = json_lines({"_id": 1, "text": "户口本"}, {"_id": 2, "text": "zzz"})
    rows = trec(indexed("search", "--queries", "-", "--leg", "lexical", stdin=queries))
    assert {row[0] for row in rows} == {"1"}
    assert rows[0][2] == "sub/account"


def test_search_on_the_dense_leg_gives_cosines(indexed: Run) -> None:
    rows = trec(indexed("search", "--queries", "-", "--leg", "dense", stdin=json_lines({"_id": 1, "text": QUESTION})))
    assert rows[0][2] == "filing"
    assert all(-1.0 <= float(row[4]) <= 1.0 for row in rows)


def test_search_reads_a_beir_queries_file(indexed: Run, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_bytes(json_lines({"_id": "q1", "text": QUESTION}))
    assert trec(indexed("search", "--queries", str(tmp_path / "queries.jsonl"), "--top-k", "1"))[0][2] == "filing"


def test_config_shows_every_value_and_where_it_came_from(run: Run) -> None:
    Path("yibao.toml").write_text("top_k = 3\n", encoding="utf-8")
    lines = run("config").out.splitlines()
    assert "top_k = 3  (yibao.toml)" in lines
    assert "model = hash  (YIBAO_MODEL)" in lines
    assert "port = 7860  (内置)" in lines
    assert run("config", "--json").json["top_k"] == {"value": 3, "origin": "yibao.toml"}


def test_settings_reach_the_commands(indexed: Run) -> None:
    Path("yibao.toml").write_text("top_k = 2\n", encoding="utf-8")
    assert len(indexed("ask", QUESTION, "--json").json["hits"]) == 2
    assert len(indexed("ask", QUESTION, "--top-k", "1", "--json").json["hits"]) == 1


def test_a_missing_index_is_one_line(run: Run) -> None:
    assert_is_one_error_line(run("ask", QUESTION), "yibao index")
    assert_is_one_error_line(run("search", "--queries", "-"), "yibao index")


def test_a_missing_folder_is_one_line(run: Run) -> None:
    assert_is_one_error_line(run("index", "--corpus", "nosuch"), "nosuch")


def test_a_folder_without_articles_is_one_line(run: Run, tmp_path: Path) -> None:
    assert_is_one_error_line(run("index", "--corpus", str(tmp_path)), wording.NOTHING_TO_INDEX)


def test_a_folder_of_bad_files_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    assert_is_one_error_line(run("index", "--corpus", str(tmp_path)), wording.SKIP_EMPTY)


def test_an_index_folder_that_cannot_be_made_is_one_line(run: Run, small_corpus: Path) -> None:
    target = small_corpus / "filing.md"
    assert_is_one_error_line(run("index", "--corpus", str(small_corpus), "--index", str(target)), "filing.md")


def test_a_damaged_index_is_one_line_with_the_command_that_mends_it(indexed: Run) -> None:
    (database,) = Path("index").glob("*/passages.db")
    database.write_bytes(b"")
    assert_is_one_error_line(indexed("ask", QUESTION), "yibao index --rebuild")


def test_an_index_of_another_model_is_one_line(indexed: Run) -> None:
    folder = next(Path("index").glob("*/manifest.json")).parent
    write_manifest(folder, replace(read_manifest(folder), model_fingerprint="hash-of-another-kind"))
    assert_is_one_error_line(indexed("ask", QUESTION), "hash-of-another-kind")


def test_a_missing_model_folder_is_one_line(indexed: Run) -> None:
    assert_is_one_error_line(indexed("ask", QUESTION, "--model", "./nosuch"), "./nosuch")


@pytest.mark.parametrize("content", ["top_k = ", "nosuch = 1", "corpus = 5", "port = inf", "top_k = 0"])
def test_a_bad_configuration_is_one_line(run: Run, content: str) -> None:
    Path("yibao.toml").write_text(content, encoding="utf-8")
    assert_is_one_error_line(run("config"), "")


def test_a_number_out_of_range_is_one_line(indexed: Run) -> None:
    assert_is_one_error_line(indexed("ask", QUESTION, "--top-k", "0"), "top_k")


@pytest.mark.parametrize(
    "line",
    [b"{", b"[1]", b'"text"', b"[" * 100_000, b'{"id": ' + b"1" * 5000 + b"}", b'{"id": 1}', b'{"id": 1, "q": 3}',
     b'{"id": 1, "q": "a", "history": "b"}'],
    ids=["not json", "a list", "a string", "too deep", "too long a number", "no q", "q no text", "history no list"],
)  # fmt: skip
def test_a_bad_question_line_is_named_by_its_number(indexed: Run, line: bytes) -> None:
    outcome = indexed("ask", "--questions", "-", stdin=b"\n\n" + line)
    assert_is_one_error_line(outcome, "第 3 行")


@pytest.mark.parametrize("line", [b"{", b'{"text": "a"}', b'{"_id": 1}', b'{"_id": 1, "text": 2}'])
def test_a_bad_query_line_is_named_by_its_number(indexed: Run, line: bytes) -> None:
    stdin = json_lines({"_id": 1, "text": "a"}) + b"\n" + line
    assert_is_one_error_line(indexed("search", "--queries", "-", stdin=stdin), "第 2 行")


@pytest.mark.parametrize("command", [("ask", "--questions"), ("search", "--queries")])
def test_a_file_that_cannot_be_read_is_named(indexed: Run, command: tuple[str, str]) -> None:
    assert_is_one_error_line(indexed(*command, "nosuch.jsonl"), "nosuch.jsonl")
    assert_is_one_error_line(indexed(*command, "index"), "index")
    assert_is_one_error_line(indexed(*command, "-", stdin="备案".encode("gb18030")), "-")


def test_a_folder_that_is_no_benchmark_is_one_line(indexed: Run) -> None:
    assert_is_one_error_line(indexed("eval", "nosuch"), "nosuch")


def test_a_host_that_is_not_this_machine_is_one_line(run: Run) -> None:
    assert_is_one_error_line(run("serve", "--host", "0.0.0.0"), "0.0.0.0")


def test_bad_lines_do_not_take_back_the_answers_before_them(indexed: Run) -> None:
    outcome = indexed("ask", "--questions", "-", stdin=json_lines({"id": 1, "q": QUESTION}) + b"\n{")
    assert outcome.code == 1
    assert [answer["id"] for answer in outcome.lines] == [1]


@pytest.mark.usefixtures("run")
def test_a_locale_without_chinese_ends_in_no_traceback() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "yibao", "config"]
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert b"(\\u5185\\u7f6e)" in done.stdout
    assert done.stderr == b""


@pytest.mark.usefixtures("indexed")
def test_a_reader_that_stops_reading_ends_in_no_traceback() -> None:
    questions = json_lines(*({"id": n, "q": QUESTION} for n in range(300)))
    Path("q.jsonl").write_bytes(questions)
    command = [sys.executable, "-m", "yibao", "ask", "--questions", "q.jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"id": 0')
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 1


def test_config_shows_that_a_secret_is_set_but_not_which(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_API_TOKEN", "hidden-token")
    monkeypatch.setenv("YIBAO_PAGE_PASSWORD", "hidden-password")
    for outcome in (run("config"), run("config", "--json")):
        assert "hidden" not in outcome.out
        assert outcome.out.count("******") == 2
