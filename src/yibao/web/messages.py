"""A conversation becomes the messages of the chat: a pure function of its turns and of what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from yibao import wording
from yibao.history.turns import Asked, Turn
from yibao.records import Answer, Query
from yibao.search.hybrid import Found
from yibao.web.cards import answer_card, facet_names, question_card, suggestion_links
from yibao.web.marking import link

Messages = list[dict[str, str]]
_SHOWN_TITLES = 4


@dataclass(frozen=True)
class UnderWay:
    """A question on its way: ``place`` of the turn it takes the place of, or one past the last for a new one."""

    asked: Asked
    place: int
    query: Query | None = None
    found: Found | None = None
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
    again = link("again", wording.STOPPED_ASK_AGAIN, name="yb-action")
    text = f'<p class="yb-plain">{escape(wording.STOPPED)}</p><p class="yb-actions">{again}</p>'
    return [*messages(turns), *_pair(asked.question, f'<div class="yb-card yb-stopped">{text}</div>')]


def turn_card(turn: Turn, number: int) -> str:
    """Return the card of a stored answer, with what can be done with it and where it leads."""
    return answer_card(turn.answer, number, actions=_actions(turn, number) + _related(turn, number))


def progress_card(under_way: UnderWay) -> str:
    """Return the steps done so far and the one under way."""
    query, found = under_way.query, under_way.found
    if query is None:
        return _steps([], wording.STEP_UNDERSTAND)
    names = "".join(f'<span class="yb-chip">{escape(name)}</span>' for name in facet_names(query.facets))
    chips = f'<span class="yb-chips">{names}</span>' if names else ""
    understood = f"{escape(wording.STEP_UNDERSTOOD.format(question=query.normalized))}{chips}"
    if found is None:
        return _steps([understood], wording.STEP_SEARCH)
    titles = list(dict.fromkeys(hit.passage.title for hit in found.hits))[:_SHOWN_TITLES]
    listed = "".join(f"<li>{escape(title)}</li>" for title in titles)
    counted = escape(wording.STEP_FOUND.format(count=len(found.hits)))
    return _steps([understood, f"{counted}<ul>{listed}</ul>"], wording.STEP_QUOTE)


def _under_way(under_way: UnderWay) -> str:
    if under_way.answer is not None:
        return answer_card(under_way.answer, under_way.place)
    return progress_card(under_way)


def _steps(done: Sequence[str], doing: str) -> str:
    items = "".join(f'<li class="yb-done">{step}</li>' for step in done)
    return f'<div class="yb-progress"><ol>{items}<li class="yb-doing">{escape(doing)}</li></ol></div>'


def _pair(question: str, card: str) -> Messages:
    return [{"role": "user", "content": question_card(question)}, {"role": "assistant", "content": card}]


def _actions(turn: Turn, number: int) -> str:
    """Return copy, retry and feedback; an emergency can only be copied."""
    copy = link(f"{number}-copy", wording.COPY, name="yb-action")
    if turn.answer.status == "emergency":
        return f'<div class="yb-actions">{copy}</div>'
    retry = link(f"{number}-retry", wording.RETRY, name="yb-action")
    return f'<div class="yb-actions">{copy}{retry}<span class="yb-rate">{_rating(turn, number)}</span></div>'


def _rating(turn: Turn, number: int) -> str:
    good = link(f"{number}-good", wording.USEFUL, name="yb-action")
    bad = link(f"{number}-bad", wording.USELESS, name="yb-action")
    if turn.feedback is None:
        return good + bad
    if turn.feedback.verdict == "good":
        said, other = wording.USEFUL, bad
    else:
        reason = wording.FEEDBACK_REASONS.get(turn.feedback.reason, "")
        said, other = "：".join(filter(None, [wording.USELESS, reason])), good
    return f'<span class="yb-rated">{escape(said)} · {escape(wording.FEEDBACK_THANKS)}</span>{other}'


def _related(turn: Turn, number: int) -> str:
    return suggestion_links(wording.RELATED_TITLE, turn.related, number, "r")
