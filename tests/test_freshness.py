from __future__ import annotations

from datetime import date

import pytest

from yibao.language.freshness import may_have_changed


@pytest.mark.parametrize(
    ("published", "changed"),
    [
        ("2024-11-20", True),
        ("2024-11-21", False),
        ("2024-11-22", False),
        ("2024-10-30", True),
        ("2026-05-21", False),
        (None, False),
    ],
)
def test_more_than_eighteen_months_may_have_changed_things(published: str | None, changed: bool) -> None:
    assert may_have_changed(published, date(2026, 5, 21)) is changed
