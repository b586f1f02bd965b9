"""Personal numbers never survive, what people ask about does."""

from __future__ import annotations

import re
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.masking import mask
from yibao.wording import MASKED

WEIGHTS = [2**place % 11 for place in range(17, 0, -1)]  # the standard's own definition
WORDS = st.sampled_from(
    ["我", "的", "住院", "在武汉", "报销", "，", "。", "号码是", "：", "\n", "老人", "（", "）", "怎么办？", "abc"]
)
PHRASE = st.lists(WORDS, max_size=6).map("".join)
CASES = [
    line
    for line in (Path(__file__).parent / "data" / "masking.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
ANY_MASK = f"(?:{'|'.join(map(re.escape, MASKED.values()))})"
WIDE = str.maketrans("0123456789X@+-", "０１２３４５６７８９Ｘ＠＋－")


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    region = draw(st.integers(110000, 829999))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    check = (12 - sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11) % 11
    return body + ("X" if check == 10 else str(check))


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(["622", "621", "4", "51", "955"]))
    size = draw(st.integers(15, 18))
    body += "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=size - len(body), max_size=size - len(body))))
    return next(body + last for last in "0123456789" if luhn(body + last))


def luhn(number: str) -> bool:
    odd, even = number[::-1][::2], number[::-1][1::2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
PREFIXES = st.sampled_from(["", "+86", "86", "0086 ", "+86-", "+86 "])


def typed(draw: st.DrawFn, number: str, sizes: tuple[tuple[int, ...], ...]) -> str:
    """Return a number with gaps as people leave them, at times in full width."""
    gap = draw(st.sampled_from(["", " ", "-", "  ", " - "]))
    parts, position = [], 0
    for size in draw(st.sampled_from(sizes)):
        parts.append(number[position : position + size])
        position += size
    text = gap.join([part for part in [*parts, number[position:]] if part])
    return text.translate(WIDE) if draw(st.booleans()) else text


def digits(text: str) -> str:
    return "".join(re.findall("[0-9Xx]", text.translate({wide: chr(plain) for plain, wide in WIDE.items()})))


@given(st.data(), PHRASE, PHRASE)
@settings(max_examples=400)
def test_a_valid_identity_number_never_survives(data: st.DataObject, before: str, after: str) -> None:
    number = data.draw(identities())
    written = typed(data.draw, number, ((18,), (6, 8), (6, 4, 4), (4, 4, 4, 4), (3, 3, 4, 4), (1,) * 17))
    masked = mask(f"{before}{written}{after}")
    assert digits(masked) == ""
    assert masked == f"{before}{MASKED['identity']}{after}"


@given(st.data(), PHRASE, PHRASE)
@settings(max_examples=200)
def test_an_identity_number_of_the_old_form_never_survives(data: st.DataObject, before: str, after: str) -> None:
    number = data.draw(identities())
    written = typed(data.draw, number[:6] + number[8:17], ((15,), (6, 6)))
    assert mask(f"{before}{written}{after}") == f"{before}{MASKED['identity']}{after}"


@given(st.data(), PREFIXES, PHRASE, PHRASE)
@settings(max_examples=400)
def test_a_mobile_number_never_survives(data: st.DataObject, prefix: str, before: str, after: str) -> None:
    number = data.draw(MOBILES)
    written = prefix + typed(data.draw, number, ((11,), (3, 4), (3, 3), (3, 8), (5, 6), (5, 3), (4, 4), (1,) * 10))
    assert mask(f"{before}{written}{after}") == f"{before}{MASKED['mobile']}{after}"


@given(st.data(), PHRASE, PHRASE)
@settings(max_examples=400)
def test_a_bank_card_never_survives(data: st.DataObject, before: str, after: str) -> None:
    number = data.draw(cards())
    masked = mask(before + typed(data.draw, number, ((19,), (4, 4, 4, 4), (6, 10), (1,) * 18)) + after)
    assert digits(masked) == ""
    # An 18-digit card may hold a birthday where an identity number has one.
    assert masked in {f"{before}{MASKED[kind]}{after}" for kind in ("card", "identity")}


NAMES = (
    "医保卡号",
    "社保卡号码",
    "医保编号",
    "电脑号",
    "参保号",
    "个人编号",
    "社会保障号码",
    "就诊卡号",
    "医保个人账号",
)


@given(
    st.sampled_from(NAMES),
    st.sampled_from(["", "：", ":", "是", "为 ", "是：", "「"]),
    st.from_regex("[A-Z]{0,2}(?!0?1[3-9])[0-9]{6,12}", fullmatch=True),  # a mobile number is called one
    PHRASE.filter(lambda phrase: not phrase.startswith(("abc", "号"))),
)
def test_a_number_that_is_called_one_never_survives(name: str, between: str, number: str, after: str) -> None:
    assert mask(f"我的{name}{between}{number}{after}") == f"我的{name}{between}{MASKED['insured']}{after}"


@given(st.emails(domains=st.sampled_from(["qq.com", "mail.example.cn"])), PHRASE)
def test_a_mail_address_never_survives(address: str, after: str) -> None:
    masked = mask(f"发到{address}，{after}")
    assert "@" not in masked
    assert MASKED["mail"] in masked


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1101051949123100２Ｘ", "identity"),
        ("11010519491231002\u200bX", "identity"),
        ("110105194912310021", "identity"),  # mistyped: the check digit is wrong
        ("13 800 138 000", "mobile"),
        ("138\u00a00013\u30008000", "mobile"),
        ("138.0013.8000", "mobile"),
        ("013800138000", "mobile"),
        ("138—0013—8000", "mobile"),
        ("6222021234567890123", "number"),  # the check digit is wrong
        ("1234567890" * 30, "number"),
        ("4111 1111 1111 1111", "card"),
    ],
)
def test_forms_people_type(text: str, kind: str) -> None:
    assert mask(f"①{text}，能报吗") == f"①{MASKED[kind]}，能报吗"


def test_a_short_number_behind_a_long_one_hides_neither() -> None:
    assert mask("4111 1111 1111 1111 120") == f"{MASKED['card']} 120"
    assert mask("13800138000 12393") == f"{MASKED['mobile']} 12393"


def test_several_numbers_are_each_masked_as_what_they_are() -> None:
    text = "张三 110105194912310021 13800138000 6222600810010710887 zhang@example.com 医保卡号A1234567 打12393"
    kinds = ("identity", "mobile", "card", "mail")
    wanted = f"张三 {' '.join(MASKED[kind] for kind in kinds)} 医保卡号{MASKED['insured']} 打12393"
    assert mask(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "12393", "12345", "120", "打12333转1", "0713-7220256", "07137220256", "010-88830000", "400-810-8888", "4008108888",
        "0335-3926866 3926712 3551503 3262778", "8333219 4671962 3320607 1",
        "医保发〔2024〕36号", "国办发[2021]14号", "100000元", "20,000元", "13800000000元", "1500元 2000元",
        "2024-05-01", "20240501", "2024-05-01 2024-06-01", "1990-01-01 120", "2024年5月1日至2025年5月1日", "45.5%", "2019 2020 2021 2022",
        "医保卡号怎么查，打12393", "医保卡号查询电话0713-7220256", "社保卡20000元", "参保编号在哪看", "１２３９３", "邮箱@", "@武汉医保",
        "医保账号 100000元", "第1-3条", "起付线500 800 1200",
    ],
)  # fmt: skip
def test_what_people_ask_about_stays(text: str) -> None:
    assert mask(f"请问{text}？") == f"请问{text}？"


def test_every_article_stays_as_it_is(corpus: Path) -> None:
    """Their phone numbers, amounts and dates are what answers are made of."""
    texts = [path.read_text(encoding="utf-8") for path in corpus.rglob("*.md")]
    assert len(texts) > 50
    assert any(re.search(r"0\d{3}-\d{7}", text) for text in texts)
    assert [text[:60] for text in texts if mask(text) != text] == []


ANY = st.text(alphabet=st.sampled_from("0123456789xX -+.@a医保卡号是，①２\u200b\n"), max_size=80)


@given(ANY | st.text())
@settings(max_examples=1000)
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    st.text().filter(
        lambda text: not any(character.isdigit() for character in text) and "@" not in text.replace("＠", "@")
    )
)
def test_a_text_without_digits_is_unchanged(text: str) -> None:
    assert mask(text) == text


def test_the_table_is_large_and_holds_both_sides() -> None:
    hidden = sum("⟦" in case for case in CASES)
    assert len(CASES) >= 230
    assert 0.4 < hidden / len(CASES) < 0.7


@pytest.mark.parametrize("case", CASES)
def test_what_stands_in_brackets_is_hidden_and_nothing_else(case: str) -> None:
    wanted = ANY_MASK.join(re.escape(kept) for kept in re.split("⟦.*?⟧", case))
    assert re.fullmatch(wanted, mask(re.sub("[⟦⟧]", "", case)))


@given(
    MOBILES,
    st.text(alphabet="_/.·|、，*~（）:→ -", min_size=1, max_size=3),
    st.sampled_from([(3, 7), (3,), (3, 6), (7,)]),
)
def test_any_marks_may_cut_a_mobile_number(number: str, marks: str, cuts: tuple[int, ...]) -> None:
    borders = [0, *cuts, len(number)]
    written = marks.join(number[a:b] for a, b in pairwise(borders))
    assert mask(f"手机{written},谢谢") == f"手机{MASKED['mobile']},谢谢"


@given(
    MOBILES,
    st.sampled_from(["〇一二三四五六七八九", "零幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "⓪①②③④⑤⑥⑦⑧⑨"]),
    st.booleans(),
)
def test_a_mobile_number_in_numerals_never_survives(number: str, numerals: str, apart: bool) -> None:
    written = number.translate(str.maketrans("0123456789", numerals))
    gap = " " if apart else ""
    assert mask(f"手机{gap.join((written[:3], written[3:7], written[7:]))}") == f"手机{MASKED['mobile']}"


HOSTILE = ("1", "1 ", "1-", "13", "医保卡号", "a@", "a@a.", "@", "医保个人", "6222 ", "13800138000 ", "+", "x1",
    "1_", "1、", "一", "①", "(138)", "e1", "护照e", "银行卡", "银行卡1/", "微信a", "62/", "86 ", "1\u200b")  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_input_takes_time_in_proportion_to_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        started = time.thread_time()  # what others do on the machine says nothing
        mask(text)
        return time.thread_time() - started

    short = min(seconds(5_000) for _ in range(3))
    long = min(seconds(40_000) for _ in range(3))
    assert long < 30 * short + 0.1  # eight times the length; quadratic would be 64 times


def test_a_number_that_wraps_over_a_line_end_is_one_and_a_list_stays_a_list() -> None:
    assert mask("手机13811\n110003怎么改") == f"手机{MASKED['mobile']}怎么改"
    offices = "0713-7222482\n0713-7220256\n12393"
    assert mask(offices) == offices
