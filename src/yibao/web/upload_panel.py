"""Adding articles on the page: drop files, see how they would be cut, add them or not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.corpus.reading import READERS
from yibao.errors import InputError
from yibao.web.clicks import on_click, read_verb
from yibao.web.corpus_html import staged_report
from yibao.web.markup import render
from yibao.web.pieces import html_block, shown_errors
from yibao.web.staged import Staged
from yibao.web.uploads import MAX_FILES, Uploads


def add_upload_panel(uploads: Uploads, config: Config) -> gr.State:
    """Draw the panel, and return a state that changes when the index has changed."""
    changed = gr.State(0.0)
    staged = gr.State(None, delete_callback=lambda value: uploads.discard(value) if value else None)
    opened = gr.State("")
    kinds = " ".join(sorted(READERS))
    with gr.Accordion(pages.UPLOAD_TITLE, open=False, elem_id="yb-upload"):
        note = pages.UPLOAD_NOTE.format(kinds=kinds, megabytes=config.max_file_mb, files=MAX_FILES)
        html_block(render("pieces", "hint", text=note))
        files = gr.File(label=pages.UPLOAD_LABEL, file_count="multiple", elem_id="yb-files", height=150)
        files.preprocess = with_names  # of a subclass Gradio would write a stub beside this file
        report = html_block(name="yb-staged")
        replacing = gr.CheckboxGroup(label=pages.UPLOAD_REPLACE, visible=False, elem_id="yb-replacing")
        with gr.Row(visible=False, elem_id="yb-staged-buttons") as buttons:
            add = gr.Button(pages.UPLOAD_ADD, variant="primary", size="md", elem_id="yb-add")
            discard = gr.Button(pages.UPLOAD_DISCARD, size="md", elem_id="yb-discard")

    def dropped(sent: list[tuple[str, str]] | None, before: Staged | None) -> tuple[Any, ...]:
        if not sent:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        if before:
            uploads.discard(before)
        with shown_errors():
            now = uploads.stage(_sent([Path(path) for path, _ in sent]), [name for _, name in sent])
        known = [file.name for file in now.addable if file.replaces]
        name = now.addable[0].name if len(now.addable) == 1 else ""
        return (
            now, name, staged_report(now, name), gr.CheckboxGroup(known, value=[], visible=bool(known)),
            gr.Row(visible=bool(now.addable)), None,
        )  # fmt: skip

    def previewed(sent: str, now: Staged | None, name: str) -> tuple[str, str]:
        _, clicked = read_verb(sent)
        name = "" if name == clicked else clicked
        return name, staged_report(now, name) if now else ""

    def added(now: Staged | None, chosen: list[str], progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:  # noqa: B008
        with shown_errors():
            progress(0, desc=pages.UPLOAD_WORKING)
            text = _added(uploads, now, chosen, progress)
        return None, "", text, gr.CheckboxGroup([], value=[], visible=False), gr.Row(visible=False), time.time()

    def discarded(now: Staged | None) -> tuple[Any, ...]:
        if now:
            uploads.discard(now)
        said = render("pieces", "said", text=pages.UPLOAD_DISCARDED)
        return None, "", said, gr.CheckboxGroup([], value=[], visible=False), gr.Row(visible=False)

    shown = [staged, opened, report, replacing, buttons]
    files.upload(dropped, [files, staged], [*shown, files], api_visibility="private")
    on_click(previewed, [staged, opened], [opened, report], verb="unfold")
    add.click(
        added, [staged, replacing], [*shown, changed], api_visibility="private", concurrency_limit=1,
        concurrency_id="yb-index", show_progress_on=report,
    )  # fmt: skip
    discard.click(discarded, staged, shown, api_visibility="private", show_progress="hidden")
    return changed


def with_names(received: Any) -> list[tuple[str, str]] | None:
    """Return path and whole name of each file that Gradio received; None for none.

    In the path Gradio cuts a name at 200 bytes, which makes one of two long names that differ at their end.
    """
    return [(file.path, file.orig_name or Path(file.path).name) for file in received or ()] or None


def _sent(paths: list[Path]) -> list[Path]:
    """Return the paths, all of which must be files that a browser sent: whatever ``stage`` is given, it takes away.

    Raises:
        InputError: one lies anywhere else.
    """
    received = Path(get_upload_folder()).resolve()
    if not all(path.resolve().is_relative_to(received) for path in paths):
        raise InputError(pages.UPLOAD_GONE)
    return paths


def _added(uploads: Uploads, now: Staged | None, chosen: list[str], progress: gr.Progress) -> str:
    """Add what is staged, and return what to say of it."""
    staged = now or Staged(uploads.folder, ())
    report = uploads.add(staged, chosen, lambda done, total: progress((done, total), desc=pages.UPLOAD_WORKING))
    files = [file for file in staged.addable if not file.replaces or file.name in chosen]
    text = pages.UPLOAD_ADDED.format(
        files=len(files), articles=sum(len(file.articles) for file in files), embedded=report.embedded,
        reused=report.reused, seconds=f"{report.seconds:.1f}",
    )  # fmt: skip
    return render("pieces", "said", text=f"✓ {text}")
