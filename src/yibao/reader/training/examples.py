"""Training examples: a question, a passage, and which of its sentences answer, none where nothing does."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from yibao.corpus.beir import read_json_lines
from yibao.language.sentences import sentence_spans
from yibao.reader.inputs import PassageText

WINDOW = 300  # characters of a public passage that are read at a time
LONGEST = 700  # of a sentence, and of a statute
WATCHED = 200  # web questions
WEB = "dureader_dev"
Row = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """``answers`` are numbers of sentences of the passage, any of which is right; () where nothing answers."""

    question: str
    passage: PassageText
    answers: tuple[int, ...]
    weight: float
    source: str


@dataclass(frozen=True)
class PublicSet:
    """How much of a set is taken; ``elsewhere``: the share of questions also shown with a part that does not answer."""

    name: str
    most: int
    weight: float
    elsewhere: float


SETS = (
    PublicSet("cmrc2018_train", 3500, 1.0, 0.33),
    PublicSet("cmrc2018_train_cut", 600, 0.5, 0.0),  # one or two in ten can still be answered
    PublicSet("cmrc2018_train_mined", 900, 0.7, 0.0),  # not judged
    PublicSet("xquad_zh", 700, 1.0, 0.3),
    PublicSet("drcd_dev", 600, 1.0, 0.2),
    PublicSet("dureader2_demo", 110, 1.0, 0.0),
)
STATUTES = ((1, 800), (0, 900))  # label and number of stard_statute, which judges articles, not sentences
STATUTE_WEIGHT = 0.7


def public_examples(training: Path, dureader: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """Return examples of the public sets to train on, and those of DuReader's first half that are watched instead.

    Args:
        training: a folder of JSON lines, one file a set.
        dureader: a BEIR folder with ``queries_unanswerable.jsonl``; its second half is left alone.
        seed: of the sampling.
    """
    dice = random.Random(seed)
    examples = [example for each in SETS for example in _of_set(training, each, dice)]
    examples += _statutes(training / "stard_statute.jsonl", dice)
    web = list(_web(dureader))
    dice.shuffle(web)
    return examples + web[WATCHED:], web[:WATCHED]


def _of_set(folder: Path, wanted: PublicSet, dice: random.Random) -> Iterator[Example]:
    rows = [row for _, row in read_json_lines(folder / f"{wanted.name}.jsonl") if row]
    for row in _sample(rows, wanted.most, dice):
        found = list(_of_row(row, wanted.weight, wanted.name))
        good = [each for each in found if each.answers]
        bad = [each for each in found if not each.answers]
        if row["answers"]:
            yield from good[:1]
            if bad and dice.random() < wanted.elsewhere:
                yield dice.choice(bad)
        elif found:
            yield max(found, key=lambda each: shared(each.question, each.passage.text))


def _sample(rows: list[Row], most: int, dice: random.Random) -> list[Row]:
    """Take whole passages, so that what is computed of one serves all its questions."""
    passages = list(dict.fromkeys(row["passage"] for row in rows))
    dice.shuffle(passages)
    order = {passage: number for number, passage in enumerate(passages)}
    return sorted(rows, key=lambda row: order[row["passage"]])[:most]


def _of_row(row: Row, weight: float, source: str) -> Iterator[Example]:
    """Yield the parts of a passage, each with the sentences that hold one of the answers."""
    for window in windows(row["title"], row["passage"]):
        answers = tuple(
            number
            for number, (a, b) in enumerate(window.sentences)
            if any(answer in window.text[a:b] for answer in row["answers"])
        )
        yield Example(row["question"], window, answers, weight, source)


def windows(title: str, text: str, size: int = WINDOW) -> Iterator[PassageText]:
    """Cut a text into pieces of whole sentences of about ``size`` characters."""
    spans = sentence_spans(text)
    first = 0
    for number, (before, after) in enumerate(pairwise([*spans, (len(text) + size, 0)])):
        start = spans[first][0]
        if after[1] - start > size or after[1] == 0:
            piece = [(a - start, min(b, start + LONGEST) - start) for a, b in spans[first : number + 1]]
            yield PassageText(title, text[start : before[1]], tuple(piece))
            first = number + 1


def _statutes(path: Path, dice: random.Random) -> Iterator[Example]:
    rows = [row for _, row in read_json_lines(path) if row]
    dice.shuffle(rows)
    for label, most in STATUTES:
        for row in [row for row in rows if row["label"] == label][:most]:
            text = row["passage"][:LONGEST]
            spans = tuple(sentence_spans(text))
            passage = PassageText(row["title"], text, spans)
            answers = tuple(range(len(spans))) if label else ()
            yield Example(row["question"], passage, answers, STATUTE_WEIGHT, "stard_statute")


def _web(folder: Path) -> Iterator[Example]:
    """Yield the first half of DuReader's questions, answerable and not."""
    passages = {str(row["_id"]): row for _, row in read_json_lines(folder / "corpus.jsonl") if row}
    pairs = (line.split("\t") for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:])
    gold = {query: passage for query, passage, _ in pairs}
    for name in ("queries", "queries_unanswerable"):
        rows = [row for _, row in read_json_lines(folder / f"{name}.jsonl") if row]
        for row in rows[: len(rows) // 2]:
            passage = passages[row["near_passage"] if "near_passage" in row else gold[row["_id"]]]["text"]
            read = {"question": row["text"], "title": "", "passage": passage, "answers": row["answers"]}
            found = list(_of_row(read, 1.0, WEB))
            yield from [each for each in found if each.answers][:1] if row["answers"] else found[:2]


def shared(question: str, text: str) -> int:
    """Return how many pairs of characters of ``question`` stand in ``text``: enough to find the tempting passage."""
    held = Counter("".join(pair) for pair in pairwise(text))
    return sum("".join(pair) in held for pair in pairwise(question))


def best_shared(question: str, passages: Iterable[PassageText], count: int) -> Sequence[PassageText]:
    """Return the ``count`` passages that share most with the question."""
    return sorted(passages, key=lambda each: -shared(question, f"{each.lead} {each.text}"))[:count]
