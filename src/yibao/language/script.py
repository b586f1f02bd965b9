"""Traditional script becomes simplified, with OpenCC's tables and a few words of Taiwan."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# OpenCC's own table of such words comes from computing: 資料 would become 数据, 小程序 小进程, 線上 在线.
_WORDS = {
    "健保": "医保", "身分证": "身份证", "看诊": "看病", "正本": "原件", "影本": "复印件", "列印": "打印",
    "帐户": "账户", "帐号": "账号", "帐单": "账单", "转帐": "转账", "简讯": "短信", "网路": "网络", "程式": "程序",
}  # fmt: skip
_TAIWAN = re.compile("|".join(_WORDS))


@lru_cache(maxsize=2)
def _converter(table: str) -> Any:
    import opencc

    return opencc.OpenCC(table)


def simplified_character(character: str) -> str:
    """Return the simplified form of one character, where that is a single one; else the character itself."""
    if "\ud800" <= character <= "\udfff":  # half of a pair, which no encoder takes
        return character
    converted: str = _converter("t2s").convert(character)
    return converted if len(converted) == 1 else character


def simplified(text: str) -> str:
    """Return ``text`` in simplified script, words of Taiwan in those of the mainland; else unchanged.

    Characters are read in context (乾 in 乾淨 and in 乾隆), and the length may change: for searching, never for quotes.
    """
    converted: str = _converter("hk2s").convert(text)  # all of t2s, and the characters of Hong Kong
    if converted == text:
        return text
    return _TAIWAN.sub(lambda match: _WORDS[match.group()], converted)
