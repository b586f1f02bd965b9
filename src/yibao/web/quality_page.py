"""The page of quality: the last evaluation of this index, and what people thought of the answers."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr

from yibao import wording_pages as pages
from yibao.errors import InputError, YibaoError
from yibao.index.layout import LAST_EVALUATION
from yibao.index.manifest import content_id
from yibao.web.markup import render
from yibao.web.pieces import html_block, page_header
from yibao.web.quality_html import evaluation, feedback
from yibao.web.services import FeedbackSource, PageServices

_WORST = 20  # questions


def read_evaluation(root: Path) -> dict[str, Any] | None:
    """Return the evaluation that ``yibao eval`` kept in an index folder; None where there is none.

    Raises:
        InputError: the file is damaged.
    """
    path = root / LAST_EVALUATION
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise InputError(pages.QUALITY_BROKEN.format(path=path, reason=error)) from error
    if not isinstance(values, dict) or "summary" not in values:
        raise InputError(pages.QUALITY_BROKEN.format(path=path, reason=type(values).__name__))
    return values


def evaluation_part(services: PageServices) -> str:
    """Return the last evaluation, or how to make one."""
    command = pages.QUALITY_COMMAND.format(index=services.config.index)
    try:
        kept = read_evaluation(Path(services.config.index))
        if kept is None:
            return render("quality", "never_evaluated", command=command)
        stale = kept["content_id"] != content_id(services.pipeline().reader.manifest)
    except YibaoError as error:
        return render("quality", "problem", text=str(error))
    return evaluation(kept["summary"], kept["failures"], _origin(kept), stale=command if stale else "")


def feedback_part(source: FeedbackSource | None) -> str:
    """Return what people thought; nothing where nobody was asked."""
    if source is None:
        return ""
    counts = source.counts()
    return feedback(counts, source.worst(_WORST)) if counts else ""


def _origin(kept: dict[str, Any]) -> str:
    created = datetime.fromisoformat(kept["created"]).astimezone().strftime("%Y-%m-%d %H:%M")
    half = pages.QUALITY_HALVES.get(kept["half"] or "", "")
    return pages.QUALITY_OF.format(
        path=kept["path"], half=half, questions=kept["summary"]["questions"], created=created
    )  # fmt: skip


def add_quality_page(services: PageServices) -> None:
    """Draw the page into the open ``gr.Blocks`` route; it is read anew at each visit."""
    html_block(page_header(pages.QUALITY_TITLE, pages.QUALITY_SUBTITLE), "yb-quality-head")
    shown = html_block(name="yb-quality")
    gr.on(
        None, lambda: feedback_part(services.feedback) + evaluation_part(services), None, shown,
        api_visibility="private", show_progress="hidden",
    )  # fmt: skip
