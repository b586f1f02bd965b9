"""Contrasts of an answer: sentences found that give different values for what the question asks.

``relations`` decides how two statements relate; here the statements that bear on the question are collected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yibao import wording
from yibao.answer import statement_words
from yibao.answer.quoting import SentenceCandidate
from yibao.answer.relations import differ, relation, same_thing
from yibao.answer.rule_words import matters
from yibao.answer.statements import Statement, read_statements
from yibao.language.normalise import fold
from yibao.language.places import region_agrees
from yibao.language.services import read_services
from yibao.records import Article, Citation, Contrast, ContrastRow, Facets

MOST_CONTRASTS = 2
MOST_ROWS = 6
MORE_CITATIONS = 3  # sentences quoted for a contrast alone
_NEAR_BEST = 0.6  # a sentence needs this share of the best one's score
_CASES = frozenset(["to employee", "to resident", "relatives"])  # nobody asks for these without saying so
STATED = frozenset(["working", "retired", "flexible"])  # persons a question names for themselves


@dataclass(frozen=True)
class Side:
    """A statement with the sentence and the article it stands in."""

    statement: Statement
    candidate: SentenceCandidate
    article: Article

    @property
    def span(self) -> tuple[int, int]:
        """Where the value stands in the article."""
        start = self.candidate.sentence.start
        return start + self.statement.start, start + self.statement.end


@dataclass(frozen=True)
class Group:
    """The sides of one contrast."""

    kind: Literal["conflict", "table"]
    sides: tuple[Side, ...]

    def missing(self, chosen: Sequence[SentenceCandidate]) -> list[SentenceCandidate]:
        """Return the sentences that must be quoted beside those of the card."""
        return [replace(side.candidate, whole=None) for side in self.sides if not _covers(chosen, side)]


def find_groups(
    question: str,
    asked: Facets,
    candidates: Sequence[SentenceCandidate],
    chosen: Sequence[SentenceCandidate],
    articles: Mapping[str, Article],
) -> list[Group]:
    """Return the contrasts that bear on the question; each includes a sentence of the card.

    Args:
        question: the completed question.
        asked: its facets; sides of another region, insurance or person are left out.
        candidates: all sentences, best first.
        chosen: those of the card.
        articles: by id.
    """
    sides = find_sides(question, asked, candidates, articles)
    groups: list[Group] = []
    used: set[tuple[str, frozenset[str]]] = set()
    room = MORE_CITATIONS
    for kind in ("conflict", "table"):
        for anchor in sides:
            thing = anchor.statement.topic, anchor.statement.services
            if len(groups) == MOST_CONTRASTS or not _covers(chosen, anchor) or thing in used:
                continue
            group = _group(kind, anchor, sides, chosen, room)
            if group:
                groups.append(group)
                used.add(thing)
                room -= sum(not _covers(chosen, side) for side in group.sides)
    return groups


def _place(side: Side) -> tuple[str, int]:
    return side.article.id, side.span[0]


def find_sides(
    question: str, asked: Facets, candidates: Sequence[SentenceCandidate], articles: Mapping[str, Article]
) -> list[Side]:
    """Return the statements that bear on a question, those of the best sentences first."""
    question = fold(question)
    best = candidates[0].score if candidates else 0.0
    found: dict[tuple[str, int, str], Side] = {}
    for candidate in candidates:
        if candidate.score < _NEAR_BEST * best:
            break
        article, sentence = articles[candidate.hit.passage.article_id], candidate.sentence
        for statement in read_statements(
            article.text[sentence.start : sentence.end], f"{article.title} {candidate.hit.passage.heading}"
        ):
            side = Side(_of_article(statement, article), candidate, article)
            if matters(statement.topic, question) and _concerns(side.statement, question, asked):
                found.setdefault((*_place(side), statement.topic), side)
    sides = list(found.values())
    if asked.regions and any(side.statement.scope.regions for side in sides):
        sides = [side for side in sides if side.statement.scope.regions]
    person = frozenset(asked.person) & STATED
    said = [side for side in sides if side.statement.scope.person & person]
    return said if said and person else sides


def _of_article(statement: Statement, article: Article) -> Statement:
    """Return the statement with region and insurance filled in from the article as a whole."""
    insurance = statement.scope.insurance or (
        frozenset(article.insurance) if len(article.insurance) == 1 else frozenset()
    )
    regions = (article.region,) if article.region else statement.scope.regions
    return replace(statement, scope=replace(statement.scope, regions=regions, insurance=insurance))


def _concerns(statement: Statement, question: str, asked: Facets) -> bool:
    """Tell whether a statement may apply to what is asked, by region, insurance, person, level and service."""
    scope = statement.scope
    if asked.regions and scope.regions and not any(region_agrees(asked.regions, region) for region in scope.regions):
        return False
    pairs = (
        (frozenset(asked.insurance), scope.insurance),
        (frozenset(asked.person) & STATED, scope.person),
        (statement_words.levels(question), scope.level),
        (statement_words.filings(question), scope.filing),
        (read_services(question), statement.services),
    )
    if any(differ(one, two) for one, two in pairs):
        return False
    if statement.topic.startswith("filing") and statement.services != read_services(question):
        return False
    if statement.value is None:
        return True
    return statement.qualifiers & _CASES == statement_words.qualifiers(question, statement.topic) & _CASES


def _group(
    kind: Literal["conflict", "table"],
    anchor: Side,
    sides: Sequence[Side],
    chosen: Sequence[SentenceCandidate],
    room: int,
) -> Group | None:  # fmt: skip
    """Return ``anchor`` with the sides that contrast with it; further values of the same thing join a conflict."""
    rows = [anchor]
    others = (side for side in sides if side.article.id != anchor.article.id)
    rows += [side for side in others if relation(anchor.statement, side.statement) == kind]
    if len(rows) == 1:
        return None
    if kind == "conflict":
        rows += [side for side in sides if side not in rows and _is_another(side, rows)]
    kept: list[Side] = []
    for row in rows:
        cost = not _covers(chosen, row) and all(row.candidate is not other.candidate for other in kept)
        if any(_repeats(row, other) for other in kept) or len(kept) == MOST_ROWS or cost > room:
            continue
        room -= cost
        kept.append(row)
    if all(row.article.id == kept[0].article.id for row in kept):
        return None
    if kind == "conflict":
        kept.sort(key=lambda row: row.article.published or "", reverse=True)
    return Group(kind, tuple(kept))


def _is_another(side: Side, rows: Sequence[Side]) -> bool:
    value = side.statement.value
    if value is None or any(side.article.id == row.article.id for row in rows):
        return False
    return all(
        same_thing(side.statement, row.statement) and row.statement.value and not value.same_as(row.statement.value)
        for row in rows
    )


def _repeats(one: Side, two: Side) -> bool:
    """Tell whether two rows repeat each other: the same value for the same people, or twice from one article."""
    if one.statement.value is None or two.statement.value is None:
        same = one.statement.allowed == two.statement.allowed
    else:
        same = one.statement.value.same_as(two.statement.value)
    return same and (_label(one) == _label(two) or one.article.id == two.article.id)


def _covers(chosen: Sequence[SentenceCandidate], side: Side) -> bool:
    start, end = side.span
    return any(
        candidate.hit.passage.article_id == side.article.id
        and candidate.piece.start <= start
        and end <= candidate.piece.end
        for candidate in chosen
    )


def to_contrast(group: Group, citations: Sequence[Citation]) -> Contrast:
    """Return the record of a group, its rows pointing to the citations that hold their values."""
    rows = []
    for side in group.sides:
        start, end = side.span
        number = next(
            each.number
            for each in citations
            if each.article_id == side.article.id and each.start <= start and end <= each.end
        )
        label = _label(side) or wording.SCOPE_UNSAID
        if group.kind == "conflict":
            label = f"{label} · {side.article.published or wording.DATE_UNKNOWN}"
        rows.append(ContrastRow(label=label, value=side.article.text[start:end], number=number))
    statement = group.sides[0].statement
    name = wording.CONTRAST_SUBJECTS[statement.topic]
    subject = "、".join(sorted(statement.services)) + name if statement.topic in statement_words.MONEY else name
    return Contrast(kind=group.kind, subject=subject, rows=tuple(rows))


def _label(side: Side) -> str:
    """Return in words whom a side applies to, as far as it says."""
    scope = side.statement.scope
    parts = [*scope.regions]
    parts += [wording.INSURANCE_NAMES[name] for name in sorted(scope.insurance)] if len(scope.insurance) == 1 else []
    parts += [wording.PERSON_NAMES[name] for name in sorted(scope.person)]
    parts += [wording.LEVEL_NAMES[name] for name in sorted(scope.level)]
    parts += [wording.FILING_NAMES[name] for name in sorted(scope.filing)]
    return " · ".join(parts)
