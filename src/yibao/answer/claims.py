"""What a text claims, as far as it can be compared: its clauses, its critical marks, its words and names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from yibao.language.normalise import fold
from yibao.language.places import place_names, read_regions
from yibao.language.quantities import read_figures
from yibao.language.segmenter import default_segmenter
from yibao.language.terms import shown_terms

_VOCABULARY = json.loads((Path(__file__).parent / "claims.json").read_text(encoding="utf-8"))
_MARKS: list[tuple[str, str, str]] = _VOCABULARY["marks"]
_MARK = re.compile("|".join(f"(?P<m{number}>{pattern})" for number, (_, _, pattern) in enumerate(_MARKS)))
# Kinds that may also be said before the quoted clauses, in the heading, the title or the facets.
INHERITED = frozenset(_VOCABULARY["inherited"])
_ONLY_IF_QUOTED = [re.compile(pattern) for pattern in _VOCABULARY["only_if_quoted"]]
# Whoever writes so speaks to a model, not to a reader: nothing such a text says is evidence.
_TO_A_MODEL = re.compile("|".join(_VOCABULARY["to_a_model"]))
_BORDER = re.compile(r"[,:](?!\d)|[;。!?\n、()]|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[-*+]|#+|\d{1,2}[.、])[ \t]*")
_DENIAL = re.compile("(?:不|无|未|没有?|免)(?:需要?|用|能|可以?|得|须|予|会|必)?|需要|可以|能够?")
_NEED_NOT = re.compile("不需要?|无需|无须|不须|不用|不必")
_CANNOT = re.compile("不可以?|不能够?|无法")
_LATIN = re.compile(r"[a-z][a-z0-9._/-]+")
_NAMED = re.compile('[「《“"]([^」》”"]+)[」》”"]')


@dataclass(frozen=True)
class Mark:
    """Something that must be the same in sentence and quote: a figure, a denial, a limit, a person ..."""

    kind: str
    value: str


def speaks_to_a_model(text: str) -> bool:
    """Tell whether a text gives orders to whatever reads it, as planted in articles."""
    return bool(_TO_A_MODEL.search(fold(text)))


class Claim:
    """A sentence, folded, and what must be found in a quote."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        self.marks = marks_of(folded)
        self.names = [*_LATIN.findall(folded), *_NAMED.findall(folded)]
        self.needed = [pattern for pattern in _ONLY_IF_QUOTED if pattern.search(folded)]
        self.figures = frozenset(mark.value for mark in self.marks if mark.kind == "figure")
        self.negated = any(mark.kind == "negation" for mark in self.marks)

    @cached_property
    def words(self) -> list[str]:
        """Its content words, but for those that are compared as marks or as regions."""
        words = shown_terms(self.text, default_segmenter())
        places = place_names()
        return [word for word in words if not (word[0].isdigit() or word in places or _DENIAL.fullmatch(word))]

    @cached_property
    def clauses(self) -> list[Clause]:
        """Its clauses."""
        return clauses_of(self.text)

    @cached_property
    def regions(self) -> set[str]:
        """The regions it names."""
        return set(read_regions(self.text))


@dataclass(frozen=True)
class Clause:
    """A clause, its pairs of characters, its figures, and whether it denies something."""

    text: str
    pairs: frozenset[str]
    figures: frozenset[str]
    denies: bool

    def shared(self, other: Clause) -> int:
        """Return how many pairs of characters both hold."""
        return len(self.pairs & other.pairs)


def clauses_of(folded: str) -> list[Clause]:
    """Return the clauses of a folded text, without list marks."""
    parts = [part for part in _BORDER.split(_LIST_MARK.sub("", folded)) if part.strip()]
    return [_clause(part) for part in parts]


def _clause(part: str) -> Clause:
    marks = marks_of(part)
    told = frozenset(mark.value for mark in marks if mark.kind == "figure")
    return Clause(part, pairs_of(part), told, any(mark.kind == "negation" for mark in marks))


def pairs_of(text: str) -> frozenset[str]:
    """Return all pairs of neighbouring letters or characters, figures left out; a lone one stands for itself."""
    solid = re.sub(r"[\W的是为了]", "", _CANNOT.sub("不能", _NEED_NOT.sub("不需", _without_figures(text))))
    return frozenset(solid[n : n + 2] for n in range(len(solid) - 1)) or frozenset([solid] if solid else [])


def _without_figures(folded: str) -> str:
    borders = [0, *(place for figure in read_figures(folded) for place in (figure.start, figure.end)), len(folded)]
    return "".join(folded[start:end] for start, end in zip(borders[::2], borders[1::2], strict=True))


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
