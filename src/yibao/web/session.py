"""What an open page of the chat holds, and what changes on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock

from yibao.history.turns import Turn
from yibao.web.messages import Messages, UnderWay

_SENT = 1.0  # seconds; a view is on its way for a few milliseconds, unless its question was stopped


class Page:
    """One open page, shared by all that runs on it: what began last decides what it shows."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._latest = Lock()

    def __deepcopy__(self, memo: object) -> Page:
        """Return another page: Gradio copies what a page holds at first for each that is opened."""
        return Page()

    def begin(self) -> Lock:
        """Begin something, once the view that is on its way has gone; it is known by the lock that comes back."""
        before, mine = self._latest, Lock()
        gone = before.acquire(timeout=_SENT)
        self._latest = mine
        if gone:
            before.release()
        return mine

    def views(self, mine: Lock, views: Iterator[View]) -> Iterator[View]:
        """Yield ``views`` for as long as nothing else begins, and work on unseen after that."""
        for view in views:
            with mine:  # until the page asks for the next one: then this one has gone
                if self._latest is mine:
                    yield view
        # Gradio shows the last view once more when all is done: what was opened since would go.
        yield UNCHANGED


@dataclass(frozen=True)
class Session:
    """What one open page holds: who visits, which conversation is open, its turns, and a question under way.

    ``kept`` are the search settings as the browser keeps them.
    """

    visitor: str = ""
    conversation: str = ""
    turns: tuple[Turn, ...] = ()
    under_way: UnderWay | None = None
    kept: object = None
    page: Page = field(default_factory=Page, compare=False, repr=False)


@dataclass(frozen=True)
class View:
    """What changes on the page; None leaves a part as it is."""

    session: Session | None = None
    messages: Messages | None = None
    panel: str | None = None
    history: str | None = None
    running: bool | None = None
    question: str | None = None
    download: str | None = None


UNCHANGED = View(download="")  # changes nothing that is seen; Gradio takes no update of nothing at all
