"""A conversation as a Markdown file for the visitor."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from yibao import wording
from yibao.answer.rendering import to_markdown
from yibao.errors import InputError
from yibao.history.turns import Turn

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$])")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\uff1f\uff1a]+')


def export(turns: Sequence[Turn]) -> str:
    """Return file name and text as JSON for page.js, which hands them to the browser.

    Raises:
        InputError: there is nothing to export.
    """
    if not turns:
        raise InputError(wording.NOTHING_TO_EXPORT)
    title = _NOT_IN_A_NAME.sub(" ", turns[0].asked.question).strip()[:30]
    answers = "\n\n---\n\n".join(f"{_heading(turn)}\n\n{to_markdown(turn.answer).strip()}" for turn in turns)
    text = f"# {wording.PAGE_TITLE}\n\n{answers}"
    return json.dumps({"name": wording.EXPORT_FILE.format(title=title), "text": text + "\n"}, ensure_ascii=False)


def _heading(turn: Turn) -> str:
    question = _MARKUP.sub(r"\\\1", " ".join(turn.asked.question.split()))
    return f"## {wording.MARKDOWN_QUESTION.format(question=question)}"
