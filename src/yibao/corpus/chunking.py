"""Articles become passages: whole sentences and list items, packed evenly under their headings.

Every character that is not white space belongs to exactly one passage, and
``article.text[start:end] == passage.text``. Sizes are counted in jieba words; no passage is larger than
``max_words``, and time and memory grow with the length of the article, whatever stands in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter
from yibao.language.sentences import sentence_spans, split_long
from yibao.records import Article, Passage, Sentence

_HEADING = re.compile(r"(#{1,6}) +(\S.*)")
_HEADING_CHARACTERS = 150  # every passage below carries its headings along: a longer line is text
_WORD_CHARACTERS = 8  # a word is counted for as many at least: a run of letters or blanks is not one word
_OPEN_LISTS = 20  # lists within lists that are kept in mind
_MARKER = re.compile(r"(?:[-*+] |\d{1,2}[.)\u3001](?!\d)|[(]\d{1,2}[)]) {0,9}(?=\S)")
_DIGIT = re.compile(r"\d+")
_INTRODUCES = re.compile(r":\s*$")
_HEADING_SEPARATOR = " > "


@dataclass(frozen=True)
class ChunkingConfig:
    """Sizes in jieba words (a Chinese word with its punctuation is about 1.6 characters)."""

    max_words: int = 200
    min_words: int = 110
    max_sentence_characters: int = 350


@dataclass(frozen=True)
class _Unit:
    """The smallest thing a passage is packed from: a heading or a sentence.

    ``lead`` is where its list marker begins, which belongs to the passage and not to the quote.
    """

    lead: int
    start: int
    end: int
    words: int
    is_heading: bool
    path: tuple[str, ...]
    intro: tuple[int, int] | None


@dataclass(frozen=True)
class _Intro:
    """A sentence that introduces a list: its span; indent and marker where it is an item itself."""

    kind: tuple[int, str] | None
    span: tuple[int, int]


def chunk(article: Article, segmenter: Segmenter, config: ChunkingConfig) -> list[Passage]:
    """Cut one article into passages; ids depend on this article alone."""
    units = _units(article.text, segmenter, config)
    packs = _pack(units, config)
    return [_passage(article, number, pack) for number, pack in enumerate(packs, start=1)]


def _passage(article: Article, number: int, units: list[_Unit]) -> Passage:
    start, end = units[0].lead, units[-1].end
    sentences = tuple(Sentence(unit.start, unit.end, unit.intro) for unit in units if not unit.is_heading)
    return Passage(
        id=f"{article.id}@{number}",
        article_id=article.id,
        title=article.title,
        heading=_HEADING_SEPARATOR.join(_shared_path(article.text, units)),
        text=article.text[start:end],
        start=start,
        end=end,
        sentences=sentences,
    )


def _shared_path(text: str, units: list[_Unit]) -> tuple[str, ...]:
    """Return the heading path of the first unit, and the line of a list that began in an earlier passage."""
    first = next((unit for unit in units if not unit.is_heading), units[0])
    if first.intro and first.intro[0] < units[0].lead:
        return (*first.path, text[slice(*first.intro)].rstrip("\uff1a: "))
    return first.path


def _units(text: str, segmenter: Segmenter, config: ChunkingConfig) -> list[_Unit]:
    """Read the lines of an article into units, keeping track of headings and of lines that introduce a list."""
    units: list[_Unit] = []
    path: list[tuple[int, str]] = []
    intros: list[_Intro] = []

    def add(lead: int, start: int, end: int, *, is_heading: bool = False) -> None:
        words = _count(text, units[-1].end if units else lead, lead, end, segmenter)
        titles = tuple(title for _, title in path)
        intro = intros[-1].span if intros else None
        units.append(_Unit(lead, start, end, words, is_heading, titles, intro))

    for start, end in _lines(text):
        line = text[start:end]
        heading = _heading(line, segmenter, config)
        if heading:
            level = len(heading.group(1))
            path = [(above, title) for above, title in path if above < level] + [(level, heading.group(2))]
            intros = []
            add(start, start, end, is_heading=True)
            continue
        marker = _MARKER.match(fold(line[:_HEADING_CHARACTERS]))
        kind = (start - text.rfind("\n", 0, start), _DIGIT.sub("0", marker.group())) if marker else None
        intros = _still_open(intros, kind)
        spans = _sentences(text, start, start + marker.end() if marker else start, end, segmenter, config)
        for number, span in enumerate(spans):
            add(start if number == 0 else span[0], *span)
        if spans and _INTRODUCES.search(fold(text[slice(*spans[-1])])):
            intros = [*intros, _Intro(kind, spans[-1])][-_OPEN_LISTS:]
    return units


def _heading(line: str, segmenter: Segmenter, config: ChunkingConfig) -> re.Match[str] | None:
    """Return the match of a heading: one short enough to stand above every passage of its section."""
    heading = _HEADING.fullmatch(line) if len(line) <= _HEADING_CHARACTERS else None
    return heading if heading and not _too_large(line, 0, len(line), segmenter, config) else None


def _too_large(text: str, start: int, end: int, segmenter: Segmenter, config: ChunkingConfig) -> bool:
    """Tell whether a span alone is more than a passage may hold; no word is shorter than a character."""
    return end - start > config.max_words < _count(text, start, start, end, segmenter)


def _count(text: str, before: int, start: int, end: int, segmenter: Segmenter) -> int:
    """Return the words of ``text[start:end]``, which with the gap since ``before`` bounds its characters as well."""
    return max(len(segmenter.words(text[start:end])), -(-(end - before) // _WORD_CHARACTERS))


def _still_open(intros: list[_Intro], kind: tuple[int, str] | None) -> list[_Intro]:
    """Return the introductions that a line of this kind belongs to: text ends all, an item those of its like."""
    if kind is None:
        return []
    return [intro for intro in intros if intro.kind is None or (intro.kind != kind and intro.kind[0] <= kind[0])]


def _lines(text: str) -> list[tuple[int, int]]:
    spans = ((match.start(), match.end()) for match in re.finditer(r"[^\n]+", text))
    stripped = ((a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in spans)
    return [(a, b) for a, b in stripped if a < b]


def _sentences(
    text: str, lead: int, start: int, end: int, segmenter: Segmenter, config: ChunkingConfig
) -> list[tuple[int, int]]:
    """Return the sentences of a line that begins at ``lead`` with its marker, none larger than a passage may be."""
    found: list[tuple[int, int]] = []
    for span in sentence_spans(text, start, end):
        for a, b in split_long(text, *span, config.max_sentence_characters):
            first = a if found else lead
            large = _too_large(text, first, b, segmenter, config)
            found += split_long(text, a, b, config.max_words - (a - first)) if large else [(a, b)]
    return found


def _pack(units: list[_Unit], config: ChunkingConfig) -> list[list[_Unit]]:
    """Join small sections, then cut large ones into even parts between groups that belong together."""
    packs: list[list[_Unit]] = []
    for section in _joined(_sections(units), config):
        packs += _even_parts(_groups(section, config.max_words), config.max_words)
    return packs


def _sections(units: list[_Unit]) -> list[list[_Unit]]:
    """Cut before each heading that does not directly follow another heading."""
    sections: list[list[_Unit]] = []
    for unit in units:
        if not sections or (unit.is_heading and not sections[-1][-1].is_heading):
            sections.append([])
        sections[-1].append(unit)
    return sections


def _joined(sections: list[list[_Unit]], config: ChunkingConfig) -> list[list[_Unit]]:
    joined: list[list[_Unit]] = []
    for section in sections:
        size = _size(section)
        small = joined and (_size(joined[-1]) < config.min_words or size < config.min_words // 2)
        if small and _size(joined[-1]) + size <= config.max_words:
            joined[-1] = joined[-1] + section
        else:
            joined.append(section)
    return joined


def _groups(units: list[_Unit], limit: int) -> list[list[_Unit]]:
    """Keep a heading with what follows it, and a line that introduces a list with the list's first item."""
    groups: list[list[_Unit]] = []
    held = False
    for unit in units:
        introduced = unit.intro is not None and groups and groups[-1][-1].start == unit.intro[0]
        if held or introduced:
            groups[-1].append(unit)
        else:
            groups.append([unit])
        held = unit.is_heading
    return [part for group in groups for part in _within(group, limit)]


def _within(group: list[_Unit], limit: int) -> list[list[_Unit]]:
    """Cut a group that is too large for one passage, from its end: what stands nearest to the text stays with it."""
    parts: list[list[_Unit]] = []
    size = 0
    for unit in reversed(group):
        if not parts or size + unit.words > limit:
            parts.append([])
            size = 0
        parts[-1].append(unit)
        size += unit.words
    return [part[::-1] for part in reversed(parts)]


def _even_parts(groups: list[list[_Unit]], limit: int) -> list[list[_Unit]]:
    """Pack groups greedily towards equal sizes, none above ``limit``."""
    remaining = sum(_size(group) for group in groups)
    parts: list[list[_Unit]] = []
    current: list[_Unit] = []
    size = 0
    target = _target(remaining, limit)
    for group in groups:
        extra = _size(group)
        if current and (size + extra > limit or size + extra / 2 > target):
            parts.append(current)
            remaining -= size
            current, size, target = [], 0, _target(remaining, limit)
        current += group
        size += extra
    return [*parts, current] if current else parts


def _target(remaining: int, limit: int) -> float:
    return remaining / max(1, -(-remaining // limit))


def _size(units: list[_Unit]) -> int:
    return sum(unit.words for unit in units)
