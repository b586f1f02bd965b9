"""What a sentence adds to the units of the quote that it is laid on, and what it leaves out of them.

Closed lists say which words tell nothing. Beside them a sentence may differ in a few single characters that tell no
figure, denial, limit, direction, person or place (出具: 开具), since a word of the same meaning often shares the other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from yibao.answer.claims import INHERITED, RULES, marks_of
from yibao.answer.laying import Laid
from yibao.answer.lenders import Lenders
from yibao.answer.units import MODAL, shape_of

_TOKENS_A_CHARACTER = 10  # tokens of a sentence for each character that may differ
_MOST_CHARACTERS = 4
_WORD = 3  # tokens up to which a word that is said elsewhere must tell nothing
_PREDICATE = re.compile("[CNFDMO不由]")
_RULING = re.compile("[CFNDMOXW不]")


class Leftovers:
    """What two texts do not share; ``turned`` are the units in which a phrase was moved."""

    def __init__(self, laid: Laid, lenders: Lenders, turned: Collection[int], *, benefit: bool) -> None:
        """Take a laid sentence; ``benefit``: it gives and asks nothing for it."""
        self.laid, self.lenders, self.turned, self.benefit = laid, lenders, turned, benefit
        self.units, self.starts = laid.grounds.units, laid.grounds.starts
        self.said = "".join(laid.claim)
        self.characters = 0

    def are_safe(self) -> bool:
        """Tell whether nothing that is left over makes a difference."""
        laid = self.laid
        if not all(self._may_add(start, end) for start, end in laid.added()):
            return False
        gaps = [(unit, start, end) for unit in laid.touched for start, end in laid.missing(unit)]
        return all(self._may_miss(*gap) for gap in gaps)

    def _may_add(self, start: int, end: int) -> bool:
        claim, shape = self.laid.claim, shape_of(self.laid.claim[start:end])
        unit = self.laid.unit_from(start)
        if shape == "C" and unit is not None and not _RULING.search(self.units[unit].shape):  # what is so, may be so
            return True
        last = self.laid.places[start - 1]
        if shape == "后" and start + 1 in self.laid.borders and last is not None:  # 审核的, or 审核后
            return self.units[self.laid.grounds.unit_of[last]].is_topic
        if RULES["may_be_added"].fullmatch(shape) or self._differs_little(claim, start, end, "may_be_added"):
            return True
        while end - start > 1 and RULES["may_be_added"].fullmatch(claim[start]):
            start += 1
        while end - start > 1 and RULES["may_be_added"].fullmatch(claim[end - 1]):
            end -= 1
        words = claim[start:end]
        if self._takes_a_place(end):
            return False
        before = shape_of(claim[max(border for border in self.laid.borders if border <= start) : start])
        subject = not (_RULING.search(before) or "#" in before)
        known = (
            len(words) > 1 and not MODAL.search("".join(words)) and "".join(words) in "".join(self.laid.grounds.tokens)
        )
        return known or (subject and self.lenders.lend(words))

    def _takes_a_place(self, end: int) -> bool:
        """Tell whether words that end there stand where the quote has other words."""
        place = next((place for place in self.laid.places[end:] if place is not None), None)
        return place is not None and place not in self.starts and place - 1 not in self.laid.used

    def _may_miss(self, n: int, start: int, end: int) -> bool:
        unit, words = self.units[n], self.laid.grounds.tokens[start:end]
        begin, shape, kinds = start - self.starts[n], shape_of(words), {mark.kind for mark in marks_of("".join(words))}
        if RULES["may_be_missed"].fullmatch(shape) or self._jumps(start, end) or self._is_said(n, begin, words):
            return True
        if self.lenders.lend(words) and (begin == 0 or kinds == {"insurance"}):
            return True
        if shape == "对" and begin == 0 and unit.is_topic:
            return True
        if begin > 1 and end == self.starts[n + 1] and self._is_other_predicate(n, begin):
            return True
        if self._differs_little(unit.tokens, begin, begin + len(words), "may_be_missed"):
            return True
        phrase = RULES["adjunct_phrase"].fullmatch(shape) and not RULES["critical"].search(shape[1:])
        return bool(phrase) and unit.shape[:begin][-1:] not in ("W", "不", "未")

    def _jumps(self, start: int, end: int) -> bool:
        """Tell whether tokens may be left out one after the other, as items of a list."""
        reached = {start}
        for place in range(start, end):
            if place in reached:
                reached |= self.laid.grounds.jumps[place]
                if RULES["may_be_missed"].fullmatch(self.laid.grounds.tokens[place]):
                    reached.add(place + 1)
        return end in reached

    def _is_said(self, n: int, begin: int, words: Sequence[str]) -> bool:
        """Tell whether the sentence says elsewhere what it does not say here: a subject, or a long word."""
        text = "".join(words)
        if len(text) <= 1 or text not in self.said:
            return False
        if begin == 0:
            return True
        own = marks_of(text)
        kinds = {mark.kind for mark in own} & INHERITED
        other = any(mark.kind in kinds and mark not in own for mark in marks_of(self.said))
        tells = MODAL.search(text) or "#" in text or other
        return not tells and n not in self.turned and (len(text) > _WORD or not RULES["critical"].search(text))

    def _is_other_predicate(self, n: int, begin: int) -> bool:
        """Tell whether a unit is left from a predicate on that stands beside a later one that the sentence says."""
        first, unit, shape = self.laid.grounds.first, self.units[n], self.units[n].shape
        later = next((self.units[k] for k in self.laid.touched if k > n and first[k] == first[n]), None)
        if later is None or unit.is_topic or later.is_topic or RULES["takes_back"].search(later.text):
            return False
        if self.benefit and (RULES["limits"].search(shape[begin:]) or RULES["binds"].search(shape[begin:])):
            return False
        if MODAL.match(shape[begin - 1]):  # 应当 | 接受检查, 提供资料
            return not (MODAL.match(later.shape) or RULES["sequence"].search(unit.text))
        return bool(_PREDICATE.match(shape[begin:]) and _PREDICATE.match(later.shape))

    def _differs_little(self, tokens: Sequence[str], start: int, end: int, free: str) -> bool:
        """Tell whether but for words that tell nothing one character is left, and it tells nothing that is critical."""
        left = [token for token in tokens[start:end] if not RULES[free].fullmatch(token)]
        if len(left) != 1 or not re.fullmatch("[\u3400-\u9fff]", left[0]) or RULES["telling"].search(left[0]):
            return False
        unit = self.laid.unit_from(start) if tokens is self.laid.claim else None
        if tokens is not self.laid.claim or unit is not None:
            own = "".join(tokens if unit is None else self.units[unit].tokens)
            if {mark for mark in marks_of(own) if mark.kind in INHERITED} - set(marks_of(self.said)):
                return False
        before, after = "".join(tokens[max(0, start - 2) : start]), "".join(tokens[end : end + 2])
        window, around = before + "".join(tokens[start:end]) + after, f"{before}|{after}"
        if set(marks_of(window)) - set(marks_of(around)) or len(RULES["critical"].findall(window)) != len(
            RULES["critical"].findall(around)
        ):
            return False
        self.characters += 1
        return self.characters <= max(1, min(_MOST_CHARACTERS, len(self.laid.claim) // _TOKENS_A_CHARACTER))
