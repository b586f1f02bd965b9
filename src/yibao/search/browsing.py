"""Looking through the articles: by words and filters, without a model and without judging what answers what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yibao.index.database import ArticleFilter, ListedArticle
from yibao.index.store import IndexReader
from yibao.language.normalise import fold
from yibao.language.script import simplified
from yibao.language.segmenter import Segmenter
from yibao.language.terms import index_terms, shown_terms
from yibao.records import Passage

LOOKED_AT = 1000  # passages that the lexical index is asked for


@dataclass(frozen=True)
class Browsed:
    """Articles, and for each the ids of the passages that hold the words, best first.

    ``terms`` are the words looked for, empty where none were; ``all_terms`` tells whether every passage holds all of
    them: where no passage does, those that hold most come first.
    """

    articles: tuple[ListedArticle, ...]
    matches: dict[str, tuple[str, ...]]
    terms: tuple[str, ...]
    all_terms: bool


def browse(reader: IndexReader, segmenter: Segmenter, words: str, wanted: ArticleFilter) -> Browsed:
    """Return the articles that a filter lets through and that hold the words, best first; without words newest first.

    Args:
        reader: the opened index.
        segmenter: the one the index was built with.
        words: what to look for, as typed; blank for everything.
        wanted: which articles to list.
    """
    listed = reader.database.list_articles(wanted)
    terms = words_to_find(words, segmenter)
    if not terms:
        return Browsed(tuple(listed), {}, (), all_terms=True)
    by_id = {article.id: article for article in listed}
    rows, _ = reader.lexical.search(index_terms(simplified(fold(words)), segmenter), LOOKED_AT)
    counted = [(_held(passage, terms), passage) for passage in reader.database.passages([int(row) for row in rows])]
    most = max((held for held, passage in counted if passage.article_id in by_id), default=0)
    all_terms = most == len(terms)
    matches: dict[str, tuple[str, ...]] = {}
    for held, passage in sorted(counted, key=lambda pair: -pair[0]):  # stable: equal counts stay in the index's order
        if held and passage.article_id in by_id and (held == len(terms) or not all_terms):
            matches[passage.article_id] = (*matches.get(passage.article_id, ()), passage.id)
    return Browsed(tuple(by_id[article_id] for article_id in matches), matches, terms, all_terms=all_terms)


def words_to_find(words: str, segmenter: Segmenter) -> tuple[str, ...]:
    """Return the words to look for in what was typed, folded; single characters only where there is nothing else."""
    typed = simplified(fold(words)).strip()
    return tuple(shown_terms(typed, segmenter)) or tuple(typed.split())


def _held(passage: Passage, terms: Sequence[str]) -> int:
    text = fold(f"{passage.title} {passage.heading} {passage.text}")
    return sum(term in text for term in terms)
