"""From texts to token numbers: what the reader is given of a question and of a passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from yibao.index.bundled import PROMPTS
from yibao.records import Passage

QUESTION_TOKENS = 96
PASSAGE_TOKENS = 320


@dataclass(frozen=True)
class PassageText:
    """A passage as it is read: ``lead`` (title, heading path, the line that introduces its list), then its text.

    ``sentences`` are spans of ``text``, in code points.
    """

    lead: str
    text: str
    sentences: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, passage: Passage, article_text: str) -> PassageText:
        """Return what is read of ``passage``, a piece of ``article_text``."""
        intros = dict.fromkeys(each.intro for each in passage.sentences if each.intro)
        before = [article_text[a:b] for a, b in intros if a < passage.start]
        lead = "\n".join(filter(None, (passage.title, passage.heading, *before)))
        spans = tuple((each.start - passage.start, each.end - passage.start) for each in passage.sentences)
        return cls(lead, passage.text, spans)


@dataclass(frozen=True)
class Tokens:
    """Token numbers of one text and the token spans of its sentences, (0, 0) for one beyond the length limit."""

    numbers: tuple[int, ...]
    spans: tuple[tuple[int, int], ...] = ()


class Tokeniser:
    """The encoder's tokenizer."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tokenizer.json"

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self._file))

    def questions(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the tokens of questions; a long story keeps its end, where the question mostly stands."""
        found = []
        for encoding in self._tokenizer.encode_batch([PROMPTS["query"] + text for text in texts]):
            numbers = encoding.ids
            if len(numbers) > QUESTION_TOKENS:
                numbers = [*numbers[:4], *numbers[4 - QUESTION_TOKENS :]]
            found.append(Tokens(tuple(numbers)))
        return found

    def passages(self, texts: Sequence[PassageText]) -> list[Tokens]:
        """Return the tokens of passages with the spans of their sentences."""
        whole = [f"{PROMPTS['passage']}{each.lead}\n" for each in texts]
        encodings = self._tokenizer.encode_batch([lead + each.text for lead, each in zip(whole, texts, strict=True)])
        return [
            _cut(encoding.ids, encoding.offsets, len(lead), each.sentences)
            for encoding, lead, each in zip(encodings, whole, texts, strict=True)
        ]


def _cut(
    numbers: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    shift: int,
    sentences: Sequence[tuple[int, int]],
) -> Tokens:
    kept = min(len(numbers), PASSAGE_TOKENS)
    spans, at = [], 0
    for start, end in sentences:
        while at < kept and offsets[at][1] <= shift + start:
            at += 1
        first = at
        while at < kept and offsets[at][0] < shift + end and offsets[at][1] > offsets[at][0]:
            at += 1
        whole = at > first and (at < kept or kept == len(numbers))
        spans.append((first, at) if whole else (0, 0))
    return Tokens(tuple(numbers[:kept]), tuple(spans))
