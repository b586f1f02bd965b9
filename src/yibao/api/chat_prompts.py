"""What chat programs put around a question, and what they ask of a language model for themselves.

Open WebUI and its like send forms for a language model through the same door as questions: name this conversation,
suggest tags, write search queries. Such a form begins with a Markdown heading and goes on in sections, under further
headings or between tags; nobody types that. A question that somebody did ask stands in it between ``<user_query>``
tags, or behind everything else.
"""

from __future__ import annotations

import re

NOTHING = "{}"  # these forms ask for JSON; of an empty object each program takes its own default
_HEADING = re.compile(r"^#{1,6}[ \t]+\S.*$", re.MULTILINE)
_CLOSING = re.compile(r"^</\w+>[ \t]*$", re.MULTILINE)
_ASKED, _ASKED_END = "<user_query>", "</user_query>"


def question_in(text: str) -> str | None:
    """Return the question in a user's message, which mostly is the message; None where it is a form without one."""
    if not _HEADING.match(text.lstrip()):
        return text
    _, tag, asked = text.rpartition(_ASKED)
    if tag:
        return asked.partition(_ASKED_END)[0].strip()
    last = max((closing.end() for closing in _CLOSING.finditer(text)), default=0)
    if not last:
        return None if len(_HEADING.findall(text)) > 1 else text
    return _HEADING.sub("", text[last:]).strip() or None
