"""What the whole pipeline makes of the project's own question set: who is answered, and does the card hold the fact.

    python tests/benchmarks/labelled.py --corpus-index I --documents-index J --documents FOLDER [--split held]

``card`` counts answerable questions whose card holds words that answer, ``first`` whose first quote does; ``refused``
those that get no answer; ``false`` the unanswerable that are answered. ``--reader none`` measures the order of retrieval.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "src"))

from yibao.config import Config
from yibao.evaluation.measures import area_under_curve
from yibao.pipeline import open_pipeline
from yibao.reader.dataset import LabelledQuestion, read_labelled, touched
from yibao.reader.training.own import Library
from yibao.records import Answer
from yibao.request import Request


@dataclass(frozen=True)
class Outcome:
    question: LabelledQuestion
    answer: Answer
    held_by: int | None  # number of the first quote that holds the answer


def outcome(question: LabelledQuestion, answer: Answer, library: Library) -> Outcome:
    _, _, document = question.document.partition("/")
    spans = library.spans(question)
    for quote in answer.citations:
        here = quote.article_id == library.article_id(document)
        if here and touched(spans, quote.start, quote.end):
            return Outcome(question, answer, quote.number)
    return Outcome(question, answer, None)


def share(part: list[Outcome], of: list[Outcome]) -> str:
    return f"{len(part):4}/{len(of):<4} {len(part) / len(of):.3f}" if of else "   -"


def report(name: str, outcomes: list[Outcome]) -> None:
    asked = [each for each in outcomes if each.question.answerable]
    near = [each for each in outcomes if not each.question.answerable]
    print(f"\n{name}: {len(outcomes)} questions")
    if asked:
        print("  card   ", share([each for each in asked if each.held_by], asked))
        print("  first  ", share([each for each in asked if each.held_by == 1], asked))
        for status in ("no_answer", "ask_back", "emergency"):
            print(f"  {status:9}", share([each for each in asked if each.answer.status == status], asked))
        quotes = [len(each.answer.citations) for each in asked if each.answer.status == "answered"]
        print(f"  quotes a card {sum(quotes) / max(1, len(quotes)):.2f}")
    if near:
        print("  false  ", share([each for each in near if each.answer.status == "answered"], near))
        kinds = defaultdict(list)
        for each in near:
            kinds[each.question.kind].append(each)
        for kind, part in sorted(kinds.items()):
            print(f"    {kind:16}", share([each for each in part if each.answer.status == "answered"], part))
    if asked and near:
        scores = [[each.answer.confidence for each in part] for part in (asked, near)]
        print(f"  AUC {area_under_curve(*scores):.3f}")


def main(
    corpus_index: Annotated[Path, typer.Option()],
    documents_index: Annotated[Path, typer.Option()],
    documents: Annotated[Path, typer.Option()],
    corpus: Path = Path("corpus"),
    split: str = "held",
    reader: str = "bundled",
    show: bool = False,
) -> None:
    library = Library({"documents": documents, "corpus": corpus})
    indexes = {"corpus": corpus_index, "documents": documents_index}
    pipelines = {name: open_pipeline(Config(index=str(index), reader=reader)) for name, index in indexes.items()}
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for question in (each for each in read_labelled() if each.split == split):
        collection = question.document.partition("/")[0]
        answer = pipelines[collection].ask(Request(question.question, question.history))
        result = outcome(question, answer, library)
        groups[collection].append(result)
        if show and ((question.answerable and not result.held_by) or (not question.answerable and answer.citations)):
            quotes = " / ".join(quote.quote[:60] for quote in answer.citations)
            print(
                f"{question.id} {question.kind} {answer.confidence:.2f} {question.whole} -> {answer.status}: {quotes}"
            )
    for name, outcomes in groups.items():
        report(name, outcomes)


if __name__ == "__main__":
    typer.run(main)
