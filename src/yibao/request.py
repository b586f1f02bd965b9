"""What is asked and how to search: one frozen record, passed whole from every door to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from yibao.records import Facets

LegChoice = Literal["hybrid", "dense", "lexical"]


@dataclass(frozen=True)
class SearchOptions:
    """How to search. The values here are the ones that are measured and shipped.

    ``lexical_weight`` multiplies the weight of the words in the fusion, 0..10; ``spelling`` mends pinyin and typing
    errors, without it a question is taken as typed; ``synonyms`` also looks for other words for those
    of the question; ``facets`` moves passages of another region or insurance down; ``rerank`` uses
    the configured reranker, if there is one; ``reader`` lets the reader choose what is quoted and whether anything is,
    without it the order of retrieval decides;
    ``refuse_below`` is the least confidence of an answer, 0..1, None for the configured one.
    """

    leg: LegChoice = "hybrid"
    lexical_weight: float = 1.0
    spelling: bool = True
    synonyms: bool = True
    facets: bool = True
    rerank: bool = True
    reader: bool = True
    refuse_below: float | None = None


AS_SHIPPED = SearchOptions()


@dataclass(frozen=True)
class Request:
    """A question as it comes in through any door.

    ``history`` are the earlier questions of the dialogue, oldest first, as typed; ``top_k`` is how many passages to
    return beside the answer, None for the configured number: the answer itself does not depend on it; ``facets`` take
    the place of what is read from the question, where somebody set them by hand.
    """

    question: str
    history: Sequence[str] = ()
    top_k: int | None = None
    facets: Facets | None = None
    options: SearchOptions = AS_SHIPPED
