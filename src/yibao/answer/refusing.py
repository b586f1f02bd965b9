"""A refusal that helps: what was looked for, what no article holds, and which questions near it are answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from yibao import wording
from yibao.language.terms import grams
from yibao.records import Hit

MOST_SUGGESTIONS = 3  # that are shown
_TRIED = 5  # titles tried at most: each is a question of its own
HOTLINE = "12393"


def missing_terms(terms: Sequence[str], knows: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the terms that stand in no article, not even within other words.

    Args:
        terms: words of the question.
        knows: tells whether the index holds an index term.
    """
    return tuple(term for term in terms if not knows(term) and not _within(term, knows))


def _within(term: str, knows: Callable[[str], bool]) -> bool:
    """Tell whether all pairs of characters of a Han term stand in some article."""
    pairs = grams(term, 2)
    return len(pairs) == len(term) - 1 > 0 and all(knows(pair) for pair in pairs)


def suggestions(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return titles of the nearest articles that share a word with the question: questions worth a try.

    Args:
        hits: passages, best first.
    """
    near = (hit for hit in hits if any(leg.matched for leg in hit.legs.values()))
    return tuple(dict.fromkeys(hit.passage.title for hit in near))[:_TRIED]


def refusal_text(terms: Sequence[str], knows: Callable[[str], bool]) -> str:
    """Return what is said: nothing found, what was looked for, and where to ask."""
    lines = [wording.NOT_COVERED]
    if terms:
        lines.append(wording.LOOKED_FOR.format(terms="、".join(terms)))
    if knows(HOTLINE):
        lines.append(wording.ASK_HOTLINE)
    return "\n".join(lines)
