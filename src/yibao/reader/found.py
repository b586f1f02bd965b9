"""The reader over what was found: each sentence of the first passages scored, and whether any answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao.reader.checks import check
from yibao.reader.inputs import PassageText
from yibao.reader.judging import Judge, Signals, shipped_judge
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


def judge_found(
    reader: Reader,
    query: Query,
    hits: Sequence[Hit],
    cosines: Sequence[Sequence[float]],
    articles: Mapping[str, Article],
    judge: Judge | None = None,
) -> Judged:
    """Read the first ``READ`` hits with the question in mind.

    Args:
        reader: reads the texts.
        query: the question as understood.
        hits: passages, best first.
        cosines: for each hit those of its sentences with the question, on the common scale.
        articles: those of the hits, by id.
        judge: weighs what is read; the shipped one if None.

    Raises:
        ModelError: the reader's weights cannot be loaded.
    """
    first = hits[:READ]
    texts = [PassageText.of(hit.passage, articles[hit.passage.article_id].text) for hit in first]
    margins = reader.read(query.normalized, texts)
    judge = judge or shipped_judge()
    rows = [
        _scores(judge, query, hit, hits[0].score, row, near, articles[hit.passage.article_id])
        for hit, row, near in zip(first, margins, cosines, strict=False)
    ]
    flat = [score for row in rows for score in row]
    best = max(flat, default=UNREAD)
    shares = [tuple(math.exp((score - best) / SPREAD) if score > UNREAD else 0.0 for score in row) for row in rows]
    unread = [(0.0,) * len(hit.passage.sentences) for hit in hits[READ:]]
    return Judged((*shares, *unread), judge.verdict(flat).any if flat else 0.0)


def _scores(
    judge: Judge,
    query: Query,
    hit: Hit,
    best: float,
    margins: Sequence[float],
    cosines: Sequence[float],
    article: Article,
) -> list[float]:
    checked = check(query.normalized, query.facets, hit.passage, article)
    behind = 1.0 - hit.score / best if best > 0 else 0.0
    around = hit.legs["dense"].score
    return [
        judge.score(Signals(margin, cosine, around, behind, checked(article.text[sentence.start : sentence.end])))
        if margin > UNREAD
        else UNREAD
        for sentence, margin, cosine in zip(hit.passage.sentences, margins, cosines, strict=True)
    ]
