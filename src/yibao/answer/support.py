"""Does a quote say what a sentence claims? Strict: what is not plainly there is not supported.

No model judges here; what is compared can be read. A quote is cut into clauses, and a sentence is supported by a run
of neighbouring clauses that has

* the same critical marks in the same order: figures with their units, negations, limits (at least, at most, before,
  after), and who, where, which insurance and which kind of care it holds for. That the order counts keeps 退休报 70%
  from being read out of 在职报 70%, 退休报 80%;
* every verb of entitlement that the sentence uses (报销, 缴费 ...), every duty and permission, every 全部 and 都;
* most of the sentence's content words; title and heading of the article may lend some;
* for each clause of the sentence the clause of the quote that is most like it, and no denial the sentence passes over.

Who or where may also be said before the run, in the heading, the title or the facets of the article.
"""

from __future__ import annotations

from collections.abc import Sequence

from yibao.answer.claims import INHERITED, Claim, Clause, Mark, clauses_of, marks_of, pairs_of, speaks_to_a_model
from yibao.language.normalise import fold
from yibao.language.places import read_regions
from yibao.records import Citation

MIN_COVERED = 0.8  # share of a sentence's content words that quote, title or heading must hold
MIN_QUOTED = 0.3  # and the quoted clauses alone
MIN_CLAUSE = 0.6  # share of the pairs of characters of each of its clauses that run and title must hold
MIN_DENIAL = 0.4  # share of a denying clause of the run that the sentence must repeat
_LONGEST_RUN = 10  # clauses

_INSURANCE = {"employee": "职工", "resident": "居民"}


def supports(citation: Citation, sentence: str) -> bool:
    """Tell whether the quote of ``citation`` says what ``sentence``, without its marks ``[n]``, claims."""
    claim, quote = Claim(fold(sentence).strip()), fold(citation.quote)
    if not claim.words or speaks_to_a_model(quote) or claim.text.endswith(("?", ":")):
        return False
    around = f"{fold(citation.heading)}\n{fold(citation.title)}"
    if not all(name in f"{quote}\n{around}" for name in claim.names):
        return False
    if any(mark.kind == "negation" for mark in marks_of(fold(citation.heading))) and not claim.negated:
        return False
    clauses = clauses_of(quote)
    nearest = [_nearest(own, clauses) for own in claim.clauses]
    return any(
        _run_supports(claim, clauses, start, end, citation)
        for start in range(len(clauses))
        for end in range(start + 1, min(len(clauses), start + _LONGEST_RUN) + 1)
        if claim.figures == frozenset().union(*(clause.figures for clause in clauses[start:end]))
        and all(any(start <= place < end for place in places) for places in nearest)
    )


def _nearest(own: Clause, clauses: Sequence[Clause]) -> list[int]:
    """Return the places of the clauses most like one of the sentence, where they deny as it does."""
    shared = [own.shared(other) for other in clauses]
    best = max(shared, default=0)
    return [n for n, other in enumerate(clauses) if shared[n] == best and other.denies == own.denies]


def _run_supports(claim: Claim, clauses: Sequence[Clause], start: int, end: int, citation: Citation) -> bool:
    run = ",".join(clause.text for clause in clauses[start:end])
    quoted = sum(word in run for word in claim.words)
    if quoted < MIN_QUOTED * len(claim.words) or not all(pattern.search(run) for pattern in claim.needed):
        return False
    before = [clause.text for clause in clauses[:start]]
    marks = marks_of(run)
    if not _clauses_agree(claim, clauses, start, end, citation):
        return False
    if not _same(claim.marks, marks, _said_before(before, marks, citation), single=end - start == 1):
        return False
    around = f"{fold(citation.heading)}\n{fold(citation.title)}"
    elsewhere = "\n".join([*before, *(clause.text for clause in clauses[end:])])
    lent = [mark.value for mark in claim.marks if mark.kind in INHERITED]
    covered = 0
    for word in claim.words:
        if word in run or any(value in word for value in lent) or (word in around and word not in elsewhere):
            covered += 1
        elif word in elsewhere:  # said of something else
            return False
    return covered >= MIN_COVERED * len(claim.words) and _regions_agree(claim, run, before, citation)


def _clauses_agree(claim: Claim, clauses: Sequence[Clause], start: int, end: int, citation: Citation) -> bool:
    """Tell whether the run holds most of each clause of the sentence, and the sentence repeats what the run denies."""
    inside = clauses[start:end]
    lent = [citation.title, citation.heading]
    lent += [mark.value for mark in claim.marks if mark.kind in INHERITED]
    held = set().union(*(clause.pairs for clause in inside), *(pairs_of(fold(text)) for text in lent))
    if any(len(own.pairs & held) < MIN_CLAUSE * len(own.pairs) for own in claim.clauses):
        return False
    said = set().union(*(clause.pairs for clause in claim.clauses))
    return all(len(other.pairs & said) >= MIN_DENIAL * len(other.pairs) for other in inside if other.denies)


def _said_before(before: Sequence[str], marks: Sequence[Mark], citation: Citation) -> set[Mark]:
    """Return the marks that hold for a run though it does not say them: of each kind those of the nearest place."""
    insurance = "".join(_INSURANCE[name] for name in citation.insurance)
    places = [*reversed(before), fold(citation.heading), fold(citation.title), insurance]
    settled = {mark.kind for mark in marks}
    said: set[Mark] = set()
    for place in places:
        found = {mark for mark in marks_of(place) if mark.kind in INHERITED and mark.kind not in settled}
        said |= found
        settled |= {mark.kind for mark in found}
    return said


def _same(claimed: Sequence[Mark], quoted: Sequence[Mark], before: set[Mark], *, single: bool) -> bool:
    """Tell whether the marks are the same; inside one clause with at most one figure the order does not matter."""
    own = [mark for mark in claimed if mark in quoted or mark not in before]
    if own == list(quoted):
        return True
    one_figure = sum(mark.kind == "figure" for mark in quoted) <= 1
    return single and one_figure and sorted(map(repr, own)) == sorted(map(repr, quoted))


def _regions_agree(claim: Claim, run: str, before: Sequence[str], citation: Citation) -> bool:
    in_run = set(read_regions(run))
    if in_run or not claim.regions:
        return claim.regions == in_run
    for place in (*reversed(before), citation.heading, citation.title, citation.region or ""):
        named = set(read_regions(place.replace("/", "")))
        if named:
            return claim.regions <= named
    return False
