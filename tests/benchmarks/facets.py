"""Precision, recall and F1 of the facets on the labelled sentences: ``python tests/benchmarks/facets.py [--misses]``.

The sentences of ``tests/data/facets.jsonl`` with an even place in the file are those the rules were tuned on, the odd
ones were only counted. For regions and years also what the packages ``cpca`` and ``jionlp`` read, where they are
installed: they are no dependency of this project (``pip install cpca jionlp`` into another environment, and put this
project's ``src`` on PYTHONPATH). They do not know of 参保地 and 就医地, so their regions are held against both.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SENTENCES = Path(__file__).parents[1] / "data" / "facets.jsonl"
FACETS = ("regions", "treated_in", "insurance", "person", "years", "topics")
Row = dict[str, Any]
Reader = Callable[[str], set[Any]]


@dataclass(frozen=True)
class Counted:
    """How many values are right, wanted and given, over a number of sentences."""

    right: int
    wanted: int
    given: int

    @property
    def precision(self) -> float:
        """The share of what was given that is right; 1 where nothing was given."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """The share of what was wanted that was given; 1 where nothing was wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.wanted + self.given) if self.wanted + self.given else 1.0


def labelled() -> list[Row]:
    """Return the labelled sentences in the order of the file."""
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def read_all(rows: Sequence[Row]) -> list[dict[str, set[Any]]]:
    """Return what yibao reads from each sentence, by facet."""
    from yibao.language.facets import read_facets

    found = [read_facets(row["text"]) for row in rows]
    return [{name: set(getattr(each, name)) for name in FACETS} for each in found]


def counted(wanted: Sequence[set[Any]], given: Sequence[set[Any]]) -> Counted:
    """Count over all sentences (micro)."""
    right = sum(len(w & g) for w, g in zip(wanted, given, strict=True))
    return Counted(right, sum(map(len, wanted)), sum(map(len, given)))


def _peers() -> dict[str, dict[str, Reader]]:
    peers: dict[str, dict[str, Reader]] = {}
    if find_spec("cpca"):
        peers["cpca"] = {"places": _cpca_places}
    if find_spec("jionlp"):
        peers["jionlp"] = {"places": _jionlp_places, "years": _jionlp_years}
    return peers


def _cpca_places(text: str) -> set[str]:
    import cpca

    try:
        frame = cpca.transform_text_with_addrs(text)
    except KeyError:  # cpca 0.5.5 trips over its own empty table where a text names no place
        return set()
    return {_joined(row["省"], row["市"], row["区"]) for _, row in frame.iterrows()} - {""}


def _jionlp_places(text: str) -> set[str]:
    import jionlp

    found = jionlp.recognize_location(text)["domestic"] or []
    return {_joined(each["province"], each["city"], each["county"]) for each, _ in found} - {""}


def _jionlp_years(text: str) -> set[int]:
    import jionlp

    years: set[int] = set()
    for entity in jionlp.ner.extract_time(text, time_base=time.time()):
        detail = entity.get("detail", {}).get("time")
        years |= {int(str(each)[:4]) for each in detail or [] if str(each)[:4].isdigit()} if detail else set()
    return years


def _joined(*levels: object) -> str:
    """Return full official names in the short form of this project, as far as the ends of the names tell it."""
    import re

    short = [
        re.sub("(?:壮族|回族|维吾尔)?(?:特别行政|自治)?[省市区县州]$|地区$|盟$", "", each)
        for each in levels
        if isinstance(each, str) and "辖" not in each
    ]
    return "/".join(dict.fromkeys(each for each in short if each))


def _line(name: str, facet: str, half: str, found: Counted) -> str:
    return f"{name:8}{facet:12}{half:8}{found.precision:8.3f}{found.recall:8.3f}{found.f1:8.3f}{found.wanted:8}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="list the misses of the tuned half")
    show_misses = parser.parse_args().misses
    rows = labelled()
    halves = {"tuned": slice(0, None, 2), "counted": slice(1, None, 2), "all": slice(None)}
    print(f"{'':8}{'facet':12}{'half':8}{'prec.':>8}{'recall':>8}{'F1':>8}{'values':>8}")
    given = read_all(rows)
    for facet in FACETS:
        wanted = [set(row[facet]) for row in rows]
        for half, part in halves.items():
            print(_line("yibao", facet, half, counted(wanted[part], [each[facet] for each in given][part])))
    both = [set(row["regions"]) | set(row["treated_in"]) for row in rows]
    ours = [each["regions"] | each["treated_in"] for each in given]
    years = [set(row["years"]) for row in rows]
    print(_line("yibao", "places", "all", counted(both, ours)))
    for name, readers in _peers().items():
        for facet, reader in readers.items():
            started = time.perf_counter()
            read = [reader(row["text"]) for row in rows]
            took = 1000 * (time.perf_counter() - started) / len(rows)
            print(_line(name, facet, "all", counted(both if facet == "places" else years, read)), f"{took:.2f} ms each")
    if show_misses:
        for row, each in list(zip(rows, given, strict=True))[halves["tuned"]]:
            for facet in FACETS:
                if set(row[facet]) != each[facet]:
                    sys.stdout.write(f"{row['text']}\n    {facet}: {row[facet]} read as {sorted(each[facet])}\n")


if __name__ == "__main__":
    main()
