"""What surrounds a quote and may lend a sentence who or where: heading, title and the facets of the article."""

from __future__ import annotations

from collections.abc import Sequence

from yibao.answer.claims import INHERITED, marks_of
from yibao.answer.grounds import Grounds
from yibao.answer.units import MODAL, tokens_of
from yibao.language.normalise import fold
from yibao.language.places import read_regions
from yibao.records import Citation

_SHORTEST = 2  # tokens
_INSURANCE = {"employee": "职工医保", "resident": "居民医保"}


class Lenders:
    """The texts around one quote, each in one writing."""

    def __init__(self, citation: Citation, grounds: Grounds) -> None:
        """Read the texts around a quote."""
        texts = [fold(citation.heading), fold(citation.title), *(citation.region or "").split("/")]
        texts += [_INSURANCE[name] for name in citation.insurance if len(citation.insurance) == 1]
        self._texts = ["".join(tokens_of(text)) for text in texts if text]
        self._quote, self._regions = "".join(grounds.tokens), set(read_regions(grounds.text))

    def lend(self, words: Sequence[str]) -> bool:
        """Tell whether words may be lent: no rule is, nor a person or place beside which another one is named."""
        text = "".join(words)
        kinds, regions = {mark.kind for mark in marks_of(text)}, set(read_regions(text))
        if (
            len(words) < _SHORTEST
            or MODAL.search(text)
            or not kinds <= INHERITED
            or (regions and not self._regions <= regions)
        ):
            return False
        return any(text in each and not self._others(each, text, kinds) for each in self._texts)

    def _others(self, lender: str, text: str, kinds: set[str]) -> bool:
        named = {mark for each in (lender, self._quote) for mark in marks_of(each) if mark.kind in kinds}
        return not named <= set(marks_of(text))
