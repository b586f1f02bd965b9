"""Emergencies are recognised before anything is searched.

Rules, not a model: what they do can be read, and a false calm costs more than a false alarm. The words stand in
``emergency.json``; here is what is done with them. A sign of danger counts unless what is said around it takes the
danger away: it is denied, it is past, it is over, it is a word somebody wants explained, or the question is about
paying for it.
"""

from __future__ import annotations

import re
from typing import Literal

from yibao.answer.danger_signs import Sign, vocabulary
from yibao.language.normalise import fold

Emergency = Literal["medical", "self_harm"]

# Frames of questions that are not about somebody who is ill now.
_NO_ILLNESS = ("knowledge", "advice", "chronic", "past", "over", "mild", "hypothetical", "machine")
# Weak signs too slight to count even together with an alarmed word (突然, 怎么办).
_SLIGHT = {"喉咙", "疼痛", "呕吐", "肿", "小伤", "无力", "高烧"}
_END = re.compile("[,。!?;:\n]")
_PERSON = re.compile(
    "[我他她你]|爸|妈|爷|奶|公|婆|老[人头伴]|孩|娃|宝|儿子|女儿|媳妇|邻居|同[事学]|朋友|有人|[弟妹哥姐]"
)

_HINTS_OF_DESPAIR = 3  # kinds of hints that together count as a wish to die


def triage(question: str) -> Emergency | None:
    """Tell whether somebody may be in danger now.

    Args:
        question: as typed; slips of the thumb, dialect and pinyin are allowed for.

    Returns:
        ``self_harm`` where somebody may take a life, ``medical`` for every other danger, else nothing: questions
        about paying for emergency care, negated symptoms, past events and definitions are no emergencies, unless
        the words say that it happens now.
    """
    reading = _Reading(vocabulary().as_meant(fold(question)))
    if reading.is_about_a_pet():
        return None
    if reading.holds_wish() or reading.holds("deed"):
        return "self_harm"
    if reading.holds("seen") or reading.holds("happened") or reading.holds("named") or reading.holds_many_weak():
        return "medical"
    return None


class _Reading:
    """One question, and what stands around the signs in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def is_about_a_pet(self) -> bool:
        """Tell whether an animal is ill, and nobody was bitten."""
        return self._says("pets") and not re.search("[被让给遭][^,。]{0,6}[狗猫猪牛]|[咬抓挠]", self._text)

    def holds_wish(self) -> bool:
        """Tell whether a wish to die is expressed; a question about money does not weaken it."""
        if self._says("story"):
            return False
        if any(not self._is_denied(sign) and not self._is_wish_gone(sign) for sign in self._signs("wish")):
            return True
        about = ("money", "papers", "where", *_NO_ILLNESS)
        if any(self._says(name) for name in about):
            return False
        return len(vocabulary().hints(self._text, "despair")) >= _HINTS_OF_DESPAIR

    def holds(self, sort: Literal["seen", "happened", "named", "deed"]) -> bool:
        """Tell whether any sign of the sort remains when what is said around it is considered."""
        return not self._says("story") and any(self._stands(sign) for sign in self._signs(sort))

    def holds_many_weak(self) -> bool:
        """Tell whether weak signs add up to an emergency; questions about money, papers or places need more of them."""
        if any(self._says(name) for name in _NO_ILLNESS):
            return False
        weak = vocabulary().hints(vocabulary().frame("inner").sub("", self._text), "weak")
        needed = 2
        if self._says("money") or self._says("papers"):
            if self._says("rule") or self._says("aftermath") or not (self._says("worry") or self._says("deciding")):
                return False
            needed = 3
        elif self._says("where"):
            if not self._says("sudden"):
                return False
            needed = 3
        pressing = self._says("sudden") or self._says("intense") or self._says("alarm")
        return len(weak) >= needed or (len(weak) == needed - 1 and pressing and bool(weak - _SLIGHT))

    def _signs(self, sort: Literal["seen", "happened", "named", "wish", "deed"]) -> list[Sign]:
        return list(vocabulary().signs(self._text, sort))

    def _stands(self, sign: Sign) -> bool:
        if self._is_denied(sign) or self._is_gone(sign) or self._is_general(sign) or self._is_old_trouble(sign):
            return False
        if not (self._says("money") or self._says("papers")):
            return True
        return self._is_danger_beside_money(sign)

    def _is_denied(self, sign: Sign) -> bool:
        before = self._text[self._clause_start(sign.start) : sign.start]
        return self._says("negation", before) or self._says("inner", self._text[sign.start + 1 : sign.end])

    def _is_gone(self, sign: Sign) -> bool:
        """Tell whether the sign is in the past or over, and has not come back."""
        if self._says("again", self._text[sign.end :]):
            return False
        if self._says("happened_before", self._text[sign.end :]) or self._says("over", self._text[sign.start :]):
            return True
        for name in ("past", "rehab"):
            marks = [mark for mark in vocabulary().frame(name).finditer(self._text) if mark.start() < sign.end]
            if not marks:
                continue
            since = self._text[marks[-1].end() : self._clause_end(sign.end)]
            here = marks[-1].start() >= self._clause_start(sign.start)
            if not self._is_now(since) and (here or sign.sort in {"named", "deed"} or self._says("aftermath")):
                return True
        return False

    def _is_wish_gone(self, sign: Sign) -> bool:
        """Tell whether the wish is long past, or the attempt was survived."""
        before, rest = self._text[: sign.start], self._text[sign.start :]
        if self._is_now(rest):
            return False
        return self._says("survived", rest) or (self._says("longago", before) and not self._is_now(before))

    def _is_general(self, sign: Sign) -> bool:
        """Tell whether the sign is only asked about (what is, how to prevent) or hypothetical."""
        clause = self._clause(sign)
        asks = self._says("knowledge") or self._says("institution", self._text[sign.end :])
        if _PERSON.search(self._text):
            if self._is_now(self._text):
                return False
        elif self._says("sudden" if asks else "now", clause) or self._says("immediate", clause):
            return False
        if asks:
            return True
        asked = self._says("money") or self._says("papers") or bool(re.search("异地|外地|外省|出差|旅游", self._text))
        if asked and self._says("hypothetical", self._text[: sign.start]):
            return True
        if sign.sort != "named":
            return False
        return self._says("generic", self._text[sign.end :]) or self._says("where") or self._says("advice")

    def _is_old_trouble(self, sign: Sign) -> bool:
        """Tell whether the sign is chronic or slight, and the question is where to have it treated."""
        clause = self._clause(sign)
        if self._is_now(clause):
            return False
        desk = self._says("where") or self._says("money") or self._says("papers")
        if self._says("chronic", clause) or (desk and self._says("chronic")):
            return desk or not self._says("intense")
        if self._says("where"):
            pressing = self._says("intense", clause) or self._says("sudden")
            return self._says("mild", clause) or (sign.heading == "中风" and not pressing)
        return False

    def _is_danger_beside_money(self, sign: Sign) -> bool:
        """Tell whether the danger outweighs a question about money or papers in the same text."""
        clause = self._clause(sign)
        afterwards = vocabulary().frame("aftermath").search(self._text)
        if afterwards:
            # A bill to be paid afterwards, unless somebody is still deciding whether to go.
            since = self._text[afterwards.end() : sign.start]
            return self._says("deciding") or (bool(since) and self._says("now", since))
        urgent = self._says("immediate") or self._says("deciding")
        if sign.sort == "named":
            return urgent or (self._says("worry") and self._is_now(clause))
        if urgent or self._says("worry"):
            return True
        if self._says("rule", clause):
            return False
        if self._says("money", clause) or self._says("papers", clause):
            return self._is_now(clause) or self._says("intense", clause)
        if not self._says("rule"):
            return True
        # The danger is told first, by itself; the question about money follows.
        return self._is_now(clause) or bool(_PERSON.search(self._text[: sign.end])) or self._says("intense", clause)

    def _is_now(self, text: str) -> bool:
        return self._says("now", text) or self._says("immediate", text)

    def _says(self, name: str, text: str | None = None) -> bool:
        return bool(vocabulary().frame(name).search(self._text if text is None else text))

    def _clause_start(self, place: int) -> int:
        return max((match.end() for match in _END.finditer(self._text, 0, place)), default=0)

    def _clause_end(self, place: int) -> int:
        end = _END.search(self._text, place)
        return end.start() if end else len(self._text)

    def _clause(self, sign: Sign) -> str:
        return self._text[self._clause_start(sign.start) : self._clause_end(sign.end)]
