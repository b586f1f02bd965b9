"""Pieces of the page of articles as HTML: the list, an article with its cut, the report on uploaded files.

Everything that comes from an article, a file name or a user is escaped. What can be clicked is a button made by
``pieces.action``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from yibao import wording
from yibao import wording_pages as pages
from yibao.index.database import ListedArticle
from yibao.records import Article, Passage
from yibao.web.pieces import action, badges, marked, readable
from yibao.web.uploads import Staged, StagedFile


@dataclass(frozen=True)
class ListPage:
    """One page of the list: its articles, how many there are in all, and what to say of each."""

    articles: Sequence[ListedArticle]
    total: int
    page: int
    pages: int
    matches: dict[str, tuple[str, ...]]
    off: dict[str, int]
    uploaded: Collection[str]
    chosen: str
    note: str


def article_list(shown: ListPage) -> str:
    """Return one page of the list."""
    if not shown.articles:
        return f'<div class="yb-empty">{escape(pages.LIST_EMPTY)}</div>'
    rows = "".join(_list_row(article, shown) for article in shown.articles)
    note = f'<p class="yb-list-note">{escape(shown.note)}</p>' if shown.note else ""
    total = pages.LIST_TOTAL.format(count=shown.total)
    return (
        f'<div class="yb-list-head">{escape(total)}</div>{note}'
        f'<ul class="yb-list" aria-label="{escape(pages.LIST_LABEL)}">{rows}</ul>{_pager(shown)}'
    )


def _list_row(article: ListedArticle, shown: ListPage) -> str:
    held = len(shown.matches.get(article.id, ()))
    facts = [pages.LIST_MATCHES.format(count=held)] if held else []
    facts.append(pages.LIST_PASSAGES.format(count=article.passages))
    if shown.off.get(article.id):
        facts.append(pages.LIST_OFF.format(count=shown.off[article.id]))
    more = (pages.ORIGIN_UPLOADED,) if article.id in shown.uploaded else ()
    current = ' aria-current="true"' if article.id == shown.chosen else ""
    return (
        f'<li><button type="button" class="yb-row" data-do="open" data-id="{escape(article.id)}"{current}>'
        f'<span class="yb-row-title">{escape(article.title)}</span>'
        f'<span class="yb-row-facts">{escape(" · ".join(facts))}</span>'
        f"{badges(article.region, article.insurance, article.published, article.kind, more)}</button></li>"
    )


def _pager(shown: ListPage) -> str:
    if shown.pages < 2:  # noqa: PLR2004
        return ""
    back, ahead = ({} if ok else {"disabled": "disabled"} for ok in (shown.page > 1, shown.page < shown.pages))
    place = pages.PAGE_PLACE.format(page=shown.page, pages=shown.pages)
    return (
        f'<div class="yb-pager">{action("page", str(shown.page - 1), pages.PAGE_PREVIOUS, **back)}'
        f"<span>{escape(place)}</span>{action('page', str(shown.page + 1), pages.PAGE_NEXT, **ahead)}</div>"
    )


def article_detail(
    article: Article,
    passages: Sequence[Passage],
    off: Collection[str],
    *,
    terms: Sequence[str] = (),
    removable: str = "",
) -> str:
    """Return an article as it was cut.

    Args:
        article: what to show.
        passages: its passages, in the order of the text.
        off: ids of those switched off.
        terms: words to mark, folded.
        removable: the question to be answered before it is removed; "-" offers to remove it; empty does not.
    """
    tools = []
    if len(passages) > 1:
        every = all(passage.id in off for passage in passages)
        tools.append(action("switch-article", article.id, pages.ARTICLE_ON if every else pages.ARTICLE_OFF))
    if removable:
        tools.append(action("remove", article.id, pages.ARTICLE_REMOVE, "yb-danger"))
    sure = ""
    if len(removable) > 1:
        sure = (
            f'<div class="yb-sure" role="alert"><p>{escape(removable)}</p>'
            f"{action('remove-yes', article.id, pages.REMOVE_YES, 'yb-danger')}"
            f"{action('open', article.id, pages.REMOVE_NO)}</div>"
        )
    cards = "".join(
        _passage_card(article.text, passage, number, terms, off=passage.id in off)
        for number, passage in enumerate(passages, start=1)
    )
    return (
        f'<article class="yb-detail">{action("back", "", pages.DETAIL_BACK, "yb-plain yb-phone-only")}'
        f"{_head(article, passages)}"
        f'<div class="yb-tools">{"".join(tools)}</div>{sure}'
        f'<p class="yb-hint">{escape(pages.SENTENCES_NOTE)}{escape(pages.ARTICLE_OFF_NOTE)}</p>{cards}</article>'
    )


def _head(article: Article, passages: Sequence[Passage]) -> str:
    note = f'<p class="yb-notice">{escape(wording.EXCERPT_NOTE)}</p>' if article.kind == "excerpt" else ""
    summary = pages.DETAIL_SUMMARY.format(
        characters=len(article.text), passages=len(passages), sentences=sum(len(p.sentences) for p in passages)
    )
    return (
        f'<h2 tabindex="-1">{escape(article.title)}</h2>'
        f"{badges(article.region, article.insurance, article.published, article.kind, article.topics)}"
        f'<dl class="yb-facts"><div><dt>{pages.DETAIL_SOURCE}</dt><dd>{escape(Path(article.source).name)}</dd></div>'
        f"<div><dt>{pages.DETAIL_ID}</dt><dd>{escape(article.id)}</dd></div></dl>"
        f'<p class="yb-hint">{escape(summary)}</p>{note}'
    )


def _passage_card(text: str, passage: Passage, number: int, terms: Sequence[str], *, off: bool | None) -> str:
    """Return one passage with the borders of its sentences; ``off`` None offers no switch."""
    name = pages.PASSAGE_NUMBER.format(number=number)
    size = pages.PASSAGE_SIZE.format(sentences=len(passage.sentences), characters=len(passage.text))
    switch = "" if off is None else _switch(passage, name, off=off)
    heading = f'<div class="yb-heading">{escape(passage.heading)}</div>' if passage.heading else ""
    return (
        f'<section class="yb-cut{" yb-cut-off" if off else ""}" aria-label="{escape(name)}">'
        f'<div class="yb-cut-head"><b>{escape(name)}</b><span>{escape(size)}</span>{switch}</div>'
        f'{heading}<div class="yb-cut-text">{_sentences(text, passage, terms)}</div></section>'
    )


def _switch(passage: Passage, name: str, *, off: bool) -> str:
    label = pages.PASSAGE_SWITCH.format(passage=name)
    shown = pages.PASSAGE_OFF if off else pages.PASSAGE_ON
    return (
        f'<button type="button" class="yb-switch" role="switch" aria-checked="{"false" if off else "true"}" '
        f'aria-label="{escape(label)}" data-do="switch" data-id="{escape(passage.id)}">'
        f'<i aria-hidden="true"></i>{escape(shown)}</button>'
    )


def _sentences(text: str, passage: Passage, terms: Sequence[str]) -> str:
    """Return a passage's text, each sentence in a block of its own; what lies between stays, but for blank lines."""
    parts: list[str] = []
    position = passage.start
    for sentence in passage.sentences:
        parts.append(readable(text[position : sentence.start], terms))
        parts.append(f'<span class="yb-sentence">{marked(text[sentence.start : sentence.end], terms)}</span>')
        position = sentence.end
    return "".join([*parts, readable(text[position : passage.end], terms)])


def staged_report(staged: Staged, opened: str) -> str:
    """Return one block per uploaded file: what it holds or why it cannot be added; ``opened`` shows its cut."""
    head = pages.UPLOAD_STAGED.format(files=len(staged.files), addable=len(staged.addable))
    files = "".join(_staged_file(file, opened=file.name == opened) for file in staged.files)
    return f'<div class="yb-list-head" role="status">{escape(head)}</div><ul class="yb-staged">{files}</ul>'


def _staged_file(file: StagedFile, *, opened: bool) -> str:
    if file.problem is not None:
        return (
            f'<li class="yb-staged-bad"><b>{escape(file.name)}</b>'
            f'<span class="yb-verdict">✕ {escape(file.problem)}</span></li>'
        )
    counts = pages.UPLOAD_CUT.format(
        articles=len(file.articles),
        passages=len(file.passages),
        sentences=sum(len(passage.sentences) for passage in file.passages),
    )
    verdict = pages.UPLOAD_REPLACES.format(name=file.replaces) if file.replaces else pages.UPLOAD_READY
    sign = "!" if file.replaces else "✓"
    remarks = "".join(f'<span class="yb-verdict">! {escape(remark)}</span>' for remark in file.remarks)
    toggle = action("preview", file.name, pages.UPLOAD_PREVIEW, "yb-plain", aria_expanded=str(opened).lower())
    return (
        f'<li class="yb-staged-{"known" if file.replaces else "good"}"><b>{escape(file.name)}</b>'
        f'<span class="yb-verdict">{sign} {escape(verdict)}</span>{remarks}<span>{escape(counts)}</span>{toggle}'
        f"{_preview(file) if opened else ''}</li>"
    )


def _preview(file: StagedFile) -> str:
    own: dict[str, list[Passage]] = {article.id: [] for article in file.articles}
    for passage in file.passages:
        own[passage.article_id].append(passage)
    parts = []
    for article in file.articles:
        numbered = enumerate(own[article.id], start=1)
        cards = "".join(_passage_card(article.text, passage, n, (), off=None) for n, passage in numbered)
        parts.append(f'<div class="yb-preview">{_head(article, own[article.id])}{cards}</div>')
    return "".join(parts)
