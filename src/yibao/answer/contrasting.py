"""Contrasts of an answer: which of the sentences found give different values for the thing asked for.

How two claims stand to each other is told in ``relations``; here those are gathered that bear on the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yibao import wording
from yibao.answer import claim_words
from yibao.answer.claims import Claim, read_claims
from yibao.answer.quoting import Candidate
from yibao.answer.relations import differ, relation, same_thing
from yibao.answer.rule_words import matters
from yibao.language.facets import region_agrees
from yibao.language.normalise import fold
from yibao.records import Article, Citation, Contrast, ContrastRow, Facets

MOST_CONTRASTS = 2
MOST_ROWS = 6
MORE_CITATIONS = 3  # sentences quoted for a contrast alone
_NEAR_BEST = 0.6  # a sentence needs this share of the best one's score
_CASES = frozenset(["to employee", "to resident", "relatives"])  # nobody asks for these without saying so
STATED = frozenset(["working", "retired", "flexible"])  # persons a question names for themselves


@dataclass(frozen=True)
class Side:
    """A claim with the sentence and the article it stands in."""

    claim: Claim
    candidate: Candidate
    article: Article

    @property
    def span(self) -> tuple[int, int]:
        """Where the value stands in the article."""
        start = self.candidate.sentence.start
        return start + self.claim.start, start + self.claim.end


@dataclass(frozen=True)
class Group:
    """The sides of one contrast."""

    kind: Literal["conflict", "table"]
    sides: tuple[Side, ...]

    def missing(self, chosen: Sequence[Candidate]) -> list[Candidate]:
        """Return the sentences that must be quoted beside those of the card."""
        return [replace(side.candidate, whole=None) for side in self.sides if not _covers(chosen, side)]


def find_groups(
    question: str,
    asked: Facets,
    candidates: Sequence[Candidate],
    chosen: Sequence[Candidate],
    articles: Mapping[str, Article],
) -> list[Group]:
    """Return the contrasts that bear on the question; each holds a sentence of the card.

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
            thing = anchor.claim.topic, anchor.claim.services
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
    question: str, asked: Facets, candidates: Sequence[Candidate], articles: Mapping[str, Article]
) -> list[Side]:
    """Return the claims that bear on a question, those of the best sentences first."""
    question = fold(question)
    best = candidates[0].score if candidates else 0.0
    found: dict[tuple[str, int, str], Side] = {}
    for candidate in candidates:
        if candidate.score < _NEAR_BEST * best:
            break
        article, sentence = articles[candidate.hit.passage.article_id], candidate.sentence
        for claim in read_claims(
            article.text[sentence.start : sentence.end], f"{article.title} {candidate.hit.passage.heading}"
        ):
            side = Side(_of_article(claim, article), candidate, article)
            if matters(claim.topic, question) and _concerns(side.claim, question, asked):
                found.setdefault((*_place(side), claim.topic), side)
    sides = list(found.values())
    if asked.regions and any(side.claim.scope.regions for side in sides):
        sides = [side for side in sides if side.claim.scope.regions]
    person = frozenset(asked.person) & STATED
    said = [side for side in sides if side.claim.scope.person & person]
    return said if said and person else sides


def _of_article(claim: Claim, article: Article) -> Claim:
    """Return the claim with what the article as a whole says of region and insurance."""
    insurance = claim.scope.insurance or (frozenset(article.insurance) if len(article.insurance) == 1 else frozenset())
    regions = (article.region,) if article.region else claim.scope.regions
    return replace(claim, scope=replace(claim.scope, regions=regions, insurance=insurance))


def _concerns(claim: Claim, question: str, asked: Facets) -> bool:
    """Tell whether a claim can hold for what is asked: same region, insurance, person, level and service, or unsaid."""
    scope = claim.scope
    if asked.regions and scope.regions and not any(region_agrees(asked.regions, region) for region in scope.regions):
        return False
    pairs = (
        (frozenset(asked.insurance), scope.insurance),
        (frozenset(asked.person) & STATED, scope.person),
        (claim_words.levels(question), scope.level),
        (claim_words.filings(question), scope.filing),
        (claim_words.services(question), claim.services),
    )
    if any(differ(one, two) for one, two in pairs):
        return False
    if claim.topic.startswith("filing") and claim.services != claim_words.services(question):
        return False
    if claim.value is None:
        return True
    return claim.qualifiers & _CASES == claim_words.qualifiers(question, claim.topic) & _CASES


def _group(
    kind: Literal["conflict", "table"], anchor: Side, sides: Sequence[Side], chosen: Sequence[Candidate], room: int
) -> Group | None:
    """Gather what stands against ``anchor``; further values of the same thing join a conflict."""
    rows = [anchor]
    others = (side for side in sides if side.article.id != anchor.article.id)
    rows += [side for side in others if relation(anchor.claim, side.claim) == kind]
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
    value = side.claim.value
    if value is None or any(side.article.id == row.article.id for row in rows):
        return False
    return all(
        same_thing(side.claim, row.claim) and row.claim.value and not value.same_as(row.claim.value) for row in rows
    )


def _repeats(one: Side, two: Side) -> bool:
    """Tell whether two rows would say the same of the same people, or one article the same twice."""
    if one.claim.value is None or two.claim.value is None:
        same = one.claim.allowed == two.claim.allowed
    else:
        same = one.claim.value.same_as(two.claim.value)
    return same and (_label(one) == _label(two) or one.article.id == two.article.id)


def _covers(chosen: Sequence[Candidate], side: Side) -> bool:
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
    claim = group.sides[0].claim
    name = wording.CONTRAST_SUBJECTS[claim.topic]
    subject = "、".join(sorted(claim.services)) + name if claim.topic in claim_words.MONEY else name
    return Contrast(kind=group.kind, subject=subject, rows=tuple(rows))


def _label(side: Side) -> str:
    """Return whom a side holds for, as far as it says."""
    scope = side.claim.scope
    parts = [*scope.regions]
    parts += [wording.INSURANCE_NAMES[name] for name in sorted(scope.insurance)] if len(scope.insurance) == 1 else []
    parts += [wording.PERSON_NAMES[name] for name in sorted(scope.person)]
    parts += [wording.LEVEL_NAMES[name] for name in sorted(scope.level)]
    parts += [wording.FILING_NAMES[name] for name in sorted(scope.filing)]
    return " · ".join(parts)
