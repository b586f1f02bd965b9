"""Which sentences answer: chosen by closeness, rare terms and the kind of answer asked for, then quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yibao.language.normalise import fold
from yibao.records import Article, Citation, Hit, Sentence

MAX_SENTENCES = 4
_NEAR_BEST = 0.86  # a further sentence needs this share of the best one's score
_MAX_GAP = 40  # characters between two quotes of one list that are joined into one

_ANSWER_TYPES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile("多少钱|费用|缴多少|交多少|几块|额度|限额|标准|封顶"), re.compile(r"\d[\d,.]*\s*(?:万|千|百)?元")),
    (re.compile("比例|百分之|报(?:销)?多少|能报多少|几成"), re.compile(r"\d+(?:\.\d+)?%|百分之")),
    (re.compile("多久|多长时间|几天|几个?月|有效期|什么时候|何时|哪年|哪一年|期限|时间"),
     re.compile(r"\d+\s*(?:个?工作日|个?月|天|日|年|周|小时)|[一二三四五六七八九十半]个?(?:月|天|年)|长期")),
    (re.compile("电话|热线|号码|拨打|打给"), re.compile(r"\d{5,}|\d{3,4}-\d{7,8}")),
    (re.compile("网址|官网|网站"), re.compile("https?://|www")),
    (re.compile("地址|在哪里?|哪儿|位置"), re.compile("位于|地址|路\\d*号|街|窗口|大厅")),
    (re.compile("材料|资料|证件|带什么"), re.compile("身份证|户口|证明|复印件|病历|发票|申请表")),
    (re.compile("谁|哪些人|哪些家人|哪些亲属|范围"), re.compile("配偶|父母|子女|人员|人群")),
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A sentence that could be quoted, and how well it answers (0..1, larger is better)."""

    hit: Hit
    sentence: Sentence
    score: float


def choose(
    question: str,
    hits: Sequence[Hit],
    cosines: Sequence[Sequence[float]],
    covered: Callable[[str], float],
    text_of: Callable[[str], str],
) -> list[Candidate]:
    """Return one to four sentences, the most direct first; empty without candidates.

    Args:
        question: the completed question.
        hits: passages, best first.
        cosines: for each hit, the cosine of each of its sentences with the question.
        covered: share of the question's term weight that a text holds.
        text_of: the text of an article by id.
    """
    wanted = [answer for asked, answer in _ANSWER_TYPES if asked.search(fold(question))]
    candidates = []
    for hit, row in zip(hits, cosines, strict=True):
        text = text_of(hit.passage.article_id)
        context = f"{hit.passage.title} {hit.passage.heading}"
        for sentence, cosine in zip(hit.passage.sentences, row, strict=True):
            words = _with_intro(text, sentence)
            fits = _fits(wanted, fold(text[sentence.start : sentence.end]))
            score = _score(cosine, covered(words), covered(f"{context} {words}"), fits, hit.score / hits[0].score)
            if not _only_introduces(text, sentence):
                candidates.append(Candidate(hit, sentence, score))
    candidates.sort(key=lambda c: (-c.score, c.hit.rank, c.sentence.start))
    return _distinct(candidates, text_of)


def _score(cosine: float, covered: float, covered_with_context: float, fits: float, hit_share: float) -> float:
    """Mix the measures; e5's cosines live between 0.75 and 0.95 and are stretched first."""
    closeness = min(1.0, max(0.0, (cosine - 0.75) / 0.2))
    return 0.45 * closeness + 0.15 * covered + 0.15 * covered_with_context + 0.15 * fits + 0.1 * hit_share


def _fits(wanted: Sequence[re.Pattern[str]], sentence: str) -> float:
    if not wanted:
        return 0.5
    return sum(bool(pattern.search(sentence)) for pattern in wanted) / len(wanted)


def _with_intro(text: str, sentence: Sentence) -> str:
    intro = text[slice(*sentence.intro)] if sentence.intro else ""
    return f"{intro} {text[sentence.start : sentence.end]}"


def _only_introduces(text: str, sentence: Sentence) -> bool:
    return fold(text[sentence.start : sentence.end]).endswith(":")


def _distinct(candidates: list[Candidate], text_of: Callable[[str], str]) -> list[Candidate]:
    chosen: list[Candidate] = []
    seen: set[str] = set()
    for candidate in candidates:
        sentence = candidate.sentence
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


def quote(chosen: Sequence[Candidate], article_of: Callable[[str], Article]) -> list[Citation]:
    """Turn sentences into citations; neighbours in one passage become one quote, a list keeps its first line.

    Every quote is a slice of its article.
    """
    spans: list[tuple[Hit, int, int]] = []
    for candidate in chosen:
        sentence = candidate.sentence
        start = sentence.intro[0] if sentence.intro and _near(sentence.intro[1], sentence.start) else sentence.start
        _merge(spans, candidate.hit, start, sentence.end, article_of(candidate.hit.passage.article_id).text)
    return [
        _citation(number, hit, start, end, article_of(hit.passage.article_id))
        for number, (hit, start, end) in enumerate(spans, start=1)
    ]


def _near(end: int, start: int) -> bool:
    return 0 <= start - end <= _MAX_GAP // 8


def _merge(spans: list[tuple[Hit, int, int]], hit: Hit, start: int, end: int, text: str) -> None:
    """Add a span, or widen one of the same passage that it touches (only white space or a marker between)."""
    for place, (other, a, b) in enumerate(spans):
        if other.passage.article_id != hit.passage.article_id:
            continue
        gap = text[b:start] if start >= b else text[end:a]
        if (start <= b and end >= a) or re.fullmatch(r"\s*(?:[-*+]|\d{1,2}[.\u3001])?\s*", gap):
            spans[place] = (other, min(a, start), max(b, end))
            return
    spans.append((hit, start, end))


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
