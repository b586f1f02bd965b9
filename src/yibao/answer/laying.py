"""A sentence laid onto its quote: for each token of the sentence the place in the quote that it comes from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from yibao.answer.grounds import Grounds

_SHORTEST_RUN = 2  # tokens in a row that are the same
_NEAR = 20  # tokens between two runs among which a single token is looked for


@dataclass(frozen=True)
class Laid:
    """The tokens of a sentence with their places in a quote; None for those that the quote has no place for.

    ``borders`` has the number of tokens before each unit of the sentence, and that of all.
    """

    claim: tuple[str, ...]
    borders: tuple[int, ...]
    grounds: Grounds
    places: tuple[int | None, ...]

    @cached_property
    def used(self) -> frozenset[int]:
        """The places of the quote that the sentence takes up."""
        return frozenset(place for place in self.places if place is not None)

    @cached_property
    def touched(self) -> list[int]:
        """The units of the quote that the sentence takes something from."""
        return sorted({self.grounds.unit_of[place] for place in self.used})

    def unit_from(self, n: int) -> int | None:
        """Return the unit of the quote that the sentence goes on with at its token ``n``."""
        return next((self.grounds.unit_of[place] for place in self.places[n:] if place is not None), None)

    def added(self) -> Iterator[tuple[int, int]]:
        """Yield start and end of what the sentence has and the quote has not."""
        return _gaps(range(len(self.claim)), lambda n: self.places[n] is None)

    def missing(self, unit: int) -> Iterator[tuple[int, int]]:
        """Yield start and end, as places, of what a unit of the quote has and the sentence has not."""
        return _gaps(range(*self.grounds.starts[unit : unit + 2]), lambda place: place not in self.used)


def _gaps(numbers: range, is_gap: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
    for gap, run in groupby(numbers, key=is_gap):
        own = list(run)
        if gap:
            yield own[0], own[-1] + 1


def lay(claim: list[str], borders: list[int], grounds: Grounds) -> Laid:
    """Lay a sentence onto a quote in runs, the longest first, then the single tokens left between them."""
    places: list[int | None] = [None] * len(claim)
    free = [True] * len(grounds.tokens)
    for begin, place, size in _runs(claim, grounds):
        fits = [places[begin + k] is None and free[place + k] for k in range(size)]
        for start, end in _gaps(range(size), fits.__getitem__):
            for k in range(start, end) if end - start >= _SHORTEST_RUN else ():
                places[begin + k], free[place + k] = place + k, False
    for n in range(len(claim)):
        if places[n] is None:
            spot = next((p for p in _spots(n, places, grounds) if free[p] and grounds.tokens[p] == claim[n]), None)
            if spot is not None:
                places[n], free[spot] = spot, False
    return Laid(tuple(claim), tuple(borders), grounds, tuple(places))


def _runs(claim: list[str], grounds: Grounds) -> list[tuple[int, int, int]]:
    """Return start, place and size of each longest run inside a unit of the quote, in the order to be laid."""
    spots: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(grounds.tokens):
        spots[token].append(place)
    unit_of = grounds.unit_of
    sizes: dict[tuple[int, int], int] = {}
    for n in reversed(range(len(claim))):
        for p in spots.get(claim[n], ()):
            goes_on = p + 1 < len(unit_of) and unit_of[p] == unit_of[p + 1]
            sizes[n, p] = 1 + (sizes.get((n + 1, p + 1), 0) if goes_on else 0)
    runs = [
        (n, p, size)
        for (n, p), size in sizes.items()
        if size >= _SHORTEST_RUN and ((n - 1, p - 1) not in sizes or unit_of[p - 1] != unit_of[p])
    ]
    weight: Counter[int] = Counter()  # of two places the one in the sentence that has more in common
    for _, p, size in runs:
        weight[grounds.first[unit_of[p]]] += size * size
    return sorted(runs, key=lambda run: (-run[2], -weight[grounds.first[unit_of[run[1]]]], run[1], run[0]))


def _spots(n: int, places: list[int | None], grounds: Grounds) -> Iterator[int]:
    """Yield places for a single token: between its neighbours, behind the one before, in front of the one after."""
    starts, unit_of = grounds.starts, grounds.unit_of
    before = next((p for p in reversed(places[:n]) if p is not None), None)
    after = next((p for p in places[n:] if p is not None), None)
    low, high = 0 if before is None else before + 1, len(unit_of) if after is None else after
    if high - low < _NEAR:
        yield from range(low, high)
    if before is not None:
        yield from range(low, starts[unit_of[before] + 1])
    if after is not None:
        same = before is not None and unit_of[before] == unit_of[after]
        yield from reversed(range(low if same else starts[unit_of[after]], after))
