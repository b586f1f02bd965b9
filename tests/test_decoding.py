"""Bytes become text, or a reason why not; never mojibake."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao import wording
from yibao.corpus.decoding import UnreadableError, decode

TEXT = "异地就医备案的有效期是6个月\u3002备案可以在国家医保服务平台App上办理\uff0c不需要户口本\u3002\n"
TRADITIONAL = "跨省就醫的報銷比例由參保地規定\u3002備案可以在手機上辦理\uff0c不需要戶口本\u3002\n"


def place_of(error: UnreadableError) -> tuple[str, int]:
    """The encoding that failed and the byte it failed at; the codec's own sentence is not ours to hold."""
    assert isinstance(error.__cause__, UnicodeDecodeError)
    return error.__cause__.encoding, error.__cause__.start


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_simplified_chinese(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_big5() -> None:
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_of_both_byte_orders(mark: bytes, encoding: str) -> None:
    assert decode(mark + TEXT.encode(encoding)) == TEXT


def test_four_byte_characters_of_gb18030() -> None:
    text = TEXT * 3 + "\U00020bb7野家\u3002\n"
    assert decode(text.encode("gb18030")) == text


def test_no_bytes_are_no_text() -> None:
    assert decode(b"") == ""
    assert decode(b"\xef\xbb\xbf") == ""


@given(st.text().filter(lambda text: "\x00" not in text and not text.startswith("\ufeff")))
@settings(deadline=None, max_examples=200)
def test_any_utf_8_text_comes_back(text: str) -> None:
    assert decode(text.encode("utf-8")) == text


@pytest.mark.parametrize("shift", range(4))
def test_a_large_gb18030_file_may_be_cut_anywhere_for_the_sample(shift: int) -> None:
    text = "a" * shift + TEXT * 1200
    data = text.encode("gb18030")
    assert len(data) > 64 * 1024
    assert decode(data) == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x00\x00", b"text\x00text"])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    assert str(caught.value) == wording.SKIP_BINARY


def test_utf_16_without_mark_is_refused_as_binary() -> None:
    with pytest.raises(UnreadableError):
        decode(TEXT.encode("utf-16-le"))


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_refused(seed: int) -> None:
    data = bytes(random.Random(seed).choices(range(1, 256), k=2000))
    with pytest.raises(UnreadableError) as caught:
        decode(data)
    assert str(caught.value) == wording.SKIP_ENCODING


@pytest.mark.parametrize("length", [4, 6, 12, 40, len(TEXT)])
def test_utf_8_that_breaks_off_within_a_character_is_called_damaged(length: int) -> None:
    with pytest.raises(UnreadableError, match=r"^文件损坏：") as caught:
        decode(TEXT[:length].encode("utf-8") + "保".encode()[:2])
    assert place_of(caught.value) == ("utf-8", len(TEXT[:length].encode("utf-8")))


def test_one_bad_byte_in_utf_8_is_not_read_as_another_encoding() -> None:
    data = TEXT.encode("utf-8")
    with pytest.raises(UnreadableError, match=r"^文件损坏：") as caught:
        decode(data[:9] + b"\xff" + data[9:])
    assert place_of(caught.value) == ("utf-8", 9)


def test_broken_utf_16_is_refused() -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(b"\xff\xfe" + b"\x00\xd8\x00")
    assert str(caught.value) == wording.SKIP_ENCODING


def test_the_reason_is_one_line() -> None:
    with pytest.raises(UnreadableError) as caught:
        decode("医保\n\n".encode() + b"\xe5")
    assert "\n" not in str(caught.value)
