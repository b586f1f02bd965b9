"""What a language model may add to an answer, and what is kept of it.

A writer is never trusted. A sentence of its summary is shown only where it cites a quote of the card that plainly says
the same (see ``support``); the card itself never changes. A question it rewrote is taken only where every word of it
was said before. So what an article or a question orders a model to do changes nothing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from yibao import wording
from yibao.answer.claims import marks_of, speaks_to_a_model
from yibao.answer.support import supports
from yibao.language.normalise import clean, fold
from yibao.language.places import read_regions
from yibao.language.script import simplified
from yibao.language.segmenter import default_segmenter
from yibao.language.terms import shown_terms
from yibao.records import Answer, Citation, Query

Failure = Literal[
    "timeout", "unreachable", "key", "busy", "status", "redirect", "refused", "broken", "too_long", "unsupported"
]

MAX_CHARACTERS = 3000  # of what a model writes; the rest is not read
MAX_SENTENCES = 6
MAX_SENTENCE = 200  # characters
MAX_REWRITTEN = 120  # characters
_MIN_KNOWN = 0.8  # share of a rewritten question's words that were said before

_NUMBERS = r"[\[【]\s*(?:\d{1,3}\s*[,\u3001]?\s*){1,8}[\]】]"
_SENTENCE = re.compile(rf"[^\u3002!?\n]+(?:[\u3002!?\n]+(?:[ \t]*{_NUMBERS})*\u3002?|$)|[\u3002!?\n]+")
_CITED = re.compile(rf"\s*((?:{_NUMBERS}\s*)+)$")
_LIST_MARK = re.compile(r"^(?:\s|[-*+#>\u2022]|\d{1,2}[.\u3001)](?!\d))+")
_MARKUP = re.compile(r"[<>`|\\{}\[\]【】]|\*\*|__|~~")
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>|$)", re.DOTALL)
_CUES = frozenset("那么 换成 换到 要是 如果 如果是 还有 另外 的话 怎么样 怎么说 这种 这样 它们 那个 这个".split())


class WriterError(Exception):
    """A language model gave nothing that can be used; ``kind`` says why, its text is for a log."""

    def __init__(self, kind: Failure) -> None:
        super().__init__(kind)
        self.kind = kind


class Writer(Protocol):
    """A language model, as far as answers know it. Safe to share between threads."""

    def rewrite(self, question: str, history: Sequence[str]) -> str | None:
        """Return a follow-up question made complete, or None; what comes back is untrusted."""

    def summarise(self, answer: Answer) -> Iterator[str]:
        """Yield a summary over the card's quotes piece by piece; what comes is untrusted.

        Raises:
            WriterError: nothing came, or it broke off.
        """


def with_summary(writer: Writer, answer: Answer) -> Iterator[Answer]:
    """Yield the answer with a growing summary; the last one is final.

    The card stays as it is. Where the writer fails at any point, the last answer has no summary and says so in a
    notice: of half a summary nobody knows which exception it was about to name.
    """
    started = time.perf_counter()
    kept: list[str] = []
    try:
        for kept in _supported(writer.summarise(answer), answer.citations):
            notices = (*answer.notices, wording.SUMMARY_NOTICE)
            yield replace(answer, summary="".join(kept), notices=notices)
        failure: Failure | None = None if kept else "unsupported"
    except WriterError as error:
        failure = error.kind
    if failure:
        notice = wording.SUMMARY_LEFT_OUT.format(reason=wording.SUMMARY_FAILURES[failure])
        final = replace(answer, notices=(*answer.notices, notice))
    else:
        final = replace(answer, summary="".join(kept), notices=(*answer.notices, wording.SUMMARY_NOTICE))
    seconds = time.perf_counter() - started
    total = answer.timings.get("total", 0.0) + seconds
    yield replace(final, timings={**answer.timings, "summary": seconds, "total": total})


def _supported(pieces: Iterator[str], citations: Sequence[Citation]) -> Iterator[list[str]]:
    """Yield the sentences that can be shown, each time there is one more."""
    text, size = "", 0
    kept: list[str] = []
    ended = False
    while not ended:
        piece = next(pieces, None)
        room = MAX_CHARACTERS - size
        size += len(piece or "")
        ended = piece is None or size > MAX_CHARACTERS
        sentences = _sentences(text + (piece or "")[:room])
        # Of the last one, more may come; a mark behind its full stop may be half here.
        whole = len(sentences) if piece is None else max(0, len(sentences) - 2)
        for sentence in sentences[:whole]:
            shown = checked(sentence, citations)
            if shown and shown not in kept and len(kept) < MAX_SENTENCES:
                kept = [*kept, shown]
                yield kept
        text = "".join(sentences[whole:]) if whole else text + (piece or "")[:room]


def _sentences(text: str) -> list[str]:
    visible = _THOUGHT.sub("", text, count=1) if text.lstrip().startswith("<think>") else text
    return [visible[slice(*match.span())] for match in _SENTENCE.finditer(fold(visible))]


def checked(sentence: str, citations: Sequence[Citation]) -> str | None:
    """Return a sentence as it may be shown, ending in the marks of the quotes that support it; else None."""
    plain = _LIST_MARK.sub("", clean(sentence)).replace("\n", " ").strip()
    if len(plain) > MAX_SENTENCE:
        return None
    folded = fold(plain).rstrip(" \u3002!")
    cited = _CITED.search(folded)
    if not cited:
        return None
    end = len(folded[: cited.start()].rstrip(" \u3002!"))
    body = plain[:end]
    numbers = list(dict.fromkeys(int(number) for number in re.findall(r"\d+", cited[1])))
    by_number = {citation.number: citation for citation in citations}
    if not body or _MARKUP.search(folded[:end]) or not set(numbers) <= set(by_number):
        return None
    supporting = [number for number in numbers if supports(by_number[number], body)]
    return f"{body}\u3002{''.join(f'[{number}]' for number in supporting)}" if supporting else None


def completed(writer: Writer, query: Query, history: Sequence[str], understand: Callable[[str], Query]) -> Query:
    """Return a follow-up question as the writer completed it, or as it was where that adds or loses something."""
    text = faithful(writer.rewrite(query.text, history), query.text, history)
    return replace(understand(text), text=query.text, carried_from=query.carried_from) if text else query


def faithful(written: str | None, question: str, history: Sequence[str]) -> str | None:
    """Return a rewritten question where it keeps the words of ``question`` and adds none that were not said before."""
    if not written or speaks_to_a_model(written):
        return None
    text = simplified(clean(_THOUGHT.sub("", written, count=1)).strip().strip("\"'\u201c\u201d\u300c\u300d"))
    said = fold(simplified("\n".join([*history, question])))
    own = [word for word in _words(simplified(question)) if word not in _CUES]
    folded = fold(text)
    if not text or "\n" in text or len(text) > MAX_REWRITTEN or _MARKUP.search(folded):
        return None
    if not all(word in folded for word in own):
        return None
    known = [word in said for word in _words(text)]
    new_marks = set(marks_of(folded)) - set(marks_of(said))
    new_regions = set(read_regions(folded)) - set(read_regions(said))
    return text if not new_marks and not new_regions and sum(known) >= _MIN_KNOWN * len(known) else None


def _words(text: str) -> list[str]:
    return shown_terms(text, default_segmenter())
