"""Emergencies are recognised before anything is searched.

A core of rules for what must never be missed, and a head that learned from labelled sentences for everything else:
what danger sounds like is open-ended. Judged on sentences of other hands, the head finds more dangers than 747 rules
did and raises fewer false alarms; a false calm costs more than a false alarm, and the threshold is set for that.
"""

from __future__ import annotations

from yibao.answer.danger_core import core_danger
from yibao.answer.danger_head import Emergency, danger_head
from yibao.language.normalise import fold


def triage(question: str) -> Emergency | None:
    """Tell whether somebody may be in danger now.

    Args:
        question: as typed.

    Returns:
        ``self_harm`` where somebody may take a life, ``medical`` for every other danger, else nothing: questions
        about paying for emergency care, past events, stories and definitions are no emergencies.
    """
    folded = fold(question)
    certain = core_danger(folded)
    if certain == "medical":
        return danger_head().kind(folded)  # poison that was swallowed may have been meant to kill
    return certain or danger_head().judge(folded)
