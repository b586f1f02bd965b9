"""Does a quote say what a sentence claims? Strict: what is not plainly there is not supported.

No model judges here; what is compared can be read. Sentence and quote are put into one writing (see ``claims``), and
the sentence is supported where it *is* the quote with safe things left out: its tokens are those of the quote, in the
same order, none added. So exchanged roles break the order, and a changed word, figure or limit is missing. What may be
left out of a quote is closed too: brackets that restrict nothing, items of a list, coordinated predicates, whole units
that bind nothing that is kept. A condition stands in front of what it holds for, so a sentence begins where a sentence
of the quote does, or at the second of two parallel rules (在职报 70%, 退休报 80%), and it ends where nothing that follows
takes back or limits what was said. The line that leads a list (下列情形不予支付:) must be said with each item of it.

A sentence may be made of several such parts in any order. Who or where may be lent by heading, title or facets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise

from yibao.answer.claims import INHERITED, RULES, Unit, marks_of, speaks_to_a_model, tokens_of, units_of
from yibao.language.normalise import fold
from yibao.language.places import read_regions
from yibao.records import Citation

_AND_OTHERS = re.compile("等.{0,7}$")
_DROPPED = frozenset("()等都")  # tokens that a sentence may leave out anywhere
_LONGEST_ITEM = 6  # tokens of a list's first or last item where no item between them tells
_FREE_IN_BRACKETS = frozenset(["figure", "care", "place", "turn"])  # such a bracket explains, it does not restrict
_LONGEST_LENT = 24  # tokens
_SHORTEST_SUBJECT = 2  # tokens
_MIN_LABEL = 0.6  # share of a label's tokens that a sentence holds where it leaves the label out
_LONGEST_FRAGMENT = 8  # tokens of a label that says nothing by itself
_INSURANCE = {"employee": "职工医保", "resident": "居民医保"}

(
    _MODAL, _DUTY, _CRITICAL, _TOPIC, _SHARED, _BINDS, _TURNS_BACK, _SOURCE, _TOGETHER, _THESE, _DENIAL, _UNTRUE, _CORRECTS, _LABEL,
    _AGENT, _BENEFIT, _TAKES_BACK, _ADJUNCT, _ACTS, _REFERS, _FILLERS,
) = (
    re.compile(RULES[name])
    for name in (
        "modal", "duty", "critical", "topic", "shared", "binds", "turns_back", "source", "together", "these",
        "denial", "untrue", "corrects", "label", "agent", "benefit", "takes_back", "adjunct", "acts", "refers", "fillers",
    )
)  # fmt: skip


def supports(citation: Citation, sentence: str) -> bool:
    """Tell whether the quote of ``citation`` says what ``sentence``, without its marks ``[n]``, claims."""
    folded, text = fold(sentence).strip(), fold(citation.quote)
    if speaks_to_a_model(text) or folded.endswith(("?", ":")):
        return False
    claim = [token for unit in units_of(folded) for token in unit.tokens if token not in "()"]
    if not claim or (_denies(fold(citation.heading)) and not _denies(folded)):
        return False
    quote = _quote(text)
    return any(_Reading(each, borders, quote, citation).complete() for each, borders in _orders(claim, folded, quote))


def _orders(claim: list[str], folded: str, quote: _Quote) -> Iterator[tuple[list[str], list[int]]]:
    """Yield a sentence with its borders, as it is and with a condition at the place where the quote has it."""
    sizes = (sum(token not in "()" for token in unit.tokens) for unit in units_of(folded))
    yield claim, [0, *accumulate(sizes)]
    for first, unit in quote.lone_conditions():
        size = len(unit.tokens)
        for at in range(len(claim) - size + 1):
            if claim[at : at + size] == list(unit.tokens):
                rest = claim[:at] + claim[at + size :]
                place = len(first)
                if rest[:place] == first:
                    yield rest[:place] + list(unit.tokens) + rest[place:], [0, len(claim)]


class _Quote:
    """A quote in one writing; numbers of tokens are places between them, as in slices."""

    def __init__(self, text: str) -> None:
        self.text, units = text, units_of(text)
        self.units = units
        self.tokens = [token for unit in units for token in unit.tokens]
        self.starts = [0]
        for unit in units:
            self.starts.append(self.starts[-1] + len(unit.tokens))
        self.first = self._first_units()
        self.heads = [n for n in range(len(units)) if self._is_head(n)]
        self.leads = [self._leads_of(n) for n in range(len(units))]
        self.jumps: defaultdict[int, set[int]] = defaultdict(set)
        for start, end in self._jumps():
            self.jumps[start].add(end)

    def _first_units(self) -> list[int]:
        """Return for each unit the first one of its sentence."""
        first: list[int] = []
        for n in range(len(self.units)):
            first.append(n if n == 0 or self.units[n - 1].ends_sentence else first[-1])
        return first

    def _is_head(self, n: int) -> bool:
        """Tell whether what is said from this unit on needs nothing that stands before it, but for leading lines."""
        first = self.units[self.first[n]]
        if n == self.first[n] or self.units[n - 1].border[0] == ":":
            return True
        topics = _SHARED.search(first.text) and _SHARED.search(self.units[n].text)
        resumes = self.units[n - 1].border[0] == ";" and not _MODAL.match(self.units[n].shape)
        if topics or (resumes and (not _is_topic(first) or self.units[n].text.startswith("但"))):
            return True
        free = not _is_topic(first) or _AGENT.search(first.shape)  # no condition stands before both
        if free and _asserts(self.units[n - 1]) and _has_own_subject(self.units[n]):
            return True
        before, here = _opening_marks(first), _opening_marks(self.units[n])
        return any(before[kind] != here[kind] for kind in before.keys() & here.keys())

    def _leads_of(self, n: int) -> list[int]:
        """Return the units ending in a colon that hold for a unit: to the end of the line, or of the list below it."""
        leads: list[int] = []
        for k in range(n):
            if self.units[k].border[0] == ":":
                end = "\n\n" if "\n" in self.units[k].border else "\n"
                untrue = _UNTRUE.search(self.units[k].text)
                over = untrue and any(_CORRECTS.search(unit.text) for unit in self.units[k + 1 : n + 1])
                if not over and not any(end in unit.border for unit in self.units[k + 1 : n]):
                    leads.append(k)
        return leads

    def _jumps(self) -> Iterator[tuple[int, int]]:
        for n, unit in enumerate(self.units):
            duty = any(_DUTY.search(each.shape) for each in self.units[self.first[n] : n])
            for start, end in _inner_jumps(unit, duty=duty):
                yield self.starts[n] + start, self.starts[n] + end
            if _SOURCE.search(unit.text) or (n not in self.heads and self._is_aside(n)):
                yield self.starts[n], self.starts[n + 1]
            if unit.border[:1] == ":":
                for later in self.heads:
                    if later > n and n in self.leads[later]:
                        yield self.starts[n + 1], self.starts[later]
            yield from self._over_predicates(n)

    def _is_aside(self, n: int) -> bool:
        """Tell whether a unit is one of several, or goes on with what was said and binds nothing."""
        unit, before = self.units[n], self.units[n - 1]
        if n + 1 < len(self.units) and _REFERS.search(self.units[n + 1].text):
            return False
        if unit.shape[0] in "、或":
            return not _MODAL.search(before.shape) and _is_topic(unit) == _is_topic(before)
        rules = (_BINDS, _TAKES_BACK, _TURNS_BACK)
        free = not (_is_topic(unit) or re.search("[CFNDMO#]", unit.shape) or any(r.search(unit.text) for r in rules))
        return free and _asserts(before) and unit.border[:1] == ","

    def _over_predicates(self, n: int) -> Iterator[tuple[int, int]]:
        """Yield jumps from a predicate to a later one of the same subject: 可以支付药费, 不能提现."""
        modal = _MODAL.search(self.units[n].shape)
        for later in range(n + 1, len(self.units)):
            between = self.units[n:later]
            if not modal or later in self.heads or any(map(_is_topic, between)):
                return
            if _MODAL.match(self.units[later].shape):
                yield self.starts[n] + modal.start(), self.starts[later]
            elif not any(re.search("[先后前才]", unit.shape) for unit in between):
                yield self.starts[n] + modal.end(), self.starts[later]

    def lone_conditions(self) -> Iterator[tuple[list[str], Unit]]:
        """Yield each condition that is the only one of its sentence, with the tokens of the sentence before it."""
        for n, unit in enumerate(self.units):
            own = [k for k, first in enumerate(self.first) if first == self.first[n]]
            if len(own) > 1 and _is_topic(unit) and sum(_is_topic(self.units[k]) for k in own) == 1:
                yield self.tokens[self.starts[own[0]] : self.starts[n]], unit

    def behind_subject(self, said: int, head: int) -> set[int]:
        """Return places in a unit behind what it has in common with one said before, or before its predicate."""
        one, other = self.units[said].tokens, self.units[head].tokens
        same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
        modal = _MODAL.search(self.units[head].shape)
        places = {same} if same >= _SHORTEST_SUBJECT else set()
        if said == head and modal and modal.start() >= _SHORTEST_SUBJECT:
            places.add(modal.start())
        return {self.starts[head] + place for place in places}

    def is_whole(self, n: int) -> bool:
        """Tell whether what follows a unit begins anew, or the unit itself says what may or must be."""
        unit = self.units[n]
        return unit.ends_sentence or n + 1 in self.heads or bool(_MODAL.search(unit.shape) and _asserts(unit))

    def may_end(self, n: int, *, benefit: bool) -> bool:
        """Tell whether a sentence may end behind a unit; ``benefit``: it gives something and asks nothing for it."""
        unit, later = self.units[n], self.units[n + 1 :]
        if (_is_topic(unit) and not unit.ends_sentence) or unit.border.startswith("?"):
            return False
        if unit.border[:1] == ":" and (len(unit.tokens) < _LONGEST_FRAGMENT or _THESE.search(unit.shape)):
            return False
        for k, other in enumerate(later, n + 1):
            if self.first[k] != self.first[n]:
                return not _TURNS_BACK.search(other.text)
            if k in self.heads:
                return not _TURNS_BACK.search(other.text)
            postponed = _TOPIC.search(other.text) and other.ends_sentence
            limits = benefit and (_BINDS.search(other.text) or _DUTY.search(other.shape))
            if postponed or limits or any(rule.search(other.text) for rule in (_TAKES_BACK, _TURNS_BACK)):
                return False
            if k == n + 1 and _MODAL.match(other.shape) and not any(map(_asserts, self.units[self.first[n] : k])):
                return False  # what stands before is a condition without a mark of it
        return True


@lru_cache(maxsize=64)
def _quote(folded: str) -> _Quote:
    return _Quote(folded)


class _Reading:
    """One sentence read out of one quote."""

    def __init__(self, claim: list[str], borders: Sequence[int], quote: _Quote, citation: Citation) -> None:
        self.claim, self.borders, self.quote = claim, borders, quote
        shape = "".join(token[0] for token in claim)
        self.benefit = bool(_BENEFIT.search(shape)) and not re.search(f"{_DUTY.pattern}|[XW不]", shape)
        heading = fold(citation.heading)
        lenders = [heading, fold(citation.title), *(citation.region or "").split("/")]
        lenders += [_INSURANCE[name] for name in citation.insurance if len(citation.insurance) == 1]
        self.lenders = {text: tokens_of(text) for text in lenders if text}
        self.jumps = {start: end for text in lenders[2:] for start, end in self._facet(text)}
        self.denial = _without_these(tokens_of(heading)) if _denies(heading) else []

    def complete(self) -> bool:
        """Tell whether the sentence is made of parts that the quote says, or says a condition at another place."""
        reached: dict[int, set[int]] = {0: set()}  # where a part may begin: the units that parts before it began with
        for start in self.borders:
            if start in reached:
                for head, ends in self._parts_from(start, reached[start]):
                    for end in ends.intersection(self.borders):
                        reached.setdefault(end, set()).add(head)
        return len(self.claim) in reached

    def _parts_from(self, start: int, said: Collection[int]) -> Iterator[tuple[int, set[int]]]:
        """Yield unit and ends of each part that may begin at ``start``: in front of it, or behind a subject just said."""
        quote = self.quote
        for head in quote.heads:
            for begin in (start, *self._lent(start, head)):
                yield head, self._follow(begin, head, quote.starts[head])
            for place in self._known(head):
                yield head, self._follow(start, head, place)
            for before in said:
                for place in quote.behind_subject(before, head):
                    yield head, self._follow(start, head, place)

    def _follow(self, begin: int, head: int, place: int) -> set[int]:
        """Return where a part may end that begins with a unit of the quote."""
        quote, claim = self.quote, self.claim
        places = self._widened({place})
        ends: set[int] = set()
        for at in range(begin, len(claim)):
            places = self._widened({p + 1 for p in places if p < len(quote.tokens) and quote.tokens[p] == claim[at]})
            if not places:
                break
            units = [n for n in range(len(quote.units)) if quote.starts[n + 1] in places]
            last = at + 1 == len(claim)  # an unfinished sentence may not lead over to the next part
            whole = any(quote.may_end(n, benefit=self.benefit) and (last or quote.is_whole(n)) for n in units)
            if units:
                ends |= self._with_leads(begin, at + 1, head, whole=whole)
        return ends

    def _widened(self, places: set[int]) -> set[int]:
        waiting = list(places)
        while waiting:
            start = waiting.pop()
            for place in {*self.quote.jumps.get(start, ()), self.jumps.get(start, start)} - places:
                places.add(place)
                waiting.append(place)
        return places

    def _with_leads(self, begin: int, end: int, head: int, *, whole: bool) -> set[int]:
        """Return ``end`` where the part says the lines that lead its first unit, or the end of what says them.

        A part that is no ``whole`` sentence, 在境外就医的, may only stand before what says them.
        """
        said, units, ends = self.claim[begin:end], self.quote.units, {end}
        for lead in self.quote.leads[head]:
            leading = units[self.quote.first[lead] : lead + 1]
            if not _is_said(leading, said):
                rest = [token for unit in leading for token in _without_these(unit.tokens)]
                ends = {e + len(rest) for e in ends if rest and self.claim[e : e + len(rest)] == rest}
        if self.denial and self.claim[end : end + len(self.denial)] == self.denial:
            ends |= {end + len(self.denial)}
        return ends if whole else ends - {end}

    def _lent(self, start: int, head: int) -> set[int]:
        """Return where a part goes on behind words that heading, title, facets or the sentence before lend to it."""
        ends: set[int] = set()
        for begin in range(start, min(start + _LONGEST_LENT, len(self.claim))):
            if begin == start or begin in ends:
                for end in range(begin + 2, min(start + _LONGEST_LENT, len(self.claim)) + 1):
                    words = self.claim[begin:end]
                    if any(_holds(own, words) and self._may_lend(text, words) for text, own in self.lenders.items()):
                        ends.add(end)
        subject = self._subject_before(head)
        if subject and self.claim[start : start + len(subject)] == subject:
            ends.add(start + len(subject))
        return ends

    def _known(self, head: int) -> Iterator[int]:
        """Yield places behind the words a unit begins with where heading, title or facets say them as well."""
        tokens = self.quote.units[head].tokens
        for size in range(_SHORTEST_SUBJECT, min(_LONGEST_LENT, len(tokens))):
            if any(_holds(own, tokens[:size]) and self._may_lend(text, tokens[:size]) for text, own in self.lenders.items()):
                yield self.quote.starts[head] + size

    def _facet(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the quote names the region or the insurance that the whole article is about."""
        words = self.lenders.get(text, ())
        for start in range(len(self.quote.tokens)):
            end = start + len(words)
            if words and tuple(self.quote.tokens[start:end]) == words and self._may_lend(text, words):
                yield start, end

    def _may_lend(self, lender: str, words: Sequence[str]) -> bool:
        """Tell whether words may be lent: no rule is, nor a person or place beside which another one is named."""
        text = "".join(words)
        marks = marks_of(text)
        kinds = {mark.kind for mark in marks}
        if _MODAL.search(text) or not kinds <= INHERITED:
            return False
        around = "".join(self.lenders[lender]), "".join(self.quote.tokens)
        others = {mark for each in around for mark in marks_of(each) if mark.kind in kinds}
        regions = set(read_regions(text))
        return others <= set(marks) and (not regions or set(read_regions(self.quote.text)) <= regions)

    def _subject_before(self, head: int) -> list[str]:
        """Return what the sentence before is about where a unit begins with what may, must or cannot be done."""
        units = self.quote.units
        if not head or not _MODAL.match(units[head].shape) or not units[head - 1].ends_sentence:
            return []
        before = units[self.quote.first[head - 1]]
        modal = _MODAL.search(before.shape)
        return list(before.tokens[: modal.start()]) if modal and not _is_topic(before) else []


def _denies(text: str) -> bool:
    return bool(_UNTRUE.search(text) or _DENIAL.search(text))


def _is_topic(unit: Unit) -> bool:
    """Tell whether a unit says only for whom, when or where something holds."""
    bare = _ADJUNCT.search(unit.text) and not _MODAL.search(unit.shape) and "#" not in unit.shape
    return bool(bare or _TOPIC.search(unit.text))


def _asserts(unit: Unit) -> bool:
    """Tell whether a unit says that something is so or has to be: it is no condition of what follows."""
    said = re.search("[CFNDMOXW#不为有]", unit.shape) or unit.text.startswith("由")
    return bool(said) and not _is_topic(unit)


def _has_own_subject(unit: Unit) -> bool:
    """Tell whether a unit says who may or must do something, or to whom alone it is open."""
    modal = _MODAL.search(unit.shape)
    subject = unit.shape[: modal.start()] if modal else ""
    return bool(modal and (modal.group() == "O" or (_AGENT.search(subject) and not _ACTS.search(subject))))


def _opening_marks(unit: Unit) -> dict[str, str]:
    """Return who, where or which a unit begins with, by kind."""
    marks = [mark for mark in marks_of(unit.text[:5]) if mark.kind in INHERITED]
    return {"person" if mark.kind == "insurance" else mark.kind: mark.value for mark in marks}


def _holds(tokens: Sequence[str], words: Sequence[str]) -> bool:
    return any(list(tokens[n : n + len(words)]) == list(words) for n in range(len(tokens) - len(words) + 1))


def _without_these(tokens: Sequence[str]) -> list[str]:
    """Return the tokens of a line that leads a list without 下列情形 and its like."""
    shape = "".join(token if len(token) == 1 else "#" for token in tokens)
    spans = [match.span() for match in re.finditer(f"{_THESE.pattern}|(?:项目|情形|情况|有)$", shape)]
    return [token for n, token in enumerate(tokens) if not any(start <= n < end for start, end in spans)]


def _is_said(leading: Sequence[Unit], said: Sequence[str]) -> bool:
    """Tell whether a sentence says a leading line, or loses nothing without it: 提交申请: 先递交申请."""
    text = ",".join(unit.text for unit in leading)
    tokens = [token for unit in leading for token in _without_these(unit.tokens)]
    if _denies(text):
        return _holds(said, tokens)
    items = "".join(tokens).split("、") if len(leading) == 1 else [text]
    return bool(_LABEL.search(text)) or any(_repeats(said, item) for item in items)


def _repeats(said: Sequence[str], label: str) -> bool:
    held = marks_of("".join(said))
    share = sum(token in said for token in label)
    return share >= _MIN_LABEL * len(label) and all(mark in held for mark in marks_of(label))


def _inner_jumps(unit: Unit, *, duty: bool) -> Iterator[tuple[int, int]]:
    """Yield the parts of a unit that a sentence may leave out: filling words, brackets, items of a list."""
    shape = unit.shape
    for n, token in enumerate(shape):
        if token in _DROPPED and shape[n - 1 : n] not in ("不", "X", "W"):
            yield n, n + 1
    for bracket in re.finditer(r"\([^()]*\)", shape):
        inner = bracket.group()
        told = inner[1:-1] in shape[: bracket.start()]  # 农合(新农合)
        if told or not (_MODAL.search(inner) or {mark.kind for mark in marks_of(inner)} - _FREE_IN_BRACKETS):
            yield bracket.span()
    if (kind := shape.find("等")) > 0 and "、" in shape[:kind] and shape[kind + 1 : kind + 2] not in ("", "、", "或") and not _CRITICAL.search(shape[:kind]):
        yield 0, kind + 1
    yield from (match.span() for match in _FILLERS.finditer(shape))
    if unit.border[:1] == ":":
        yield from (match.span() for match in _THESE.finditer(shape) if match.group())
    yield from _items(unit, duty=duty)


def _items(unit: Unit, *, duty: bool) -> Iterator[tuple[int, int]]:
    """Yield the items of lists that may be left out, each with the mark beside it."""
    shape = unit.shape
    counted = any(token[0] == "#" and token[-1] == "个" for token in unit.tokens)
    if counted or _TOGETHER.search(shape):
        return
    for marks in _lists(shape):
        if not _may_be_shortened(unit, marks, duty=duty):
            continue
        yield from pairwise(marks)
        longest = max((b - a for a, b in pairwise(marks)), default=_LONGEST_ITEM)
        for start in range(marks[0]):
            first = shape[start : marks[0]]
            if (start == 0 or len(first) <= longest) and not _CRITICAL.search(first):
                yield from ((start, mark + 1) for mark in marks)
        if shape[marks[0]] == "或" and _is_topic(unit):  # each of two conditions is enough
            yield marks[0], len(shape)
        for end in range(marks[-1] + 2, len(shape) + 1):
            last = shape[marks[-1] + 1 : end]
            at_border = end == len(shape) or _MODAL.match(shape, end) or shape[end] == "等" or _AND_OTHERS.search(last)
            if (at_border or len(last) <= longest) and not _CRITICAL.search(last):
                yield from ((mark, end) for mark in marks)


def _lists(shape: str) -> list[list[int]]:
    """Return the places of the marks between the items of each list; what rules, 应当对, parts one from the next."""
    lists: list[list[int]] = []
    for match in re.finditer("[、或]", shape):
        if lists and not _CRITICAL.search(shape[lists[-1][-1] : match.start()]):
            lists[-1].append(match.start())
        else:
            lists.append([match.start()])
    return lists


def _may_be_shortened(unit: Unit, marks: Sequence[int], *, duty: bool) -> bool:
    """Tell whether a list still says the truth with an item less: not one of conditions, nor of all that is allowed.

    Of conditions joined by "or" each is enough; of duties joined by "or" none is.
    """
    shape, modal = unit.shape, _MODAL.search(unit.shape)
    if any(shape[mark] == "或" for mark in marks):
        return not duty and not re.search("[NMO]", shape[: marks[-1]])
    restricts = modal is not None and marks[-1] < modal.start() and "的" in unit.text
    return not _is_topic(unit) and not restricts and "O" not in shape[: marks[0]]
