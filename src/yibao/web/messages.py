"""A conversation becomes the messages of the chat: a pure function of its turns and of what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yibao import wording
from yibao.history.turns import Asked, Turn
from yibao.records import Answer, Query
from yibao.search.hybrid import SearchResult
from yibao.web.cards import answer_card, facet_names, make_card, question_card
from yibao.web.markup import render_message

Messages = list[dict[str, str]]
_SHOWN_TITLES = 4


@dataclass(frozen=True)
class UnderWay:
    """A question on its way: ``place`` of the turn it takes the place of, or one past the last for a new one."""

    asked: Asked
    place: int
    query: Query | None = None
    found: SearchResult | None = None
    answer: Answer | None = None


def messages(turns: Sequence[Turn], under_way: UnderWay | None = None) -> Messages:
    """Return two messages per turn; a question under way shows how far it is."""
    shown: Messages = []
    for place, turn in enumerate(turns):
        card = _under_way(under_way) if under_way and under_way.place == place else turn_card(turn, place)
        shown += _pair(turn.asked.question, card)
    if under_way and under_way.place >= len(turns):
        shown += _pair(under_way.asked.question, _under_way(under_way))
    return shown


def stopped_messages(turns: Sequence[Turn], asked: Asked) -> Messages:
    """Return the messages of a conversation whose last question was stopped."""
    return [*messages(turns), *_pair(asked.question, render_message("message", "stopped"))]


def turn_card(turn: Turn, number: int) -> str:
    """Return the card of a stored answer, with what can be done with it and where it leads."""
    return render_message("message", "turn_card", turn=turn, card=make_card(turn.answer, number), rated=_rated(turn))


def progress_card(under_way: UnderWay) -> str:
    """Return the steps done so far and the one under way."""
    query, found = under_way.query, under_way.found
    return render_message(
        "message",
        "progress",
        query=query,
        facets=facet_names(query.facets) if query else (),
        found=found,
        titles=list(dict.fromkeys(hit.passage.title for hit in found.hits))[:_SHOWN_TITLES] if found else (),
    )


def _under_way(under_way: UnderWay) -> str:
    if under_way.answer is not None:
        return answer_card(under_way.answer, under_way.place)
    return progress_card(under_way)


def _pair(question: str, card: str) -> Messages:
    return [{"role": "user", "content": question_card(question)}, {"role": "assistant", "content": card}]


def _rated(turn: Turn) -> str:
    """Return how an answer was rated, in words; nothing where it was not."""
    if turn.feedback is None:
        return ""
    if turn.feedback.verdict == "good":
        return wording.USEFUL
    return "：".join(filter(None, [wording.USELESS, wording.FEEDBACK_REASONS.get(turn.feedback.reason, "")]))
