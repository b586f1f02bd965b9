"""Asking back: one short question with choices, where what was found splits by something that was not said.

Two ways to split. What is bound to a place (which hospital, which website, the rules within a province), or stands in
articles of several places alone, needs the region; a rate or an amount needs the region or whom it is for. A question
that says it is never asked back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from yibao import wording
from yibao.answer.contrasting import STATED, Side, find_sides
from yibao.answer.quoting import SentenceCandidate
from yibao.answer.relations import agree
from yibao.answer.statement_words import MONEY
from yibao.language.facts import asked_kinds
from yibao.language.normalise import fold
from yibao.language.places import place_name
from yibao.records import Article, Choice, Facets, Hit

MOST_CHOICES = 5
_NEAR_TOP = 0.65  # a passage needs this share of the best one's score to speak for its region
_AT_TOP = 0.8  # and this one, where the question is not bound to a place by what it asks
_NEAR_SIDE = 0.8  # a sentence needs this share of the score of the best one that gives a rate or an amount
_LOOKED_AT = 5  # passages
_PLACE_BOUND = re.compile(
    "哪[家个些所](?:[^,]{0,6})(?:医院|网站|小程序|app|公众号)|什么医院|推荐[^,]*医院|医院(?:比较)?(?:好|权威)|哪家(?:[^,]{0,8})(?:好|看|治)|(?:去|在|上|到)哪(?:里|儿|家|看|治)"
    "|官网|网站|网址|电话|座机|(?:省内|省里|本省|别的市|其他市|市外).*(?:备案|手续|报)"
)
_NATIONWIDE = re.compile("全国|国家|跨省|外省|异地|外地|热线")


@dataclass(frozen=True)
class AskBack:
    """What to ask, and the ways to answer."""

    text: str
    choices: tuple[Choice, ...]


def find_choices(
    question: str,
    asked: Facets,
    hits: Sequence[Hit],
    candidates: Sequence[SentenceCandidate],
    articles: Mapping[str, Article],
    *,
    enough: bool,
) -> AskBack | None:
    """Return what to ask back, or None where the question can be answered as it is; no choice is tried here.

    Args:
        question: the completed question.
        asked: its facets.
        hits: passages, best first.
        candidates: their sentences, best first.
        articles: by id.
        enough: whether the evidence carries an answer.
    """
    folded = fold(question)
    if asked.regions:
        return None
    text, labels = wording.ASK_REGION, _regions(folded, hits, articles, enough=enough)
    if not labels and enough:
        text, labels = wording.ASK_PERSON, _people(question, asked, candidates, articles)
    choices = tuple(Choice(label=label, question=f"{label}{question}") for label in labels)
    return AskBack(text, choices) if len(choices) > 1 else None


def _regions(question: str, hits: Sequence[Hit], articles: Mapping[str, Article], *, enough: bool) -> list[str]:
    """Return the regions that the best passages speak for: some, if the question is bound to a place, or else all."""
    bound = bool(_PLACE_BOUND.search(question))
    if _NATIONWIDE.search(question) or not (bound or enough):
        return []
    least = _NEAR_TOP if bound else _AT_TOP
    near = [hit for hit in hits[:_LOOKED_AT] if hit.score >= least * hits[0].score]
    regions = [articles[hit.passage.article_id].region for hit in near]
    if not all(regions[:1] if bound else regions):
        return []
    return list(dict.fromkeys(place_name(region) for region in regions if region))[:MOST_CHOICES]


def _people(
    question: str, asked: Facets, candidates: Sequence[SentenceCandidate], articles: Mapping[str, Article]
) -> list[str]:
    """Return for whom the sentences give different rates or amounts."""
    kinds = {"share", "amount"} & set(asked_kinds(question))
    if not kinds or set(asked.person) & STATED or asked.years:
        return []
    sides = [
        side
        for side in find_sides(question, asked, candidates, articles)
        if side.statement.topic in MONEY and side.statement.value and side.statement.value.kind in kinds
    ]
    sides = [
        side
        for side in sides
        if side.statement.topic == sides[0].statement.topic
        and side.candidate.score >= _NEAR_SIDE * sides[0].candidate.score
    ]
    if asked.insurance:
        sides = [side for side in sides if side.statement.scope.insurance & set(asked.insurance)]
    own = {wording.INSURANCE_NAMES[name] for name in asked.insurance}
    names = dict.fromkeys(name for name in map(_name, sides) if name and name not in own)
    split = any(
        _name(one) != _name(two) and not agree(one.statement, two.statement) for one, two in combinations(sides, 2)
    )
    return list(names)[:MOST_CHOICES] if split else []


def _name(side: Side) -> str:
    """Return whom a side holds for, in words that can stand before the question."""
    scope = side.statement.scope
    if side.article.region:
        return place_name(side.article.region)
    person = sorted(scope.person & STATED)
    if person:
        return wording.PERSON_CHOICES[person[0]]
    return wording.INSURANCE_NAMES[next(iter(scope.insurance))] if len(scope.insurance) == 1 else ""
