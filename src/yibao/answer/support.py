"""Does a quote say what a sentence claims? Strict: what is not plainly there is not supported.

No model judges here; what is compared can be read. Sentence and quote are put into one writing (``units``), and the
sentence is supported where it *is* the quote with safe things left out: its tokens are those of the quote, in the same
order, none added. So exchanged roles break the order, and a changed word, figure or limit is missing. What may be left
out is closed too (``shortening``), and so is where a sentence may begin and end (``grounds``). The line that leads a
list (下列情形不予支付:) must be said with each item of it.

A sentence may be made of several such parts in any order. Who or where may be lent by heading, title or facets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

from yibao.answer.claims import INHERITED, RULES, denies, marks_of, speaks_to_a_model
from yibao.answer.grounds import Grounds, grounds_of
from yibao.answer.units import MODAL, Unit, shape_of, tokens_of, units_of
from yibao.language.normalise import fold
from yibao.language.places import read_regions
from yibao.records import Citation

_LONGEST_QUOTE = 3000  # characters: a longer text is no quote
_MOST_UNITS = 250
_LONGEST_LENT = 24  # tokens
_SHORTEST_LENT = 2  # tokens
_MIN_LABEL = 0.6  # share of a label's tokens that a sentence holds where it leaves the label out
_INSURANCE = {"employee": "职工医保", "resident": "居民医保"}


def supports(citation: Citation, sentence: str) -> bool:
    """Tell whether the quote of ``citation`` says what ``sentence``, without its marks ``[n]``, claims."""
    folded, quote = fold(sentence).strip(), fold(citation.quote)
    if len(quote) > _LONGEST_QUOTE or len(folded) > _LONGEST_QUOTE or speaks_to_a_model(quote):
        return False
    if folded.endswith(("?", ":")) or len(units_of(quote)) > _MOST_UNITS:
        return False
    if denies(fold(citation.heading)) and not denies(folded):
        return False
    said = [[token for token in unit.tokens if token not in ("(", ")")] for unit in units_of(folded)]
    grounds = grounds_of(quote)
    return any(_Reading(claim, borders, grounds, citation).complete() for claim, borders in _orders(said, grounds))


def _orders(said: list[list[str]], grounds: Grounds) -> Iterator[tuple[list[str], list[int]]]:
    """Yield a sentence with its borders, as it is and with a condition moved to the place where the quote has it."""
    claim = [token for unit in said for token in unit]
    if claim:
        yield claim, [0, *accumulate(map(len, said))]
    for before, condition in grounds.lone_conditions():
        tokens = list(condition.tokens)
        for at in range(len(claim) - len(tokens) + 1):
            rest = claim[:at] + claim[at + len(tokens) :]
            if claim[at : at + len(tokens)] == tokens and rest[: len(before)] == before:
                yield before + tokens + rest[len(before) :], [0, len(claim)]


class _Reading:
    """One sentence read out of one grounds."""

    def __init__(self, claim: list[str], borders: Sequence[int], grounds: Grounds, citation: Citation) -> None:
        self.claim, self.borders, self.grounds = claim, borders, grounds
        shape = "".join(token[0] for token in claim)
        self.benefit = bool(RULES["benefit"].search(shape)) and not RULES["denying"].search(shape)
        heading = fold(citation.heading)
        lenders = [heading, fold(citation.title), *(citation.region or "").split("/")]
        lenders += [_INSURANCE[name] for name in citation.insurance if len(citation.insurance) == 1]
        self.lenders = {text: tokens_of(text) for text in lenders if text}
        self.jumps = {start: end for text in lenders[2:] for start, end in self._facet(text)}
        self.denial = _without_these(tokens_of(heading)) if denies(heading) else []

    def complete(self) -> bool:
        """Tell whether the sentence is made of parts that the quote says, or says a condition at another place."""
        reached: dict[int, set[int]] = {0: set()}  # where a part may begin: the units that parts before it began with
        for start in self.borders:
            if start in reached:
                for head, ends in self._parts_from(start, reached[start]):
                    for end in ends.intersection(self.borders):
                        reached.setdefault(end, set()).add(head)
        return len(self.claim) in reached

    def _parts_from(self, start: int, said: Collection[int]) -> Iterator[tuple[int, set[int]]]:
        """Yield unit and ends of each part that begins at ``start``, also behind a subject lent or said before."""
        grounds, begins = self.grounds, {start, *self._lent(start)}
        for head in grounds.heads:
            for begin in begins:
                yield head, self._follow(begin, head, grounds.starts[head])
            for place in self._known(head):
                yield head, self._follow(start, head, place)
            for before in said:
                for place in grounds.behind_subject(before, head):
                    yield head, self._follow(start, head, place)

    def _follow(self, begin: int, head: int, place: int) -> set[int]:
        """Return where a part may end that begins with a unit of the grounds."""
        grounds, claim = self.grounds, self.claim
        borders, may_end = set(grounds.starts[1:]), grounds.ends(benefit=self.benefit)
        places = self._widened({place})
        ends: set[int] = set()
        for at in range(begin, len(claim)):
            places = self._widened(
                {p + 1 for p in places if p < len(grounds.tokens) and grounds.tokens[p] == claim[at]}
            )
            if not places:
                break
            if borders.isdisjoint(places):
                continue
            last = at + 1 == len(claim)  # an unfinished sentence may not lead over to the next part
            whole = any(last or grounds.is_whole(may_end[p]) for p in places if p in may_end)
            ends |= self._with_leads(begin, at + 1, head, whole=whole)
        return ends

    def _widened(self, places: set[int]) -> set[int]:
        waiting = list(places)
        while waiting:
            start = waiting.pop()
            for place in {*self.grounds.jumps.get(start, ()), self.jumps.get(start, start)} - places:
                places.add(place)
                waiting.append(place)
        return places

    def _with_leads(self, begin: int, end: int, head: int, *, whole: bool) -> set[int]:
        """Return ``end`` where the part says the lines that lead its first unit, or the end of what says them.

        A part that is no ``whole`` sentence, 在境外就医的, may only stand before what says them.
        """
        said, units, ends = self.claim[begin:end], self.grounds.units, {end}
        for lead in self.grounds.leads[head]:
            leading = units[self.grounds.first[lead] : lead + 1]
            if not _is_said(leading, said):
                rest = [token for unit in leading for token in _without_these(unit.tokens)]
                ends = {e + len(rest) for e in ends if rest and self.claim[e : e + len(rest)] == rest}
        if self.denial and self.claim[end : end + len(self.denial)] == self.denial:
            ends |= {end + len(self.denial)}
        return ends if whole else ends - {end}

    def _lent(self, start: int) -> set[int]:
        """Return where a part goes on behind words that heading, title or facets lend to it."""
        ends: set[int] = set()
        for begin in range(start, min(start + _LONGEST_LENT, len(self.claim))):
            if begin == start or begin in ends:
                for end in range(begin + _SHORTEST_LENT, min(start + _LONGEST_LENT, len(self.claim)) + 1):
                    words = self.claim[begin:end]
                    if any(_holds(own, words) and self._may_lend(text, words) for text, own in self.lenders.items()):
                        ends.add(end)
        return ends

    def _known(self, head: int) -> Iterator[int]:
        """Yield places behind the words a unit begins with where heading, title or facets say them as well."""
        tokens = self.grounds.units[head].tokens
        for size in range(_SHORTEST_LENT, min(_LONGEST_LENT, len(tokens))):
            if any(
                _holds(own, tokens[:size]) and self._may_lend(text, tokens[:size]) for text, own in self.lenders.items()
            ):
                yield self.grounds.starts[head] + size

    def _facet(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the quote names the region or the insurance that the whole article is about."""
        words = self.lenders.get(text, ())
        for start in range(len(self.grounds.tokens)):
            end = start + len(words)
            if words and tuple(self.grounds.tokens[start:end]) == words and self._may_lend(text, words):
                yield start, end

    def _may_lend(self, lender: str, words: Sequence[str]) -> bool:
        """Tell whether words may be lent: no rule is, nor a person or place beside which another one is named."""
        text = "".join(words)
        marks = marks_of(text)
        kinds = {mark.kind for mark in marks}
        if MODAL.search(text) or not kinds <= INHERITED:
            return False
        around = "".join(self.lenders[lender]), "".join(self.grounds.tokens)
        others = {mark for each in around for mark in marks_of(each) if mark.kind in kinds}
        regions = set(read_regions(text))
        return others <= set(marks) and (not regions or set(read_regions(self.grounds.text)) <= regions)


def _holds(tokens: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(tokens[n : n + len(words)]) == list(words) for n in range(len(tokens) - len(words) + 1))


def _without_these(tokens: Sequence[str]) -> list[str]:
    """Return the tokens of a line that leads a list without 下列情形 and its like."""
    spans = [match.span() for match in RULES["these_items"].finditer(shape_of(tokens))]
    return [token for n, token in enumerate(tokens) if not any(start <= n < end for start, end in spans)]


def _is_said(leading: Sequence[Unit], said: Sequence[str]) -> bool:
    """Tell whether a sentence says a leading line, or loses nothing without it: 提交申请: 先递交申请."""
    text = ",".join(unit.text for unit in leading)
    tokens = [token for unit in leading for token in _without_these(unit.tokens)]
    if denies(text):
        return _holds(said, tokens)
    items = "".join(tokens).split("、") if len(leading) == 1 else [text]
    return bool(RULES["label"].search(text)) or any(_repeats(said, item) for item in items)


def _repeats(said: Sequence[str], label: str) -> bool:
    held = marks_of("".join(said))
    share = sum(token in said for token in label)
    return share >= _MIN_LABEL * len(label) and all(mark in held for mark in marks_of(label))
