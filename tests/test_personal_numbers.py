from __future__ import annotations

from collections.abc import Callable

import pytest

from yibao.language.personal_numbers import (
    holds_date,
    is_card,
    is_grouped_as_card,
    is_identity,
    is_mobile,
    is_old_identity,
)


@pytest.mark.parametrize(
    ("tells", "raw", "wanted"),
    [
        (is_mobile, "13812345678", True),
        (is_mobile, "138/1234/5678", True),
        (is_mobile, "86/138/1234/5678", True),
        (is_mobile, "13/8123/456/78", False),  # cut like hours or amounts
        (is_mobile, "13 8123 456 78", True),  # but blanks say nothing
        (is_mobile, "1990.01.01/120", False),
        (is_identity, "11010519491231002x", True),
        (is_identity, "1/1/0/1/0/5/1/9/4/9/1/2/3/1/0/0/2/x", True),
        (is_identity, "110105/19491231/0021", True),  # mistyped
        (is_identity, "1101/05194912/3100/21", False),  # mistyped and cut elsewhere
        (is_identity, "110105194913310021", False),  # no thirteenth month
        (is_old_identity, "110105491231002", True),
        (is_old_identity, "110105/491231/002", True),
        (is_old_identity, "1101/0549/1231/002", False),
        (is_old_identity, "110105499931002", False),
        (is_card, "4111 1111 1111 1111", True),
        (is_card, "4111 1111 1111 1112", False),
        (is_card, "4111/1111/1111/1111", True),
        (is_card, "411/11111/1111/1111", False),
        (is_card, "8333219 4671962 33", False),  # office numbers
        (is_grouped_as_card, "6222 0212 3456 7890 123", True),
        (is_grouped_as_card, "622202 1234567890123", True),
        (is_grouped_as_card, "4000、6000、8000、10000", False),
        (is_grouped_as_card, "6222021234567890123", False),
    ],
)
def test_what_makes_a_personal_number(tells: Callable[[str], bool], raw: str, wanted: bool) -> None:
    assert tells(raw) is wanted


@pytest.mark.parametrize(("raw", "wanted"), [("2024-01-31", True), ("2024.1.31 120", True), ("138-1234-5678", False)])
def test_dates_with_marks_are_known(raw: str, wanted: bool) -> None:
    assert holds_date(raw) is wanted
