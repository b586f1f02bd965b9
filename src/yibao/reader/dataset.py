"""The project's own questions: answerable and not, each pointing into a document by offsets; see ``data/README.md``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from yibao import wording
from yibao.corpus.beir import read_json_lines
from yibao.errors import InputError
from yibao.plain import read_plain

DATA = Path(__file__).parent / "data"
QUESTIONS = DATA / "questions.jsonl"
DOCUMENTS = DATA / "documents.jsonl"

Split = Literal["train", "fit", "held"]
Kind = Literal[
    "answerable", "other_place", "other_insurance", "other_person", "other_year", "other_service", "other_action",
    "other_subject", "not_given", "neighbour",
]  # fmt: skip
Style = Literal["short", "plain", "story", "dialect", "typo", "followup"]
Span = tuple[int, int]


@dataclass(frozen=True)
class LabelledQuestion:
    """A question over one document, as somebody would type it.

    ``spans`` are code points of the document's file: of an answerable question the words that answer, of any other the
    sentence that tempts and does not. ``history`` are the questions asked before; ``writer`` is the hand that wrote it.
    ``split``: ``train`` for the network, ``fit`` for the small models on top, ``held`` for figures alone; no document
    stands in two of them.
    """

    id: str
    question: str
    history: tuple[str, ...]
    document: str
    spans: tuple[Span, ...]
    kind: Kind
    style: Style
    writer: str
    split: Split

    @property
    def answerable(self) -> bool:
        """Tell whether the document answers it."""
        return self.kind == "answerable"

    @property
    def whole(self) -> str:
        """The question with the one that it follows."""
        return " ".join([*self.history[-1:], self.question])


@dataclass(frozen=True)
class _Listed:
    """A line of the list of documents."""

    document: str
    sha256: str


def read_labelled(path: Path = QUESTIONS) -> list[LabelledQuestion]:
    """Return all questions of the set.

    Raises:
        InputError: a line is not of the form that ``data/README.md`` describes.
    """
    found = []
    for number, row in read_json_lines(path):
        try:
            found.append(read_plain(LabelledQuestion, row))
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(wording.LABELLED_LINE_BROKEN.format(path=path, line=number, reason=error)) from error
    return found


def document_texts(roots: Mapping[str, Path], path: Path = DOCUMENTS) -> Iterator[tuple[str, str]]:
    """Yield name and text of each document that the questions point into.

    Args:
        roots: where the collections lie: ``documents`` and ``corpus``, the first parts of the names.
        path: the list of documents with their checksums.

    Raises:
        InputError: one is missing or has changed, so that the offsets would point elsewhere, or a line of the list is
            broken.
    """
    for number, row in read_json_lines(path):
        try:
            listed = read_plain(_Listed, row)
        except ValueError as error:
            raise InputError(wording.LABELLED_LINE_BROKEN.format(path=path, line=number, reason=error)) from error
        collection, _, name = listed.document.partition("/")
        file = roots.get(collection, Path(collection)) / name
        data = file.read_bytes() if file.is_file() else b""
        if sha256(data).hexdigest() != listed.sha256:
            raise InputError(wording.LABELLED_DOCUMENT_CHANGED.format(path=file))
        yield listed.document, data.decode("utf-8")


def touched(spans: Sequence[Span], start: int, end: int) -> bool:
    """Tell whether any of the spans shares a character with ``start`` to ``end``."""
    return any(a < end and start < b for a, b in spans)


def of_split(questions: Sequence[LabelledQuestion], split: Split) -> list[LabelledQuestion]:
    """Return the questions of one split."""
    return [question for question in questions if question.split == split]
