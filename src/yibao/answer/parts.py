"""A question that asks two things: cut where both halves ask, and nowhere else."""

from __future__ import annotations

import re
from itertools import pairwise

from yibao.language.normalise import fold
from yibao.language.places import place_name, read_regions

MOST_PARTS = 3
_SHORTEST = 6  # letters: 是哪家 is no question of its own
_CUT = re.compile(
    r"[?;!\u3002]+\s*|[,\s]\s*(?=还有|另外|再就是|再有|以及|顺便|然后)|,\s*|(?<=[\u4e00-\u9fff])(?=还有[^,]|另外[^,])"
)
_ASKS = re.compile(
    "哪|什么|啥(?!都)|多少|(?<!好)几(?!天前|个人都)|怎么(?![^,]{0,2}都)|如何|(?<!没)多久(?!之内|以内)|多长|多高|多大|是否|吗|么$|能不能|可不可以|要不要|用不用|需不需要|是不是|有没有|行不行|[^,]不[^,]?[?]?$"
)
_LEAD = re.compile(
    "^(?:两个问题|有两个问题|问两个问题|想问(?:一下)?|请问)[:,]?|^(?:还有|另外|再就是|再有|以及|顺便(?:问(?:一下|下)?)?|然后)(?:就是)?[,:]?|^我?想知道"
)
_TOGETHER = re.compile("分别|区别|不同|不一样|差别|相比|比起|哪个(?:更|高|低|多|好)|还是|有人说|到底")
# What such a part is about was said before: it makes no question by itself.
_LEANS = re.compile(
    r"^(?:它|这|那|其|(?:19|20)\d\d年|是|[要能会需用行]不[要能会需用行]|有没有|可不可以|(?:可以|能)[给用]|要满足|怎么[办弄用]$|多少|多久|哪)"
)
_LETTER = re.compile(r"\w")


def split_parts(question: str) -> list[str]:
    """Return the questions that ``question`` is made of, each with the region that is named for all; [] if it is one.

    A clause that asks nothing goes with the part behind it, or with the last one.
    """
    folded = fold(question)
    if _TOGETHER.search(folded):
        return []
    parts: list[str] = []
    pending = ""
    for clause in _clauses(question, folded):
        pending += clause
        if _ASKS.search(fold(clause)):
            parts.append(pending)
            pending = ""
    parts = [_bare(part) for part in parts]
    if pending or not 1 < len(parts) <= MOST_PARTS or any(len(_LETTER.findall(part)) < _SHORTEST for part in parts):
        return []
    if any(_LEANS.search(fold(part)) for part in parts[1:]):
        return []
    return _with_region(parts)


def _clauses(question: str, folded: str) -> list[str]:
    borders = [0, *(match.end() for match in _CUT.finditer(folded)), len(question)]
    return [question[a:b] for a, b in pairwise(borders) if b > a]


def _bare(part: str) -> str:
    """Return a part without what only links it to the others; stripped on folded text, so offsets hold."""
    match = _LEAD.match(fold(part))
    return (part[match.end() :] if match else part).strip(" ,\uff0c\u3002?\uff1f;\uff1b")


def _with_region(parts: list[str]) -> list[str]:
    """Put the region that the first part names before the others, where they name none."""
    regions = read_regions(fold(parts[0]))
    if len(regions) != 1:
        return parts
    place = place_name(regions[0])
    return [part if read_regions(fold(part)) else place + part for part in parts]
