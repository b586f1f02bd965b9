"""The report: a table in the terminal, and one self-contained HTML page to decide what to fix."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from yibao import wording
from yibao.errors import MissingExtraError
from yibao.evaluation.outcomes import Outcome
from yibao.templating import Templates

_COLUMNS = ("recall@1", "recall@5", "mrr@10", "ndcg@10", "evidence@600", "gold_in_card", "status_right")
_FILE_WIDTH = 160  # columns
_TEMPLATES = Templates("yibao.evaluation", "html", wording=wording)


def table_rows(summary: dict[str, Any]) -> list[list[str]]:
    """Return the rows of the table by kind: name, number of questions, then the means in percent."""
    rows = [["", wording.EVAL_QUESTIONS, *_COLUMNS]]
    for name, figures in [*summary["by_kind"].items(), (wording.EVAL_OVERALL, summary["overall"])]:
        cells = [_cell(figures.get(column)) for column in _COLUMNS]
        rows.append([name, str(figures["questions"]), *cells])
    return rows


def print_table(summary: dict[str, Any]) -> None:
    """Print the table and the figures below it to standard output."""
    from rich.console import Console
    from rich.table import Table

    head, *rows = table_rows(summary)
    table = Table()
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    # A file or pipe has no width; with the 80 columns that rich assumes, names would be cut.
    Console(width=None if sys.stdout.isatty() else _FILE_WIDTH).print(table)
    for line in summary_lines(summary):
        print(line)


def summary_lines(summary: dict[str, Any]) -> list[str]:
    """Return what the table does not hold, a line each."""
    refusal, emergency, facets = summary["refusal"], summary["emergency"], summary["facets"]
    shown = {
        "false answers": _interval(refusal["false_answers"]),
        "false refusals": _interval(refusal["false_refusals"]),
        "area under the curve of refusal": f"{refusal['area_under_curve']:.3f}",
        "emergency recall": f"{emergency['recall']:.3f}",
        "emergency false alarms": f"{emergency['false_alarms']:.3f}",
        "emergency false alarms on look-alikes": f"{emergency['false_alarms_on_lookalikes']:.3f}",
        "facets F1": f"{facets['f1']:.3f} (precision {facets['precision']:.3f}, recall {facets['recall']:.3f})",
        "broken quotes": str(summary["broken_quotes"]),
    }
    lines = [f"{name}: {value}" for name, value in shown.items()]
    pairs = {"follow-up": summary["follow_up"], **summary["misspelt"]}
    lines += [
        f"{name}: recall@5 {values['recall@5']:.3f}, self-contained or clean {values['recall@5_clean']:.3f}"
        for name, values in pairs.items()
        if values["questions"]
    ]
    lines += [f"{step}: p50 {t['p50']:.1f} ms, p95 {t['p95']:.1f} ms" for step, t in summary["latency_ms"].items()]
    lines += [
        f"{leg}: " + ", ".join(f"{name} {_interval(value)}" for name, value in figures.items())
        for leg, figures in summary["legs"].items()
    ]
    table = summary["status"]
    lines += [
        f"{wanted} -> " + ", ".join(f"{got} {count}" for got, count in row.items()) for wanted, row in table.items()
    ]
    return lines


def write_report(folder: Path, summary: dict[str, Any], outcomes: Sequence[Outcome]) -> Path:
    """Write ``report.html`` into ``folder``: plots, tables, and every failure with what was wanted and shown.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head, *rows = table_rows(summary)
    path = folder / "report.html"
    page = _TEMPLATES.render(
        "report", "report", head=head, rows=rows, lines=summary_lines(summary), plots=_plots(summary),
        failures=[_failure(outcome) for outcome in outcomes if failed(outcome)],
    )  # fmt: skip
    path.write_text(page, encoding="utf-8")
    return path


def failed(outcome: Outcome) -> bool:
    """Tell whether a question deserves a look: wrong status, or the card misses a wanted gold."""
    return outcome.got != outcome.wanted or (outcome.wanted == "answered" and outcome.gold_in_card < 1)


def _failure(outcome: Outcome) -> list[str]:
    ranks = ", ".join(map(str, outcome.gold_ranks))
    status = f"{outcome.wanted} / {outcome.got} ({outcome.confidence:.2f})"
    return [outcome.id, outcome.question, status, ranks, outcome.expected, outcome.shown]


def _plots(summary: dict[str, Any]) -> list[Markup]:
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError(wording.EXTRA_MISSING.format(extra="eval")) from error
    mpl.use("svg")
    from matplotlib import pyplot as plt

    plots = []
    figure, axes = plt.subplots(figsize=(5, 4))
    bins = [row for row in summary["calibration"] if row["count"]]
    axes.plot([0, 1], [0, 1], color="#bbb", linestyle="--")
    axes.plot([row["confidence"] for row in bins], [row["answerable"] for row in bins], marker="o", color="#0d9488")
    axes.set(
        xlabel="confidence", ylabel="share answerable", title="calibration of refusal", xlim=(0, 1), ylim=(0, 1.02)
    )
    plots.append(_svg(figure))
    kinds = {name: figures for name, figures in summary["by_kind"].items() if "gold_in_card" in figures}
    figure, axes = plt.subplots(figsize=(9, 4))
    for place, measure in enumerate(("recall@5", "gold_in_card")):
        axes.bar(
            [x + 0.4 * place for x in range(len(kinds))],
            [f[measure]["mean"] for f in kinds.values()],
            0.38,
            label=measure,
        )
    axes.set_xticks([x + 0.2 for x in range(len(kinds))], list(kinds), rotation=40, ha="right")
    axes.legend()
    plots.append(_svg(figure))
    figure, axes = plt.subplots(figsize=(7, 3))
    steps = summary["latency_ms"]
    axes.barh(list(steps), [t["p95"] for t in steps.values()], color="#cbd5e1", label="p95")
    axes.barh(list(steps), [t["p50"] for t in steps.values()], color="#0d9488", label="p50")
    axes.set(xlabel="milliseconds")
    axes.legend()
    plots.append(_svg(figure))
    return plots


def _svg(figure: Any) -> Markup:
    from matplotlib import pyplot as plt

    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight")
    plt.close(figure)
    return Markup(buffer.getvalue()[buffer.getvalue().index("<svg") :])  # noqa: S704  # matplotlib escapes its texts


def _cell(value: dict[str, float] | None) -> str:
    return f"{100 * value['mean']:.1f}" if value else ""


def _interval(value: dict[str, float]) -> str:
    return f"{100 * value['mean']:.1f}% ({100 * value['low']:.1f}-{100 * value['high']:.1f})"
