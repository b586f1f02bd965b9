"""A question as typed becomes a Query: polite filler stripped, fragments completed from the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from yibao.language.facets import read_facets, swap_insurance, swap_person, swap_region
from yibao.language.normalise import clean, fold
from yibao.language.script import simplified
from yibao.language.segmenter import Segmenter
from yibao.language.synonyms import synonyms_of
from yibao.language.terms import index_terms, shown_terms
from yibao.records import Query
from yibao.search.subjects import names_subject
from yibao.wording import MASKED

MAX_QUESTION_CHARACTERS = 500
_POLITE = re.compile(
    "^(?:您好|你好|请问(?:一下)?|问一下|我?想(?:要)?(?:请问|咨询|问|了解|知道)(?:一下|下)?"
    "|麻烦问(?:一下|下)?|帮我查(?:一下|下)?)[,\u3001!: ]*"
)
_NO_WORDS = re.compile("|".join(["[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]", *map(re.escape, MASKED.values())]))
_THANKS = re.compile("[,\u3002! ]*(?:谢谢(?:您|你|了)?|多谢|感谢)[\u3002!~ ]*$")
_CUE = re.compile("^(?:那么?|换成|换到|要是|如果是|还有|另外|它|这个|这种|这样)(?!里|曲)|呢[?]?$")
_LEAD = re.compile("^(?:那么|那|换成|换到|要是|如果是|还有|另外)[,: ]*")
_TAIL = re.compile("(?:呢|的话|怎么样|怎么说)?[?\u3002! ]*$")
_FRAGMENT_LIMIT = 12
_BARE = 6  # characters: so short a text that asks nothing answers a question of ours (门诊慢特病)


def understand(
    question: str, history: Sequence[str], segmenter: Segmenter, correct: Callable[[str], str] | None = None
) -> Query:
    """Return what will be searched for.

    Args:
        question: as typed; only the first ``MAX_QUESTION_CHARACTERS`` are used.
        history: earlier questions of the same dialogue, oldest first, as typed.
        segmenter: the one the index was built with.
        correct: mends spelling, see ``Speller.correct``; None leaves it alone.
    """

    def tidy(typed: str) -> str:
        simple = simplified(strip_courtesy(typed[:MAX_QUESTION_CHARACTERS]))
        return correct(simple) if correct else simple

    current = tidy(question)
    carried: str | None = None
    for earlier in map(tidy, history):
        carried = complete(earlier, carried) if carried and is_fragment(earlier, segmenter) else earlier
    used = carried if carried and is_fragment(current, segmenter) else None
    normalized = complete(current, used) if used else current
    tokens = tuple(index_terms(normalized, segmenter))
    synonyms = synonyms_of(normalized)
    added = dict.fromkeys(term for _, other in synonyms for term in index_terms(other, segmenter))
    return Query(
        text=question,
        normalized=normalized,
        tokens=tokens,
        facets=read_facets(normalized),
        carried_from=used,
        synonyms=synonyms,
        synonym_tokens=tuple(term for term in added if term not in tokens),
        terms=tuple(shown_terms(normalized, segmenter)),
    )


def strip_courtesy(question: str) -> str:
    """Return the question without greeting, 请问, 我想问一下 and 谢谢, as it is where nothing else is left.

    Signs that are no words, and what stands for a personal number that was masked, always go.
    """
    text = _NO_WORDS.sub("", clean(question)).strip()
    bare = _cut(_THANKS, text)
    while (shorter := _cut(_POLITE, bare)) != bare:
        bare = shorter
    return bare.strip() or text


def is_fragment(question: str, segmenter: Segmenter) -> bool:
    """Tell whether a question makes sense only after another one: 那居民医保呢, 换成湖北呢, 要带户口本吗."""
    folded = fold(question)
    length = len(re.sub(r"\W", "", folded))
    if _CUE.search(folded):
        return length <= _FRAGMENT_LIMIT + 4
    return length <= _FRAGMENT_LIMIT and not names_subject(folded, length <= _BARE, segmenter)


def complete(fragment: str, earlier: str) -> str:
    """Return the earlier question with what the fragment adds or changes.

    A region or kind of insurance takes the place of the one named before; what is left is added behind.
    """
    rest = _cut(_TAIL, _cut(_LEAD, fragment))
    completed = earlier
    for swap in (swap_region, swap_insurance, swap_person):
        completed, rest = swap(completed, rest)
    rest = rest.strip(" ,\uff0c的")
    return f"{completed} {rest}" if rest else completed


def _cut(pattern: re.Pattern[str], text: str) -> str:
    """Remove what ``pattern`` finds in the folded text from the text itself."""
    match = pattern.search(fold(text))
    return text[: match.start()] + text[match.end() :] if match else text
