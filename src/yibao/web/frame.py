"""What stands around the conversation: the bar on top, the welcome, the list of conversations, the dialogs.

These go into ``gr.HTML``, which takes HTML as it is: here too every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from yibao import wording
from yibao.history.turns import MAX_COMMENT, MAX_TITLE, Conversation
from yibao.records import Facets
from yibao.web.marking import link


def header() -> str:
    """Return title and tools; ``data-yb-do`` names what page.js does without asking the server."""
    tools = "".join(
        [
            _tool(wording.HISTORY_TITLE, "history", "yb-only-narrow"),
            _tool(wording.LARGE_PRINT, "large", pressed=True),
            link("export", wording.EXPORT, name="yb-tool"),
            _tool(wording.PRINT, "print"),
        ]
    )
    return (
        f'<header class="yb-header"><h1>{escape(wording.PAGE_TITLE)}</h1><p>{escape(wording.PAGE_SUBTITLE)}</p>'
        f'<div class="yb-tools" role="group" aria-label="{escape(wording.TOOLS_LABEL)}">{tools}</div></header>'
    )


def labels() -> str:
    """Return the names that page.js gives to what Gradio names in English."""
    names = {
        "user": wording.ROLE_USER, "assistant": wording.ROLE_ASSISTANT, "log": wording.CHAT_LABEL,
        "copied": wording.COPIED, "question": wording.QUESTION_LABEL,
    }  # fmt: skip
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in names.items())
    return f'<div id="yb-labels" hidden{data}></div><div id="yb-said" class="yb-sr" role="status"></div>'


def welcome(starters: Mapping[str, Sequence[str]]) -> str:
    """Return what an empty conversation shows: how to ask, and questions by topic."""
    topics = "".join(
        f'<div class="yb-topic"><p class="yb-topic-name">{escape(topic)}</p><ul>'
        + "".join(f"<li>{link('ask', question, name='yb-starter')}</li>" for question in questions)
        + "</ul></div>"
        for topic, questions in starters.items()
    )
    return (
        f'<div class="yb-welcome"><h2>{escape(wording.WELCOME_TITLE)}</h2><p>{escape(wording.WELCOME_HOW)}</p>'
        f'<div class="yb-topics">{topics}</div></div>'
    )


def history_list(conversations: Sequence[Conversation], current: str) -> str:
    """Return a visitor's conversations with what can be done to each; ``current`` is the id of the open one."""
    title = escape(wording.HISTORY_TITLE)
    close = f'<button type="button" class="yb-close" data-yb-do="history">{escape(wording.CLOSE)}</button>'
    if not conversations:
        body = f'<p class="yb-history-note">{escape(wording.HISTORY_EMPTY)}</p>'
    else:
        rows = "".join(_conversation(each, current) for each in conversations)
        clear = link("clear", wording.DELETE_ALL, name="yb-clear")
        body = f'<ul>{rows}</ul>{clear}<p class="yb-history-note">{escape(wording.HISTORY_NOTE)}</p>'
    return f'<nav class="yb-history" aria-label="{title}"><h2 tabindex="-1">{title}</h2>{close}{body}</nav>'


def dialogs() -> str:
    """Return the dialogs that page.js opens by name; what is entered comes back with the link that opened them."""
    reasons = "".join(
        f'<label class="yb-radio"><input type="radio" name="reason" value="{key}" required>{escape(text)}</label>'
        for key, text in wording.FEEDBACK_REASONS.items()
    )
    comment = _field(
        wording.FEEDBACK_COMMENT,
        f'<textarea name="comment" rows="3" maxlength="{MAX_COMMENT}"></textarea>',
    )
    name = _field(wording.RENAME_LABEL, f'<input name="title" maxlength="{MAX_TITLE}" required autocomplete="off">')
    fieldset = f"<fieldset><legend>{escape(wording.FEEDBACK_TITLE)}</legend>{reasons}</fieldset>"
    return "".join(
        [
            _dialog("bad", wording.FEEDBACK_TITLE, fieldset + comment, wording.SUBMIT, titled=False),
            _dialog("facets", wording.FACET_DIALOG_TITLE, '<div class="yb-fields"></div>', wording.SUBMIT),
            _dialog("rename", wording.RENAME_TITLE, name, wording.SAVE),
            _dialog(
                "delete", wording.DELETE_TITLE, f"<p>{escape(wording.DELETE_TEXT)}</p>", wording.DELETE, danger=True
            ),
            _dialog(
                "clear",
                wording.DELETE_ALL_TITLE,
                f"<p>{escape(wording.DELETE_TEXT)}</p>",
                wording.DELETE_ALL,
                danger=True,
            ),
        ]
    )


def facet_choices(offered: Facets) -> str:
    """Return what the dialog of facets offers, kept where page.js takes it when that dialog is opened."""
    kinds: dict[str, list[tuple[str, str]]] = {
        "region": [(region, region) for region in offered.regions],
        "insurance": [(key, wording.INSURANCE_NAMES[key]) for key in offered.insurance],
        "person": [(key, wording.PERSON_NAMES.get(key, key)) for key in offered.person],
        "year": [(str(year), wording.YEAR_NAME.format(year=year)) for year in offered.years],
    }
    selects = (_field(wording.FACET_KINDS[kind], _select(kind, options)) for kind, options in kinds.items() if options)
    return f'<div class="yb-offered" hidden>{"".join(selects)}</div>'


def _tool(text: str, action: str, name: str = "", *, pressed: bool = False) -> str:
    state = ' aria-pressed="false"' if pressed else ""
    return f'<button type="button" class="yb-tool {name}" data-yb-do="{action}"{state}>{escape(text)}</button>'


def _conversation(conversation: Conversation, current: str) -> str:
    title, name = escape(conversation.title), conversation.id
    here = ' aria-current="true"' if name == current else ""
    rename = f"{escape(wording.RENAME)}：{title}"
    delete = f"{escape(wording.DELETE)}：{title}"
    return (
        f'<li{" class=yb-current" if here else ""}><a class="yb-open" href="#yb-open-{name}"{here}>{title}</a>'
        f'<span class="yb-row-tools"><a href="#yb-rename-{name}" data-title="{title}" aria-label="{rename}">'
        f"{escape(wording.RENAME)}</a>"
        f'<a href="#yb-delete-{name}" aria-label="{delete}">{escape(wording.DELETE)}</a></span></li>'
    )


def _dialog(name: str, title: str, body: str, submit: str, *, danger: bool = False, titled: bool = True) -> str:
    label = escape(title)
    heading = f"<h2>{label}</h2>" if titled else ""
    kind = "yb-danger" if danger else "yb-primary"
    return (
        f'<dialog id="yb-dialog-{name}" class="yb-dialog" aria-label="{label}"><form method="dialog">{heading}{body}'
        f'<div class="yb-dialog-buttons"><button type="button" class="yb-plain-button" data-yb-do="cancel">'
        f'{escape(wording.CANCEL)}</button><button type="submit" class="{kind}">{escape(submit)}</button></div>'
        "</form></dialog>"
    )


def _field(label: str, control: str) -> str:
    return f'<label class="yb-field"><span>{escape(label)}</span>{control}</label>'


def _select(name: str, options: Iterable[tuple[str, str]]) -> str:
    items = "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
    return f'<select name="{name}"><option value="">{escape(wording.FACET_ANY)}</option>{items}</select>'
