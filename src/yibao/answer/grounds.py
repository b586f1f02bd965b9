"""A quote as ground for sentences: where what it says begins anew, and which lines hold for what stands below them.

A condition stands in front of what it holds for. So what is said begins anew where a sentence of the quote does, or at
the second of two parallel rules (在职报 70%, 退休报 80%).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from yibao.answer.claims import RULES
from yibao.answer.shortening import inner_jumps
from yibao.answer.units import DUTY, MODAL, units_of

_MOST_LEADS = 3  # that hold for one unit


class Grounds:
    """A quote in one writing. A place is a number of tokens, as in slices.

    ``starts`` has the place where each unit begins, and the end; ``unit_of`` for each token its unit; ``first`` for
    each unit the first one of its sentence; ``heads`` the units with which something begins anew; ``groups`` for each
    unit the head that it stands under; ``leads`` for each unit those that end in a colon and hold for it; ``jumps``
    from a place to those up to which a sentence may leave out the tokens.
    """

    def __init__(self, folded: str) -> None:
        """Read a quote, folded."""
        self.text, self.units = folded, units_of(folded)
        self.tokens = [token for unit in self.units for token in unit.tokens]
        self.starts = [0, *accumulate(len(unit.tokens) for unit in self.units)]
        self.first = self._first_units()
        self.unit_of = [n for n, unit in enumerate(self.units) for _ in unit.tokens]
        self.heads = {n for n in range(len(self.units)) if self._is_head(n)}
        self.groups = [max((head for head in self.heads if head <= n), default=0) for n in range(len(self.units))]
        self.leads = list(self._open_leads())
        self.jumps: defaultdict[int, set[int]] = defaultdict(set)
        for start, end in self._jumps():
            self.jumps[start].add(end)

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
        return bool(free) and not before.is_topic and any(first.opening[kind] != unit.opening[kind] for kind in named)

    def _open_leads(self) -> Iterator[list[int]]:
        """Yield for each unit those ending in a colon that hold for it: to the line end, or in the list below it."""
        leads: list[int] = []
        for n, unit in enumerate(self.units):
            if RULES["corrects"].search(unit.text):
                leads = [lead for lead in leads if not RULES["untrue"].search(self.units[lead].text)]
            yield leads
            leads = [lead for lead in leads if not self._closes(unit.border, self.units[lead].border)]
            leads = [*leads[-_MOST_LEADS:], n] if unit.border[:1] == ":" else leads

    @staticmethod
    def _closes(border: str, opened: str) -> bool:
        """Tell whether a unit with this border is the last for which a line that ended in ``opened`` holds."""
        if "\n\n" in opened:
            return "\n\n" in border and border[0] != ";"
        return ("\n\n" if "\n" in opened else "\n") in border

    def _jumps(self) -> Iterator[tuple[int, int]]:
        for n, unit in enumerate(self.units):
            duty = any(DUTY.search(each.shape) for each in self.units[self.first[n] : n])
            for start, end in inner_jumps(unit, duty=duty):
                yield self.starts[n] + start, self.starts[n] + end


@lru_cache(maxsize=64)
def grounds_of(folded: str) -> Grounds:
    """Return a folded quote as ground for sentences."""
    return Grounds(folded)
