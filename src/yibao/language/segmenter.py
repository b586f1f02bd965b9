"""One segmenter for articles and questions: jieba with an own dictionary of health-insurance terms."""

from __future__ import annotations

import hashlib
import logging
from functools import lru_cache
from importlib.resources import files

import jieba
from platformdirs import user_cache_path

from yibao.language.normalise import fold

jieba.setLogLevel(logging.WARNING)

TERMS = "words, quantities, characters, bigrams"  # of what index terms are made: another kind needs another index
# Above every frequency in jieba's own dictionary, so that a listed term is never cut.
_FREQUENCY = 200_000


class Segmenter:
    """jieba over folded text.

    Each instance owns its ``jieba.Tokenizer``: words added here are unknown to every other user of jieba
    in the process. The hidden Markov model is off, because the words it invents depend on context and
    would differ between a question and an article.
    """

    def __init__(self, dictionary: str) -> None:
        self._tokenizer = jieba.Tokenizer()
        # jieba keeps a cache file; in a shared temporary folder others could plant one.
        cache = user_cache_path("yibao")
        cache.mkdir(parents=True, exist_ok=True)
        self._tokenizer.tmp_dir = str(cache)
        self._tokenizer.initialize()
        self.terms = tuple(
            line.strip() for line in dictionary.splitlines() if line.strip() and not line.startswith("#")
        )
        for term in self.terms:
            self._tokenizer.add_word(fold(term), _FREQUENCY)
        content = "\n".join(sorted(self.terms)) + f"|jieba {jieba.__version__}|no hmm|folded, simplified|{TERMS}"
        self.fingerprint = hashlib.sha256(content.encode()).hexdigest()[:16]

    def words(self, text: str) -> list[str]:
        """Return the words of ``text``, folded, in order; their concatenation is the folded text."""
        words: list[str] = self._tokenizer.lcut(fold(text), HMM=False)
        return words

    def is_word(self, text: str) -> bool:
        """Tell whether the dictionary holds ``text`` as a whole."""
        return bool(self._tokenizer.FREQ.get(fold(text)))


@lru_cache(maxsize=1)
def default_segmenter() -> Segmenter:
    """Return the segmenter with the shipped dictionary (made once per process: it takes half a second)."""
    path = files("yibao.language").joinpath("data", "dictionary.txt")
    return Segmenter(path.read_text(encoding="utf-8"))
