"""Which words heading, title and facets lend to a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from answer_samples import make_citation
from yibao.answer.grounds import Grounds
from yibao.answer.lenders import Lenders
from yibao.answer.units import tokens_of
from yibao.language.normalise import fold
from yibao.records import Article


@pytest.mark.parametrize(
    ("title", "quote", "words", "lends"),
    [
        ("异地就医备案的有效期", "为半年。", "异地就医备案", True),
        ("异地就医备案的有效期", "为半年。", "异地", True),
        ("退休人员的待遇", "报销70%。", "退休人员", True),
        ("退休人员的待遇", "在职职工报销70%。", "退休人员", False),  # another one is named
        ("职工医保和居民医保的区别", "报销70%。", "居民医保", False),
        ("最高报销2万元", "可以报销。", "最高", False),
        ("能不能报销", "住院费用。", "能", False),
        ("待遇", "报销70%。", "退休人员", False),
    ],
)
def test_words_are_lent(make_article: Callable[..., Article], title: str, quote: str, words: str, lends: bool) -> None:
    citation = make_citation(make_article(text=quote, title=title), 0, len(quote), heading="")
    assert Lenders(citation, Grounds(fold(quote))).lend(tokens_of(fold(words))) is lends
