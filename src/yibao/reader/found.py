"""The reader over what was found: each sentence of the first passages scored, and whether any answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yibao.reader.checks import check
from yibao.reader.inputs import PassageText
from yibao.reader.judging import Judge, Signals
from yibao.reader.reading import UNREAD, Reader
from yibao.records import Article, Hit, Query

READ = 6  # passages
SPREAD = 6.0  # of the judge's scores: a sentence this far behind the best one counts 1/e of it


@dataclass(frozen=True)
class Judged:
    """``scores``: for each hit those of its sentences, 1 for the best, 0 for an unread one.

    ``confidence`` is the probability that any of them answers.
    """

    scores: tuple[tuple[float, ...], ...]
    confidence: float


def read_found(
    reader: Reader,
    query: Query,
    hits: Sequence[Hit],
    cosines: Sequence[Sequence[float]],
    covered: Callable[[str], float],
    articles: Mapping[str, Article],
) -> list[list[Signals]]:
    """Read the first ``READ`` hits with the question in mind; return for each the signals of its sentences.

    Args:
        reader: reads the texts.
        query: the question as understood.
        hits: passages, best first.
        cosines: for each hit those of its sentences with the question, on the common scale.
        covered: the share of the question's words, by rarity, that a text holds.
        articles: those of the hits, by id.

    Raises:
        ModelError: the reader's weights cannot be loaded.
    """
    first = hits[:READ]
    texts = [PassageText.of(hit.passage, articles[hit.passage.article_id].text) for hit in first]
    best = max((hit.score for hit in first), default=0.0)
    rows = []
    for hit, margins, near in zip(first, reader.read(query.normalized, texts), cosines, strict=False):
        passage, article = hit.passage, articles[hit.passage.article_id]
        above = f"{passage.title} {passage.heading}"
        checked = check(query.normalized, query.facets, passage, article)
        behind = 1.0 - hit.score / best if best > 0 else 0.0
        around, words_around = hit.legs["dense"].score, covered(f"{above} {passage.text}")
        row = []
        for sentence, margin, cosine in zip(passage.sentences, margins, near, strict=True):
            text = article.text[sentence.start : sentence.end]
            words = covered(f"{above} {text}")
            row.append(Signals(margin, cosine, around, behind, words, words_around, checked(text)))
        rows.append(row)
    return rows


def judge_found(judge: Judge, hits: Sequence[Hit], signals: Sequence[Sequence[Signals]]) -> Judged:
    """Weigh what ``read_found`` returned for ``hits``; those it did not read count nothing."""
    rows = [[judge.score(each) if each.margin > UNREAD else UNREAD for each in row] for row in signals]
    flat = [score for row in rows for score in row if score > UNREAD]
    if not flat:
        return Judged(tuple((0.0,) * len(hit.passage.sentences) for hit in hits), 0.0)
    best = max(flat)
    shares = [tuple(math.exp((score - best) / SPREAD) for score in row) for row in rows]
    unread = [(0.0,) * len(hit.passage.sentences) for hit in hits[len(rows) :]]
    return Judged((*shares, *unread), judge.probability(flat))
