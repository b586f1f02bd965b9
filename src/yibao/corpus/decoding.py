"""Bytes of unknown encoding become text."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from yibao import wording

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE_BYTES = 64 * 1024
_WHOLE_CHARACTERS = re.compile(rb".*[\x00-\x2f]", re.DOTALL)  # bytes that never end a Chinese character


class UnreadableError(ValueError):
    """A file that cannot become an article; the message is the reason shown in the report."""


def decode(data: bytes) -> str:
    """Decode UTF-8 with or without byte order mark, UTF-16 with one, GB18030 and Big5.

    Raises:
        UnreadableError: the bytes are no text in any of these.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding)
    if b"\x00" in data[:_SAMPLE_BYTES]:
        raise UnreadableError(wording.SKIP_BINARY)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data[:_SAMPLE_BYTES]):
            raise UnreadableError(wording.SKIP_DAMAGED.format(reason=error)) from error
        guess = from_bytes(_sample(data), cp_isolation=["gb18030", "big5"]).best()
    if guess is None:
        raise UnreadableError(wording.SKIP_ENCODING)
    return _decode_as(data, guess.encoding)


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell whether most of ``data`` is Chinese in UTF-8: read in another encoding it would be mojibake."""
    text = data.decode("utf-8", "replace")
    return sum(character > "\u07ff" and character != "\ufffd" for character in text) > text.count("\ufffd")


def _sample(data: bytes) -> bytes:
    """Return the beginning of ``data``, not cut within a character where that can be known."""
    head = data[:_SAMPLE_BYTES]
    whole = _WHOLE_CHARACTERS.match(head) if len(data) > len(head) else None
    return whole.group() if whole else head


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(wording.SKIP_ENCODING) from error
