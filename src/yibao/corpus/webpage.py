"""Plain text, and saved web pages: title, article, disclaimer line, then 相关推荐 with teasers.

The page's own layout (indented lists, short lines as headings) becomes the light Markdown of
``Article.text``, so that chunking knows one form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.markdown import picture_remarks, sole_region
from yibao.corpus.outcomes import Read, title_and_text
from yibao.corpus.pictures import without_pictures
from yibao.language.normalise import clean, fold
from yibao.records import Article, ArticleKind

_RELATED = re.compile(r"^ *相关(?:推荐|阅读|文章)$", re.MULTILINE)
_DISCLAIMER = re.compile(r"^ *提示 *:.{0,12}不能代替面诊.*$", re.MULTILINE)
_DATE_LINE = re.compile(r"^\S{2,10} +(\d{4}-\d{2}-\d{2})$")
# A dash, plus or star without a space is a sign (-5%, +86) or a rule (---) before anything but a word.
_BULLET = re.compile(r"^(?:[\u2022\u00b7\u25cf\u25aa\u25e6\u25cb\u25a0] *|[\u2013*+-](?: +|(?=[^\W\d])))(?=\S)")
_ORDERED = re.compile(r"^\d{1,2}[.\u3001](?!\d) *(?=\S)")
_MARKDOWN_HEADING = re.compile(r"^#{1,6} +\S")
_CHAPTER = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}(?:\u3001|[)])\s*")
_SENTENCE_MARK = re.compile("[\u3002!?;:,]")
_HEADING_LIMIT = 36  # characters; a longer line without a full stop is text
_TITLE_LIMIT = 60


@dataclass(frozen=True)
class _Line:
    text: str
    blank_before: bool
    blank_after: bool


def read_plain(text: str, article_id: str, source: str) -> Read:
    """Read a text file: its article first, then one article of kind ``excerpt`` per teaser.

    Raises:
        UnreadableError: there is no text.
    """
    text, pictures = without_pictures(clean(text))
    related = _RELATED.search(text)
    page, teasers = (text[: related.start()].rstrip(), text[related.end() :]) if related else (text, "")
    body, disclaimer = _take_disclaimer(page)
    title, body = _take_title(body, article_id.rpartition("/")[2])
    articles = []
    if body.strip():
        articles.append(_article(article_id, title, to_markdown(body), source, None, "article", disclaimer))
    for number, (teaser, cut, published) in enumerate(_teasers(teasers), start=1):
        teaser_id = f"{article_id}#{number}"
        articles.append(_article(teaser_id, teaser, cut, source, published, "excerpt", disclaimer))
    if not articles:
        raise UnreadableError(wording.SKIP_PICTURES if pictures else wording.SKIP_EMPTY)
    return Read(tuple(articles), picture_remarks(pictures))


def _article(
    article_id: str, title: str, text: str, source: str, published: str | None, kind: ArticleKind, disclaimer: str
) -> Article:
    title, text = title_and_text(title, text)
    return Article(
        id=article_id, title=title, text=text, source=source, published=published, region=sole_region(title),
        insurance=(), person=(), topics=(), kind=kind, disclaimer=disclaimer,
    )  # fmt: skip


def _take_disclaimer(page: str) -> tuple[str, str]:
    match = _DISCLAIMER.search(fold(page))
    if match is None:
        return page, wording.DISCLAIMER
    line = page[match.start() : match.end()].strip()
    return page[: match.start()] + page[match.end() :], line


def _take_title(page: str, default: str) -> tuple[str, str]:
    """Split off a first line that reads like a title: short, alone, and no sentence."""
    first, _, rest = page.lstrip("\n").partition("\n")
    line = first.strip()
    is_title = len(line) <= _TITLE_LIMIT and not line.endswith("\u3002") and rest.startswith("\n")
    return (line, rest) if line and is_title else (default, page)


def _teasers(text: str) -> list[tuple[str, str, str | None]]:
    """Return (title, cut-off text, date) of each block; a date line ends a block."""
    teasers: list[tuple[str, str, str | None]] = []
    lines: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        dated = _DATE_LINE.match(line)
        if not dated:
            lines.append(line)
        elif len(lines) > 1:
            teasers.append((lines[0], "\n".join(lines[1:]), _iso_date(dated.group(1))))
        if dated:
            lines = []
    if len(lines) > 1:
        teasers.append((lines[0], "\n".join(lines[1:]), None))
    return teasers


def _iso_date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def to_markdown(page: str) -> str:
    """Return the lines of a page with their headings and items marked as Markdown does."""
    lines = _lines(page)
    marked = [
        _marked(line, lines[n - 1] if n else None, lines[n + 1] if n + 1 < len(lines) else None)
        for n, line in enumerate(lines)
    ]
    parts: list[str] = []
    for n, line in enumerate(marked):
        tight = (
            n > 0 and _item_kind(line) is not None and (_item_kind(line) == _item_kind(marked[n - 1]) or line[0] == "-")
        )
        parts.append(("" if n == 0 else "\n" if tight else "\n\n") + line)
    return "".join(parts)


def _item_kind(line: str) -> str | None:
    return "-" if line.startswith("- ") else "1" if _ORDERED.match(line) else None


def _lines(page: str) -> list[_Line]:
    raw = [line.strip() for line in page.split("\n")]
    return [
        _Line(line, n == 0 or not raw[n - 1], n + 1 == len(raw) or not raw[n + 1]) for n, line in enumerate(raw) if line
    ]


def _marked(line: _Line, before: _Line | None, after: _Line | None) -> str:
    text = line.text
    if _MARKDOWN_HEADING.match(text):
        return text
    if _BULLET.match(text):
        return "- " + _BULLET.sub("", text)
    if _ORDERED.match(text):
        alone = after is not None and not _ORDERED.match(after.text)
        in_list = before is not None and _ORDERED.match(before.text) is not None
        return "### " + text if _is_heading(text) and alone and not in_list else text
    if _CHAPTER.match(fold(text)) and _is_heading(text):
        return "## " + text
    if _is_heading(text) and line.blank_before and line.blank_after and after is not None:
        return "## " + text
    return text


def _is_heading(text: str) -> bool:
    body = _CHAPTER.sub("", _ORDERED.sub("", fold(text)))
    return len(body) <= _HEADING_LIMIT and any(map(str.isalnum, body)) and not _SENTENCE_MARK.search(body.rstrip("?!"))
