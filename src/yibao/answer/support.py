"""Does a quote say what a sentence claims? Strict: what is not plainly there is not supported.

No model judges here; what is compared can be read. Sentence and quote are put into one writing (``units``), and the
tokens of the sentence are laid onto those of the quote (``laying``). Then four things are asked. Do the parts stand in
an order that says the same (``ordering``)? Is what either text has alone, in the units that are used, of a kind that
tells nothing (``leftovers``)? Do the units of the quote that are not used bind nothing (``omissions``)? And may who or
where be lent by heading, title or facets (``lenders``)?
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, chain

from yibao.answer.claims import RULES, denies, speaks_to_a_model
from yibao.answer.grounds import grounds_of
from yibao.answer.laying import lay
from yibao.answer.leftovers import Leftovers
from yibao.answer.lenders import Lenders
from yibao.answer.omissions import Omissions
from yibao.answer.ordering import turned_units
from yibao.answer.units import shape_of, units_of
from yibao.language.normalise import fold
from yibao.language.places import read_regions
from yibao.records import Citation

_LONGEST_QUOTE = 3000  # characters: a longer text is no quote
_MOST_UNITS = 250
_MOST_PAIRS = 100_000  # of equal tokens in sentence and quote: a text with more only repeats itself


def supports(citation: Citation, sentence: str) -> bool:
    """Tell whether the quote of ``citation`` says what ``sentence``, without its marks ``[n]``, claims."""
    folded, quote, heading = fold(sentence).strip(), fold(citation.quote), fold(citation.heading)
    regions = [citation.region] if citation.region else read_regions(fold(citation.title))
    if len(regions) == 1:
        folded, quote = (_with_names(text, regions[0]) for text in (folded, quote))
    if len(quote) > _LONGEST_QUOTE or len(folded) > _LONGEST_QUOTE or speaks_to_a_model(quote):
        return False
    if folded.endswith(("?", ":")) or len(units_of(quote)) > _MOST_UNITS:
        return False
    if not _names_no_other_place(folded, citation):
        return False
    if denies(heading):  # it leads all that stands below it
        if not denies(folded):
            return False
        quote = f"{heading}:\n{quote}"
    said = [[token for token in unit.tokens if token not in ("(", ")")] for unit in units_of(folded)]
    grounds = grounds_of(quote)
    counts = Counter(grounds.tokens)
    if sum(counts[token] for token in chain(*said)) > _MOST_PAIRS:
        return False
    laid = lay([*chain(*said)], [0, *accumulate(map(len, said))], grounds)
    turned = turned_units(laid)
    if not laid.touched or turned is None:
        return False
    shape = shape_of(laid.claim)
    benefit = bool(RULES["benefit"].search(shape)) and not RULES["denying"].search(shape)
    leftovers = Leftovers(laid, Lenders(citation, grounds), turned, benefit=benefit)
    return Omissions(laid, benefit=benefit).are_safe() and leftovers.are_safe()


def _names_no_other_place(folded: str, citation: Citation) -> bool:
    """Tell whether every place of a sentence is one of its source, or holds one: 山西 is one letter from 陕西."""
    around = (citation.quote, citation.heading, citation.title, (citation.region or "").replace("/", ""))
    told = read_regions(fold("\n".join(around)))
    return all(any(f"{region}/".startswith(f"{named}/") for region in told) for named in read_regions(folded))


def _with_names(text: str, region: str) -> str:
    """Return a text with the name of the place that its article is about for 本省 and 本市."""
    province, *_, city = region.split("/") * 2
    return text.replace("本省", province).replace("本市", city)
