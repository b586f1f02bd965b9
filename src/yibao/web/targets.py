"""Which link of the chat was clicked (see ``clicks.py`` for how), and which question a click asks.

``yb-2-1`` is citation 1 of answer 2, ``yb-2-p3`` its third passage, ``yb-2-0`` the way back to its passages;
``yb-2-c0``, ``-s0`` and ``-r0`` ask its first choice, suggestion and related question, ``yb-2-x0`` drops its first
facet, ``yb-2-facets``, ``-typed``, ``-retry``, ``-good`` and ``-bad`` say what they do; ``yb-open-ID``, ``-rename-``,
``-delete-`` name a conversation; ``yb-ask``, ``yb-again``, ``yb-export`` and ``yb-clear`` stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from yibao.history.turns import Asked, Turn
from yibao.records import Facets
from yibao.web.clicks import read_click

_ON_ANSWER = re.compile(r"yb-(?P<number>\d{1,4})-(?P<verb>[a-z]{0,8})(?P<place>\d{0,3})")
_ON_CONVERSATION = re.compile(r"yb-(?P<verb>open|rename|delete)-(?P<conversation>[\w-]{1,40})")
_ALONE = re.compile(r"yb-(?P<verb>ask|again|export|clear)")
_SELECTS = {"region": "regions", "insurance": "insurance", "person": "person", "year": "years"}


@dataclass(frozen=True)
class Target:
    """A link that was clicked: what it does, to which answer or conversation, and what a dialog added."""

    verb: str
    number: int | None = None
    place: int = 0
    conversation: str = ""
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def read_target(clicked: str) -> Target | None:
    """Read what page.js sent; None for anything else."""
    click = read_click(clicked)
    if click is None:
        return None
    name, text, values = click.target, click.text, click.values
    if match := _ON_ANSWER.fullmatch(name):
        return Target(match["verb"], int(match["number"]), int(match["place"] or 0), text=text, values=values)
    if match := _ON_CONVERSATION.fullmatch(name):
        return Target(match["verb"], conversation=match["conversation"], text=text, values=values)
    match = _ALONE.fullmatch(name)
    return Target(match["verb"], text=text, values=values) if match else None


def asked_by(target: Target, turns: Sequence[Turn]) -> tuple[Asked, int] | None:
    """Return the question a click asks and its place; None where it asks none.

    What changes how a question is asked takes the place of its answer, anything else is asked behind the last.
    """
    if target.verb == "ask" and target.text.strip():
        return Asked(target.text), len(turns)
    if target.number is None or target.number >= len(turns):
        return None
    turn = turns[target.number]
    changed = _changed(target, turn)
    if changed:
        return changed, target.number
    answer = turn.answer
    lists: dict[str, Sequence[str]] = {
        "c": [choice.question for choice in answer.choices], "s": answer.suggestions, "r": turn.related,
    }  # fmt: skip
    questions = lists.get(target.verb, ())
    return (Asked(questions[target.place]), len(turns)) if target.place < len(questions) else None


def without_facet(facets: Facets, place: int) -> Facets:
    """Return facets without the one at ``place``, counted through regions, insurance, person and years."""
    left: dict[str, tuple[Any, ...]] = {}
    for each in fields(Facets):
        values = getattr(facets, each.name)
        left[each.name] = tuple(value for at, value in enumerate(values) if at != place)
        place -= len(values)
    return Facets(**left)


def with_facets(facets: Facets, chosen: Mapping[str, Any]) -> Facets:
    """Return facets with those of a dialog added; what is already there, or is no facet, changes nothing."""
    added = facets
    for name, key in _SELECTS.items():
        value: Any = chosen.get(name)
        if name == "year":
            value = int(value) if isinstance(value, str) and re.fullmatch(r"20\d\d", value) else None
        if not value or not isinstance(value, (str, int)) or (name == "insurance" and value not in _INSURANCES):
            continue
        added = replace(added, **{key: tuple(dict.fromkeys((*getattr(added, key), value)))})
    return added


_INSURANCES = ("employee", "resident")


def _changed(target: Target, turn: Turn) -> Asked | None:
    """Return the same question asked in another way, or None where the click does not ask for that."""
    facets = turn.answer.facets
    if target.verb == "retry":
        return turn.asked
    if target.verb == "typed":
        return replace(turn.asked, literal=True, facets=None)
    if target.verb == "x":
        facets = without_facet(facets, target.place)
    elif target.verb == "facets":
        facets = with_facets(facets, target.values)
    return replace(turn.asked, facets=facets) if facets != turn.answer.facets else None
