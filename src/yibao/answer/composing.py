"""From what was found to an answer: the card of quotes, what contradicts it, or an honest refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yibao import wording
from yibao.answer.asking_back import find_choices
from yibao.answer.contrasting import find_groups, to_contrast
from yibao.answer.medical import asks_a_doctor, holds_a_dose
from yibao.answer.quoting import SentenceCandidate, choose, ordered_sentences, quote
from yibao.answer.refusing import missing_terms, refusal_text, suggestions
from yibao.answer.statuses import Draft, answered, asked_back, not_covered
from yibao.language.facts import find_facts
from yibao.language.normalise import fold
from yibao.records import Answer, Article, Hit

_OF_A_PART = 2  # sentences quoted for each part of a question
_OF_ALL_PARTS = 6
ASK_ABOVE = 0.25  # confidence from which asking back is worth a try: a choice makes the question surer


@dataclass(frozen=True)
class Material:
    """What an answer is made from.

    ``scores`` hold for each hit how well each of its sentences answers, 0..1.
    """

    draft: Draft
    scores: Sequence[Sequence[float]]
    articles: Mapping[str, Article]
    refuse_below: float

    @property
    def enough(self) -> bool:
        """Tell whether the evidence carries an answer."""
        return self.draft.confidence >= self.refuse_below

    def text_of(self, article_id: str) -> str:
        """Return the text of an article."""
        return self.articles[article_id].text

    def candidates(self) -> list[SentenceCandidate]:
        """Return the sentences found, the most direct first."""
        question = self.draft.query.normalized
        return ordered_sentences(question, self.draft.hits, self.scores, self.text_of)


Knows = Callable[[str], bool]  # whether the index holds a term


def compose(material: Material, knows: Knows, *, may_ask: bool = True) -> Answer:
    """Return the answer. The choices of one that asks back, and the suggestions of a refusal, are still untried."""
    draft, query = material.draft, material.draft.query
    if asks_a_doctor(query.normalized):
        return _with_advice(material)
    if draft.confidence < min(ASK_ABOVE, material.refuse_below):
        return _refusal(material, knows)
    candidates = material.candidates()
    ask = may_ask and find_choices(
        query.normalized, query.facets, draft.hits, candidates, material.articles, enough=material.enough
    )
    if ask:
        return asked_back(draft, ask.text, ask.choices)
    chosen = choose(candidates, material.text_of) if material.enough else []
    return _card(material, candidates, chosen) if chosen else _refusal(material, knows)


def _refusal(material: Material, knows: Knows) -> Answer:
    terms = material.draft.query.terms
    missing, text = missing_terms(terms, knows), refusal_text(terms, knows)
    return not_covered(material.draft, text, missing, suggestions(material.draft.hits))


def _with_advice(material: Material) -> Answer:
    """Answer what only a doctor may: general information of articles about it, never a dose."""
    about = [
        candidate
        for candidate in material.candidates()
        if any(term in fold(candidate.hit.passage.title) for term in material.draft.query.terms)
        and not holds_a_dose(material.text_of(candidate.hit.passage.article_id)[slice(*_span(candidate))])
    ]
    chosen = choose(about, material.text_of) if material.enough else []
    if not chosen:
        return not_covered(material.draft, wording.SEE_DOCTOR)
    answer = _card(material, (), chosen)
    return replace(answer, notices=(wording.SEE_DOCTOR_FIRST, *answer.notices))


def _span(candidate: SentenceCandidate) -> tuple[int, int]:
    return candidate.piece.start, candidate.piece.end


def compose_parts(whole: Material, parts: Sequence[Material], knows: Knows, *, may_ask: bool = True) -> Answer:
    """Return the answer to a question of several parts: the best of each part, then the best of the whole.

    Parts that nothing answers are named. Where no part is answered by itself, or only some are and the whole is not,
    it is answered as one question.
    """
    found = [part for part in parts if part.enough]
    if not found or not (whole.enough or len(found) == len(parts)) or asks_a_doctor(whole.draft.query.normalized):
        return compose(whole, knows, may_ask=may_ask)
    candidates = whole.candidates() if whole.enough else []
    wanted = [candidate for part in found for candidate in choose(part.candidates(), part.text_of)[:_OF_A_PART]]
    chosen: list[SentenceCandidate] = []
    for candidate in [*wanted, *choose(candidates, whole.text_of)]:
        if len(chosen) < _OF_ALL_PARTS and all(_place(candidate) != _place(other) for other in chosen):
            chosen.append(candidate)
    articles = {key: value for material in (*found, whole) for key, value in material.articles.items()}
    draft = replace(whole.draft, hits=_with_hits(whole.draft.hits, chosen))
    answer = _card(replace(whole, draft=draft, articles=articles), candidates, chosen)
    missing = tuple(part.draft.query.text for part in parts if _is_foreign(part, whole.draft.hits))
    notices = tuple(wording.PART_NOT_FOUND.format(part=part) for part in missing)
    return replace(answer, unanswered=missing, notices=(*notices, *answer.notices))


def _is_foreign(part: Material, hits: Sequence[Hit]) -> bool:
    """Tell whether nothing answers a part: little speaks for it, and a word of it stands in no passage found.

    Short of that it may well be answered by a quote of the whole, from which it takes its subject.
    """
    shown = fold(" ".join(f"{hit.passage.title} {hit.passage.heading} {hit.passage.text}" for hit in hits))
    strange = any(len(term) > 1 and term not in shown for term in part.draft.query.terms)
    return strange and part.draft.confidence < part.refuse_below / 2


def _place(candidate: SentenceCandidate) -> tuple[str, int, int]:
    return candidate.hit.passage.article_id, *_span(candidate)


def _with_hits(hits: Sequence[Hit], chosen: Sequence[SentenceCandidate]) -> tuple[Hit, ...]:
    """Return the hits with those behind them that only a part of the question led to, where they are quoted."""
    shown = {hit.passage.id for hit in hits}
    more = {each.hit.passage.id: each.hit for each in chosen if each.hit.passage.id not in shown}
    return *hits, *more.values()


def _card(material: Material, candidates: Sequence[SentenceCandidate], chosen: Sequence[SentenceCandidate]) -> Answer:
    query = material.draft.query
    groups = find_groups(query.normalized, query.facets, candidates, chosen, material.articles)
    quoted = [*chosen]
    for group in groups:
        quoted += group.missing(quoted)
    citations = [
        replace(each, facts=find_facts(query.normalized, each.quote, each.start))
        for each in quote(quoted, material.articles.__getitem__)
    ]
    return answered(material.draft, citations, [to_contrast(group, citations) for group in groups])
