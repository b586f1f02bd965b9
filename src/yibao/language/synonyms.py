"""Words people use for one another: 门槛费 for 起付线, 爸妈 for 父母. For questions, not for the index."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from yibao.language.normalise import fold


def synonyms_of(question: str) -> tuple[tuple[str, str], ...]:
    """Return (word of the question, other word for it) for all groups of the shipped list, in order.

    Of overlapping words the longest counts. A word that the question holds already is not given again.
    """
    pattern, groups = _groups()
    folded = fold(question)
    typed = dict.fromkeys(pattern.findall(folded))
    return tuple((word, other) for word in typed for other in groups[word] if other not in folded)


@lru_cache(maxsize=1)
def _groups() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    """Return a pattern that finds every listed word, and the other words of its groups."""
    lines = files("yibao.language").joinpath("data", "synonyms.txt").read_text(encoding="utf-8").splitlines()
    groups: dict[str, list[str]] = {}
    for words in (line.split() for line in lines if line and not line.startswith("#")):
        for word in words:
            groups.setdefault(word, []).extend(other for other in words if other != word)
    names = sorted(groups, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))), groups
