"""What makes a run of digits a personal number: its check digit, and how people cut it into groups.

A run comes as typed: digits (and ``x``) with marks between them. Blanks and dashes between the digits say nothing; of
other marks, which also stand in lists of amounts and hours, a number must be cut the way such numbers are cut:
138/1234/5678, but not 13/8123/456/78.

Sources of the forms: GB 11643-1999 (identity number, check digit of ISO 7064 MOD 11-2), ISO/IEC 7812-1 (card numbers,
Luhn), the plan of mobile prefixes 13 to 19.
"""

from __future__ import annotations

import re
from datetime import date

_DIGITS = re.compile("[0-9x]+")
_NARROW_GAP = re.compile("[0-9x \t-]*")  # nothing but blanks and dashes between the digits
_DATE = re.compile("(?<![0-9])(?:19|20)[0-9]{2}[ /.-]{1,3}(?:0?[1-9]|1[0-2])[ /.-]{1,3}[0-3]?[0-9](?![0-9])")

_DIALLED_FIRST = {"86", "0086", "0"}
_REGION_CODE = 6  # digits, in front of the birthday
_FEW_GROUPS = 3  # region, birthday, the rest
_MANY_GROUPS = 5
_LEAST_GROUP = 3  # digits: shorter ones between marks are times and dates
_CARD_GROUP = 4
_OLDEST, _YOUNGEST = 1850, 2099  # years of birth

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10x98765432"


def holds_date(raw: str) -> bool:
    """Tell whether a date with marks in it (2024-01-31) is part of the run."""
    return bool(_DATE.search(raw))


def _groups(raw: str) -> list[str]:
    return _DIGITS.findall(raw)


def is_mobile(raw: str) -> bool:
    """Tell whether marks between the digits cut the number as people do, and it is no date."""
    if holds_date(raw):
        return False
    groups = _groups(raw)
    own = groups[1:] if groups[0] in _DIALLED_FIRST else groups
    cut = min(map(len, own)) >= _LEAST_GROUP or all(len(group) == 1 for group in own)
    return cut or bool(_NARROW_GAP.fullmatch(raw.lstrip("+")))


def is_identity(raw: str) -> bool:
    """Tell whether the check digit is right, or the number is unbroken enough to be one that was mistyped."""
    groups = _groups(raw)
    number = "".join(groups)
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return _is_date(number[6:14]) and (_CHECK[remainder] == number[17] or len(groups) <= _FEW_GROUPS)


def is_old_identity(raw: str) -> bool:
    """Tell whether fifteen digits hold a birthday of the last century and are cut around it, if at all."""
    groups = _groups(raw)
    # Groups of seven or eight are office numbers, one behind the other; many short ones belong to something longer.
    apart = len(groups) <= _MANY_GROUPS and max(map(len, groups)) <= _REGION_CODE
    cut = bool(_NARROW_GAP.fullmatch(raw)) or len(groups[0]) == _REGION_CODE
    return _is_date(f"19{''.join(groups)[6:12]}") and (len(groups) == 1 or (apart and cut))


def _is_date(digits: str) -> bool:
    try:
        return _OLDEST <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= _YOUNGEST
    except ValueError:
        return False


def is_card(raw: str) -> bool:
    """Tell whether the check digit is right, and the number is no row of office numbers or amounts."""
    groups = _groups(raw)
    offices = len(groups) > 1 and (groups[0] in {"400", "800"} or any(len(group) in {7, 8} for group in groups))
    cut = bool(_NARROW_GAP.fullmatch(raw)) or _is_cut_as_card(groups)
    return not offices and cut and _luhn("".join(groups))


def is_grouped_as_card(raw: str) -> bool:
    """Tell whether a number that was mistyped begins like the cards of this country and is cut like a card."""
    groups = _groups(raw)
    return raw.startswith("62") and len(groups) > 1 and _is_cut_as_card(groups)


def _is_cut_as_card(groups: list[str]) -> bool:
    """Tell whether the groups are those printed on a card (6222 0212 3456 7890 123), or the number is in two parts."""
    fours = all(len(group) == _CARD_GROUP for group in groups[:-1]) and len(groups[-1]) <= _CARD_GROUP
    return fours or (len(groups) == 2 and len(groups[0]) in {_REGION_CODE, 16})  # noqa: PLR2004


def _luhn(number: str) -> bool:
    """Tell whether the last digit is the check digit of those before it."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number), start=1)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
