"""Index terms: jieba words and Han bigrams together.

On policy text bigrams find more, on web questions words do; in one index each makes up for the other.
Nothing is dropped as a stop word: 不能, 没有, 以上 and 以下 turn a rule into its opposite, and BM25's own
weights make common words cheap.
"""

from __future__ import annotations

import re

from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter

BIGRAM_PREFIX = "\u00b7"  # keeps the bigram 医保 apart from the word 医保
_HAN_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"\w")


def words(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of ``text`` that carry letters or digits, folded, with repeats."""
    return [word for word in segmenter.words(text) if _WORD.search(word)]


def bigrams(text: str) -> list[str]:
    """Return the overlapping pairs of Han characters in ``text``, marked with ``BIGRAM_PREFIX``."""
    return [
        BIGRAM_PREFIX + run[n : n + 2] for run in _HAN_RUN.findall(fold(text)) for n in range(len(run) - 1)
    ]


def index_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return all index terms of a text, with repeats: first the words, then the bigrams."""
    return words(text, segmenter) + bigrams(text)


def shown_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of a question that are worth showing as matched or missed, each once."""
    content = (word for word in words(text, segmenter) if len(word) > 1 or word.isdigit())
    return list(dict.fromkeys(word for word in content if word not in _FILLERS))


_FILLERS = frozenset(
    "怎么 怎样 如何 什么 哪些 哪里 哪个 多少 是否 可以 请问 一下 需要 能不 这个 那个 怎么办 可不可以 "
    "有没有 是不是 我们 你们 问下 想问 咨询 谢谢".split()
)
