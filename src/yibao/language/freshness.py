"""When what an article says may have changed since it was published."""

from __future__ import annotations

from datetime import date

MONTHS = 18


def may_have_changed(published: str | None, today: date) -> bool:
    """Tell whether an ISO date lies more than 18 months before ``today``; of an unknown date nothing is said."""
    if not published:
        return False
    then = date.fromisoformat(published)
    months = (today.year - then.year) * 12 + today.month - then.month
    return months > MONTHS or (months == MONTHS and today.day > then.day)
