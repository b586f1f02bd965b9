"""Which units of a quote may a sentence leave out altogether?

A condition stands in front of what it holds for, a limit behind it, and the line that leads a list above its items.
"""

from __future__ import annotations

from yibao.answer.claims import RULES, marks_of
from yibao.answer.laying import Laid
from yibao.answer.units import DUTY, MODAL, Unit

_MIN_LABEL = 0.6  # share of a label's tokens that a sentence holds where it leaves the label out
_LONGEST_LABEL = 12  # tokens of a label that says nothing


class Omissions:
    """The units of a quote that a sentence does not use."""

    def __init__(self, laid: Laid, *, benefit: bool) -> None:
        """Take a laid sentence; ``benefit``: it gives and asks nothing for it."""
        self.laid, self.grounds, self.units, self.benefit = laid, laid.grounds, laid.grounds.units, benefit
        self.touched = set(laid.touched)

    def are_safe(self) -> bool:
        """Tell whether nothing that is left out holds for what is said."""
        first, touched = self.grounds.first, self.touched
        sentences = {first[n] for n in touched}
        unused = [n for n in range(len(self.units)) if n not in touched]
        following = [n for n in unused if first[n] == n and n and first[n - 1] in sentences]
        if any(RULES["turns_back"].search(self.units[n].text) for n in following):
            return False
        myths = {n for n in touched if self.units[n].border[:1] == ":" and RULES["untrue"].search(self.units[n].text)}
        if not all(any(myth in self.grounds.leads[n] for n in touched) for myth in myths):
            return False
        leads = {lead for n in touched for lead in self.grounds.leads[n]} - touched
        if not all(self._is_label(self.units[lead]) for lead in leads) or any(map(self._lacks_head, touched)):
            return False
        return all(self._is_free(n) for n in unused if first[n] in sentences)

    def _is_label(self, unit: Unit) -> bool:
        if RULES["untrue"].search(unit.text):
            return False
        said = "".join(self.laid.claim)
        share = sum(token in said for token in unit.tokens)
        if share >= _MIN_LABEL * len(unit.tokens):
            return True
        return len(unit.tokens) <= _LONGEST_LABEL and not (RULES["critical"].search(unit.shape) or marks_of(unit.text))

    def _lacks_head(self, n: int) -> bool:
        """Tell whether a unit is said of what another rule begins with."""
        first, head = self.grounds.first, self.grounds.groups[n]
        return head not in self.touched and any(first[k] == first[n] and k < head for k in self.touched)

    def _is_free(self, n: int) -> bool:
        """Tell whether a unit binds nothing of what is said in its sentence."""
        unit, first = self.units[n], self.grounds.first
        used = sorted(k for k in self.touched if first[k] == first[n])
        one = "之一" in unit.text or not unit.is_topic  # of several each is enough
        if (
            one
            and RULES["these"].search(unit.shape)
            and any(lead >= n for k in self.touched for lead in self.grounds.leads[k])
        ):
            return True
        if n < used[-1] and (unit.border[:1] == ":" or RULES["source"].search(unit.text)):  # judged as a lead
            return True
        if n > used[-1]:
            return self._is_free_behind(n, used[-1])
        later = next(k for k in used if k > n)
        anew = any(k in self.grounds.heads for k in range(n + 1, later + 1))
        if n < used[0]:
            return anew or (not unit.is_topic and unit.asserts and not self._is_bare_condition(n))
        return self._is_free_between(n, later, anew=anew)

    def _is_bare_condition(self, n: int) -> bool:
        """Tell whether what may or must be follows a unit that does not say so: 缴费满一年, 可以报销."""
        return bool(MODAL.match(self.units[n + 1].shape) and not MODAL.search(self.units[n].shape))

    def _is_free_behind(self, n: int, last: int) -> bool:
        """Tell whether a unit behind the last one that is used neither takes back nor limits it."""
        units, text = self.units, self.units[n].text
        part = next((k for k in range(last + 1, n + 1) if units[k - 1].border[:1] == ";"), None)
        turns = RULES["turns_back"].search(text if part is None else units[part].text)
        if part is not None:
            return not (turns or RULES["takes_back"].search(units[part].text))
        if turns or RULES["source"].search(text) or any(k in self.grounds.heads for k in range(last + 1, n + 1)):
            return not turns
        if RULES["takes_back"].search(text) or (RULES["topic"].search(text) and units[n].ends_sentence):
            return False
        return not (self.benefit and (RULES["binds"].search(text) or DUTY.search(units[n].shape)))

    def _is_free_between(self, n: int, later: int, *, anew: bool) -> bool:
        """Tell whether a unit between two that are used is one of several, or only goes on with what was said."""
        unit, before = self.units[n], self.units[n - 1]
        if unit.shape[0] in "、或" and not MODAL.search(before.shape) and unit.is_topic == before.is_topic:
            return True
        if any(RULES[rule].search(unit.text) for rule in ("turns_back", "takes_back")):
            return False
        asserted = any(self.units[k].asserts for k in range(self.grounds.first[n], n))
        if anew:
            return asserted or all(self.units[k].border[:1] != ";" for k in range(n, later))
        if not (asserted or unit.asserts):  # 2025年, 职工生孩子, 医疗费能报销
            return False
        if unit.is_topic or any(RULES[rule].search(unit.text) for rule in ("binds", "hedge")):
            return False
        if RULES["refers"].search(unit.text) and not MODAL.search(unit.shape):
            return True
        if "#" in unit.shape and not MODAL.search(unit.shape):
            return bool(unit.opening.keys() & self.units[later].opening.keys())
        return not self._is_bare_condition(n) and not (self.benefit and DUTY.search(unit.shape))
