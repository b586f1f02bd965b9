"""A quote as ground for sentences: where one may begin in it and end, and what it may leave out between.

A condition stands in front of what it holds for. So a sentence begins where a sentence of the quote does, or at the
second of two parallel rules (在职报 70%, 退休报 80%); it ends where nothing that follows takes back or limits what was
said; between, it may leave out items of a list, predicates beside others, and units that bind nothing that is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, groupby

from yibao.answer.claims import RULES
from yibao.answer.shortening import inner_jumps
from yibao.answer.units import DUTY, MODAL, Unit, units_of

_SHORTEST_SUBJECT = 2  # tokens
_MOST_PREDICATES = 10  # of one subject
_MOST_UNITS = 30  # of one sentence
_MOST_LEADS = 3  # that hold for one unit
_LONGEST_FRAGMENT = 8  # tokens of a label that says nothing by itself


class Grounds:
    """A quote in one writing. A place is a number of tokens, as in slices.

    ``starts`` has the place where each unit begins, and the end; ``first`` for each unit the first one of its sentence;
    ``heads``, in order, the units with which a sentence may begin; ``leads`` for each unit those that end in a colon
    and hold for it; ``jumps`` from a place to those up to which a sentence may leave out the tokens.
    """

    def __init__(self, folded: str) -> None:
        """Read a quote, folded."""
        self.text, self.units = folded, units_of(folded)
        self.tokens = [token for unit in self.units for token in unit.tokens]
        self.starts = [0, *accumulate(len(unit.tokens) for unit in self.units)]
        self.first = self._first_units()
        self.heads = {n: None for n in range(len(self.units)) if self._is_head(n)}
        self.leads = list(self._open_leads())
        self.jumps: defaultdict[int, set[int]] = defaultdict(set)
        for start, end in self._jumps():
            self.jumps[start].add(end)
        self._ends: dict[bool, dict[int, int]] = {}

    def _first_units(self) -> list[int]:
        """Return for each unit the first one of its sentence."""
        first: list[int] = []
        for n in range(len(self.units)):
            first.append(n if n == 0 or self.units[n - 1].ends_sentence else first[-1])
        return first

    def _is_head(self, n: int) -> bool:
        """Tell whether what is said from this unit on needs nothing that stands before it, but for leading lines."""
        unit, first, before = self.units[n], self.units[self.first[n]], self.units[n - 1]
        if n == self.first[n] or before.border[0] == ":":
            return True
        if first.text.startswith("除"):  # an exception holds for all the sentence
            return False
        if RULES["shared"].search(first.text) and RULES["shared"].search(unit.text):
            return True
        resumes = before.border[0] == ";" and not MODAL.match(unit.shape)
        if resumes and (not first.is_topic or unit.text.startswith("但")):
            return True
        free = not first.is_topic or RULES["agent"].search(first.shape)  # no condition stands before both
        if free and before.asserts and unit.has_own_subject:
            return True
        named = first.opening.keys() & unit.opening.keys()
        return bool(free) and any(first.opening[kind] != unit.opening[kind] for kind in named)

    def _open_leads(self) -> Iterator[list[int]]:
        """Yield for each unit those ending in a colon that hold for it: to the line end, or in the list below it."""
        leads: list[int] = []
        for n, unit in enumerate(self.units):
            if RULES["corrects"].search(unit.text):
                leads = [lead for lead in leads if not RULES["untrue"].search(self.units[lead].text)]
            yield leads
            ended = "\n\n" if "\n\n" in unit.border else "\n"
            leads = [k for k in leads if ended not in unit.border or (ended == "\n" and "\n" in self.units[k].border)]
            leads = [*leads[-_MOST_LEADS:], n] if unit.border[:1] == ":" else leads

    def _jumps(self) -> Iterator[tuple[int, int]]:
        for n, unit in enumerate(self.units):
            duty = any(DUTY.search(each.shape) for each in self.units[self.first[n] : n])
            for start, end in inner_jumps(unit, duty=duty):
                yield self.starts[n] + start, self.starts[n] + end
            if RULES["source"].search(unit.text) or (n not in self.heads and self._is_aside(n)):
                yield self.starts[n], self.starts[n + 1]
            if unit.border[:1] == ":":
                for later in self.heads:
                    if later > n and n in self.leads[later]:
                        yield self.starts[n + 1], self.starts[later]
            yield from self._over_predicates(n)

    def _is_aside(self, n: int) -> bool:
        """Tell whether a unit is one of several, or goes on with what was said and binds nothing."""
        unit, before = self.units[n], self.units[n - 1]
        if n + 1 < len(self.units) and RULES["refers"].search(self.units[n + 1].text):
            return False
        if unit.shape[0] in "、或":
            return not MODAL.search(before.shape) and unit.is_topic == before.is_topic
        rules = (RULES["binds"], RULES["takes_back"], RULES["turns_back"])
        free = not (unit.is_topic or MODAL.search(unit.shape) or "#" in unit.shape)
        free = free and not any(rule.search(unit.text) for rule in rules)
        return free and before.asserts and unit.border[:1] == ","

    def _over_predicates(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield jumps from a predicate to a later one of the same subject: 可以支付药费, 不能提现."""
        modal = MODAL.search(self.units[n].shape)
        if RULES["adjunct"].search(self.units[n].text):  # 因医疗需要
            return
        for later in range(n + 1, min(len(self.units), n + _MOST_PREDICATES)):
            between = self.units[n:later]
            if not modal or later in self.heads or any(unit.is_topic for unit in between):
                return
            if MODAL.match(self.units[later].shape):
                yield self.starts[n] + modal.start(), self.starts[later]
            elif not any(re.search("[先后前才]", unit.shape) for unit in between):
                yield self.starts[n] + modal.end(), self.starts[later]

    def lone_conditions(self) -> Iterator[tuple[list[str], Unit]]:
        """Yield each condition that is the only one of its sentence, with the tokens of the sentence before it."""
        for first, numbers in groupby(range(len(self.units)), key=self.first.__getitem__):
            own = list(numbers)
            topics = [n for n in own if self.units[n].is_topic]
            if len(own) > 1 and len(topics) == 1:
                yield self.tokens[self.starts[first] : self.starts[topics[0]]], self.units[topics[0]]

    def behind_subject(self, said: int, head: int) -> set[int]:
        """Return places in a unit behind what it has in common with one said before, or before its predicate."""
        one, other = self.units[said].tokens, self.units[head].tokens
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        modal = MODAL.search(self.units[head].shape)
        places = set(range(_SHORTEST_SUBJECT, same + 1))
        if said == head and modal and modal.start() >= _SHORTEST_SUBJECT:
            places.add(modal.start())
        return {self.starts[head] + place for place in places}

    def is_whole(self, n: int) -> bool:
        """Tell whether what follows a unit begins anew, or the unit itself says what may or must be."""
        unit = self.units[n]
        return unit.ends_sentence or n + 1 in self.heads or bool(MODAL.search(unit.shape) and unit.asserts)

    def ends(self, *, benefit: bool) -> dict[int, int]:
        """Return the units behind which a sentence may end, by place; ``benefit``: it gives and asks nothing for it."""
        if benefit not in self._ends:
            numbers = [n for n in range(len(self.units)) if self._may_end(n, benefit=benefit)]
            self._ends[benefit] = {self.starts[n + 1]: n for n in numbers}
        return self._ends[benefit]

    def _may_end(self, n: int, *, benefit: bool) -> bool:
        unit = self.units[n]
        if (unit.is_topic and not unit.ends_sentence) or unit.border.startswith("?"):
            return False
        if unit.border[:1] == ":" and (len(unit.tokens) < _LONGEST_FRAGMENT or RULES["these"].search(unit.shape)):
            return False
        for k, other in enumerate(self.units[n + 1 : n + _MOST_UNITS], n + 1):
            if RULES["turns_back"].search(other.text):
                return False
            if k in self.heads:  # it begins anew
                return True
            limits = benefit and (RULES["binds"].search(other.text) or DUTY.search(other.shape))
            condition = RULES["topic"].search(other.text) and other.ends_sentence
            if limits or condition or RULES["takes_back"].search(other.text):
                return False
            said = self.units[self.first[n] : k]
            if k == n + 1 and MODAL.match(other.shape) and not any(each.asserts for each in said):
                return False  # what stands before is a condition without a mark of it
        return n + _MOST_UNITS > len(self.units)


@lru_cache(maxsize=64)
def grounds_of(folded: str) -> Grounds:
    """Return a folded quote as ground for sentences."""
    return Grounds(folded)
