"""What danger sounds like: the vocabulary of ``emergency.json``, ready for matching.

Nothing is decided here; ``triage`` weighs what these patterns find. A rule is a regular expression over folded
text with five abbreviations: ``<word>`` is a group of ``words``, ``~`` up to seven characters of the same clause
without a negation, ``·`` up to four and ``…`` up to nine characters of the same clause, ``%`` up to eighteen that
may cross commas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pypinyin import Style, lazy_pinyin

VOCABULARY = Path(__file__).parent / "emergency.json"

# What is seen beside somebody; what has happened to somebody; a disease by its name; a wish to die; a deed by its name.
Sort = Literal["seen", "happened", "named", "wish", "deed"]

_SHORTHAND = {
    # Words with 不 that deny nothing: 止不住, 不停, 不知怎么.
    "~": "(?:[^,。!?;不没无未]|不知|不停|不住|不断|没完){0,7}",
    "·": "(?:[^,。!?;]{0,4}?)",
    "…": "(?:[^,。!?;]{0,9}?)",
    "%": "(?:[^。!?;]{0,18}?)",
}
_GROUP = re.compile("<([a-z]+)>")
_LATIN = re.compile("[a-z]+(?:[ ']*[a-z]+)*")
_LONE_SPACE = re.compile("(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff](?:$|[ ,。!?;]))")
_SPACE = re.compile("(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_MIN_LATIN = 6  # letters: shorter runs are words such as app and icu


@dataclass(frozen=True)
class Sign:
    """One place where danger is spoken of: which sort, which heading of the vocabulary, and where."""

    sort: Sort
    heading: str
    start: int
    end: int


class Vocabulary:
    """The patterns of ``emergency.json``."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._groups: dict[str, str] = {}
        for name, words in values["words"].items():
            self._groups[name] = f"(?:{'|'.join(words.split())})"
        self._values = values
        self._rhetoric = [self._pattern(rule) for rule in values["rhetoric"]["说说而已"]]
        self._frames = {name: self._pattern("|".join(words.split())) for name, words in values["frames"].items()}
        self._hints = {
            sort: {name: self._pattern("|".join(words.split())) for name, words in values[sort].items()}
            for sort in ("weak", "despair")
        }
        slips = values["slips"]
        self._slips = [
            (wrong, right)
            for line in (slips["dialect"], slips["words"])
            for wrong, right in (pair.split(">") for pair in line.split())
        ]

    def frame(self, name: str) -> re.Pattern[str]:
        """Return the pattern of a group of ``frames``: what is said around a sign."""
        return self._frames[name]

    def hints(self, text: str, sort: Literal["weak", "despair"]) -> set[str]:
        """Return the kinds of trouble that ``text`` tells of, each too slight to count alone."""
        return {name for name, pattern in self._hints[sort].items() if pattern.search(text)}

    def signs(self, text: str, sort: Sort) -> Iterator[Sign]:
        """Yield all signs of a sort in ``text``, in the order of the rules."""
        for heading, patterns in self._rules[sort].items():
            for pattern in patterns:
                for match in pattern.finditer(text):
                    yield Sign(sort, heading, match.start(), match.end())

    def as_meant(self, folded: str) -> str:
        """Return the text with slips and dialect mended and mere figures of speech blotted out.

        For rules only: places in it are not those of the question.
        """
        text = _LATIN.sub(self._read_pinyin, folded)
        text = _SPACE.sub(",", _LONE_SPACE.sub("", text))
        for wrong, right in self._slips:
            text = text.replace(wrong, right)
        for pattern in self._rhetoric:
            text = pattern.sub("◇", text)
        return text

    def _pattern(self, rule: str) -> re.Pattern[str]:
        rule = _GROUP.sub(lambda match: self._groups[match[1]], rule)
        for short, long in _SHORTHAND.items():
            rule = rule.replace(short, long)
        return re.compile(rule)

    @cached_property
    def _rules(self) -> dict[Sort, dict[str, list[re.Pattern[str]]]]:
        sorts: tuple[Sort, ...] = ("seen", "happened", "named", "wish", "deed")
        return {
            sort: {heading: [self._pattern(rule) for rule in rules] for heading, rules in self._values[sort].items()}
            for sort in sorts
        }

    @cached_property
    def _typed(self) -> dict[str, str]:
        """The words that are known when typed in pinyin, longest spelling first."""
        words = self._values["slips"]["typed"].split()
        spelt = {"".join(lazy_pinyin(word, style=Style.NORMAL)): word for word in words}
        # 血 is read in two ways.
        spelt |= {spelling.replace("xie", "xue"): word for spelling, word in spelt.items() if "血" in word}
        return dict(sorted(spelt.items(), key=lambda pair: -len(pair[0])))

    def _read_pinyin(self, match: re.Match[str]) -> str:
        letters = re.sub("[ ']", "", match[0])
        if len(letters) < _MIN_LATIN:
            return match[0]
        for spelling, word in self._typed.items():
            letters = letters.replace(spelling, word)
        return letters


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read once."""
    return Vocabulary(json.loads(VOCABULARY.read_text(encoding="utf-8")))
