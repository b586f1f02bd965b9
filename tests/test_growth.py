"""Whatever stands in a file, reading and cutting it takes time in proportion to its length, and gives small passages.

Times are compared with times, never with seconds: eight times the text may take at most three times eight times as long,
where a cost that grows with the square takes sixty-four times. Only the time of this thread is counted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.corpus.beir import read_beir
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.decoding import UnreadableError, decode
from yibao.corpus.markdown import read_markdown
from yibao.corpus.reading import content_fingerprint
from yibao.corpus.webpage import read_plain
from yibao.language.normalise import clean
from yibao.language.segmenter import default_segmenter
from yibao.language.sentences import sentence_spans, split_long
from yibao.records import Article
from yibao.wording import DISCLAIMER

CONFIG = ChunkingConfig()
TIMES = 8
ALLOWED = 3 * TIMES
FLOOR = 0.004  # seconds: what is measured below that is chance

REPEATED = {
    "blanks": " ", "tabs": "\t", "line ends": "\n", "windows line ends": "\r\n", "blank lines": "\n ",
    "trailing blanks": "甲  \n", "wide blanks": "\u3000", "zero width": "\u200b", "zero width between": "a\u200b",
    "hashes": "#", "hashes and blanks": "# ", "headings": "## 标题\n\n", "headings alone": "# 甲\n",
    "headings with text": "## 标题\n正文。\n", "dashes": "-", "dashes and blanks": "- ", "items": "- 甲\n",
    "rules": "---\n", "open front matter": "a: b\n", "numbers": "1", "numbered": "1. ", "numbered items": "1. 甲\n",
    "brackets": "(", "pairs of brackets": "()", "square": "[", "wide brackets": "（", "letters": "a", "one character": "医",
    "words": "医保", "sentences": "医保。", "colons": "：", "introductions": "甲：\n", "introducing items": "- 甲：\n",
    "pipes": "|", "rows of a table": "| 甲 | 乙 |\n", "less": "<", "tags": "<div>", "entities": "&nbsp;", "stars": "*",
    "emphasis": "**甲", "underscores": "_", "underscored": "__a", "marks": "?!", "marks and letters": "?a", "quotes": "”",
    "closed sentences": "。”", "semicolons": "；", "commas": "甲，", "full stops": ".", "ellipses": "…", "ticks": "```\n",
    "addresses": "https://a.cn/?a=1&", "quoted": "> ", "pictures begun": "![", "pictures half": "![a](",
    "pictures nested": "![[a]", "pictures in brackets": "![a](b(", "titles of pictures": '![a](b "', "pictures": "![a](b)\n",
    "wiki pictures": "![[a.png|", "image tags begun": "<img ", "image tags": '<img alt="a">', "captions": '<img alt=" ',
    "drawings": "<svg ", "closed drawings": "<svg></svg>", "data begun": "data:a/b", "data": "data:a/b,",
    "wrapped data": "data:image/png;base64,AAAA\n", "definitions": "[a]: b\n", "related": "相关推荐\n", "hints": "提示",
    "hints and blanks": "\n提示 ", "nearly disclaimers": "提示:本内容不能代替\n", "dates": "医保 2025-01-01\n",
    "teasers": "题\n文\n医保 2025-01-01\n", "chapters": "一、甲\n\n", "bullets": "• 甲\n", "places": "广州，",
    "denied places": "不是广东", "lone surrogates": "\ud800", "rare characters": "\U00020bb7",
    "mixed": "# 标题\n\n- 甲：\n  - 乙\n1. 丙。\n| a |\n<b>x</b>&amp;**强**\u200b\r\n  \t",
}  # fmt: skip
BUILT: dict[str, Callable[[int], str]] = {
    "a blank line with an end": lambda n: " " * (n - 1) + "x",
    "a gap": lambda n: "x" + " " * (n - 2) + "x",
    "a gap of lines": lambda n: "甲。" + "\n" * n + "乙。",
    "one long heading": lambda n: "# " + "标" * n + "\n正文。",
    "six levels": lambda n: "".join("#" * (i % 6 + 1) + f" 标题{i}\n" for i in range(n // 8)),
    "long headings": lambda n: "".join("#" * (i % 6 + 1) + " " + "标" * 140 + "\n" for i in range(n // 150)),
    "nested items": lambda n: "".join(" " * (i % 200) + f"- 甲{i}：\n" for i in range(n // 110)),
    "deeper and deeper": lambda n: "".join(" " * i + "- 甲：\n" for i in range(int((2 * n) ** 0.5))),
    "open lists": lambda n: "".join("- " + " " * (i % 9) + "甲：\n" for i in range(n // 9)),
    "marker and blanks": lambda n: "- " + " " * n + "甲",
    "one long title": lambda n: "# " + "广州，" * (n // 6) + "\n\n" + "正文。" * (n // 6),
    "a title in front matter": lambda n: "---\ntitle: " + "长" * 9000 + "\n---\n" + "正文。\n" * (n // 4),
    "front matter too long": lambda n: "---\na: " + "[" * n + "\n---\n正文。",
    "one picture": lambda n: "![x](data:image/png;base64," + "iVBORw0KGgo" * (n // 11) + ")\n\n正文。",
    "a picture in lines": lambda n: (
        "[a]: data:image/png;base64," + ("\n" + "iVBORw0KGgo" * 6) * (n // 67) + "\n\n正文。"
    ),
    "captions in one tag": lambda n: "<img " + "alt='" * (n // 5) + ">",
}
NAMES = sorted(REPEATED) + sorted(BUILT)


def hostile(name: str, size: int) -> str:
    if name in BUILT:
        return BUILT[name](size)
    return (REPEATED[name] * (size // len(REPEATED[name]) + 1))[:size]


def article_of(text: str) -> Article:
    return Article(
        id="made", title="标题", text=text, source="made.md", published=None, region=None, insurance=(), person=(),
        topics=(), kind="article", disclaimer=DISCLAIMER,
    )  # fmt: skip


def cut(text: str) -> None:
    """Cut an article, and check every promise that its passages make on their size and place."""
    article = article_of(text)
    passages = chunk(article, default_segmenter(), CONFIG)
    end = 0
    for passage in passages:
        assert article.text[passage.start : passage.end] == passage.text
        assert not article.text[end : passage.start].strip()
        assert len(passage.text) <= 8 * CONFIG.max_words
        assert len("".join(passage.text.split())) <= CONFIG.max_words or words(passage.text) <= CONFIG.max_words
        assert all(s.end - s.start <= CONFIG.max_sentence_characters for s in passage.sentences)
        assert len(passage.heading) < 1500
        end = passage.end
    assert not article.text[end:].strip()


def words(text: str) -> int:
    return len(default_segmenter().words("".join(text.split())))


def markdown(text: str) -> None:
    with suppress(UnreadableError):
        read_markdown(text, "made", "made.md")


def plain(text: str) -> None:
    with suppress(UnreadableError):
        read_plain(text, "made", "made.txt")


def seconds(work: Callable[[str], None], text: str) -> float:
    begun = time.thread_time()
    work(text)
    return time.thread_time() - begun


def assert_linear(work: Callable[[str], None], make: Callable[[int], str], size: int) -> None:
    """Compare the least time of three; the larger text is read again only where its first time was too long."""
    work(make(100))
    small, large = make(size), make(size * TIMES)
    allowed = ALLOWED * max(FLOOR, min(seconds(work, small) for _ in range(3)))
    assert any(seconds(work, large) <= allowed for _ in range(3))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("work", "size"), [(markdown, 16_000), (plain, 16_000), (cut, 8_000)])
def test_time_grows_with_the_length_and_no_faster(work: Callable[[str], None], size: int, name: str) -> None:
    assert_linear(work, lambda length: hostile(name, length), size)


@given(st.lists(st.sampled_from(sorted(REPEATED.values())), min_size=2, max_size=5).map("".join))
@settings(max_examples=15, deadline=None)
def test_mixtures_of_what_is_hostile(piece: str) -> None:
    for work, size in ((markdown, 8_000), (plain, 8_000), (cut, 4_000)):
        assert_linear(work, lambda length: piece * (length // len(piece) + 1), size)


@pytest.mark.parametrize("name", ["mixed", "blank lines", "a gap"])
def test_two_megabytes(name: str) -> None:
    text = hostile(name, 2_000_000)
    for work in (markdown, plain):
        assert seconds(work, text) <= ALLOWED * max(0.03, seconds(work, text[: len(text) // TIMES]))
    cleaned = clean(text)
    assert seconds(cut, cleaned) <= ALLOWED * max(0.03, seconds(cut, cleaned[: len(cleaned) // TIMES]))


@pytest.mark.parametrize("name", ["words", "sentences", "commas", "letters", "marks and letters", "mixed"])
def test_the_parts_of_reading(name: str) -> None:
    def part(text: str) -> None:
        sentence_spans(text)
        split_long(text, 0, len(text), 350)
        content_fingerprint(article_of(text.replace("\ud800", "")))

    assert_linear(part, lambda length: hostile(name, length), 60_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "big5", "latin-1"])
@pytest.mark.parametrize("name", ["words", "blanks", "letters", "line ends", "sentences"])
def test_decoding(name: str, encoding: str) -> None:
    def work(text: str) -> None:
        with suppress(UnreadableError):
            decode(text.encode(encoding, "replace"))

    assert_linear(work, lambda length: hostile(name, length), 60_000)


@pytest.mark.parametrize("name", ["words", "blanks", "one long title", "pictures half", "lone surrogates"])
def test_lines_of_a_packed_corpus(tmp_path: Path, name: str) -> None:
    def work(text: str) -> None:
        path = tmp_path / "corpus.jsonl"
        path.write_text(json.dumps({"_id": "a", "title": text, "text": text}) + "\n" + "[" * len(text), "utf-8")
        assert len(list(read_beir(path))) == 2

    assert_linear(work, lambda length: hostile(name, length), 16_000)


def test_a_file_of_headings_alone_is_many_small_passages() -> None:
    article = article_of("".join(f"## 标题{n}\n" for n in range(100_000)))
    passages = chunk(article, default_segmenter(), CONFIG)
    assert len(passages) > 2000
    assert max(len(passage.text) for passage in passages) < 500
