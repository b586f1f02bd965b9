"""The few signs of danger that must never be missed: rules that can be read, each with a sentence that it is for.

They stand in ``danger_core.json``. A rule counts unless it is denied, or the words around it say that this is not
about somebody in danger now (``unless``: paying, the past, wanting to know, something told). Then nothing is decided
here: the text is left to the learned head.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yibao.answer.danger_head import Emergency

RULES = Path(__file__).parent / "danger_core.json"

# What takes the danger out of a sign. Who wishes to die is heard in a question about money or the past, too.
_UNLESS = {
    "medical": ("money", "past", "learning", "told"),
    "wish": ("learning", "told"),
    "deed": ("money", "past", "learning", "told"),
}
_DENIED = re.compile("(?:不是|没有?|并未|未|排除了?|并非|不会|无)[^,。!?;]{0,2}$")


@dataclass(frozen=True)
class Rule:
    """One sign of danger, searched in folded text; where a pattern of ``unless`` stands, the head decides."""

    name: str
    danger: Emergency
    pattern: re.Pattern[str]
    unless: tuple[re.Pattern[str], ...]
    witness: str

    def holds(self, folded: str) -> bool:
        """Tell whether the sign stands in the text, for somebody, now."""
        found = any(not _DENIED.search(folded[: match.start()]) for match in self.pattern.finditer(folded))
        return found and not any(pattern.search(folded) for pattern in self.unless)


def core_danger(folded: str) -> Emergency | None:
    """Return the danger that a rule sees in folded text; a wish to die comes before any other."""
    dangers = {rule.danger for rule in core_rules() if rule.holds(folded)}
    return "self_harm" if "self_harm" in dangers else "medical" if dangers else None


@cache
def core_rules() -> tuple[Rule, ...]:
    """Return the shipped rules, read once."""
    values = json.loads(RULES.read_text(encoding="utf-8"))
    words = {name: re.compile(pattern) for name, pattern in values["unless"].items()}
    return tuple(
        Rule(
            row["name"],
            "medical" if sort == "medical" else "self_harm",
            re.compile(row["pattern"]),
            tuple(words[name] for name in names),
            row["witness"],
        )
        for sort, names in _UNLESS.items()
        for row in values[sort]
    )
