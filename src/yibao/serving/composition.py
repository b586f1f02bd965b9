"""Put together what is served: the doors for programs, the page mounted among them, the gate before the page."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.routing import Mount

from yibao import wording
from yibao.api.application import make_doors
from yibao.api.door import Door
from yibao.api.failures import in_words
from yibao.api.ledger import Ledger
from yibao.api.schemas import AskRequest
from yibao.config import Config
from yibao.errors import YibaoError
from yibao.history.store import History
from yibao.language.masking import mask
from yibao.serving.live import LazyPipeline
from yibao.serving.page_gate import PageGate
from yibao.web.search_settings import from_browser
from yibao.web.services import KeptFeedback, PageServices


@dataclass(frozen=True)
class Composition:
    """The whole application, the page's own part of it, and the ledger that all doors share."""

    app: FastAPI
    page: Any
    ledger: Ledger


def compose(source: LazyPipeline, config: Config) -> Composition:
    """Return the application with all doors and the page; nothing is bound and no model is loaded here."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    from yibao.web.chat import build_page, page_assets
    from yibao.web.conversing import Conversing
    from yibao.web.pages import add_pages

    doors = make_doors(source, config)
    history = History(Path(config.history).expanduser(), mask)
    settings = partial(from_browser, config=config)
    page = build_page(Conversing(doors.page.pipeline, history, settings, doors.page.steps))
    with page:
        gradio.api(_for_gradio_clients(doors.gradio), api_name="ask")
    add_pages(page, PageServices(config, source.open, KeptFeedback(history)))
    with warnings.catch_warnings():
        # Gradio says of every application with several pages that it switches off what is off already.
        warnings.filterwarnings("ignore", "SSR mode is not supported")
        gradio.mount_gradio_app(
            doors.app, page.queue(default_concurrency_limit=8), path="/", footer_links=[], run_history=False,
            auth=_password_check(config.page_password), auth_message=wording.LOGIN_MESSAGE, show_error=False,
            max_file_size=f"{config.max_file_mb}mb", ssr_mode=False, enable_monitoring=False, mcp_server=False,
            root_path=config.root_path or None, **page_assets(),
        )  # fmt: skip
    # Gradio checks the paths of files only once it is launched, which one that is mounted never is by itself.
    page.has_launched = page.is_running = True
    mounted = doors.app.routes[-1]
    assert isinstance(mounted, Mount)
    page_app, mounted.app = mounted.app, PageGate(mounted.app, config.max_request_kb * 1024)
    return Composition(doors.app, page_app, doors.ledger)


def _for_gradio_clients(door: Door) -> Callable[..., dict[str, Any]]:
    import gradio

    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        try:
            return door.ask(AskRequest(question=question, history=history or []).to_request()).to_json()
        except ValidationError as error:
            raise gradio.Error(in_words(error.errors()), print_exception=False) from error
        except YibaoError as error:
            raise gradio.Error(str(error), print_exception=False) from error

    return ask


def _password_check(password: str) -> Callable[[str, str], bool] | None:
    if not password:
        return None
    return lambda _, given: compare_digest(given.encode("utf-8"), password.encode("utf-8"))
