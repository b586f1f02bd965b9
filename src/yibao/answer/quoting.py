"""Which sentences answer: chosen by closeness, rare terms and the kind of answer asked for, then quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yibao.language.answer_types import answer_fits, wanted_answers
from yibao.language.normalise import fold
from yibao.records import Article, Citation, Hit, Sentence

MAX_SENTENCES = 4
_NEAR_BEST = 0.86  # a further sentence needs this share of the best one's score
_INTRO_GAP = 5  # characters between the line that introduces a list and its first item
_LONGEST_LIST = 320  # characters; of a longer one the best items are quoted
_WANTS_A_LIST = re.compile(
    "哪些|哪几|什么(?:材料|资料|证件|手续|东西|条件|渠道|方式)|材料|资料|证件|步骤|流程|怎么(?:办|弄|绑|申请|操作|缴|交|查|报)|如何|带什么"
)
_BETWEEN = re.compile(r"\s*(?:[-*+]|\d{1,2}[.\u3001])?\s*")


@dataclass(frozen=True)
class SentenceCandidate:
    """A sentence that could be quoted, and how well it answers (0..1, larger is better).

    ``whole`` is the list it belongs to, where that is to be quoted in one piece.
    """

    hit: Hit
    sentence: Sentence
    score: float
    whole: Sentence | None = None

    @property
    def piece(self) -> Sentence:
        """What is quoted."""
        return self.whole or self.sentence


def retrieval_scores(
    question: str,
    hits: Sequence[Hit],
    cosines: Sequence[Sequence[float]],
    covered: Callable[[str], float],
    text_of: Callable[[str], str],
) -> list[list[float]]:
    """Return for each hit how directly each of its sentences answers (0..1), by what retrieval knows alone.

    Args:
        question: the completed question.
        hits: passages, best first.
        cosines: for each hit, the cosine of each of its sentences with the question.
        covered: share of the question's term weight that a text holds.
        text_of: the text of an article by id.
    """
    wanted = wanted_answers(question)
    top = hits[0].score if hits and hits[0].score > 0 else 1.0
    scores = []
    for hit, row in zip(hits, cosines, strict=True):
        text = text_of(hit.passage.article_id)
        context = f"{hit.passage.title} {hit.passage.heading}"
        found = []
        for sentence, cosine in zip(hit.passage.sentences, row, strict=True):
            words = _with_intro(text, sentence)
            fits = answer_fits(wanted, text[sentence.start : sentence.end])
            found.append(_score(cosine, covered(words), covered(f"{context} {words}"), fits, hit.score / top))
        scores.append(found)
    return scores


def ordered_sentences(
    question: str, hits: Sequence[Hit], scores: Sequence[Sequence[float]], text_of: Callable[[str], str]
) -> list[SentenceCandidate]:
    """Return all sentences that may be quoted, the most direct first.

    Args:
        question: the completed question.
        hits: passages, best first.
        scores: for each hit, how well each of its sentences answers, 0..1.
        text_of: the text of an article by id.
    """
    whole_lists = bool(_WANTS_A_LIST.search(fold(question)))
    candidates: list[SentenceCandidate] = []
    for hit, row in zip(hits, scores, strict=True):
        text = text_of(hit.passage.article_id)
        lists = _lists(hit.passage.sentences) if whole_lists else {}
        for sentence, score in zip(hit.passage.sentences, row, strict=True):
            whole = lists.get(sentence.intro or (sentence.start, sentence.end))
            if whole or not _only_introduces(text, sentence):
                candidates.append(SentenceCandidate(hit, sentence, score, whole))
    candidates.sort(key=lambda c: (-c.score, c.hit.rank, c.piece.start))
    return candidates


def _lists(sentences: Sequence[Sentence]) -> dict[tuple[int, int], Sentence]:
    """Return for each line that introduces a list in this passage the line and its items as one piece to quote."""
    ends: dict[tuple[int, int], int] = {}
    for sentence in sentences:
        if sentence.intro and any((each.start, each.end) == sentence.intro for each in sentences):
            ends[sentence.intro] = sentence.end
    return {intro: Sentence(intro[0], end, None) for intro, end in ends.items() if end - intro[0] <= _LONGEST_LIST}


def _score(cosine: float, covered: float, covered_with_context: float, fits: float, hit_share: float) -> float:
    """Mix the measures; e5's cosines live between 0.75 and 0.95 and are stretched first."""
    closeness = min(1.0, max(0.0, (cosine - 0.75) / 0.2))
    return 0.45 * closeness + 0.15 * covered + 0.15 * covered_with_context + 0.15 * fits + 0.1 * hit_share


def _with_intro(text: str, sentence: Sentence) -> str:
    intro = text[slice(*sentence.intro)] if sentence.intro else ""
    return f"{intro} {text[sentence.start : sentence.end]}"


def _only_introduces(text: str, sentence: Sentence) -> bool:
    return fold(text[sentence.start : sentence.end]).endswith(":")


def choose(candidates: Sequence[SentenceCandidate], text_of: Callable[[str], str]) -> list[SentenceCandidate]:
    """Return one to four of the sentences that ``score_sentences`` ranked; empty without candidates."""
    chosen: list[SentenceCandidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        sentence = candidate.piece
        words = fold(text_of(candidate.hit.passage.article_id)[sentence.start : sentence.end])
        if words in seen:
            continue
        if chosen and candidate.score < _NEAR_BEST * chosen[0].score:
            break
        seen.add(words)
        chosen.append(candidate)
        if len(chosen) == MAX_SENTENCES:
            break
    return chosen


def quote(chosen: Sequence[SentenceCandidate], article_of: Callable[[str], Article]) -> list[Citation]:
    """Turn sentences into citations; neighbours in one passage become one quote, a list keeps its first line.

    Every quote is a slice of its article.
    """
    spans: list[tuple[Hit, int, int]] = []
    for candidate in chosen:
        sentence = candidate.piece
        start = sentence.intro[0] if sentence.intro and _near(sentence.intro[1], sentence.start) else sentence.start
        _merge(spans, candidate.hit, start, sentence.end, article_of(candidate.hit.passage.article_id).text)
    return [
        _citation(number, hit, start, end, article_of(hit.passage.article_id))
        for number, (hit, start, end) in enumerate(spans, start=1)
    ]


def _near(end: int, start: int) -> bool:
    return 0 <= start - end <= _INTRO_GAP


def _merge(spans: list[tuple[Hit, int, int]], hit: Hit, start: int, end: int, text: str) -> None:
    """Add a span, or join it with those of the same article that it touches, in the place of the first."""
    article_id = hit.passage.article_id
    touched = [
        place
        for place, (other, a, b) in enumerate(spans)
        if other.passage.article_id == article_id and _touch(text, (a, b), (start, end))
    ]
    if not touched:
        spans.append((hit, start, end))
        return
    joined = [spans[place] for place in touched]
    for place in reversed(touched[1:]):
        del spans[place]
    spans[touched[0]] = (joined[0][0], min(start, *(a for _, a, _ in joined)), max(end, *(b for _, _, b in joined)))


def _touch(text: str, one: tuple[int, int], two: tuple[int, int]) -> bool:
    """Tell whether two spans overlap or have only white space or a list marker between them."""
    before, after = sorted((one, two))
    return after[0] <= before[1] or bool(_BETWEEN.fullmatch(text[before[1] : after[0]]))


def _citation(number: int, hit: Hit, start: int, end: int, article: Article) -> Citation:
    return Citation(
        number=number,
        passage_id=hit.passage.id,
        article_id=article.id,
        title=article.title,
        heading=hit.passage.heading,
        published=article.published,
        region=article.region,
        insurance=article.insurance,
        kind=article.kind,
        quote=article.text[start:end],
        start=start,
        end=end,
    )
