"""Bytes of unknown encoding become text."""

from __future__ import annotations

from charset_normalizer import from_bytes

from yibao import wording

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE_BYTES = 64 * 1024


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
    except UnicodeDecodeError:
        guess = from_bytes(data[:_SAMPLE_BYTES], cp_isolation=["gb18030", "big5"]).best()
    if guess is None:
        raise UnreadableError(wording.SKIP_ENCODING)
    return _decode_as(data, guess.encoding)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(wording.SKIP_ENCODING) from error
