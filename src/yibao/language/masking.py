"""Personal numbers are masked before a question is logged or stored.

What stands in their place names the kind and nothing else. Forms such as 138****5678, usual on receipts, leave seven
digits for whoever finds the log and help nobody there: the reader of a log wants to know that a mobile number stood
here, never which. Where a guess must be wrong, it is wrong on the side of masking, but for what people ask about:
hotlines, office numbers, amounts, dates and numbers of documents stay readable.

A text is read twice: as typed, then with Chinese and circled numerals read as digits (一三八…, ①③⑧…). Up to three
marks of any kind may stand between two digits. What ``personal_numbers`` takes for a number of its kind is masked.

Every pattern has a fixed number of digits and bounded gaps: the time is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from yibao.language import personal_numbers
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
_NUMERALS = str.maketrans(
    {
        sign: str(value)
        for signs in ("〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "○幺貳參肆伍陸柒捌玖", "⓪①②③④⑤⑥⑦⑧⑨")
        for value, sign in enumerate(signs)
    }
)

# Up to three marks between two digits, a line end among them: no letters, no ends of sentences, no signs of reckoning.
_GAP = "[^0-9a-z\u3400-\u9fff\0。!?;%‰+=<>]{0,3}"
_FREE = "(?<![0-9])"  # no digit before
_END = "(?![0-9])"
# An amount of eleven digits; not the day (元旦, 元月) or the name (万女士) that follows a number to call.
_MEASURED = re.compile("元(?![旦月宵])|万(?![一某女先老小总])|[块亿%]|人民币|rmb")

_MAIL = re.compile(r"@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_MAIL_NAME = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]")
_LONG = re.compile(f"{_FREE}([0-9]{{15,}}x?)")
_IDENTITY = re.compile(f"(?={_FREE}([1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9x])(?![0-9x]))")
_OLD_IDENTITY = re.compile(f"(?={_FREE}([1-9](?:{_GAP}[0-9]){{14}}){_END})")
_CARDS = [re.compile(f"(?={_FREE}([3-69](?:{_GAP}[0-9]){{{size - 1}}}){_END})") for size in (19, 18, 17, 16)]
_MOBILE_PREFIX = f"(?:(?:[+]|00)?86{_GAP}|0)?"
_MOBILE_START = rf"(?:\(1[3-9][0-9]\)|1{_GAP}[3-9]{_GAP}[0-9])"
_MOBILE = re.compile(f"(?={_FREE}({_MOBILE_PREFIX}{_MOBILE_START}(?:{_GAP}[0-9]){{8}}){_END})")
# Passports and permits by their letters. H, S and T, which also lead the approval numbers of medicines, need a name.
_PASSPORT = re.compile("(?<![a-z0-9])([cdegklmpw](?:[ -]?[0-9]){8}|[cdegp][a-z][ -]?[0-9]{7})(?![a-z0-9])")

# Numbers that nothing but the words before them tells.
_LINK = "(?:是|为|就是|应该|可能|好像|叫|码|的?号|我的|[ \t:=,#()\u3002\u3001\u300c\u201c\"'-]){0,6}"
_NAMED = (
    (  # 医保卡号, 社保编号, 电脑号, 就诊卡号 ...
        "insured",
        (
            "(?:医保|社保|医疗保险|社会保障|健康|就诊|诊疗|农合)(?:卡|证|编|电脑|电子凭证|个人|账|帐|序列|识别|的){0,4}(?:号码?|编号|卡)|"
            "(?:电脑|参保|保险|病历|住院|个人(?:社保|医保)?|序列)(?:人|证|编)?(?:号码?|编号)"
        ),
        "[a-z]{0,4}[0-9][a-z0-9]{5,39}|[a-z]{0,4}[0-9]{2,5}(?:[ -][0-9]{2,5}){1,7}",
    ),
    ("card", "(?:银行|储蓄|信用|借记|工资)卡|存折|卡号|[账帐户]号", f"[0-9](?:{_GAP}[0-9]){{11,29}}"),
    (
        "document",
        "护照|通行证|回乡证|台胞证|居留(?:许可|身份|证)*|[军警]官证|士兵证|身份证件?|证件",
        f"[a-z]{{0,3}}{_GAP}[0-9](?:{_GAP}[0-9]){{6,13}}",
    ),
    ("contact", "微信|qq|wechat", "[a-z0-9][a-z0-9_-]{5,29}"),
)
_NAMED_PATTERNS = [(kind, re.compile(f"(?:{names}){_LINK}({number})(?![a-z0-9])")) for kind, names, number in _NAMED]
_LEAST_NAMED = 5  # digits: shorter ones are counters

Span = tuple[int, int, str]  # start, end, kind


def mask(text: str) -> str:
    """Return ``text`` with every personal number in it replaced by the name of its kind.

    Masked are identity numbers (18 digits, or 15 of the old form), mobile numbers, bank cards, passports and travel
    permits, numbers called 医保卡号 and the like, mail addresses, and any other unbroken run of 15 digits or more. They
    may be typed in full width, in Chinese numerals or with marks between the digits. Masking twice changes nothing
    more; a text without digits and ``@`` comes back as it is.
    """
    spans: list[Span] = []
    plain = text.translate(_PLAIN)
    for as_digits in ({}, _NUMERALS):  # as typed first: 一、13800138000 begins with the number of an item
        plain = plain.translate(as_digits)
        for find in (_mails, _identities, _cards, _old_identities, _mobiles, _named, _passports, _long_runs):
            found = sorted(find(plain))
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
    for kind, pattern in _NAMED_PATTERNS:
        found = [
            (*match.span(1), kind)
            for match in pattern.finditer(plain)
            if sum(character.isdigit() for character in match[1]) >= _LEAST_NAMED
            and not _MEASURED.match(plain, match.end(1))
            and not personal_numbers.holds_date(match[1])
        ]
        plain = _blotted(plain, found)
        yield from found


def _passports(plain: str) -> Iterator[Span]:
    return _accepted(_PASSPORT, plain, "document", lambda _: True)


def _identities(plain: str) -> Iterator[Span]:
    return _accepted(_IDENTITY, plain, "identity", personal_numbers.is_identity)


def _old_identities(plain: str) -> Iterator[Span]:
    return _accepted(_OLD_IDENTITY, plain, "identity", personal_numbers.is_old_identity)


def _cards(plain: str) -> Iterator[Span]:
    # Those with a check digit first, and of them the longest: sixteen digits of nineteen may pass the test by chance.
    for accept in (personal_numbers.is_card, personal_numbers.is_grouped_as_card):
        for pattern in _CARDS:
            found = list(_accepted(pattern, plain, "card", accept))
            plain = _blotted(plain, found)
            yield from found


def _mobiles(plain: str) -> Iterator[Span]:
    for span in _accepted(_MOBILE, plain, "mobile", personal_numbers.is_mobile):
        if not _MEASURED.match(plain, span[1]):
            yield span


def _long_runs(plain: str) -> Iterator[Span]:
    return _accepted(_LONG, plain, "number", lambda _: True)


def _accepted(pattern: re.Pattern[str], plain: str, kind: str, accept: Callable[[str], bool]) -> Iterator[Span]:
    """Yield what ``accept`` takes of all places where ``pattern`` fits, also where they overlap, from the left."""
    position = 0
    for match in pattern.finditer(plain):
        if match.start(1) >= position and accept(match[1]):
            position = match.end(1)
            yield *match.span(1), kind
