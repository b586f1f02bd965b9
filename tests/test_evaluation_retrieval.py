from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import log2
from pathlib import Path

import pytest

from yibao import wording
from yibao.errors import InputError, MissingExtraError
from yibao.evaluation.retrieval import LEGS, Leg, evaluate_folder, read_questions
from yibao.records import Passage

HEADER = "query-id\tcorpus-id\tscore\n"


class Ranked:
    """Names the same articles for a question on every leg, all with the same score: their order alone counts."""

    def __init__(self, rankings: Mapping[str, Sequence[str]]) -> None:
        self.rankings = rankings
        self.asked: list[tuple[int, Leg]] = []

    def passages(self, questions: Sequence[str], top_k: int, leg: Leg) -> Iterator[list[tuple[Passage, float]]]:
        self.asked.append((top_k, leg))
        for question in questions:
            yield [(passage_of(name), 0.5) for name in self.rankings[question]]


def passage_of(article: str) -> Passage:
    return Passage(f"{article}@1", article, "", "", f"{article} 的正文", 0, len(article) + 4, ())


def beir(folder: Path, questions: Mapping[str, str], judged: Sequence[tuple[str, str, int]]) -> Path:
    rows = [json.dumps({"_id": name, "text": text}, ensure_ascii=False) for name, text in questions.items()]
    write(folder, "\n".join(rows), HEADER + "".join(f"{q}\t{d}\t{grade}\n" for q, d, grade in judged))
    return folder


def write(folder: Path, queries: str, judgements: str) -> Path:
    (folder / "qrels").mkdir(exist_ok=True)
    (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(judgements, encoding="utf-8")
    return folder


def means(folder: Path, rankings: Mapping[str, Sequence[str]]) -> dict[str, float]:
    legs = evaluate_folder(folder, Ranked(rankings)).legs
    assert legs["lexical"] == legs["dense"] == legs["hybrid"]
    return {measure: figures["mean"] for measure, figures in legs["hybrid"].items()}


def test_the_measures_by_hand(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "问"}, [("1", "a", 1), ("1", "b", 1)])
    assert means(folder, {"问": ["b", "x", "a"]}) == pytest.approx(
        {"nDCG@10": (1 + 1 / 2) / (1 + 1 / log2(3)), "RR@10": 1.0, "R@1": 0.5, "R@5": 1.0, "R@10": 1.0, "R@100": 1.0}
    )


def test_places_and_cuts(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "六", "2": "十一"}, [("1", "a", 1), ("2", "a", 1)])
    others = [f"x{n}" for n in range(10)]
    assert means(folder, {"六": [*others[:5], "a"], "十一": [*others, "a"]}) == pytest.approx(
        {"nDCG@10": 1 / log2(7) / 2, "RR@10": 1 / 6 / 2, "R@1": 0.0, "R@5": 0.0, "R@10": 0.5, "R@100": 1.0}
    )


def test_grades_are_gains(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "问"}, [("1", "good", 1), ("1", "best", 2), ("1", "bad", 0)])
    found = means(folder, {"问": ["bad", "good", "best"]})
    assert found["nDCG@10"] == pytest.approx((1 / log2(3) + 2 / log2(4)) / (2 + 1 / log2(3)))
    assert found["RR@10"] == 0.5
    assert found["R@1"] == 0.0


def test_a_question_without_hits_counts_as_zero(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "有", "2": "无"}, [("1", "a", 1), ("2", "a", 1)])
    assert set(means(folder, {"有": ["a"], "无": []}).values()) == {0.5}
    assert set(means(folder, {"有": [], "无": []}).values()) == {0.0}


def test_equal_scores_keep_the_order_of_the_ranking(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "问"}, [("1", "a", 1)])
    assert means(folder, {"问": ["a", "b", "c"]})["R@1"] == 1.0
    assert means(folder, {"问": ["c", "b", "a"]})["R@1"] == 0.0


def test_every_leg_is_asked_for_a_hundred_articles(tmp_path: Path) -> None:
    ranker = Ranked({"问": ["a"]})
    table = evaluate_folder(beir(tmp_path, {"1": "问"}, [("1", "a", 1)]), ranker)
    assert [leg for _, leg in ranker.asked] == list(LEGS)
    assert min(top_k for top_k, _ in ranker.asked) >= 100
    assert (table.queries, list(table.legs)) == (1, ["lexical", "dense", "hybrid"])


def test_the_interval_is_that_of_the_questions(tmp_path: Path) -> None:
    folder = beir(tmp_path, {str(n): str(n) for n in range(10)}, [(str(n), "a", 1) for n in range(10)])
    legs = evaluate_folder(folder, Ranked({str(n): ["a"] if n % 2 else [] for n in range(10)})).legs
    figures = legs["dense"]["R@5"]
    assert 0.0 < figures["low"] < figures["mean"] == 0.5 < figures["high"] < 1.0


def test_questions_nobody_judged_are_not_asked(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "判过", "2": "没判过"}, [("1", "a", 1), ("3", "a", 1)])
    assert read_questions(folder)[0] == {"1": "判过"}
    table = evaluate_folder(folder, Ranked({"判过": ["a"]}))
    assert (table.queries, table.legs["hybrid"]["R@1"]["mean"]) == (1, 1.0)


def test_numbers_are_ids_and_other_fields_do_not_matter(tmp_path: Path) -> None:
    folder = write(tmp_path, '\ufeff{"_id": 7, "text": "问", "metadata": {}}\n\n', HEADER + "7\ta\t1\r\n\n7\tb\t0")
    assert read_questions(folder) == ({"7": "问"}, {"7": {"a": 1, "b": 0}})


def test_judgements_without_a_header_are_all_read(tmp_path: Path) -> None:
    folder = write(tmp_path, '{"_id": "1", "text": "问"}', "\ufeff1\ta\t1\n1\tb\t1\n")
    assert read_questions(folder)[1] == {"1": {"a": 1, "b": 1}}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "null",
        '"1"',
        "{}",
        '{"_id": "2"}',
        '{"text": "问"}',
        '{"_id": null, "text": "问"}',
        '{"_id": 2, "text": 5}',
    ],
)
def test_a_broken_question_is_named(tmp_path: Path, line: str) -> None:
    folder = write(tmp_path, f'{{"_id": "1", "text": "问"}}\n\n{line}\n', HEADER + "1\ta\t1\n")
    with pytest.raises(InputError) as raised:
        read_questions(folder)
    assert str(raised.value) == wording.BEIR_QUERY_LINE.format(path=folder / "queries.jsonl", number=3)


@pytest.mark.parametrize("line", ["1", "1 a 1", "1\ta", "1\ta\tyes", "1\t0\ta\t1", "1\ta\t1.5", "1\ta\t"])
def test_a_broken_judgement_is_named(tmp_path: Path, line: str) -> None:
    folder = write(tmp_path, '{"_id": "1", "text": "问"}\n', f"{HEADER}1\ta\t1\n{line}\n")
    with pytest.raises(InputError) as raised:
        read_questions(folder)
    assert str(raised.value) == wording.QRELS_LINE.format(path=folder / "qrels" / "test.tsv", number=3)


def test_judgements_that_are_no_text_are_named(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "问"}, [])
    (folder / "qrels" / "test.tsv").write_bytes(b"1\t\xff\xfe\t1\n")
    with pytest.raises(InputError, match=r"test\.tsv"):
        read_questions(folder)


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    message = wording.NOT_BEIR_FOLDER.format(path=tmp_path)
    with pytest.raises(InputError, match=message):
        read_questions(tmp_path)
    (tmp_path / "queries.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_questions(tmp_path)


def test_a_folder_in_which_nothing_is_judged_is_named(tmp_path: Path) -> None:
    for folder in (beir(tmp_path, {"1": "问"}, []), beir(tmp_path, {"1": "问"}, [("2", "a", 1)])):
        with pytest.raises(InputError) as raised:
            read_questions(folder)
        assert str(raised.value) == wording.NOTHING_JUDGED.format(path=folder)


def test_a_missing_extra_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'yibao\[eval\]'"):
        evaluate_folder(beir(tmp_path, {"1": "问"}, [("1", "a", 1)]), Ranked({}))


def test_the_questions_of_the_shared_folder(shared: Path) -> None:
    questions, qrels = read_questions(shared / "benchmarks" / "insqa_clause")
    assert len(questions) == 1045
    assert set(questions) <= set(qrels)


def test_evidence_is_counted_where_the_questions_have_answer_spans(tmp_path: Path) -> None:
    folder = beir(tmp_path, {"1": "问", "2": "又问"}, [("1", "a", 1), ("2", "b", 1)])
    rows = [{"_id": "1", "text": "问", "answers": ["a 的"]}, {"_id": "2", "text": "又问", "answers": ["没有的话"]}]
    (folder / "queries.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    legs = evaluate_folder(folder, Ranked({"问": ["b", "a"], "又问": ["b"]})).legs
    assert legs["hybrid"]["evidence@300"]["mean"] == 0.5
    assert legs["hybrid"]["R@1"]["mean"] == 0.5


def test_evidence_is_left_out_without_answer_spans(tmp_path: Path) -> None:
    table = evaluate_folder(beir(tmp_path, {"1": "问"}, [("1", "a", 1)]), Ranked({"问": ["a"]}))
    assert not [name for name in table.legs["hybrid"] if name.startswith("evidence")]
