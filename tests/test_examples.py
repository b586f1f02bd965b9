"""The public sets, each as a tiny file of its own form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.language.sentences import sentence_spans
from yibao.reader.inputs import PassageText
from yibao.reader.training import examples
from yibao.reader.training.examples import LONGEST, SETS, WEB, best_shared, public_examples, shared, windows

FIRST = "甲城的城墙建于明代。" * 20
TEXT = f"{FIRST}\n乙山高三千米,山上有寺。{FIRST}"


def row(name: str, number: int, **fields: Any) -> dict[str, Any]:
    values = {"id": f"{name}/{number}", "question": "乙山多高", "title": name, "passage": TEXT, "answers": ["三千米"]}
    return values | fields


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in rows), "utf-8")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    training, dureader = tmp_path / "training", tmp_path / "dureader"
    for each in SETS:
        write(training / f"{each.name}.jsonl", [row(each.name, 1), row(each.name, 2, answers=[], question="乙山的寺")])
    statutes = [row("stard", n, label=n % 2, passage="第一句。第二句。") for n in range(4)]
    write(training / "stard_statute.jsonl", [*statutes, row("stard", 9, label=1, passage="甲。" * LONGEST)])
    write(dureader / "corpus.jsonl", [{"_id": f"p{n}", "text": TEXT} for n in range(4)])
    write(
        dureader / "queries.jsonl",
        [{"_id": f"q{n}", "text": f"问{n}乙山多高", "answers": ["三千米"]} for n in range(4)],
    )
    unanswerable = [{"_id": f"u{n}", "text": f"问{n}丙河多长", "answers": [], "near_passage": "p1"} for n in range(2)]
    write(dureader / "queries_unanswerable.jsonl", unanswerable)
    (dureader / "qrels").mkdir()
    lines = ["query-id\tcorpus-id\tscore", *(f"q{n}\tp{n}\t1" for n in range(4))]
    (dureader / "qrels" / "test.tsv").write_text("\n".join(lines), "utf-8")
    return training, dureader


def test_of_every_set_right_sentences_are_marked(folders: tuple[Path, Path]) -> None:
    found, _ = public_examples(*folders, seed=3)
    for each in SETS:
        of = [example for example in found if example.source == each.name]
        good = [example for example in of if example.answers]
        assert len(good) == 1
        assert {example.weight for example in of} == {each.weight}
        assert any(not example.answers and example.question == "乙山的寺" for example in of)
        (example,) = good
        held = [example.passage.text[a:b] for a, b in example.passage.sentences]
        assert example.answers == tuple(n for n, text in enumerate(held) if "三千米" in text)
    tempting = [e for e in found if e.question == "乙山的寺"]
    assert all("乙山" in example.passage.text for example in tempting)  # the part that shares most


def test_a_statute_that_is_right_answers_with_all_its_sentences(folders: tuple[Path, Path]) -> None:
    found, _ = public_examples(*folders, seed=3)
    statutes = [example for example in found if example.source == "stard_statute"]
    assert sorted(len(example.answers) for example in statutes)[:4] == [0, 0, 2, 2]
    assert len(statutes) == 5


def test_no_sentence_lies_outside_the_text_that_is_read(folders: tuple[Path, Path]) -> None:
    found, watched = public_examples(*folders, seed=3)
    for example in [*found, *watched]:
        assert all(0 <= a < b <= len(example.passage.text) for a, b in example.passage.sentences)
        assert all(0 <= n < len(example.passage.sentences) for n in example.answers)


def test_web_questions_of_the_first_half_alone_are_taken_and_watched_first(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, watched = public_examples(*folders, seed=3)
    assert not any(example.source == WEB for example in found)
    assert {example.question for example in watched} == {"问0乙山多高", "问1乙山多高", "问0丙河多长"}
    assert all(bool(example.answers) == ("乙山" in example.question) for example in watched)
    monkeypatch.setattr(examples, "WATCHED", 1)
    more, fewer = public_examples(*folders, seed=3)
    assert len(fewer) == 1
    assert len([example for example in more if example.source == WEB]) == len(watched) - 1


def test_the_same_seed_draws_the_same(folders: tuple[Path, Path]) -> None:
    assert public_examples(*folders, seed=3) == public_examples(*folders, seed=3)


@given(st.text("甲乙丙。！?\n ,a1", max_size=900), st.integers(5, 400))
def test_windows_cover_the_whole_text_with_sentences_in_order(text: str, size: int) -> None:
    parts = list(windows("标题", text, size))
    told = [part.text[a:b] for part in parts for a, b in part.sentences]
    wanted = [text[a : min(b, a + LONGEST)] for a, b in sentence_spans(text)]
    assert told == wanted
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())
    for part in parts:
        assert part.lead == "标题"
        assert len(part.text) <= size or len(part.sentences) == 1
        assert list(part.sentences) == sorted(part.sentences)


def test_a_window_is_filled() -> None:
    lengths = [len(part.text) for part in windows("", "一二三四五六七八九。" * 100, 300)]
    assert lengths == [300, 300, 300, 100]


def test_a_sentence_without_end_is_read_as_far_as_sentences_are() -> None:
    (part,) = windows("", "长" * 2 * LONGEST)
    assert part.sentences == ((0, LONGEST),)


def test_what_shares_most_pairs_of_characters_comes_first() -> None:
    texts = [PassageText("", text, ()) for text in ("今天天气好", "备案有效期", "备案的有效期是6个月")]
    assert shared("备案有效", "备案有效期") == 3
    assert shared("备案有效", "备案的有效期") == 2
    assert best_shared("备案有效", texts, 2) == [texts[1], texts[2]]
    assert best_shared("备案有效", texts, 0) == []
