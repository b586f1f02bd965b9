"""What a click on a citation or a passage shows beside the conversation."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from yibao.records import Answer, Article, Citation, Hit
from yibao.web.panel import all_reasons, article_panel, gone_panel, hits_panel
from yibao.web.targets import Target

FindArticle = Callable[[str], Article]


def passages(answer: Answer | None, number: int, find_article: FindArticle | None) -> str:
    """Return the panel with the passages behind an answer; articles that are gone are named by their passages."""
    articles: dict[str, Article] = {}
    for article_id in {hit.passage.article_id for hit in answer.hits} if answer and find_article else ():
        with suppress(LookupError):
            assert find_article is not None
            articles[article_id] = find_article(article_id)
    return hits_panel(answer, number, articles)


def open_target(target: Target, answer: Answer, number: int, find_article: FindArticle) -> str:
    """Return the article a click asks for, or the passages where there is no such citation or passage.

    Args:
        target: a citation, a passage (``p``), or the way back.
        answer: the answer that was clicked.
        number: its place in the conversation.
        find_article: returns the article of an id, or raises LookupError.
    """
    if target.verb == "p":
        for hit in answer.hits:
            if hit.rank == target.place:
                return _passage(hit, answer, number, find_article)
    elif not target.verb:
        for citation in answer.citations:
            if citation.number == target.place:
                return _citation(citation, answer, number, find_article)
    return passages(answer, number, find_article)


def _citation(citation: Citation, answer: Answer, number: int, find_article: FindArticle) -> str:
    place = (citation.number, len(answer.citations))
    try:
        article = find_article(citation.article_id)
    except LookupError:
        return gone_panel(citation, number, place)
    if article.text[citation.start : citation.end] != citation.quote:  # it was written anew since
        return gone_panel(citation, number, place)
    spans = [(each.start, each.end) for each in answer.citations if each.article_id == article.id]
    focus = spans.index((citation.start, citation.end))
    why = next((each for each in all_reasons(answer.hits) if each.hit.passage.id == citation.passage_id), None)
    return article_panel(article, spans, focus, number, place=place, heading=citation.heading, why=why)


def _passage(hit: Hit, answer: Answer, number: int, find_article: FindArticle) -> str:
    passage = hit.passage
    try:
        article = find_article(passage.article_id)
    except LookupError:
        return passages(answer, number, find_article)
    span = (passage.start, passage.end)
    spans = [(each.start, each.end) for each in answer.citations if each.article_id == article.id]
    if span not in spans:
        spans = [span]
    why = next(each for each in all_reasons(answer.hits) if each.hit is hit)
    return article_panel(article, spans, spans.index(span), number, heading=passage.heading, why=why)
