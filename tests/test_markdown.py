"""Front matter and body of one article, and a one-line reason for each mistake."""

from __future__ import annotations

import pytest

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.markdown import read_markdown, sole_region
from yibao.records import Article

FULL = """---
title: 异地就医备案的有效期
published: 2025-04-01
region: 陕西/西安
insurance: [employee, resident]
person: retired
topics:
  - 备案
  - 有效期
kind: excerpt
disclaimer: 以当地规定为准
---

## 有效期

备案的有效期是6个月\u3002
"""


def read(text: str, article_id: str = "remote/filing") -> Article:
    articles = read_markdown(text, article_id, "remote/filing.md")
    assert len(articles) == 1
    return articles[0]


def with_key(line: str) -> str:
    return f"---\n{line}\n---\n正文\u3002\n"


def test_every_field_is_read() -> None:
    assert read(FULL) == Article(
        id="remote/filing",
        title="异地就医备案的有效期",
        text="## 有效期\n\n备案的有效期是6个月\u3002",
        source="remote/filing.md",
        published="2025-04-01",
        region="陕西/西安",
        insurance=("employee", "resident"),
        person=("retired",),
        topics=("备案", "有效期"),
        kind="excerpt",
        disclaimer="以当地规定为准",
    )


def test_without_front_matter_the_defaults_hold() -> None:
    article = read("正文\u3002\n")
    assert (article.published, article.region, article.kind) == (None, None, "article")
    assert (article.insurance, article.person, article.topics) == ((), (), ())
    assert article.disclaimer == wording.DISCLAIMER


def test_windows_line_ends_give_the_same_article() -> None:
    assert read(FULL.replace("\n", "\r\n")) == read(FULL)


def test_a_byte_order_mark_and_invisible_characters_give_the_same_article() -> None:
    assert read("\ufeff" + FULL.replace("备案的", "备\u200b案\u2060的**")) == read(FULL)


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("# 大标题\n\n正文\u3002\n", "大标题", "正文\u3002"),
        ("---\ntitle: 文首\n---\n# 大标题\n\n正文\u3002\n", "文首", "# 大标题\n\n正文\u3002"),
        ("---\ntitle:\n---\n# 大标题\n正文\u3002\n", "大标题", "正文\u3002"),
        ("正文\u3002\n", "filing", "正文\u3002"),
        ("## 小标题\n\n正文\u3002\n", "filing", "## 小标题\n\n正文\u3002"),
        ("---\ntitle: 2025\n---\n正文\u3002\n", "2025", "正文\u3002"),
    ],
)
def test_where_the_title_comes_from(text: str, title: str, body: str) -> None:
    article = read(text)
    assert (article.title, article.text) == (title, body)


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("published: 2025-04-01", "2025-04-01"),
        ("published: '2025-04-01'", "2025-04-01"),
        ("published: 2025-04-01 08:30:00", "2025-04-01"),
        ("published:", None),
    ],
)
def test_published(line: str, published: str | None) -> None:
    assert read(with_key(line)).published == published


@pytest.mark.parametrize(
    ("front", "region"),
    [
        ("title: 陕西医保怎么缴费", "陕西"),
        ("title: 莆田医保可以在福州用吗", None),
        ("title: 医保定点医院有哪些", None),
        ("title: 陕西医保\nregion: 福建", "福建"),
        ("title: 北京医院看病\nregion: 全国", None),
        ("region: 陕西省", "陕西"),
        ("region: 西安市", "陕西/西安"),
        ("region: 广东省广州市", "广东/广州"),
        ("region: 陕西/兴平", "陕西/咸阳/兴平"),
        ("region: 陕西/咸阳/兴平", "陕西/咸阳/兴平"),
        ("region: 兴平市", "陕西/咸阳/兴平"),
        ("region: 陕西/三江口", "陕西/三江口"),
        ("region: 三江口", "三江口"),
    ],
)
def test_region(front: str, region: str | None) -> None:
    assert read(with_key(front)).region == region


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [未闭合\n---\n正文\n", "front matter"),
        ("---\ntitle: 医保: 报销\n---\n正文\n", "front matter"),
        ("---\ntitle: *无\n---\n正文\n", "front matter"),
        ("---\npublished: 2025-13-40\n---\n正文\n", "front matter"),
        ("---\n只是一段话\n---\n正文\n", "front matter.*只是一段话"),
        ("---\n- 一\n- 二\n---\n正文\n", "front matter"),
        ("---\ntitle: 没有结尾\n正文\n", "front matter.*---"),
        ("---\na: " + "[" * 50_000 + "]" * 50_000 + "\n---\n正文\n", "front matter"),
        (
            with_key("title: " + "[" * 3000 + "]" * 3000),
            "文首信息",
        ),  # refused by the parser, or by us: its release decides
        (with_key("published: 去年"), "published.*去年.*日期"),
        (with_key("published: 2025-04"), "published.*2025-04"),
        (with_key("insurance: 职工"), "insurance.*职工.*employee / resident"),
        (with_key("insurance: [employee, other]"), "insurance.*other"),
        (with_key("person: doctor"), "person.*doctor"),
        (with_key("kind: news"), "kind.*news.*article / excerpt"),
        (with_key("kind: [article, excerpt]"), "kind"),
        (with_key("topics: [1, 2]"), "topics"),
        (with_key("topics: {a: b}"), "topics"),
        (with_key("title: [一, 二]"), "title"),
        (with_key("region: {a: b}"), "region"),
        ("---\ntitle: 空\n---\n\n", wording.SKIP_EMPTY),
        ("# 只有标题\n", wording.SKIP_EMPTY),
        ("\u200b\ufeff\n", wording.SKIP_EMPTY),
    ],
)
def test_a_mistake_is_one_line(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_aliases_that_multiply_are_refused_at_once() -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(UnreadableError, match="文首信息"):
        read(with_key("\n".join(["a0: &a0 [x]", *lines, "title: *a29"])))


def test_a_rule_between_paragraphs_is_no_front_matter() -> None:
    assert read("第一段\u3002\n\n---\n\n第二段\u3002\n\n---\n\n第三段\u3002\n").text.count("---") == 2


def test_a_rule_behind_the_front_matter_stays_in_the_body() -> None:
    assert (
        read("---\ntitle: 一\n---\n第一段\u3002\n\n---\n\n第二段\u3002\n").text == "第一段\u3002\n\n---\n\n第二段\u3002"
    )


def test_unknown_keys_are_left_alone() -> None:
    assert read(with_key("author: 某人\ntitle: 甲")).title == "甲"


@pytest.mark.parametrize(
    ("title", "region"),
    [("陕西医保", "陕西"), ("西安医保", "陕西/西安"), ("福州和厦门", None), ("医保", None), ("", None)],
)
def test_sole_region(title: str, region: str | None) -> None:
    assert sole_region(title) == region
