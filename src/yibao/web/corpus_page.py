"""The page of articles: browse, search, see the cut, switch passages off and on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from yibao import wording
from yibao import wording_pages as pages
from yibao.errors import InputError
from yibao.index.database import NATIONWIDE, ArticleFilter
from yibao.index.switches import switch, switched_off_rows
from yibao.language.segmenter import default_segmenter
from yibao.search.browsing import browse, words_to_find
from yibao.web.corpus_html import ListPage, article_detail, article_list
from yibao.web.pieces import CLICKS, page_header, shown_errors
from yibao.web.services import PageServices
from yibao.web.upload_panel import add_upload_panel
from yibao.web.uploads import Uploads

_ROWS = 15  # articles on one page of the list
_TO_LIST = """() => {
  const list = document.querySelector("#yb-list");
  if (!document.querySelector("#yb-detail article")) list.scrollIntoView({ block: "nearest" });
}"""
_ALL = ""  # in a menu
_MENUS = 5  # filters that are menus; the others are dates
_NO_REGION = "-"
_TO_DETAIL = """() => {
  const detail = document.querySelector("#yb-detail");
  if (innerWidth <= 768 && detail.querySelector("article")) detail.scrollIntoView({ block: "start" });
}"""


@dataclass(frozen=True)
class Chosen:
    """The article one visitor looks at, and whether its removal is being asked about."""

    id: str = ""
    removing: bool = False


class CorpusPage:
    """What the page shows, made from the filters and a ``View``; holds no state of any user."""

    def __init__(self, services: PageServices) -> None:
        self._services = services
        self.uploads = Uploads(services.config, services.pipeline)

    def counts(self) -> str:
        """Return the heading with the numbers of articles and passages."""
        reader = self._services.pipeline().reader
        text = pages.CORPUS_COUNTS.format(articles=len(reader.manifest.articles), passages=reader.manifest.passages)
        if off := len(self._off()):
            text += pages.CORPUS_COUNTS_OFF.format(off=off)
        return page_header(pages.CORPUS_TITLE, f"{text}\u3002{pages.CORPUS_SUBTITLE}")

    def menus(self) -> list[list[tuple[str, str]]]:
        """Return what can be chosen as region and topic, as pairs of label and value."""
        database = self._services.pipeline().reader.database
        named = database.regions()
        provinces = sorted({region.partition("/")[0] for region in named} | set(named))
        regions = [(pages.FILTER_NATIONWIDE, _NO_REGION), *((region, region) for region in provinces)]
        topics = [(pages.TOPIC_COUNT.format(topic=topic, count=count), topic) for topic, count in database.topics()]
        return [[(pages.FILTER_ALL, _ALL), *regions], [(pages.FILTER_ALL, _ALL), *topics]]

    def listed(self, chosen: Chosen, page: int, words: str, *filters: str | None) -> str:
        """Return one page of the list, the last one where there are fewer.

        Raises:
            InputError: a date is no date.
        """
        reader = self._services.pipeline().reader
        found = browse(reader, default_segmenter(), words, self._filter(*filters))
        count = max(1, -(-len(found.articles) // _ROWS))
        page = min(max(page, 1), count)
        rows = found.articles[(page - 1) * _ROWS : page * _ROWS]
        off = Counter(passage.article_id for passage in reader.database.passages(sorted(self._off())))
        uploaded = {article.id for article in rows if self.uploads.holds(article.source)}
        note = "" if found.all_terms else pages.LIST_SOME_TERMS.format(terms=" ".join(found.terms))
        shown = ListPage(rows, len(found.articles), page, count, found.matches, off, uploaded, chosen.id, note)
        return article_list(shown)

    def detail(self, chosen: Chosen, words: str) -> str:
        """Return the article chosen as it was cut, the words looked for marked."""
        database = self._services.pipeline().reader.database
        article = database.article(chosen.id)
        if article is None:
            text = pages.DETAIL_GONE if chosen.id else pages.DETAIL_EMPTY
            return f'<div class="yb-empty">{text}</div>'
        numbered = database.passages_of(article.id)
        off = self._off()
        removable = ""
        if self.uploads.holds(article.source):
            same_file = database.list_articles(ArticleFilter(folder=article.source))
            question = pages.ARTICLE_REMOVE_SURE.format(name=Path(article.source).name, count=len(same_file))
            removable = question if chosen.removing else "-"
        closed = {passage.id for row, passage in numbered if row in off}
        terms = words_to_find(words, default_segmenter())
        return article_detail(article, [p for _, p in numbered], closed, terms=terms, removable=removable)

    def switched(self, passage_id: str, article_id: str) -> None:
        """Switch a passage to its other state, or, without one, every passage of an article."""
        pipeline = self._services.pipeline()
        off = self._off()
        passages = pipeline.reader.database.passages_of(article_id)
        chosen = [(row, passage) for row, passage in passages if passage_id in {passage.id, ""}]
        turn_off = not all(row in off for row, _ in chosen)
        switch(Path(self._services.config.index), [passage for _, passage in chosen], off=turn_off)
        pipeline.reload()

    def removed(self, article_id: str) -> str:
        """Remove an uploaded article, and return what to say of it."""
        article = self._services.pipeline().article(article_id)
        report = self.uploads.remove(article)
        return pages.REMOVED.format(name=Path(article.source).name, seconds=f"{report.seconds:.1f}")

    def _off(self) -> frozenset[int]:
        return switched_off_rows(Path(self._services.config.index), self._services.pipeline().reader.database)

    def _filter(
        self,
        region: str | None = _ALL,
        insurance: str | None = _ALL,
        topic: str | None = _ALL,
        kind: str | None = _ALL,
        origin: str | None = _ALL,
        since: str | None = None,
        until: str | None = None,
    ) -> ArticleFilter:
        return ArticleFilter(
            region=NATIONWIDE if region == _NO_REGION else region or None,
            insurance=insurance or None,  # type: ignore[arg-type]  # chosen from a menu
            topic=topic or None,
            kind=kind or None,  # type: ignore[arg-type]
            since=_day(since),
            until=_day(until),
            folder=self.uploads.prefix if origin else None,
        )


def _day(value: str | None) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError as error:
        raise InputError(pages.DATE_WRONG.format(value=value)) from error


def add_corpus_page(services: PageServices) -> None:
    """Draw the page into the open ``gr.Blocks`` route and wire its events."""
    page = CorpusPage(services)
    chosen, place = gr.State(Chosen()), gr.State(1)
    head = gr.HTML(page_header(pages.CORPUS_TITLE, pages.CORPUS_SUBTITLE), elem_id="yb-corpus-head")
    changed = add_upload_panel(page.uploads, services.config)
    words = gr.Textbox(
        label=pages.SEARCH_WORDS, placeholder=pages.SEARCH_WORDS_HINT, max_length=200, lines=1, show_label=False,
        container=False, elem_id="yb-words",
    )  # fmt: skip
    with gr.Accordion(pages.FILTERS, open=False, elem_id="yb-filters"):
        with gr.Row():
            filters = _filters()
        reset = gr.Button(pages.FILTER_RESET, size="sm", variant="secondary", elem_id="yb-reset")
    with gr.Row(elem_id="yb-corpus"):
        with gr.Column(scale=5, min_width=320):
            listed = gr.HTML(elem_id="yb-list", js_on_load=CLICKS)
        with gr.Column(scale=6, min_width=320):
            detail = gr.HTML(elem_id="yb-detail", js_on_load=CLICKS)

    def draw(one: Chosen, number: int, words: str, *values: str | None) -> tuple[Any, ...]:
        with shown_errors():
            return page.counts(), page.listed(one, number, words, *values), page.detail(one, words), one, number

    def first(request: gr.Request, words: str, *values: str | None) -> tuple[Any, ...]:
        one = Chosen(str(request.query_params.get("article", "")))
        with shown_errors():
            regions, topics = page.menus()
        return *draw(one, 1, words, *values), gr.Dropdown(choices=regions), gr.Dropdown(choices=topics)

    def filtered(one: Chosen, words: str, *values: str | None) -> tuple[str, int]:
        with shown_errors():
            return page.listed(one, 1, words, *values), 1

    def clicked(event: gr.EventData, one: Chosen, number: int, words: str, *values: str | None) -> tuple[Any, ...]:
        name, target = str(getattr(event, "action", "")), str(getattr(event, "id", ""))
        with shown_errors():
            if name == "page" and target.isdigit():
                return draw(one, int(target), words, *values)
            return draw(_clicked(page, one, name, target), number, words, *values)

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    looked_for, shown = [words, *filters], [head, listed, detail, chosen, place]
    gr.on(None, first, looked_for, [*shown, filters[0], filters[2]], api_visibility="private")
    # Not ``change``: it also fires when the page itself fills a menu.
    for source in (words.input, *(each.input for each in filters[:_MENUS]), *(day.change for day in filters[_MENUS:])):
        source(filtered, [chosen, *looked_for], [listed, place], trigger_mode="always_last", **quiet)
    reset.click(lambda: [_ALL] * _MENUS + [None, None], None, filters, **quiet).then(
        filtered, [chosen, *looked_for], [listed, place], **quiet
    )
    listed.select(clicked, [chosen, place, *looked_for], shown, **quiet).then(None, js=_TO_DETAIL)
    detail.select(clicked, [chosen, place, *looked_for], shown, **quiet).then(None, js=_TO_LIST)
    changed.change(draw, [chosen, place, *looked_for], shown, **quiet)


def _filters() -> list[Any]:
    """Draw the filters: menus first, then the dates."""
    insurance = [(pages.FILTER_ALL, _ALL), *((name, key) for key, name in wording.INSURANCE_NAMES.items())]
    kinds = [(pages.FILTER_ALL, _ALL), *((name, key) for key, name in pages.KIND_NAMES.items())]
    origins = [(pages.FILTER_ALL, _ALL), (pages.ORIGIN_UPLOADED, "uploaded")]
    menus = [
        gr.Dropdown(choices, value=_ALL, label=label, min_width=140)
        for label, choices in (
            (pages.FILTER_REGION, [(pages.FILTER_ALL, _ALL)]),
            (pages.FILTER_INSURANCE, insurance),
            (pages.FILTER_TOPIC, [(pages.FILTER_ALL, _ALL)]),
            (pages.FILTER_KIND, kinds),
            (pages.FILTER_ORIGIN, origins),
        )
    ]
    days = [
        gr.DateTime(include_time=False, type="string", label=label, min_width=140)
        for label in (pages.FILTER_SINCE, pages.FILTER_UNTIL)
    ]
    return [*menus, *days]


def _clicked(page: CorpusPage, chosen: Chosen, name: str, target: str) -> Chosen:
    """Do what a click asks for, and return what is looked at afterwards."""
    if name == "switch":
        page.switched(target, chosen.id)
    elif name == "switch-article":
        page.switched("", chosen.id)
    elif name == "remove":
        return Chosen(chosen.id, removing=True)
    elif name == "remove-yes" and chosen.removing:
        gr.Info(page.removed(chosen.id))
        return Chosen()
    elif name == "open":
        return Chosen(target)
    elif name == "back":
        return Chosen()
    return chosen
