"""Examples from the project's own questions, and near-misses made from them by swapping one facet."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.reading import read_corpus
from yibao.language.facets import swap_insurance, swap_region
from yibao.language.normalise import fold
from yibao.language.places import find_places, region_agrees
from yibao.language.segmenter import default_segmenter
from yibao.reader.dataset import DOCUMENTS, LabelledQuestion, document_texts, touched
from yibao.reader.inputs import PassageText
from yibao.reader.training.examples import Example, best_shared
from yibao.records import Passage

MOST_BYTES = 10_000_000
SWAPPED_SHARE = 0.2  # of the answerable questions get an automatic near-miss
ELSEWHERE_SHARE = 0.2
ELSEWHERE_WEIGHT = 0.4  # another passage of the same document: somebody may have overlooked that it answers, too
_PLACES = (
    "佛山",
    "温州",
    "襄阳",
    "保定",
    "遵义",
    "洛阳",
    "南昌",
    "兰州",
    "桂林",
    "大连",
    "湖南",
    "云南",
    "福建",
    "江西",
    "贵州",
    "甘肃",
)
_INSURANCES = ("职工医保", "居民医保")
_SERVICES = (
    ("门诊", "住院"),
    ("住院", "门诊"),
    ("生育", "门诊慢特病"),
    ("养老", "失业"),
    ("失业", "工伤"),
    ("工伤", "养老"),
)


class Library:
    """The documents, cut as an index cuts them, with the offsets of their files."""

    def __init__(self, roots: Mapping[str, Path], listed: Path = DOCUMENTS) -> None:
        """Read the folders ``documents`` and ``corpus`` of ``roots``, with the documents that ``listed`` names."""
        self._files = dict(document_texts(roots, listed))
        self._passages: dict[str, tuple[str, list[Passage]]] = {}
        for collection, folder in roots.items():
            for article in read_corpus([folder], MOST_BYTES).articles:
                passages = chunk(article, default_segmenter(), ChunkingConfig())
                self._passages[f"{collection}/{article.id}"] = (article.text, passages)

    def article_id(self, document: str) -> str:
        """Return the id of the article that ``document`` became."""
        return document.removesuffix(".md")

    def spans(self, question: LabelledQuestion) -> list[tuple[int, int]]:
        """Return the question's spans as offsets of the article's text; those that reading changed are left out."""
        source = self._files[question.document]
        text, _ = self._passages[self.article_id(question.document)]
        found = []
        for start, end in question.spans:
            words = source[start:end]
            if (at := text.find(words)) >= 0 and text.find(words, at + 1) < 0:
                found.append((at, at + len(words)))
        return found

    def passages(self, question: LabelledQuestion) -> Iterator[tuple[PassageText, tuple[int, ...]]]:
        """Yield each passage of the question's document with the numbers of the sentences that its spans touch."""
        text, passages = self._passages[self.article_id(question.document)]
        spans = self.spans(question)
        for passage in passages:
            right = (n for n, each in enumerate(passage.sentences) if touched(spans, each.start, each.end))
            yield PassageText.of(passage, text), tuple(right)


def own_examples(
    questions: Sequence[LabelledQuestion],
    library: Library,
    seed: int,
    *,
    swapped: bool = True,
    elsewhere: float = ELSEWHERE_SHARE,
) -> list[Example]:
    """Return the examples of some questions.

    Args:
        questions: answerable or not.
        library: the documents they point into.
        seed: of what is drawn.
        swapped: whether near-misses are made of some of them.
        elsewhere: share of the questions that are also shown with another passage of their document: the one that
            shares most with them and does not answer.
    """
    dice = random.Random(seed)
    examples = []
    for question in questions:
        passages = list(library.passages(question))
        here = [(passage, right) for passage, right in passages if right]
        if not here:
            continue
        for passage, right in here[:2]:
            answers = right if question.answerable else ()
            examples.append(Example(question.whole, passage, answers, 1.0, question.kind))
        if dice.random() < elsewhere:
            others = [passage for passage, right in passages if not right]
            examples += [
                Example(question.whole, passage, (), ELSEWHERE_WEIGHT, "elsewhere")
                for passage in best_shared(question.whole, others, 1)
            ]
        if swapped and question.answerable and dice.random() < SWAPPED_SHARE:
            changed = near_miss(question.whole, here[0][0], dice)
            examples += [Example(changed, here[0][0], (), 0.5, "swapped")] if changed else []
    return examples


def near_miss(question: str, passage: PassageText, dice: random.Random) -> str | None:
    """Return ``question`` with one facet changed to what ``passage`` does not speak of; None where none can be.

    A passage about a province speaks for its cities, one that names no place for all.
    """
    said = f"{passage.lead} {passage.text}"
    ways: list[Callable[[], str]] = []
    others = _places_beside(said)
    if others and find_places(fold(question)):
        ways.append(lambda: swap_region(question, dice.choice(others))[0])
    elif others and find_places(fold(passage.lead)):
        ways.append(lambda: dice.choice(others) + question)
    for one, two in (_INSURANCES, _INSURANCES[::-1]):
        if one[:2] in question and two[:2] not in said:
            ways.append(lambda two=two: swap_insurance(question, two)[0])  # type: ignore[misc]
    for one, two in _SERVICES:
        if one in question and two not in said and two not in question:
            ways.append(lambda one=one, two=two: question.replace(one, two))  # type: ignore[misc]
    changed = dice.choice(ways)() if ways else question
    return changed if changed != question else None


def _places_beside(said: str) -> list[str]:
    """Return the places that a text about some place does not speak for; none where it names none."""
    named = [mention.region for mention in find_places(fold(said))]
    meant = {place: (find_places(place)[0].region,) for place in _PLACES}
    return [place for place in _PLACES if named and not any(region_agrees(meant[place], region) for region in named)]
