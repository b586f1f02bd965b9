"""Answers, hits and citations for the tests of what shows them."""

from __future__ import annotations

from typing import Any

from yibao.records import NO_FACETS, Answer, Article, Citation, Hit, Leg, Passage
from yibao.wording import DISCLAIMER


def make_citation(article: Article, start: int, end: int, number: int = 1, **fields: Any) -> Citation:
    values: dict[str, Any] = {
        "number": number, "passage_id": f"{article.id}@1", "article_id": article.id, "title": article.title,
        "heading": "", "published": article.published, "region": article.region, "insurance": article.insurance,
        "kind": article.kind, "quote": article.text[start:end], "start": start, "end": end,
    }  # fmt: skip
    return Citation(**(values | fields))


def make_hit(article: Article, rank: int = 1, score: float = 0.9, **fields: Any) -> Hit:
    """Return a hit whose one passage is the whole article."""
    values: dict[str, Any] = {
        "id": f"{article.id}@1", "article_id": article.id, "title": article.title, "heading": "",
        "text": article.text, "start": 0, "end": len(article.text), "sentences": (),
    }  # fmt: skip
    legs = {"lexical": Leg(1, 2.5, ("备案",), ("有效期",)), "dense": Leg(2, 0.9, (), ())}
    return Hit(passage=Passage(**(values | fields)), score=score, rank=rank, legs=legs)


def make_answer(**fields: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "备案有效期多久", "rewritten": "备案有效期多久", "status": "answered", "text": "", "citations": (),
        "hits": (), "notices": (), "facets": NO_FACETS, "disclaimer": DISCLAIMER, "confidence": 0.9, "timings": {},
    }  # fmt: skip
    return Answer(**(values | fields))
