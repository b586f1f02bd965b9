"""From what was found to an answer: the card of quotes, what contradicts it, or an honest refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yibao.answer.asking import find_choices
from yibao.answer.contrasting import find_groups, to_contrast
from yibao.answer.facts import find_facts
from yibao.answer.quoting import Candidate, choose, quote, score_sentences
from yibao.answer.writing import Draft, answered, asked_back, not_covered
from yibao.records import Answer, Article

ASK_ABOVE = 0.25  # confidence from which asking back is worth a try: a choice makes the question surer


@dataclass(frozen=True)
class Material:
    """What an answer is made from.

    ``cosines`` hold for each hit those of its sentences with the question; ``covered`` returns the share of the
    question's term weight that a text holds; ``enough`` tells whether the evidence carries an answer.
    """

    draft: Draft
    cosines: Sequence[Sequence[float]]
    covered: Callable[[str], float]
    articles: Mapping[str, Article]
    enough: bool

    def text_of(self, article_id: str) -> str:
        """Return the text of an article."""
        return self.articles[article_id].text

    def candidates(self) -> list[Candidate]:
        """Return the sentences found, the most direct first."""
        question = self.draft.query.normalized
        return score_sentences(question, self.draft.hits, self.cosines, self.covered, self.text_of)


@dataclass(frozen=True)
class Checks:
    """What a composer may ask of the pipeline.

    ``answers`` tells whether a question, asked, is answered; None while one is being tried, so that nothing is tried
    within a trial.
    """

    answers: Callable[[str], bool] | None


def compose(material: Material, checks: Checks) -> Answer:
    """Return the answer."""
    draft = material.draft
    candidates = material.candidates()
    if draft.confidence >= ASK_ABOVE:
        query = draft.query
        ask = find_choices(
            query.normalized,
            query.facets,
            draft.hits,
            candidates,
            material.articles,
            enough=material.enough,
            answers=checks.answers,
        )
        if ask:
            return asked_back(draft, ask.text, ask.choices)
    chosen = choose(candidates, material.text_of) if material.enough else []
    if not chosen:
        return not_covered(draft)
    return _card(material, candidates, chosen)


def _card(material: Material, candidates: Sequence[Candidate], chosen: Sequence[Candidate]) -> Answer:
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
