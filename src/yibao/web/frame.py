"""What stands around the conversation: the bar on top, the welcome, the list of conversations, the dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from yibao import wording
from yibao.history.turns import MAX_COMMENT, MAX_TITLE, Conversation
from yibao.records import Facets
from yibao.web.markup import render


def header() -> str:
    """Return title and tools."""
    return render("frame", "header")


def labels() -> str:
    """Return the names that page.js gives to what Gradio names in English."""
    return render("frame", "labels")


def welcome(starters: Mapping[str, Sequence[str]]) -> str:
    """Return what an empty conversation shows: how to ask, and questions by topic."""
    return render("frame", "welcome", starters=starters)


def history_list(conversations: Sequence[Conversation], current: str) -> str:
    """Return a visitor's conversations with what can be done to each; ``current`` is the id of the open one."""
    return render("frame", "history", conversations=conversations, current=current)


def dialogs() -> str:
    """Return the dialogs that page.js opens by name; what is entered comes back with the link that opened them."""
    return render("frame", "dialogs", max_comment=MAX_COMMENT, max_title=MAX_TITLE)


def facet_choices(offered: Facets) -> str:
    """Return what the dialog of facets offers, kept where page.js takes it when that dialog is opened."""
    menus = {
        "region": [(region, region) for region in offered.regions],
        "insurance": [(key, wording.INSURANCE_NAMES[key]) for key in offered.insurance],
        "person": [(key, wording.PERSON_NAMES.get(key, key)) for key in offered.person],
        "year": [(str(year), wording.YEAR_NAME.format(year=year)) for year in offered.years],
    }
    return render("frame", "offered", menus=menus)
