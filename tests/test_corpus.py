"""The shipped articles: valid, in own words, with the facts of their pages and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import frontmatter
import pytest

from yibao.corpus.reading import read_corpus
from yibao.corpus.webpage import read_plain
from yibao.language.normalise import fold
from yibao.records import Article

LIMIT = 16  # characters in a row that an article may not share with a page
# Proper names and addresses longer than that: nobody can say them in other words.
NAMES = ("中国医科大学附属盛京医院抚顺院区", "http://ybj.jxfz.gov.cn", "https://ggfw.ybj.jiangxi.gov.cn")
KEYS = ["title", "published", "region", "insurance", "person", "topics", "kind"]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LIST_NUMBER = re.compile(r"(?:^|(?<=\s))\d{1,2}\.(?=\s|[^\d\s])", re.MULTILINE)


@pytest.fixture(scope="module")
def articles(corpus: Path) -> list[Article]:
    reading = read_corpus([corpus], 20_000_000)
    assert reading.skipped == []
    assert reading.duplicates == 0
    return reading.articles


@pytest.fixture(scope="module")
def pages(shared: Path) -> dict[str, Article]:
    found = (
        read_plain(path.read_text("utf-8"), path.stem, path.name).articles
        for path in sorted((shared / "pages").glob("*.txt"))
    )
    return {article.title: article for page in found for article in page}


@pytest.fixture(scope="module")
def page_grams(shared: Path) -> set[str]:
    texts = (squeezed(path.read_text("utf-8")) for path in (shared / "pages").glob("*.txt"))
    return {text[n : n + LIMIT] for text in texts for n in range(len(text) - LIMIT + 1)}


def squeezed(text: str) -> str:
    return "".join(fold(text).split())


def shared_runs(text: str, grams: set[str], allowed: list[str]) -> Iterator[str]:
    for n in range(len(text) - LIMIT + 1):
        run = text[n : n + LIMIT]
        if run in grams and not any(run in name for name in allowed):
            yield run


def test_there_are_about_95_articles(articles: list[Article]) -> None:
    assert len(articles) >= 95
    assert sum(article.kind == "article" for article in articles) == 5


def test_front_matter_has_known_keys_in_one_order(corpus: Path) -> None:
    for path in corpus.rglob("*.md"):
        keys = list(frontmatter.load(str(path)).metadata)
        assert keys == [key for key in KEYS if key in keys], path
        assert {"title", "topics", "kind"} <= set(keys), path


def test_every_excerpt_is_dated(articles: list[Article]) -> None:
    assert [article.id for article in articles if article.kind == "excerpt" and article.published is None] == []


def test_articles_are_written_in_own_words(
    articles: list[Article], pages: dict[str, Article], page_grams: set[str]
) -> None:
    allowed = [squeezed(name) for name in (*pages, *NAMES)]
    found = {article.id: list(shared_runs(squeezed(article.text), page_grams, allowed)) for article in articles}
    assert {name: runs for name, runs in found.items() if runs} == {}


def test_every_article_stands_for_a_page(articles: list[Article], pages: dict[str, Article]) -> None:
    assert [article.id for article in articles if article.title not in pages] == []


def test_every_number_stands_in_its_page(articles: list[Article], pages: dict[str, Article]) -> None:
    for article in articles:
        known = set(NUMBER.findall(fold(pages[article.title].text + " " + pages[article.title].title)))
        given = set(NUMBER.findall(LIST_NUMBER.sub("", fold(article.text))))
        assert given <= known, article.id


def test_the_numbers_of_the_main_pages_are_kept(articles: list[Article], pages: dict[str, Article]) -> None:
    wanted = kept = 0
    for article in articles:
        if article.kind == "article":
            numbers = set(NUMBER.findall(LIST_NUMBER.sub("", fold(pages[article.title].text))))
            wanted += len(numbers)
            kept += len(numbers & set(NUMBER.findall(fold(article.text))))
    assert kept >= 0.98 * wanted


def test_dates_are_those_of_the_pages(articles: list[Article], pages: dict[str, Article]) -> None:
    assert [a.id for a in articles if a.published != pages[a.title].published] == []


def test_no_two_articles_are_near_duplicates(articles: list[Article]) -> None:
    def grams(text: str) -> set[str]:
        text = squeezed(text)
        return {text[n : n + 5] for n in range(len(text) - 4)}

    known = [(article.id, grams(article.text)) for article in articles]
    close = [
        (one, other)
        for place, (one, left) in enumerate(known)
        for other, right in known[:place]
        if len(left & right) > 0.5 * len(left | right)
    ]
    assert close == []


def test_punctuation_between_han_is_full_width(articles: list[Article]) -> None:
    assert [a.id for a in articles if re.search("[\u4e00-\u9fff][,:;()!?][\u4e00-\u9fff]", a.text)] == []
