"""The project's own questions, every line of them, and the documents they point into."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import pytest

from yibao import wording
from yibao.errors import InputError
from yibao.reader.dataset import (
    DOCUMENTS,
    QUESTIONS,
    Kind,
    LabelledQuestion,
    Split,
    Style,
    document_texts,
    of_split,
    read_labelled,
)

LEAST_UNANSWERABLE = 0.45
LEAST_OF_A_KIND = 0.04
LONGEST_COPY = 11  # characters of a document that may stand in its question
ROW: dict[str, Any] = {
    "id": "1", "question": "多久", "history": ["备案吗"], "document": "documents/a.md", "spans": [[0, 2]],
    "kind": "answerable", "style": "followup", "writer": "1", "split": "train",
}  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> list[LabelledQuestion]:
    return read_labelled()


def copied(question: str, text: str) -> bool:
    size = LONGEST_COPY + 1
    return any(question[at : at + size] in text for at in range(len(question) - size + 1))


def check_against(questions: list[LabelledQuestion], texts: dict[str, str]) -> int:
    """Hold the questions of some documents against their texts; return how many there are."""
    pointing = [question for question in questions if question.document in texts]
    for question in pointing:
        text = texts[question.document]
        assert question.spans, question.id
        for start, end in question.spans:
            assert 0 <= start < end <= len(text), question.id
            assert text[start:end].strip(), question.id
        assert not copied(question.question, text), question.id
    return len(pointing)


def test_every_line_is_a_question_of_its_own(questions: list[LabelledQuestion]) -> None:
    lines = [line for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    assert len(questions) == len(lines) > 9000
    assert len({question.id for question in questions}) == len(questions)
    assert all(question.question.strip() and question.writer for question in questions)
    assert all(bool(question.history) == (question.style == "followup") for question in questions)


def test_every_split_kind_and_style_occurs(questions: list[LabelledQuestion]) -> None:
    assert {question.split for question in questions} == set(get_args(Split))
    assert {question.style for question in questions} == set(get_args(Style))
    for split in get_args(Split):
        assert {question.kind for question in of_split(questions, split)} == set(get_args(Kind))


def test_no_document_stands_in_two_splits(questions: list[LabelledQuestion]) -> None:
    splits: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        splits[question.document].add(question.split)
    assert all(len(of) == 1 for of in splits.values())


@pytest.mark.parametrize("split", get_args(Split))
def test_nearly_half_of_every_split_cannot_be_answered_in_all_kinds(
    questions: list[LabelledQuestion], split: Split
) -> None:
    part = of_split(questions, split)
    kinds = Counter(question.kind for question in part if not question.answerable)
    assert kinds.total() >= LEAST_UNANSWERABLE * len(part)
    assert min(kinds[kind] for kind in get_args(Kind) if kind != "answerable") >= LEAST_OF_A_KIND * kinds.total()


def test_every_question_points_into_a_listed_document(questions: list[LabelledQuestion]) -> None:
    rows = [json.loads(line) for line in DOCUMENTS.read_text("utf-8").splitlines()]
    listed = [row["document"] for row in rows]
    assert len(set(listed)) == len(listed)
    assert {question.document for question in questions} == set(listed)


def test_the_shipped_articles_are_those_that_were_labelled(
    questions: list[LabelledQuestion], corpus: Path, tmp_path: Path
) -> None:
    lines = DOCUMENTS.read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "list.jsonl").write_text("".join(line for line in lines if '"corpus/' in line), "utf-8")
    texts = dict(document_texts({"corpus": corpus}, tmp_path / "list.jsonl"))
    assert len(texts) > 50
    assert check_against(questions, texts) > 1000


def test_the_laws_and_notices_are_those_that_were_labelled(
    questions: list[LabelledQuestion], corpus: Path, shared: Path
) -> None:
    texts = dict(document_texts({"corpus": corpus, "documents": shared / "documents"}))
    assert check_against(questions, texts) == len(questions)


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def test_a_follow_up_is_whole_with_the_question_before_it(tmp_path: Path) -> None:
    (question,) = read_labelled(write(tmp_path / "q.jsonl", ROW | {"history": ["更早", "备案吗"]}))
    assert question.whole == "备案吗 多久"
    assert question.spans == ((0, 2),)
    assert question.answerable
    (other,) = read_labelled(write(tmp_path / "q.jsonl", ROW | {"history": [], "kind": "other_place"}))
    assert (other.whole, other.answerable) == ("多久", False)


@pytest.mark.parametrize(
    "broken",
    [
        "{", "[]", "1", {}, ROW | {"kind": "other"}, ROW | {"split": "test"}, ROW | {"spans": [[1]]},
        ROW | {"spans": [["0", "2"]]}, ROW | {"spans": 3}, ROW | {"question": None}, ROW | {"id": 7},
        {name: value for name, value in ROW.items() if name != "writer"},
    ],
)  # fmt: skip
def test_a_broken_line_is_named_in_one_line(tmp_path: Path, broken: object) -> None:
    path = write(tmp_path / "q.jsonl", ROW, "", broken)
    with pytest.raises(InputError) as caught:
        read_labelled(path)
    assert str(caught.value).startswith(f"{path} 第 3 行")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", ["changed", "missing", "elsewhere"])
def test_a_document_that_is_not_the_one_that_was_labelled_is_named_in_one_line(tmp_path: Path, change: str) -> None:
    (tmp_path / "a.md").write_text("备案", "utf-8")
    listed = write(tmp_path / "l.jsonl", {"document": "documents/a.md", "sha256": sha256("备案".encode()).hexdigest()})
    roots = {"documents": tmp_path}
    assert list(document_texts(roots, listed)) == [("documents/a.md", "备案")]
    if change == "changed":
        (tmp_path / "a.md").write_text("备案\n", "utf-8")
    elif change == "missing":
        (tmp_path / "a.md").unlink()
    else:
        roots = {}
    file = roots.get("documents", Path("documents")) / "a.md"
    with pytest.raises(InputError) as caught:
        list(document_texts(roots, listed))
    assert str(caught.value) == wording.LABELLED_DOCUMENT_CHANGED.format(path=file)


@pytest.mark.parametrize("broken", ["{", [], {"document": "documents/a.md"}])
def test_a_broken_line_of_the_list_of_documents_is_named_in_one_line(tmp_path: Path, broken: object) -> None:
    path = write(tmp_path / "l.jsonl", broken)
    with pytest.raises(InputError, match=r"l\.jsonl 第 1 行"):
        list(document_texts({}, path))
