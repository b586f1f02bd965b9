"""Topics: of the list the articles are filed under, and not from words that only sound like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from yibao.corpus.reading import read_corpus
from yibao.language.topics import TOPICS, read_topics

CORPUS = Path(__file__).parent.parent / "corpus"


def test_every_topic_of_the_articles_is_known_but_one() -> None:
    filed = {topic for article in read_corpus([CORPUS], 20_000_000).articles for topic in article.topics}
    assert filed - set(TOPICS) == {"政策解读"}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("异地住院怎么备案", ("异地就医", "住院")),
        ("职工医保转成居民医保", ("参保转换",)),
        ("APP上怎么绑定家人", ("家庭共济", "网上办理")),
        ("在天津交的医保", ()),
        ("汉中医保局电话", ("联系方式",)),
        ("中医院在哪", ()),
        ("门诊报多少", ("门诊", "报销比例")),
        ("我在上班", ()),
        ("社保卡服务网点", ("医保卡",)),
        ("", ()),
    ],
)
def test_topics(text: str, topics: tuple[str, ...]) -> None:
    assert read_topics(text) == topics


@pytest.mark.parametrize(
    "topic", [topic for topic in TOPICS if topic not in {"参保缴费", "网上办理", "联系方式", "就医指南", "参保转换"}]
)
def test_a_topic_is_read_from_its_own_name(topic: str) -> None:
    assert topic in read_topics(topic)
