"""Personal numbers are masked before a question is logged or stored.

What stands in their place names the kind and nothing else. Forms such as 138****5678, usual on receipts, leave seven
digits for whoever finds the log and help nobody there: the reader of a log wants to know that a mobile number stood
here, never which. Where a guess must be wrong, it is wrong on the side of masking, but for what people ask about:
hotlines, office numbers, amounts, dates and numbers of documents stay readable.

Sources of the forms: GB 11643-1999 (identity number, check digit of ISO 7064 MOD 11-2), ISO/IEC 7812-1 (card numbers,
Luhn), the plan of mobile prefixes 13 to 19. Every pattern has a fixed number of digits and bounded gaps: the time is
linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from yibao.wording import MASKED

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d\ufe63"
_WIDTH_OFFSET = 0xFEE0  # from a full-width sign to its ASCII twin


class _PlainTable(dict[int, str]):
    """Filled as characters are met: digits of every script, full-width ASCII, dashes and gaps become plain ASCII.

    Unlike ``fold`` it leaves \u2460 alone: the number of an item is no digit of the phone number behind it.
    """

    def __missing__(self, code: int) -> str:
        character = chr(code)
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            value = str(digit)
        elif character in _DASHES:
            value = "-"
        elif "\uff01" <= character <= "\uff5e":
            value = chr(code - _WIDTH_OFFSET).lower()
        elif character.isascii():
            value = character.lower()
        else:
            value = " " if unicodedata.category(character) in {"Zs", "Cf"} else character
        self[code] = value
        return value


_PLAIN = _PlainTable()

# Up to three blanks or dashes between two digits. A line end is no gap: lists are written one number a line.
_GAP = "[ \t-]{0,3}"
_FREE = "(?<![0-9])"  # no digit before
_END = "(?![0-9])"
_MEASURED = re.compile(" ?(?:[元块亿万%]|人民币|rmb)")
_DIGITS = re.compile("[0-9x]+")
_DATE = re.compile("(?<![0-9])(?:19|20)[0-9]{2}[ -]{1,3}(?:0?[1-9]|1[0-2])[ -]{1,3}[0-3]?[0-9](?![0-9])")

_MAIL = re.compile(r"@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_MAIL_NAME = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]")
_LONG = re.compile(f"{_FREE}([0-9]{{15,}}x?)")
_IDENTITY = re.compile(f"(?={_FREE}([1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9x])(?![0-9x]))")
_OLD_IDENTITY = re.compile(f"(?={_FREE}([1-9](?:{_GAP}[0-9]){{14}}){_END})")
_CARDS = [re.compile(f"(?={_FREE}([3-69](?:{_GAP}[0-9]){{{size - 1}}}){_END})") for size in (19, 18, 17, 16)]
_MOBILE = re.compile(
    f"(?={_FREE}((?:(?:[+]|00)?86{_GAP}|0)?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}|1[3-9][0-9][.·][0-9]{{4}}[.·][0-9]{{4}}){_END})"
)
# Numbers that nothing but the words before them tells: 医保卡号, 社保编号, 电脑号, 就诊卡号 ...
_NAMED = re.compile(
    "(?:(?:医保|社保|医疗保险|社会保障|健康|就诊|诊疗|农合)(?:卡|证|编|电脑|个人|账|帐|序列|识别){0,4}(?:号码?|编号)|"
    "(?:电脑|参保|保险|病历|住院|个人(?:社保|医保)?|序列)(?:人|证|编)?(?:号码?|编号))"
    "(?:是|为|就是|叫|码|我的|[ \t:=,#()\u3002\u3001\u300c\u201c\"'-]){0,6}"
    "([a-z]{0,4}[0-9][a-z0-9]{5,39}|[a-z]{0,4}[0-9]{2,5}(?:[ -][0-9]{2,5}){1,7})(?![a-z0-9])"
)
_LEAST_NAMED = 6  # digits: shorter ones are hotlines and counters

_REGION_CODE = 6  # digits, in front of the birthday
_FEW_GROUPS = 3  # region, birthday, the rest
_MANY_GROUPS = 5
_OLDEST, _YOUNGEST = 1850, 2099  # years of birth

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10x98765432"


Span = tuple[int, int, str]  # start, end, kind


def mask(text: str) -> str:
    """Return ``text`` with every personal number in it replaced by the name of its kind.

    Masked are identity numbers (18 digits, or 15 of the old form), mobile numbers, bank cards, numbers called 医保卡号
    and the like, mail addresses, and any other unbroken run of 15 digits or more. They may be typed in full width or
    with gaps. Masking twice changes nothing more; a text without digits and ``@`` comes back as it is.
    """
    spans: list[Span] = []
    plain = text.translate(_PLAIN)
    for find in (_mails, _identities, _cards, _old_identities, _mobiles, _named, _long_runs):
        found = list(find(plain))
        spans += found
        plain = _blotted(plain, found)
    return _replace(text, sorted(spans), lambda span: MASKED[span[2]])


def _replace(text: str, spans: list[Span], by: Callable[[Span], str]) -> str:
    parts: list[str] = []
    position = 0
    for span in spans:
        parts += [text[position : span[0]], by(span)]
        position = span[1]
    return "".join([*parts, text[position:]])


def _blotted(plain: str, found: list[Span]) -> str:
    """Put what was found out of reach of the next pattern; nothing changes its place."""
    return _replace(plain, found, lambda span: "\0" * (span[1] - span[0]))


def _mails(plain: str) -> Iterator[Span]:
    position = 0
    for match in _MAIL.finditer(plain):
        start = match.start()
        while start > position and _MAIL_NAME.match(plain[start - 1]):
            start -= 1
        if start < match.start():
            yield start, match.end(), "mail"
        position = match.end()


def _named(plain: str) -> Iterator[Span]:
    for match in _NAMED.finditer(plain):
        digits = sum(character.isdigit() for character in match[1])
        if digits >= _LEAST_NAMED and not _MEASURED.match(plain, match.end(1)):
            yield *match.span(1), "insured"


def _identities(plain: str) -> Iterator[Span]:
    return _accepted(_IDENTITY, plain, "identity", _is_identity)


def _old_identities(plain: str) -> Iterator[Span]:
    return _accepted(_OLD_IDENTITY, plain, "identity", _is_old_identity)


def _cards(plain: str) -> Iterator[Span]:
    taken: list[Span] = []
    for pattern in _CARDS:  # the longest first: sixteen digits of nineteen may pass the test by chance
        found = list(_accepted(pattern, plain, "card", _is_card))
        plain = _blotted(plain, found)
        taken += found
    return iter(sorted(taken))


def _mobiles(plain: str) -> Iterator[Span]:
    return _accepted(_MOBILE, plain, "mobile", lambda raw: not _DATE.search(raw))


def _long_runs(plain: str) -> Iterator[Span]:
    return _accepted(_LONG, plain, "number", lambda _: True)


def _accepted(pattern: re.Pattern[str], plain: str, kind: str, accept: Callable[[str], bool]) -> Iterator[Span]:
    """Yield what ``accept`` takes of all places where ``pattern`` fits, also where they overlap, from the left."""
    position = 0
    for match in pattern.finditer(plain):
        if match.start(1) >= position and not _MEASURED.match(plain, match.end(1)) and accept(match[1]):
            position = match.end(1)
            yield *match.span(1), kind


def _groups(raw: str) -> list[str]:
    return _DIGITS.findall(raw)


def _is_identity(raw: str) -> bool:
    """Tell whether the check digit is right, or the number is unbroken enough to be one that was mistyped."""
    groups = _groups(raw)
    number = "".join(groups)
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return _is_date(number[6:14]) and (_CHECK[remainder] == number[17] or len(groups) <= _FEW_GROUPS)


def _is_old_identity(raw: str) -> bool:
    groups = _groups(raw)
    # Groups of seven or eight are office numbers, one behind the other; many short ones belong to something longer.
    apart = len(groups) <= _MANY_GROUPS and max(map(len, groups)) <= _REGION_CODE
    return _is_date(f"19{''.join(groups)[6:12]}") and (len(groups) == 1 or apart)


def _is_date(digits: str) -> bool:
    try:
        return _OLDEST <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= _YOUNGEST
    except ValueError:
        return False


def _is_card(raw: str) -> bool:
    groups = _groups(raw)
    offices = len(groups) > 1 and (groups[0] in {"400", "800"} or any(len(group) in {7, 8} for group in groups))
    return not offices and _luhn("".join(groups))


def _luhn(number: str) -> bool:
    """Tell whether the last digit is the check digit of those before it."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(number), start=1)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
