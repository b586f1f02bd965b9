"""Pieces of the page of quality as HTML: figures, bars by kind, calibration, failures, feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from yibao import wording_pages as pages
from yibao.web.services import RatedQuestion

_SHOWN = 20  # failures before the others are folded away
_SIDE = 300  # of the plot, in its own units
_LARGEST = 14  # radius of a point


def figures(summary: Mapping[str, Any]) -> str:
    """Return the figures that matter most as tiles."""
    overall, refusal = summary["overall"], summary["refusal"]
    tiles = [
        _share_tile(name, overall[name], less=False)
        for name in ("recall@1", "recall@5", "gold_in_card")
        if name in overall
    ]
    tiles += [_share_tile(name, refusal[name], less=True) for name in ("false_answers", "false_refusals")]
    tiles += [
        _tile("emergency", f"{100 * summary['emergency']['recall']:.1f}%", ""),
        _tile("area_under_curve", f"{refusal['area_under_curve']:.3f}", ""),
    ]
    if "total" in summary["latency_ms"]:
        milliseconds = f"{summary['latency_ms']['total']['p50']:.0f}"
        tiles.append(_tile("latency", pages.TIMINGS_MS.format(milliseconds=milliseconds), ""))
    return f'<dl class="yb-tiles">{"".join(tiles)}</dl>'


def _share_tile(name: str, value: Mapping[str, float], *, less: bool) -> str:
    low, high = (f"{100 * value[end]:.1f}" for end in ("low", "high"))
    note = pages.QUALITY_INTERVAL.format(low=low, high=high)
    return _tile(name, f"{100 * value['mean']:.1f}%", f"{note} · {pages.QUALITY_LESS_IS_BETTER}" if less else note)


def _tile(name: str, value: str, note: str) -> str:
    return f"<div><dt>{pages.QUALITY_FIGURES[name]}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"


def kinds_table(summary: Mapping[str, Any]) -> str:
    """Return the table by kind of question, its shares as bars."""
    head = "".join(f'<th scope="col">{name}</th>' for name in pages.QUALITY_KIND_COLUMNS)
    rows = [(pages.KIND_LABELS.get(kind, kind), figures) for kind, figures in summary["by_kind"].items()]
    rows.append((pages.QUALITY_ALL_KINDS, summary["overall"]))
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="yb-number">{figures["questions"]}</td>'
        f"{''.join(_bar(figures.get(measure)) for measure in ('recall@5', 'gold_in_card', 'status_right'))}</tr>"
        for name, figures in rows
    )
    return _section(
        pages.QUALITY_BY_KIND,
        _table(head, body),
    )


def _bar(value: Mapping[str, float] | None) -> str:
    if value is None:
        return f'<td class="yb-none">{pages.QUALITY_NOT_MEASURED}</td>'
    percent = 100 * value["mean"]
    return (
        f'<td><span class="yb-share"><i style="width:{percent:.1f}%"></i></span>'
        f'<span class="yb-number">{percent:.1f}%</span></td>'
    )


def calibration_plot(summary: Mapping[str, Any]) -> str:
    """Return how often questions of each confidence were answerable: a reliability diagram (DeGroot, Fienberg 1983)."""
    bins = [row for row in summary["calibration"] if row["count"]]
    most = max((row["count"] for row in bins), default=1)
    ticks = "".join(_tick(number / 5) for number in range(6))
    line = " ".join(f"{_x(row['confidence']):.1f},{_y(row['answerable']):.1f}" for row in bins)
    points = "".join(
        f'<circle cx="{_x(row["confidence"]):.1f}" cy="{_y(row["answerable"]):.1f}" '
        f'r="{3 + (_LARGEST - 3) * (row["count"] / most) ** 0.5:.1f}"><title>{_point(row)}</title></circle>'
        for row in bins
    )
    names = "\uff1b".join(_point(row) for row in bins)
    plot = (
        f'<svg class="yb-plot" viewBox="-48 -16 {_SIDE + 70} {_SIDE + 62}" role="img" aria-label="{names}">{ticks}'
        f'<line class="yb-ideal" x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0"/><polyline points="{line}"/>{points}'
        f'<text x="{_SIDE / 2}" y="{_SIDE + 38}" text-anchor="middle">{pages.QUALITY_CALIBRATION_X}</text>'
        f'<text transform="translate(-36 {_SIDE / 2}) rotate(-90)" text-anchor="middle">'
        f"{pages.QUALITY_CALIBRATION_Y}</text>"
        "</svg>"
    )
    return _section(pages.QUALITY_CALIBRATION, f'<p class="yb-hint">{pages.QUALITY_CALIBRATION_NOTE}</p>{plot}')


def _x(value: float) -> float:
    return _SIDE * value


def _y(value: float) -> float:
    return _SIDE * (1 - value)


def _tick(value: float) -> str:
    return (
        f'<line class="yb-grid" x1="0" y1="{_y(value):.0f}" x2="{_SIDE}" y2="{_y(value):.0f}"/>'
        f'<text x="-8" y="{_y(value) + 4:.0f}" text-anchor="end">{value:g}</text>'
        f'<text x="{_x(value):.0f}" y="{_SIDE + 18}" text-anchor="middle">{value:g}</text>'
    )


def _point(row: Mapping[str, float]) -> str:
    return pages.QUALITY_CALIBRATION_POINT.format(
        confidence=f"{row['confidence']:.2f}", answerable=f"{100 * row['answerable']:.0f}%", count=row["count"]
    )


def status_table(summary: Mapping[str, Any]) -> str:
    """Return how often each wanted outcome became which."""
    table: Mapping[str, Mapping[str, int]] = summary["status"]
    names = [pages.STATUS_NAMES.get(name, name) for name in table]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (pages.QUALITY_STATUS_CORNER, *names))
    body = "".join(
        f'<tr><th scope="row">{escape(pages.STATUS_NAMES.get(wanted, wanted))}</th>'
        + "".join(f'<td class="{_cell(wanted, got, count)}">{count or ""}</td>' for got, count in row.items())
        + "</tr>"
        for wanted, row in table.items()
    )
    return _section(
        pages.QUALITY_STATUS,
        _table(head, body, "yb-matrix"),
    )


def _cell(wanted: str, got: str, count: int) -> str:
    if not count:
        return ""
    return "yb-right" if wanted == got else "yb-wrong"


def failure_list(failures: Sequence[Mapping[str, Any]]) -> str:
    """Return what was answered wrongly, the worst first, each question leading to the page of retrieval."""
    if not failures:
        return _section(pages.QUALITY_FAILURES, f'<p class="yb-hint">{pages.QUALITY_NO_FAILURES}</p>')
    first, others = (
        f'<ol class="yb-failures">{"".join(map(_failure, part))}</ol>'
        for part in (failures[:_SHOWN], failures[_SHOWN:])
    )
    more = pages.QUALITY_MORE.format(count=len(failures) - _SHOWN)
    folded = f'<details class="yb-more-failures"><summary>{more}</summary>{others}</details>'
    note = f'<p class="yb-hint">{pages.QUALITY_FAILURES_NOTE.format(count=len(failures))}</p>'
    return _section(pages.QUALITY_FAILURES, note + first + (folded if len(failures) > _SHOWN else ""))


def _failure(row: Mapping[str, Any]) -> str:
    wanted, got = row["wanted"], row["got"]
    names = pages.STATUS_NAMES
    said = pages.FAILURE_QUOTE
    if wanted != got:
        said = pages.FAILURE_STATUS.format(wanted=names.get(wanted, wanted), got=names.get(got, got))
    facts = pages.FAILURE_FACTS if row["rank"] else pages.FAILURE_FACTS_NOT_FOUND
    facts = facts if row["expected"] else pages.FAILURE_FACTS_NO_GOLD
    shown = facts.format(confidence=f"{row['confidence']:.2f}", rank=row["rank"])
    earlier = ""
    if row["history"]:
        text = pages.FAILURE_EARLIER.format(questions=" / ".join(row["history"]))
        earlier = f'<p class="yb-hint">{escape(text)}</p>'
    quotes = "".join(
        f"<dt>{label}</dt><dd>{escape(text)}</dd>"
        for label, text in ((pages.FAILURE_EXPECTED, row["expected"]), (pages.FAILURE_SHOWN, row["shown"]))
        if text
    )
    return (
        f"<li>{_question_link(row['question'], row['history'])}"
        f'<span class="yb-badge">{escape(pages.KIND_LABELS.get(row["kind"], row["kind"]))}</span>'
        f'<span class="yb-wrong-said">{escape(said)}</span><span class="yb-row-facts">{escape(shown)}</span>{earlier}'
        f"<details><summary>{pages.FAILURE_DETAILS}</summary><dl>{quotes}</dl></details></li>"
    )


def _question_link(question: str, history: Sequence[str] = ()) -> str:
    link = f"retrieval?{urlencode([('q', question), *(('h', earlier) for earlier in history)])}"
    return f'<a class="yb-link" href="{escape(link)}">{escape(question)}</a>'


def feedback(counts: Mapping[str, int], worst: Sequence[RatedQuestion]) -> str:
    """Return how answers were rated, and the questions rated worst."""
    tiles = "".join(f"<div><dt>{escape(name)}</dt><dd>{count}</dd></div>" for name, count in counts.items())
    rows = "".join(
        f'<li>{_question_link(rated.question)}<span class="yb-row-facts">'
        f"{escape(' · '.join(f'{name} {count}' for name, count in rated.counts.items()))}</span></li>"
        for rated in worst
    )
    listed = f'<h3>{pages.FEEDBACK_WORST}</h3><ol class="yb-failures">{rows}</ol>' if rows else ""
    return _section(pages.FEEDBACK_SUMMARY_TITLE, f'<dl class="yb-tiles">{tiles}</dl>{listed}')


def _table(head: str, body: str, style: str = "") -> str:
    """Return a table that scrolls sideways by itself, for the keyboard too."""
    return (
        f'<div class="yb-wide" tabindex="0" role="group"><table class="yb-table {style}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _section(title: str, body: str) -> str:
    return f'<section class="yb-quality"><h2>{title}</h2>{body}</section>'
