"""Markdown with front matter: the form of this project's own articles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.front_matter import Value, split_front_matter
from yibao.corpus.outcomes import Read, title_and_text
from yibao.corpus.pictures import without_pictures
from yibao.language.normalise import clean
from yibao.language.places import full_region, read_regions
from yibao.records import Article, ArticleKind, Insurance

PERSONS = ("working", "retired", "flexible", "newborn", "child", "student", "elderly", "farmer", "pregnant")
_FIRST_HEADING = re.compile(r"\A\s*# +(.+)\n")
# Of ours, and of Hexo, Hugo, Jekyll, Astro, Docusaurus, Zola.
_PUBLISHED = ("published", "date", "publishdate", "publish_date", "pubdate", "published_at", "published_date")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?(?![\d.])")
_REGION_CHARACTERS = 60


def read_markdown(text: str, article_id: str, source: str) -> Read:
    """Read one Markdown article.

    The title comes from the front matter, else from a first ``# `` heading, else from the file's name. What of the
    front matter cannot be used costs itself alone, with a remark.

    Raises:
        UnreadableError: there is no text.
    """
    text, pictures = without_pictures(clean(text))
    front = split_front_matter(text)
    meta = _Meta(front.values)
    body = front.body
    heading = _FIRST_HEADING.match(body + "\n")
    title = meta.text("title")
    if title is None and heading:
        title, body = heading.group(1).strip(), body[heading.end() :]
    title = title or article_id.rpartition("/")[2]
    if not body.strip():
        raise UnreadableError(wording.SKIP_PICTURES if pictures else wording.SKIP_EMPTY)
    title, body = title_and_text(title, body.strip("\n"))
    article = Article(
        id=article_id,
        title=title,
        text=body,
        source=source,
        published=meta.published(),
        region=_region(meta, title),
        insurance=meta.choices("insurance", get_args(Insurance)),
        person=meta.choices("person", PERSONS),
        topics=meta.strings("topics"),
        kind=meta.kind(),
        disclaimer=meta.text("disclaimer") or wording.DISCLAIMER,
    )
    return Read((article,), (*front.remarks, *meta.remarks, *picture_remarks(pictures)))


def picture_remarks(count: int) -> tuple[str, ...]:
    """Return the remark on pictures that were taken out of an article, where there were any."""
    return (wording.REMARK_PICTURES.format(count=count),) if count else ()


def _region(meta: _Meta, title: str) -> str | None:
    """Return the region in short form: the one stated, else the one the title names; None is nationwide."""
    stated = meta.text("region", _REGION_CHARACTERS)
    if stated is None:
        return sole_region(title)
    if stated == "全国":
        return None
    return full_region(stated) if "/" in stated else sole_region(stated) or stated


def sole_region(title: str) -> str | None:
    """Return the region a title names, or None where it names none or several."""
    regions = read_regions(title)
    return regions[0] if len(regions) == 1 else None


class _Meta:
    """The keys that are ours; one with a value that cannot be used counts as not written and leaves a remark."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values
        self.remarks: list[str] = []

    def _wrong(self, key: str, wanted: str) -> None:
        shown = self._values[key].shown
        self.remarks.append(wording.REMARK_BAD_VALUE.format(key=key, value=shown, wanted=wanted))

    def text(self, key: str, limit: int | None = None) -> str | None:
        """Return one text, of at most ``limit`` characters."""
        value = self._values.get(key)
        if value is None:
            return None
        if value.is_list or value.items is None or (limit and len(value.items[0]) > limit):
            self._wrong(key, wording.WANTED_TEXT if not limit else wording.WANTED_SHORT.format(limit=limit))
            return None
        return value.items[0].strip() or None

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list, or the one that stands alone."""
        value = self._values.get(key)
        if value is None:
            return ()
        if value.items is None or not value.is_text:
            self._wrong(key, wording.WANTED_LIST)
            return ()
        return tuple(item.strip() for item in value.items if item.strip())

    def choices(self, key: str, allowed: tuple[str, ...], most: int | None = None) -> Any:
        """Return texts that are all among those ``allowed``; else none."""
        values = self.strings(key)
        if all(value in allowed for value in values) and (most is None or len(values) <= most):
            return values
        self._wrong(key, " / ".join(allowed))
        return ()

    def kind(self) -> Any:
        """Return the kind of article."""
        return next(iter(self.choices("kind", get_args(ArticleKind), most=1)), "article")

    def published(self) -> str | None:
        """Return the first date among the keys that stand for it."""
        for key in _PUBLISHED:
            value = self._values.get(key)
            if value is None:
                continue
            if (found := _iso_date(value)) is not None:
                return found
            self._wrong(key, wording.WANTED_DATE)
        return None


def _iso_date(value: Value) -> str | None:
    """Return the date that a value begins with, whatever time stands behind it."""
    match = _DATE.match(value.items[0].strip()) if value.items and not value.is_list else None
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
