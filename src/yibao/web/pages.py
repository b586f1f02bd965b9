"""The pages beside the chat, added to its ``gr.Blocks`` as routes of their own."""

from __future__ import annotations

from typing import Any

from yibao import wording_pages as pages
from yibao.web.services import PageServices


def add_pages(page: Any, services: PageServices) -> None:
    """Add the pages to a chat page that is drawn and closed; a bar above all of them leads from one to the other.

    Args:
        page: the ``gr.Blocks`` of the chat.
        services: what the pages stand on.
    """
    import gradio as gr

    from yibao.web.corpus_page import add_corpus_page
    from yibao.web.quality_page import add_quality_page
    from yibao.web.retrieval_page import add_retrieval_page

    page.current_page = ""
    with page:
        gr.Navbar(main_page_name=pages.NAV_CHAT)
    for name, path, draw in (
        (pages.NAV_CORPUS, "corpus", add_corpus_page),
        (pages.NAV_RETRIEVAL, "retrieval", add_retrieval_page),
        (pages.NAV_QUALITY, "quality", add_quality_page),
    ):
        with page.route(name, path):
            gr.Navbar(main_page_name=pages.NAV_CHAT)
            draw(services)
    page.current_page = ""  # whatever else is added belongs to the chat
