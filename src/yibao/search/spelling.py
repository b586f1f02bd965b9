"""Questions as people type them: pinyin and homophones, corrected only towards words of the corpus.

Nothing is changed that the corpus itself holds, and nothing becomes a word the corpus does not hold. The reading of
characters comes from ``pypinyin``; tones are dropped, and sounds that many people do not keep apart (zh/z, ang/an,
l/n at the front) are held to be the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pypinyin import Style, lazy_pinyin

from yibao.index.lexical import LexicalIndex
from yibao.language.normalise import fold
from yibao.language.places import place_names
from yibao.language.segmenter import Segmenter
from yibao.language.terms import FUNCTION_CHARACTERS, GRAM_PREFIX

MAX_WORDS = 50_000  # of the corpus, commonest first
MAX_PIECES = 4  # that a misspelt word has fallen into
MIN_PASSAGES = 2  # that hold a word before anything is corrected to it
_HAN = re.compile("[\u3400-\u9fff]+")
_LATIN = re.compile("[a-z]+(?:[ ']*[a-z]+)*")
# Everyday words that questions are made of and articles may lack: for reading questions typed in pinyin.
_EVERYDAY = tuple(
    (
        "怎么 怎样 如何 什么 多少 多久 哪里 哪些 哪个 几天 几个月 多少钱 可以 能不能 "
        "可不可以 是不是 需要 要 吗 呢 的 了 吧 我 我们 爸妈 父母 孩子 老人 办理 "
        "办 查询 查 去 在 有 没有 和 给 用 交 钱 电话 号码 材料 时间 流程 后 前 "
        "看 报 能 不 好 是 到 几 年 月 天 人 也 还 都 上 里 会 多 少 从 "
        "为什么 请问 现在 今年 一年 医院 手机 网上"
    ).split()
)
# Syllables of standard Chinese without tone.
_INITIALS = tuple("zh ch sh b p m f d t n l g k h j q x r z c s y w".split())
_FINALS = tuple(
    (
        "iang iong uang ueng ang eng ing ong ian iao uai uan ai ei ao ou an en in un "
        "ia ie iu ua uo ui ue ve er a o e i u v"
    ).split()
)
_SYLLABLE = re.compile(f"(?:(?:{'|'.join(_INITIALS)})(?:{'|'.join(_FINALS)})|{'|'.join(_FINALS)})")


@dataclass(frozen=True)
class _Word:
    text: str
    weight: float


class Speller:
    """Corrects questions against the words of one index; its tables are made at the first odd question."""

    def __init__(self, index: LexicalIndex, segmenter: Segmenter) -> None:
        self._index = index
        self._segmenter = segmenter

    def correct(self, question: str) -> str:
        """Return the question with pinyin read and misspelt words mended; unchanged where nothing is odd."""
        return self._mend(self._read_pinyin(question))

    @cached_property
    def _by_gap(self) -> dict[tuple[str, str], list[_Word]]:
        """Words of the corpus by what is left when one character is taken out, commonest first."""
        table: dict[tuple[str, str], list[_Word]] = {}
        for text, count in self._corpus_words():
            for n in range(len(text)):
                table.setdefault((text[:n], text[n + 1 :]), []).append(_Word(text, count))
        return table

    @cached_property
    def _by_letters(self) -> dict[str, _Word]:
        """The commonest word for each run of pinyin letters, everyday words among them."""
        table: dict[str, _Word] = {}
        everyday = ((word, 3.0) for word in _EVERYDAY)
        for text, count in [*everyday, *self._corpus_words()]:
            letters = "".join(lazy_pinyin(text, style=Style.NORMAL))
            if letters not in table or table[letters].weight < count:
                table[letters] = _Word(text, count)
        return table

    @cached_property
    def _most_letters(self) -> int:
        return max(map(len, self._by_letters))

    def _corpus_words(self) -> list[tuple[str, float]]:
        """Return the Han words of the corpus with the number of passages that hold each, commonest first."""
        words = {w: float(c) for w, c in self._index.document_counts().items() if len(w) > 1 and _HAN.fullmatch(w)}
        for term in (*self._segmenter.terms, *place_names()):
            words[term] = max(words.get(term, 0.0), float(MIN_PASSAGES))
        held = ((word, count) for word, count in words.items() if self._holds(word))
        return sorted(held, key=lambda item: (-item[1], item[0]))[:MAX_WORDS]

    def _holds(self, text: str) -> bool:
        """Tell whether every pair of neighbouring characters of ``text`` stands in the corpus."""
        return all(self._index.knows(GRAM_PREFIX + text[n : n + 2]) for n in range(len(text) - 1))

    def _mend(self, question: str) -> str:
        """Replace runs that make no word, neither here nor in the dictionary, by a corpus word that sounds alike.

        A misspelt word falls into pieces when it is segmented; runs are tried along those borders, longest first.
        """
        pieces = self._segmenter.words(question)
        parts: list[str] = []
        position = start = 0
        while start < len(pieces):
            found = next(
                (
                    (end, word)
                    for end in range(min(len(pieces), start + MAX_PIECES), start, -1)
                    if (word := self._sounds_like(pieces[start:end]))
                ),
                None,
            )
            end, word = found or (start + 1, None)
            length = sum(map(len, pieces[start:end]))
            parts.append(word or question[position : position + length])
            position += length
            start = end
        return "".join(parts)

    def _sounds_like(self, pieces: list[str]) -> str | None:
        run = "".join(pieces)
        odd = _HAN.fullmatch(run) and not self._holds(run) and not self._segmenter.is_word(run)
        if len(pieces) == 1 or not odd or FUNCTION_CHARACTERS & set(run) or all(len(piece) > 1 for piece in pieces):
            return None
        alike = [
            word
            for n, typed in enumerate(run)
            for word in self._by_gap.get((run[:n], run[n + 1 :]), [])
            if word.weight >= MIN_PASSAGES and _sound(typed) == _sound(word.text[n])
        ]
        return max(alike, key=lambda word: word.weight).text if alike else None

    def _read_pinyin(self, question: str) -> str:
        parts: list[str] = []
        position = 0
        for match in _LATIN.finditer(fold(question)):
            typed = question[match.start() : match.end()]
            parts += [question[position : match.start()], self._read_run(typed) or typed]
            position = match.end()
        return "".join([*parts, question[position:]])

    def _read_run(self, typed: str) -> str | None:
        """Return Latin letters read as words of the corpus, or None where they are no pinyin of it.

        Syllables are not cut beforehand: jinan is ji-nan, though jin-an would do, because the corpus holds 济南.
        What cannot be read (app, CT, a word the corpus lacks) stays as it was typed.
        """
        letters = ""
        standing: dict[int, list[tuple[int, str, float]]] = {}  # by where a typed word ends
        for word in typed.split():
            start, letters = len(letters), letters + fold(word).replace("'", "")
            standing[len(letters)] = [(start, f" {word} ", 0.0)]
        if _SYLLABLE.fullmatch(letters):
            return None
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            ways = [
                (before[0] + score, [*before[1], text])
                for start, text, score in standing.get(end, []) + self._readings(letters, end)
                if (before := best[start])
            ]
            best[end] = max(ways, key=lambda way: way[0], default=None)
        read = best[-1][1] if best[-1] else []
        whole = re.sub(" +", " ", "".join(read)).strip()
        return whole if any(len(text) > 1 and _HAN.fullmatch(text) for text in read) else None

    def _readings(self, letters: str, end: int) -> list[tuple[int, str, float]]:
        """Return the words that may end at ``end``: where they start, the word, and its score.

        Fewer and longer words are likelier; among equals the commoner one.
        """
        starts = range(max(0, end - self._most_letters), end)
        found = ((start, self._by_letters.get(letters[start:end])) for start in starts)
        return [
            (start, word.text, (end - start) ** 2 + min(word.weight, 100.0) / 1000) for start, word in found if word
        ]


@lru_cache(maxsize=20_000)
def _sound(character: str) -> str:
    """Return the usual reading of a character without tone, blurred where many speakers keep no difference."""
    return _blurred(lazy_pinyin(character, style=Style.NORMAL)[0])


def _blurred(syllable: str) -> str:
    syllable = re.sub("^([zcs])h", r"\1", syllable)
    syllable = re.sub("ng$", "n", syllable)
    return re.sub("^n", "l", syllable)
