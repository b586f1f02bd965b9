"""Passages: exact spans, nothing lost, no sentence cut, lists with the line that introduces them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.reading import read_corpus
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.language.sentences import sentence_spans
from yibao.records import Article, Passage
from yibao.wording import DISCLAIMER

CONFIG = ChunkingConfig()
SMALL = ChunkingConfig(max_words=12, min_words=6, max_sentence_characters=20)

Chunked = list[tuple[Article, list[Passage]]]
Make = Callable[..., Article]


def article_of(text: str) -> Article:
    return Article(
        id="made", title="标题", text=text, source="made.md", published=None, region=None, insurance=(), person=(),
        topics=(), kind="article", disclaimer=DISCLAIMER,
    )  # fmt: skip


@pytest.fixture(scope="module")
def shipped(corpus: Path, segmenter: Segmenter) -> Chunked:
    return [(a, chunk(a, segmenter, CONFIG)) for a in read_corpus([corpus], 20_000_000).articles]


@pytest.fixture(scope="module")
def saved(shared: Path, segmenter: Segmenter) -> Chunked:
    return [(a, chunk(a, segmenter, CONFIG)) for a in read_corpus([shared / "pages"], 20_000_000).articles]


_SENTENCE = st.text(alphabet="医保报销备案a9%\u00b7\U00020bb7\uff0c\uff1b\u3001\u201c\u201d ", min_size=1, max_size=50)
_LINE = st.one_of(
    st.builds("{}{}".format, _SENTENCE, st.sampled_from(["\u3002", "\uff01", "?", "\u2026\u2026", ""])),
    st.lists(_SENTENCE, min_size=2, max_size=5).map("\u3002".join),
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###"]), _SENTENCE),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "  "]),
        st.sampled_from(["- ", "1. ", "2\u3001", "(3) ", "\uff084\uff09"]),
        _SENTENCE,
    ),
    st.builds("{}\uff1a".format, _SENTENCE),
    st.sampled_from(["", " ", "甲" * 120, "https://example.cn/a?id=1", "-", "1.", "#", "\uff1a"]),
)
MADE_TEXT = st.one_of(
    st.builds("{1}{0}".format, st.lists(_LINE, max_size=14).map("\n".join), st.sampled_from(["", "\n", " "])),
    st.lists(_LINE, max_size=8).map("\n\n".join),
    st.text(max_size=80),
)


def assert_exact(article: Article, passages: list[Passage]) -> None:
    assert all(article.text[p.start : p.end] == p.text for p in passages)
    assert all(p.text == p.text.strip() != "" for p in passages)


def assert_complete(article: Article, passages: list[Passage]) -> None:
    counts = [0] * len(article.text)
    for passage in passages:
        for n in range(passage.start, passage.end):
            counts[n] += 1
    assert max(counts, default=0) <= 1
    lost = [c for c, count in zip(article.text, counts, strict=True) if not count and not c.isspace()]
    assert lost == []


def count(text: str) -> int:
    return len(default_segmenter().words(text))


def assert_small(passages: list[Passage], limit: int) -> None:
    """No passage is larger than allowed, in words and, where those are very long, in characters."""
    for passage in passages:
        assert count("".join(passage.text.split())) <= limit
        assert len(passage.text) <= limit * 8
        assert len(passage.heading) < 1500


def assert_whole_sentences(article: Article, passages: list[Passage], config: ChunkingConfig) -> None:
    """No passage begins or ends within a sentence, unless that is longer than the limit."""
    borders = {border for passage in passages for border in (passage.start, passage.end)}
    for start, end in sentence_spans(article.text):
        fits = count(article.text[start:end]) <= config.max_words
        if fits and end - start <= config.max_sentence_characters:
            assert not borders & set(range(start + 1, end)), article.text[start:end]


def assert_quotable(article: Article, passages: list[Passage], limit: int) -> None:
    for passage in passages:
        position = passage.start
        for sentence in passage.sentences:
            assert position <= sentence.start < sentence.end <= passage.end
            assert sentence.end - sentence.start <= limit
            quote = article.text[sentence.start : sentence.end]
            assert quote == quote.strip()
            position = sentence.end


def assert_lists_are_introduced(article: Article, passages: list[Passage], limit: int) -> None:
    """The first item stands with its introduction, if both fit; a passage that begins further down names it above."""
    introduced: set[tuple[int, int]] = set()
    for passage in passages:
        for place, sentence in enumerate(passage.sentences):
            if sentence.intro is None:
                continue
            if passage.start <= sentence.intro[0]:
                assert sentence.intro[1] <= passage.end
            else:
                together = count(article.text[slice(*sentence.intro)]) + count(passage.text)
                assert sentence.intro in introduced or together > limit
                if place == 0:
                    assert passage.heading.endswith(article.text[slice(*sentence.intro)].rstrip("\uff1a: "))
            introduced.add(sentence.intro)


def assert_headings_have_their_text(article: Article, passages: list[Passage], limit: int) -> None:
    """No passage ends in a heading that the next one has room for."""
    for passage, following in pairwise(passages):
        start = article.text.rfind("\n", 0, passage.end) + 1
        line = article.text[start:].partition("\n")[0].strip()
        if re.fullmatch(r"#{1,6} +\S.*", line):
            assert count(article.text[start : following.end]) > limit


def assert_all(article: Article, passages: list[Passage], config: ChunkingConfig) -> None:
    assert_exact(article, passages)
    assert_complete(article, passages)
    assert_small(passages, config.max_words)
    assert_whole_sentences(article, passages, config)
    assert_quotable(article, passages, config.max_sentence_characters)
    assert_lists_are_introduced(article, passages, config.max_words)
    assert_headings_have_their_text(article, passages, config.max_words)
    assert [passage.id for passage in passages] == [f"{article.id}@{n}" for n in range(1, len(passages) + 1)]


@given(MADE_TEXT)
@settings(deadline=None, max_examples=300)
def test_made_articles_keep_every_promise_in_small_passages(text: str) -> None:
    article = article_of(text)
    assert_all(article, chunk(article, default_segmenter(), SMALL), SMALL)


@given(MADE_TEXT)
@settings(deadline=None, max_examples=100)
def test_made_articles_keep_every_promise_in_passages_of_the_usual_size(text: str) -> None:
    article = article_of(text)
    assert_all(article, chunk(article, default_segmenter(), CONFIG), CONFIG)


def test_shipped_articles_keep_every_promise(shipped: Chunked) -> None:
    assert len(shipped) >= 95
    for article, passages in shipped:
        assert passages
        assert_all(article, passages, CONFIG)


def test_saved_pages_keep_every_promise(saved: Chunked) -> None:
    for article, passages in saved:
        assert passages
        assert_all(article, passages, CONFIG)


def test_sizes_in_longer_articles_are_200_to_350_characters_as_a_rule(shipped: Chunked) -> None:
    sizes = [len(passage.text) for article, passages in shipped if len(article.text) > 400 for passage in passages]
    assert len(sizes) >= 20
    assert sum(200 <= size <= 350 for size in sizes) / len(sizes) >= 0.8
    assert max(sizes) <= 400


def test_no_shipped_passage_has_more_words_than_allowed(shipped: Chunked, segmenter: Segmenter) -> None:
    texts = [passage.text for _, passages in shipped for passage in passages]
    assert max(sum(not word.isspace() for word in segmenter.words(text)) for text in texts) <= CONFIG.max_words


def test_a_short_article_is_one_passage(shipped: Chunked) -> None:
    short = [passages for article, passages in shipped if len(article.text) < 250]
    assert short
    assert {len(passages) for passages in short} == {1}


def test_every_shipped_passage_can_be_quoted_from(shipped: Chunked) -> None:
    assert [passage.id for _, passages in shipped for passage in passages if not passage.sentences] == []


def test_parts_of_a_long_text_are_even(segmenter: Segmenter) -> None:
    article = article_of("异地就医备案的有效期是六个月\u3002" * 30)
    sizes = [len(passage.text) for passage in chunk(article, segmenter, CONFIG)]
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) <= 15


def test_ids_do_not_change_when_other_articles_do(small_corpus: Path, segmenter: Segmenter) -> None:
    def passages() -> dict[str, list[Passage]]:
        return {a.id: chunk(a, segmenter, CONFIG) for a in read_corpus([small_corpus], 20_000_000).articles}

    before = passages()
    (small_corpus / "a-new-one.md").write_text("---\ntitle: 新\n---\n新的一篇\u3002\n", "utf-8")
    (small_corpus / "birth.txt").write_text("改了的标题\n\n" + "改了的正文\u3002" * 200, "utf-8")
    after = passages()
    assert after["filing"] == before["filing"]
    assert after["sub/account"] == before["sub/account"]
    assert before["sub/account"][0].id == "sub/account@1"
    assert len(after["birth"]) > len(before["birth"])


def test_title_and_article_id_go_along(make_article: Make, segmenter: Segmenter) -> None:
    (passage,) = chunk(make_article(id="x/y#2", title="题目", text="正文\u3002"), segmenter, CONFIG)
    assert (passage.id, passage.article_id, passage.title) == ("x/y#2@1", "x/y#2", "题目")


@pytest.mark.parametrize("text", ["", "\n\n", " \n "])
def test_no_text_gives_no_passage(make_article: Make, segmenter: Segmenter, text: str) -> None:
    assert chunk(make_article(text=text), segmenter, CONFIG) == []


def test_the_heading_is_the_path_down_to_the_passage(segmenter: Segmenter) -> None:
    text = f"## 一\n\n### 甲\n\n{'备案' * 150}\u3002\n\n### 乙\n\n{'报销' * 150}\u3002\n\n## 二\n\n{'共济' * 150}\u3002"
    headings = [passage.heading for passage in chunk(article_of(text), segmenter, CONFIG)]
    assert headings == ["一 > 甲", "一 > 乙", "二"]


def test_a_heading_stands_at_the_head_of_its_passage_and_is_not_quoted(segmenter: Segmenter) -> None:
    text = f"{'备案' * 150}\u3002\n\n## 报销\n\n{'报销' * 150}\u3002"
    second = chunk(article_of(text), segmenter, CONFIG)[1]
    assert second.text.startswith("## 报销\n")
    assert [text[s.start : s.end] for s in second.sentences] == ["报销" * 150 + "\u3002"]


def test_small_sections_are_joined(segmenter: Segmenter) -> None:
    (passage,) = chunk(article_of("## 一\n\n甲\u3002\n\n## 二\n\n乙\u3002"), segmenter, CONFIG)
    assert passage.heading == "一"
    assert len(passage.sentences) == 2


@pytest.mark.parametrize("marker", ["- ", "* ", "1. ", "1\u3001", "(1) ", "\uff081\uff09", "12. "])
def test_a_list_marker_belongs_to_the_passage_and_not_to_the_quote(segmenter: Segmenter, marker: str) -> None:
    (passage,) = chunk(article_of(f"{marker}本人身份证\u3002"), segmenter, CONFIG)
    (sentence,) = passage.sentences
    assert passage.start == 0
    assert passage.text[sentence.start : sentence.end] == "本人身份证\u3002"


@pytest.mark.parametrize("text", ["3.5%的比例\u3002", "2025年起\u3002", "-5%的差额\u3002", "123. 条\u3002"])
def test_numbers_are_no_list_markers(segmenter: Segmenter, text: str) -> None:
    (passage,) = chunk(article_of(text), segmenter, CONFIG)
    assert passage.sentences[0].start == 0


def intros(text: str, segmenter: Segmenter) -> dict[str, str | None]:
    """Return each sentence with the line that introduces it."""
    passages = chunk(article_of(text), segmenter, CONFIG)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    return {text[s.start : s.end]: text[slice(*s.intro)] if s.intro else None for s in sentences}


def test_every_item_knows_the_line_that_introduces_it(segmenter: Segmenter) -> None:
    text = "第一句\u3002需要以下材料\uff1a\n\n- 身份证\u3002要原件\u3002\n- 户口本\n\n没有别的\u3002\n- 不属于它"
    assert intros(text, segmenter) == {
        "第一句\u3002": None,
        "需要以下材料\uff1a": None,
        "身份证\u3002": "需要以下材料\uff1a",
        "要原件\u3002": "需要以下材料\uff1a",
        "户口本": "需要以下材料\uff1a",
        "没有别的\u3002": None,
        "不属于它": None,
    }


def test_an_item_may_introduce_a_list_of_its_own(segmenter: Segmenter) -> None:
    text = "步骤:\n1. 备材料:\n   - 身份证\n   - 户口本\n2. 交材料:\n   - 到窗口:\n     - 早上\n   - 在网上\n3. 等通知"
    assert intros(text, segmenter) == {
        "步骤:": None,
        "备材料:": "步骤:",
        "身份证": "备材料:",
        "户口本": "备材料:",
        "交材料:": "步骤:",
        "到窗口:": "交材料:",
        "早上": "到窗口:",
        "在网上": "交材料:",
        "等通知": "步骤:",
    }


def test_an_item_further_out_ends_the_lists_within(segmenter: Segmenter) -> None:
    assert intros("步骤:\n  1. 备材料:\n  - 身份证\n- 等通知", segmenter)["等通知"] == "步骤:"


def test_a_heading_ends_a_list(segmenter: Segmenter) -> None:
    assert intros("材料:\n- 甲\n## 乙\n- 丙", segmenter)["丙"] is None


def test_the_rest_of_a_long_list_names_its_introduction_in_the_heading(segmenter: Segmenter) -> None:
    items = "".join(f"- 第{n}份材料是由单位盖章的证明和本人的身份证复印件\u3002\n" for n in range(1, 31))
    text = f"## 材料\n\n{'备案' * 60}\u3002需要以下材料\uff1a\n\n{items}"
    passages = chunk(article_of(text), segmenter, CONFIG)
    assert len(passages) > 2
    assert passages[0].heading == "材料"
    assert {passage.heading for passage in passages[1:]} == {"材料 > 需要以下材料"}


def test_a_sentence_beyond_the_limit_is_cut_at_a_comma(segmenter: Segmenter) -> None:
    text = ("参保人可以在参保地的窗口办理\uff0c" * 40)[:-1] + "\u3002"
    passages = chunk(article_of(text), segmenter, CONFIG)
    assert len(passages) > 1
    assert all(passage.text.endswith(("\uff0c", "\u3002")) for passage in passages)


def test_larger_limits_give_fewer_passages(segmenter: Segmenter) -> None:
    article = article_of("异地就医备案的有效期是六个月\u3002" * 60)
    counts = [len(chunk(article, segmenter, ChunkingConfig(max_words=words))) for words in (60, 120, 240, 1000)]
    assert counts == [8, 4, 2, 1]  # 480 words
