"""Index terms: jieba words, Han characters and Han bigrams together, words counted twice.

On policy text bigrams find more, on web questions words do; in one index each makes up for the other, and
single characters find 缴 in 缴费 where the segmenter kept the word whole.
Nothing is dropped as a stop word: 不能, 没有, 以上 and 以下 turn a rule into its opposite, and BM25's own
weights make common words cheap.
"""

from __future__ import annotations

import re

from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter

GRAM_PREFIX = "\u00b7"  # keeps the bigram 医保 apart from the word 医保
WORD_WEIGHT = 2
_HAN_RUN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"\w")


def words(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of ``text`` that carry letters or digits, folded, with repeats."""
    return [word for word in segmenter.words(text) if _WORD.search(word)]


def grams(text: str, size: int) -> list[str]:
    """Return the overlapping runs of ``size`` Han characters in ``text``, marked with ``GRAM_PREFIX``."""
    return [GRAM_PREFIX + run[n : n + size] for run in _HAN_RUN.findall(fold(text)) for n in range(len(run) - size + 1)]


def index_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return all index terms of a text, with repeats: words, characters, bigrams."""
    return words(text, segmenter) * WORD_WEIGHT + grams(text, 1) + grams(text, 2)


def shown_terms(text: str, segmenter: Segmenter) -> list[str]:
    """Return the words of a question that are worth showing as matched or missed, each once."""
    content = (word for word in words(text, segmenter) if len(word) > 1 or word.isdigit())
    return list(dict.fromkeys(word for word in content if word not in _FILLERS))


_FILLERS = frozenset(
    [
        "怎么",
        "怎样",
        "如何",
        "什么",
        "哪些",
        "哪里",
        "哪个",
        "多少",
        "是否",
        "可以",
        "请问",
        "一下",
        "需要",
        "能不",
        "这个",
        "那个",
        "怎么办",
        "可不可以",
        "有没有",
        "是不是",
        "我们",
        "你们",
        "问下",
        "想问",
        "咨询",
        "谢谢",
    ]
)
