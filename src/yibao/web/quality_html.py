"""What the page of quality shows: figures, kinds, calibration, failures, feedback; ``html/quality.html`` is how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yibao import wording_pages as pages
from yibao.web.markup import render
from yibao.web.services import RatedQuestion

_SIDE = 300  # of the plot, in its own units
_SMALLEST, _LARGEST = 3, 14  # radius of a point

Tile = tuple[str, str, str]  # name, value, note
KindRow = tuple[str, int, list[str | None]]  # name, questions, percents; None where there is nothing to measure
StatusRow = tuple[str, list[tuple[int, bool]]]  # what was wanted; how often each came out, and whether that is right


@dataclass(frozen=True)
class Point:
    """One point of the plot in its own units, written out, and what it says."""

    x: str
    y: str
    radius: str
    said: str


@dataclass(frozen=True)
class Failure:
    """A question that was answered wrongly, and how; ``quotes`` are what was expected and what was shown."""

    question: str
    history: Sequence[str]
    kind: str
    said: str
    facts: str
    quotes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Evaluation:
    """The last evaluation, as it is shown; ``statuses`` are the names of the columns and the rows."""

    tiles: Sequence[Tile]
    kinds: Sequence[KindRow]
    points: Sequence[Point]
    statuses: tuple[Sequence[str], Sequence[StatusRow]]
    failures: Sequence[Failure]
    side: int = _SIDE


def evaluation(summary: Mapping[str, Any], failures: Sequence[Mapping[str, Any]], origin: str, stale: str) -> str:
    """Return an evaluation.

    Args:
        summary: its figures, as ``yibao eval`` keeps them.
        failures: the questions answered wrongly, the worst first.
        origin: what was evaluated, and when.
        stale: the command to run again where the index has changed since, else empty.
    """
    shown = Evaluation(
        figures(summary), kinds(summary), calibration(summary), statuses(summary), [_failure(row) for row in failures]
    )
    return render("quality", "evaluation", origin=origin, stale=stale, shown=shown)


def failure_list(failures: Sequence[Mapping[str, Any]]) -> str:
    """Return what was answered wrongly, the worst first, each question leading to the page of retrieval."""
    return render("quality", "failures", all=[_failure(row) for row in failures])


def feedback(counts: Mapping[str, int], worst: Sequence[RatedQuestion]) -> str:
    """Return how answers were rated, and the questions rated worst."""
    return render("quality", "feedback", counts=counts, worst=worst)


def figures(summary: Mapping[str, Any]) -> list[Tile]:
    """Return the figures that matter most."""
    overall, refusal = summary["overall"], summary["refusal"]
    tiles = [
        _share_tile(name, overall[name], less=False)
        for name in ("recall@1", "recall@5", "gold_in_card")
        if name in overall
    ]
    tiles += [_share_tile(name, refusal[name], less=True) for name in ("false_answers", "false_refusals")]
    tiles += [
        ("emergency", f"{100 * summary['emergency']['recall']:.1f}%", ""),
        ("area_under_curve", f"{refusal['area_under_curve']:.3f}", ""),
    ]
    if "total" in summary["latency_ms"]:
        milliseconds = f"{summary['latency_ms']['total']['p50']:.0f}"
        tiles.append(("latency", pages.TIMINGS_MS.format(milliseconds=milliseconds), ""))
    return tiles


def _share_tile(name: str, value: Mapping[str, float], *, less: bool) -> Tile:
    low, high = (f"{100 * value[end]:.1f}" for end in ("low", "high"))
    note = pages.QUALITY_INTERVAL.format(low=low, high=high)
    return name, f"{100 * value['mean']:.1f}%", f"{note} · {pages.QUALITY_LESS_IS_BETTER}" if less else note


def kinds(summary: Mapping[str, Any]) -> list[KindRow]:
    """Return the figures of each kind of question, and of all."""
    rows = [(pages.KIND_LABELS.get(kind, kind), values) for kind, values in summary["by_kind"].items()]
    return [
        (
            name,
            values["questions"],
            [_percent(values.get(each)) for each in ("recall@5", "gold_in_card", "status_right")],
        )
        for name, values in [*rows, (pages.QUALITY_ALL_KINDS, summary["overall"])]
    ]


def _percent(value: Mapping[str, float] | None) -> str | None:
    return None if value is None else f"{100 * value['mean']:.1f}"


def calibration(summary: Mapping[str, Any]) -> list[Point]:
    """Return the points of a reliability diagram (DeGroot, Fienberg 1983)."""
    bins = [row for row in summary["calibration"] if row["count"]]
    most = max((row["count"] for row in bins), default=1)
    return [
        Point(
            x=f"{_SIDE * row['confidence']:.1f}",
            y=f"{_SIDE * (1 - row['answerable']):.1f}",
            radius=f"{_SMALLEST + (_LARGEST - _SMALLEST) * (row['count'] / most) ** 0.5:.1f}",
            said=pages.QUALITY_CALIBRATION_POINT.format(
                confidence=f"{row['confidence']:.2f}", answerable=f"{100 * row['answerable']:.0f}%", count=row["count"]
            ),
        )
        for row in bins
    ]


def statuses(summary: Mapping[str, Any]) -> tuple[list[str], list[StatusRow]]:
    """Return how often each wanted outcome became which: the names of the columns, and the rows."""
    table: Mapping[str, Mapping[str, int]] = summary["status"]
    names = [pages.STATUS_NAMES.get(name, name) for name in table]
    rows = [[(count, wanted == got) for got, count in row.items()] for wanted, row in table.items()]
    return [pages.QUALITY_STATUS_CORNER, *names], list(zip(names, rows, strict=True))


def _failure(row: Mapping[str, Any]) -> Failure:
    wanted, got = (pages.STATUS_NAMES.get(row[name], row[name]) for name in ("wanted", "got"))
    facts = pages.FAILURE_FACTS if row["rank"] else pages.FAILURE_FACTS_NOT_FOUND
    facts = facts if row["expected"] else pages.FAILURE_FACTS_NO_GOLD
    return Failure(
        question=row["question"],
        history=row["history"],
        kind=pages.KIND_LABELS.get(row["kind"], row["kind"]),
        said=pages.FAILURE_QUOTE if wanted == got else pages.FAILURE_STATUS.format(wanted=wanted, got=got),
        facts=facts.format(confidence=f"{row['confidence']:.2f}", rank=row["rank"]),
        quotes=[(pages.FAILURE_EXPECTED, row["expected"]), (pages.FAILURE_SHOWN, row["shown"])],
    )
