"""The rules by which texts are compared, and the critical marks of a text: figures, denials, limits, who and where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yibao.language.normalise import fold
from yibao.language.quantities import read_figures

_VOCABULARY = json.loads((Path(__file__).parent / "claims.json").read_text(encoding="utf-8"))
_MARKS: list[tuple[str, str, str]] = _VOCABULARY["marks"]
_MARK = re.compile("|".join(f"(?P<m{number}>{pattern})" for number, (_, _, pattern) in enumerate(_MARKS)))
# Kinds that may also be said before the quoted words, in the heading, the title or the facets.
INHERITED = frozenset(_VOCABULARY["inherited"])
WRITINGS: list[tuple[str, str]] = _VOCABULARY["one_writing"]
RULES = {name: re.compile(pattern) for name, pattern in _VOCABULARY["rules"].items()}
# Whoever writes so speaks to a model, not to a reader: nothing such a text says is evidence.
_TO_A_MODEL = re.compile("|".join(_VOCABULARY["to_a_model"]))


@dataclass(frozen=True)
class Mark:
    """Something that must be the same in sentence and quote: a figure, a denial, a limit, a person ..."""

    kind: str
    value: str


def speaks_to_a_model(text: str) -> bool:
    """Tell whether a text gives orders to whatever reads it, as planted in articles."""
    return bool(_TO_A_MODEL.search(fold(text)))


def denies(folded: str) -> bool:
    """Tell whether a folded text denies something, or reports what others wrongly believe."""
    return bool(RULES["denial"].search(folded) or RULES["untrue"].search(folded))


def marks_of(folded: str) -> list[Mark]:
    """Return the critical marks in their order; a word that is said twice counts once, figures each time."""
    found = [(figure.start, Mark("figure", form)) for figure in read_figures(folded) for form in figure.forms]
    for match in _MARK.finditer(folded):
        kind, value, _ = _MARKS[int((match.lastgroup or "m0")[1:])]
        found.append((match.start(), Mark(kind, value or match.group())))
    in_order = [mark for _, mark in sorted(found, key=lambda pair: pair[0])]
    return list(_each_once(in_order))


def _each_once(marks: Sequence[Mark]) -> Iterator[Mark]:
    seen: set[Mark] = set()
    for mark in marks:
        if mark.kind not in INHERITED or mark not in seen:
            yield mark
        seen.add(mark)
