"""Adding articles on the page: drop files, see how they would be cut, add them or not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import gradio as gr

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.corpus.reading import READERS
from yibao.web.corpus_html import staged_report
from yibao.web.pieces import CLICKS, shown_errors
from yibao.web.uploads import MAX_FILES, Staged, Uploads


def add_upload_panel(uploads: Uploads, config: Config) -> gr.State:
    """Draw the panel, and return a state that changes when the index has changed."""
    changed = gr.State(0.0)
    staged = gr.State(None, delete_callback=lambda value: uploads.discard(value) if value else None)
    opened = gr.State("")
    kinds = " ".join(sorted(READERS))
    with gr.Accordion(pages.UPLOAD_TITLE, open=False, elem_id="yb-upload"):
        note = pages.UPLOAD_NOTE.format(kinds=kinds, megabytes=config.max_file_mb, files=MAX_FILES)
        gr.HTML(f'<p class="yb-hint">{note}</p>')
        files = gr.File(label=pages.UPLOAD_LABEL, file_count="multiple", elem_id="yb-files", height=150)
        report = gr.HTML(elem_id="yb-staged", js_on_load=CLICKS)
        replacing = gr.CheckboxGroup(label=pages.UPLOAD_REPLACE, visible=False, elem_id="yb-replacing")
        with gr.Row(visible=False, elem_id="yb-staged-buttons") as buttons:
            add = gr.Button(pages.UPLOAD_ADD, variant="primary", size="md", elem_id="yb-add")
            discard = gr.Button(pages.UPLOAD_DISCARD, size="md", elem_id="yb-discard")

    def dropped(paths: list[str] | None, before: Staged | None) -> tuple[Any, ...]:
        if not paths:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        if before:
            uploads.discard(before)
        with shown_errors():
            now = uploads.stage([Path(path) for path in paths])
        known = [file.name for file in now.addable if file.replaces]
        name = now.addable[0].name if len(now.addable) == 1 else ""
        return (
            now, name, staged_report(now, name), gr.CheckboxGroup(known, value=[], visible=bool(known)),
            gr.Row(visible=bool(now.addable)), None,
        )  # fmt: skip

    def previewed(event: gr.EventData, now: Staged | None, name: str) -> tuple[str, str]:
        clicked = str(getattr(event, "id", ""))
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
        said = f'<p class="yb-said" role="status">{pages.UPLOAD_DISCARDED}</p>'
        return None, "", said, gr.CheckboxGroup([], value=[], visible=False), gr.Row(visible=False)

    shown = [staged, opened, report, replacing, buttons]
    files.upload(dropped, [files, staged], [*shown, files], api_visibility="private")
    report.select(previewed, [staged, opened], [opened, report], api_visibility="private", show_progress="hidden")
    add.click(
        added, [staged, replacing], [*shown, changed], api_visibility="private", concurrency_limit=1,
        concurrency_id="yb-index", show_progress_on=report,
    )  # fmt: skip
    discard.click(discarded, staged, shown, api_visibility="private", show_progress="hidden")
    return changed


def _added(uploads: Uploads, now: Staged | None, chosen: list[str], progress: gr.Progress) -> str:
    """Add what is staged, and return what to say of it."""
    staged = now or Staged(uploads.folder, ())
    report = uploads.add(staged, chosen, lambda done, total: progress((done, total), desc=pages.UPLOAD_WORKING))
    files = [file for file in staged.addable if not file.replaces or file.name in chosen]
    text = pages.UPLOAD_ADDED.format(
        files=len(files), articles=sum(len(file.articles) for file in files), embedded=report.embedded,
        reused=report.reused, seconds=f"{report.seconds:.1f}",
    )  # fmt: skip
    return f'<p class="yb-said" role="status">✓ {text}</p>'
