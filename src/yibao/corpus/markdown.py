"""Markdown with front matter: the form of this project's own articles."""

from __future__ import annotations

import re
import reprlib
from datetime import date, datetime
from typing import Any, get_args

import yaml
from frontmatter.default_handlers import YAMLHandler

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.language.normalise import clean
from yibao.language.places import full_region, read_regions
from yibao.records import Article, ArticleKind, Insurance

PERSONS = ("working", "retired", "flexible", "newborn", "child", "student", "elderly", "farmer", "pregnant")
_FRONT_MATTER_LIMIT = 10_000  # characters; a deeply nested one of some tens of thousands crashes libyaml
_FIRST_HEADING = re.compile(r"\A\s*# +(.+)\n")


def read_markdown(text: str, article_id: str, source: str) -> list[Article]:
    """Read one Markdown article.

    The title comes from the front matter, else from a first ``# `` heading, else from the file's name.

    Raises:
        UnreadableError: the front matter is no YAML mapping, or a known key has a wrong value.
    """
    try:
        meta, body = _front_matter(clean(text).strip())
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableError(wording.SKIP_FRONT_MATTER.format(reason=reason[:120])) from error
    heading = _FIRST_HEADING.match(body + "\n")
    title = _text(meta, "title")
    if title is None and heading:
        title, body = heading.group(1).strip(), body[heading.end() :]
    title = title or article_id.rpartition("/")[2]
    if not body.strip():
        raise UnreadableError(wording.SKIP_EMPTY)
    return [
        Article(
            id=article_id,
            title=title,
            text=body.strip("\n"),
            source=source,
            published=_published(meta),
            region=_region(meta, title),
            insurance=_choices(meta, "insurance", get_args(Insurance)),
            person=_choices(meta, "person", PERSONS),
            topics=_strings(meta, "topics"),
            kind=_choice(meta, "kind", get_args(ArticleKind), "article"),
            disclaimer=_text(meta, "disclaimer") or wording.DISCLAIMER,
        )
    ]


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split off the front matter. One that is not closed, or no mapping, is an error: its text must not get lost."""
    handler = YAMLHandler()
    if not handler.detect(text):
        return {}, text
    boundaries = len(handler.FM_BOUNDARY.findall(text))
    if boundaries < 2:  # noqa: PLR2004
        raise ValueError("no closing ---")
    block, body = handler.split(text)
    if len(block) > _FRONT_MATTER_LIMIT:
        raise ValueError(f"longer than {_FRONT_MATTER_LIMIT} characters")
    meta = handler.load(block)
    if meta is not None and not isinstance(meta, dict):
        raise ValueError(f"expected key: value, found {_shown(meta)}")
    return meta or {}, body.strip()


def _region(meta: dict[str, Any], title: str) -> str | None:
    """Return the region in short form: the one stated, else the one the title names; None is nationwide."""
    stated = _text(meta, "region")
    if stated is None:
        return sole_region(title)
    if stated == "全国":
        return None
    return full_region(stated) if "/" in stated else sole_region(stated) or stated


def sole_region(title: str) -> str | None:
    """Return the region a title names, or None where it names none or several."""
    regions = read_regions(title)
    return regions[0] if len(regions) == 1 else None


def _wrong(key: str, value: object, wanted: str) -> UnreadableError:
    return UnreadableError(wording.SKIP_BAD_VALUE.format(key=key, value=_shown(value), wanted=wanted))


def _shown(value: object) -> str:
    """Return the beginning of a value; ``reprlib``, because a few aliases in YAML make lists of astronomic size."""
    return (reprlib.repr(value) if isinstance(value, list | dict) else str(value))[:40]


def _text(meta: dict[str, Any], key: str) -> str | None:
    value = meta.get(key)
    if value is None or isinstance(value, dict | list):
        if value is not None:
            raise _wrong(key, value, wording.WANTED_TEXT)
        return None
    return clean(str(value)).strip() or None


def _published(meta: dict[str, Any]) -> str | None:
    value = meta.get("published")
    if value is None:
        return None
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    try:
        return date.fromisoformat(str(value).strip()).isoformat()
    except ValueError as error:
        raise _wrong("published", value, wording.WANTED_DATE) from error


def _strings(meta: dict[str, Any], key: str) -> tuple[str, ...]:
    value = meta.get(key)
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise _wrong(key, value, wording.WANTED_LIST)
    return tuple(clean(item).strip() for item in items if item.strip())


def _choices(meta: dict[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
    values = _strings(meta, key)
    for value in values:
        if value not in allowed:
            raise _wrong(key, value, " / ".join(allowed))
    return values


def _choice(meta: dict[str, Any], key: str, allowed: tuple[str, ...], default: str) -> Any:
    values = _choices(meta, key, allowed)
    if len(values) > 1:
        raise _wrong(key, values, " / ".join(allowed))
    return values[0] if values else default
