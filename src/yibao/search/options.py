"""What can be switched when searching: for the retrieval page, and to measure what each part brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LegChoice = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True)
class SearchOptions:
    """How to search. The values here are the ones that are measured and shipped.

    ``lexical_weight`` multiplies the weight of the words in the fusion, 0..10; ``spelling`` mends pinyin and typing
    errors, without it a question is taken as typed; ``synonyms`` also looks for other words for those
    of the question; ``facets`` moves passages of another region or insurance down; ``rerank`` uses
    the configured reranker, if there is one;
    ``refuse_below`` is the least confidence of an answer, 0..1, None for the configured one.
    """

    leg: LegChoice = "hybrid"
    lexical_weight: float = 1.0
    spelling: bool = True
    synonyms: bool = True
    facets: bool = True
    rerank: bool = True
    refuse_below: float | None = None


AS_SHIPPED = SearchOptions()
