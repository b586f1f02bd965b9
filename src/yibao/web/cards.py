"""What the card of an answer shows, from the record alone; ``html/card.html`` is how."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yibao import wording
from yibao.answer.rendering import unsaid_gaps
from yibao.language.normalise import fold
from yibao.language.script import simplified
from yibao.records import Answer, Citation, Facets
from yibao.search.understanding import strip_courtesy
from yibao.web.marking import Line, inside, lines_of
from yibao.web.markup import render_message

_NUMBER = re.compile(r"\[(\d{1,3})\]")
_CALL = re.compile(r"(1[12]0)")


@dataclass(frozen=True)
class Card:
    """An answer as it is shown.

    ``number`` is its place in the conversation, from 0. ``reworded`` says that what was searched is more than the
    question without its courtesies. ``numbers_to_call`` is the text of an emergency, every second part a number;
    ``summary`` the lines a language model wrote, each of text and citations.
    """

    answer: Answer
    number: int
    reworded: bool
    facets: Sequence[str]
    cited: Mapping[int, Citation]
    quotes: Sequence[tuple[Citation, Sequence[Line]]]
    summary: Sequence[Sequence[str | Citation]]
    numbers_to_call: Sequence[str]
    unanswered: Sequence[str]
    missing: Sequence[str]


def make_card(answer: Answer, number: int) -> Card:
    """Return what is shown of an answer."""
    cited = {citation.number: citation for citation in answer.citations}
    unanswered, missing = unsaid_gaps(answer)
    return Card(
        answer=answer,
        number=number,
        reworded=bool(answer.rewritten) and _bare(answer.question) != _bare(answer.rewritten),
        facets=facet_names(answer.facets),
        cited=cited,
        quotes=[(citation, _quote(citation)) for citation in answer.citations],
        summary=_summary(answer.summary, cited) if answer.summary else (),
        numbers_to_call=_CALL.split(answer.text),
        unanswered=unanswered,
        missing=missing,
    )


def answer_card(answer: Answer, number: int) -> str:
    """Return the card of an answer as one line of HTML."""
    return render_message("card", "answer_card", card=make_card(answer, number))


def question_card(question: str) -> str:
    """Return a question as typed, as text and nothing else."""
    return render_message("card", "question_card", question=question)


def facet_names(facets: Facets) -> list[str]:
    """Return the names of all facets in the order in which ``without_facet`` counts them."""
    return [
        *facets.regions,
        *(wording.INSURANCE_NAMES[name] for name in facets.insurance),
        *(wording.PERSON_NAMES.get(name, name) for name in facets.person),
        *(wording.YEAR_NAME.format(year=year) for year in facets.years),
        *(wording.TREATED_IN.format(region=region) for region in facets.treated_in),
    ]


def _bare(question: str) -> str:
    return re.sub(r"\W", "", fold(simplified(strip_courtesy(question))))


def _quote(citation: Citation) -> list[Line]:
    """Return a quote with the short facts in it set off."""
    return lines_of(citation.quote, inside(citation.facts, citation.start, citation.end), style="fact")


def _summary(text: str, cited: Mapping[int, Citation]) -> list[list[str | Citation]]:
    """Return the lines of a summary, each number of a citation replaced by it."""
    shown: list[list[str | Citation]] = []
    for line in lines_of(text):
        parts = _NUMBER.split("".join(piece.text for piece in line.pieces))
        shown.append([cited.get(int(part), f"[{part}]") if at % 2 else part for at, part in enumerate(parts)])
    return shown
