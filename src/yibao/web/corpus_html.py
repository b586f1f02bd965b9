"""What the page of articles shows: the list, an article with its cut, uploaded files; ``html/corpus.html`` is how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yibao import wording_pages as pages
from yibao.index.database import ListedArticle
from yibao.records import Article, Passage
from yibao.web.marking import Line, lines_of, term_spans
from yibao.web.markup import render
from yibao.web.staged import Staged, StagedFile

_PREVIEWED = 100  # passages: whoever looks at a cut looks at its beginning, and a page of more is slow


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


@dataclass(frozen=True)
class ShownPassage:
    """A passage as it was cut: ``text`` in turn what lies between sentences and, told by True, a sentence."""

    passage: Passage
    text: Sequence[tuple[Sequence[Line], bool]]
    off: bool

    @property
    def sentences(self) -> int:
        """Number of its sentences."""
        return len(self.passage.sentences)


@dataclass(frozen=True)
class ShownFile:
    """An uploaded file; ``preview`` holds its articles as they were cut, nothing where it is closed."""

    staged: StagedFile
    preview: Sequence[tuple[Article, Sequence[ShownPassage]]]

    @property
    def sentences(self) -> int:
        """Number of its sentences."""
        return sum(len(passage.sentences) for passage in self.staged.passages)


def article_list(shown: ListPage) -> str:
    """Return one page of the list."""
    if not shown.articles:
        return render("pieces", "empty", text=pages.LIST_EMPTY)
    return render("corpus", "article_list", shown=shown)


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
    shown = [_shown(article.text, passage, terms, off=passage.id in off) for passage in passages]
    all_off = all(passage.off for passage in shown)
    return render("corpus", "article_detail", article=article, passages=shown, all_off=all_off, removable=removable)


def staged_report(staged: Staged, opened: str) -> str:
    """Return one block per uploaded file: what it holds or why it cannot be added; ``opened`` shows its cut."""
    files = [ShownFile(file, _preview(file) if file.name == opened else ()) for file in staged.files]
    return render("corpus", "staged", files=files, addable=len(staged.addable), previewed=_PREVIEWED)


def _preview(file: StagedFile) -> list[tuple[Article, list[ShownPassage]]]:
    own: dict[str, list[Passage]] = {article.id: [] for article in file.articles}
    for passage in file.passages[:_PREVIEWED]:
        own[passage.article_id].append(passage)
    return [
        (article, [_shown(article.text, passage, (), off=False) for passage in own[article.id]])
        for article in file.articles
        if own[article.id]
    ]


def _shown(text: str, passage: Passage, terms: Sequence[str], *, off: bool) -> ShownPassage:
    parts: list[tuple[list[Line], bool]] = []
    position = passage.start
    for sentence in passage.sentences:
        parts.append((readable(text[position : sentence.start], terms), False))
        parts.append((readable(text[sentence.start : sentence.end], terms), True))
        position = sentence.end
    return ShownPassage(passage, [*parts, (readable(text[position : passage.end], terms), False)], off)


def readable(text: str, terms: Sequence[str]) -> list[Line]:
    """Return the lines of a text as it stands in an article, the words looked for marked."""
    return lines_of(text, term_spans(text, terms), bullets=False)
