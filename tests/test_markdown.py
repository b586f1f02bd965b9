"""Front matter and body of one article, and a one-line reason for each mistake."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.markdown import PERSONS, read_markdown, sole_region
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
    (article,) = read_markdown(text, article_id, "remote/filing.md").articles
    return article


def remarks(text: str) -> tuple[str, ...]:
    return read_markdown(text, "remote/filing", "remote/filing.md").remarks


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
        ("---\ntitle: 空\n---\n\n", wording.SKIP_EMPTY),
        ("# 只有标题\n", wording.SKIP_EMPTY),
        ("\u200b\ufeff\n", wording.SKIP_EMPTY),
        ("---", wording.SKIP_EMPTY),
        ("---\n\n---\n", wording.SKIP_EMPTY),
        ("![](a.png)\n", wording.SKIP_PICTURES),
    ],
)
def test_a_file_without_text_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("line", "key", "shown", "wanted"),
    [
        ("title: " + "[" * 10 + "]" * 10, "title", "[" * 10 + "]" * 10, wording.WANTED_TEXT),
        ("title: [一, 二]", "title", "[一, 二]", wording.WANTED_TEXT),
        ("published: 去年", "published", "去年", wording.WANTED_DATE),
        ("published: 2025-04", "published", "2025-04", wording.WANTED_DATE),
        ("published: 2025-13-40", "published", "2025-13-40", wording.WANTED_DATE),
        ("published: [2025-04-01]", "published", "[2025-04-01]", wording.WANTED_DATE),
        ("published: !!timestamp x", "published", "x", wording.WANTED_DATE),
        ("insurance: 职工", "insurance", "职工", "employee / resident"),
        ("insurance: [employee, other]", "insurance", "[employee, other]", "employee / resident"),
        ("person: doctor", "person", "doctor", " / ".join(PERSONS)),
        ("kind: news", "kind", "news", "article / excerpt"),
        ("kind: [article, excerpt]", "kind", "[article, excerpt]", "article / excerpt"),
        ("kind: page", "kind", "page", "article / excerpt"),
        ("topics: [1, 2]", "topics", "[1, 2]", wording.WANTED_LIST),
        ("topics: {a: b}", "topics", "{a: b}", wording.WANTED_LIST),
        ("region: {a: b}", "region", "{a: b}", wording.WANTED_SHORT.format(limit=60)),
        ("region: " + "广" * 61, "region", "广" * 40, wording.WANTED_SHORT.format(limit=60)),
    ],
)
def test_a_value_that_cannot_be_used_costs_itself_alone(line: str, key: str, shown: str, wanted: str) -> None:
    text = f"---\nname: 别人的\n{line}\ndisclaimer: 仅供参考\n---\n正文\u3002\n"
    assert remarks(text) == (wording.REMARK_BAD_VALUE.format(key=key, value=shown, wanted=wanted),)
    article = read(text)
    assert (article.title, article.text, article.disclaimer) == ("filing", "正文\u3002", "仅供参考")
    assert (article.published, article.region, article.insurance, article.kind) == (None, None, (), "article")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("title: !!int ''", "title", "filing"),
        ("title: !!bool maybe", "title", "maybe"),
        ("title: !!binary 不是", "title", "不是"),
        ("title: !!python/object:os.system x", "title", "x"),
        ("title: !unknown 甲", "title", "甲"),
        ("title: yes", "title", "yes"),
        ("title: 0o17", "title", "0o17"),
        ("title: .nan", "title", ".nan"),
        ("title: ~", "title", "filing"),
        ("title: 甲\ttab", "title", "甲 tab"),
        ('title: "甲\\0\\u200b乙"', "title", "甲乙"),
        ("title: &n 甲\nregion: *n", "region", "甲"),
        ("title: 甲\n? [a, b]\n: c", "title", "甲"),
        ("topics: !!set {a, b}", "topics", ()),
        ("published: 2025-04-01T08:30:00+08:00", "published", "2025-04-01"),
    ],
)
def test_no_tag_and_no_value_of_yaml_can_fail(line: str, field: str, value: object) -> None:
    assert getattr(read(with_key(line)), field) == value


def test_a_number_of_9000_digits_is_a_text_and_a_long_title_stands_above_the_article() -> None:
    article = read(with_key("title: " + "9" * 9000))
    assert article.title == "9" * 300 + "\u2026"
    assert article.text == "9" * 9000 + "\n\n正文\u3002"


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("title: 医保: 报销", 2),
        ("region: 陕西\ntitle: 医保: 报销", 3),
        ("title: [未闭合", 3),
        ("title: *无", 2),
        ("title: '没有结尾", 3),
        ('title: "引号"在前', 2),
        ("title: @所有人", 2),
        ("title: %号", 2),
        ("title：全角冒号", 2),
        ("title： 全角\ndate： 2025-01-01", 2),
        ("title: 甲\n  region: 陕西", 3),
        ("title: 甲\n- 乙", 3),
        ("a: " + "[" * 3000 + "]" * 3000, 2),
        ("a: " + "- " * 3000, 2),
        ("a: " + "{a: " * 900 + "}" * 900, 2),
    ],
)
def test_front_matter_that_cannot_be_read_costs_its_keys_and_never_the_article(block: str, line: int) -> None:
    article = read(f"---\n{block}\n---\n# 大标题\n\n正文\u3002\n")
    assert (article.title, article.text, article.published, article.region) == ("大标题", "正文\u3002", None, None)
    (remark,) = remarks(f"---\n{block}\n---\n# 大标题\n\n正文\u3002\n")
    assert remark == wording.REMARK_FRONT_MATTER.format(line=line)
    assert "\n" not in remark


def test_the_line_is_counted_from_the_head_of_the_file() -> None:
    assert remarks("\r\n\r\n---\r\nregion: 陕西\r\ntitle: 医保: 报销\r\n---\r\n正文\u3002") == (
        wording.REMARK_FRONT_MATTER.format(line=5),
    )


def test_front_matter_without_an_end_stays_in_the_text() -> None:
    text = "---\ntitle: 没有结尾\n正文\u3002\n"
    assert read(text).text == "title: 没有结尾\n正文\u3002"
    assert remarks(text) == (wording.REMARK_FRONT_MATTER_OPEN,)


def test_front_matter_that_is_far_too_long_stays_in_the_text() -> None:
    block = "title: 甲\n" + "a: " + "[" * 50_000 + "]" * 50_000
    assert read(f"---\n{block}\n---\n正文\u3002\n").text == f"{block}\n---\n正文\u3002"
    assert remarks(f"---\n{block}\n---\n正文\u3002\n") == (wording.REMARK_FRONT_MATTER_LONG.format(limit=10_000),)


def test_a_key_that_stands_twice_counts_as_it_stands_last() -> None:
    text = with_key("title: 甲\nregion: 陕西\ntitle: 乙")
    assert read(text).title == "乙"
    assert remarks(text) == (wording.REMARK_KEY_TWICE.format(key="title"),)


def test_aliases_that_multiply_cost_nothing() -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = with_key("\n".join(["a0: &a0 [x]", *lines, "title: *a29"]))
    assert read(text).text == "正文\u3002"
    assert len(remarks(text)) == 1
    assert "title" in remarks(text)[0]


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("date: 2025-09-01 10:00:00", "2025-09-01"),
        ("date: 2025-09-01", "2025-09-01"),
        ("date: 2025-09-01T10:00:00Z", "2025-09-01"),
        ("date: '2025/9/1'", "2025-09-01"),
        ("date: 2025.09.01", "2025-09-01"),
        ("date: 2025年9月1日", "2025-09-01"),
        ("Date: 2025-09-01", "2025-09-01"),
        ("publishDate: 2025-09-01", "2025-09-01"),
        ("pubDate: 2025-09-01", "2025-09-01"),
        ("date: 2025-09-01\npublished: 2025-01-02", "2025-01-02"),
        ("date: 2025-09-01\npublished: 去年", "2025-09-01"),
        ("updated: 2025-10-01", None),
        ("date: {{ .Date }}", None),
        ("date: 2025-09-0110", None),
    ],
)
def test_dates_as_others_write_them(line: str, published: str | None) -> None:
    assert read(with_key(line)).published == published


OTHERS = """---
layout: post
title: "云河市居民医保缴费标准"
date: 2025-09-01 10:00:00 +0800
updated: 2025-10-01
tags: [医保, 缴费]
categories:
  - [政策, 缴费]
draft: false
weight: 10
author: {name: 某人}
region: 广东省广州市
permalink: /a/:b/
---

2026年度居民医保个人缴费标准为每人400元\u3002
"""


def test_front_matter_of_other_tools() -> None:
    article = read(OTHERS)
    assert (article.title, article.published, article.region) == ("云河市居民医保缴费标准", "2025-09-01", "广东/广州")
    assert article.text == "2026年度居民医保个人缴费标准为每人400元\u3002"
    assert remarks(OTHERS) == ()


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("---\n\n# 通知\n\n甲\u3002\n\n---\n\n乙\u3002\n", "通知", "甲\u3002\n\n---\n\n乙\u3002"),
        ("---\n\n# 通知\n\n甲\u3002\n", "通知", "甲\u3002"),
        ("------\n\n甲\u3002\n", "filing", "甲\u3002"),
        ("---\n只是一段话\n---\n正文\n", "filing", "只是一段话\n---\n正文"),
        ("---\n- 一\n- 二\n---\n正文\n", "filing", "- 一\n- 二\n---\n正文"),
        ("---\n甲\u3002\n", "filing", "甲\u3002"),
        ("---\n---\n甲\u3002\n", "filing", "甲\u3002"),
        ("---\n\nQ: 能报吗\nA: 能\n\n---\n\n乙\u3002", "filing", "Q: 能报吗\nA: 能\n\n---\n\n乙\u3002"),
        ("---\n办理时间: 工作日\n---\n乙\u3002", "filing", "办理时间: 工作日\n---\n乙\u3002"),
        ("---\n办理时间\uff1a工作日\n---\n乙\u3002", "filing", "办理时间\uff1a工作日\n---\n乙\u3002"),
        ("---\n'引文\n---\n乙\u3002", "filing", "'引文\n---\n乙\u3002"),
        ("---\n# 标题\n---\n乙\u3002", "标题", "---\n乙\u3002"),
        ("---\n# 标题\n注意\u3002\n---\n乙\u3002", "标题", "注意\u3002\n---\n乙\u3002"),
    ],
)
def test_a_rule_at_the_head_is_no_front_matter(text: str, title: str, body: str) -> None:
    article = read(text)
    assert (article.title, article.text) == (title, body)
    assert remarks(text) == ()


@pytest.mark.parametrize("end", ["---", "-----", "..."])
def test_what_ends_front_matter(end: str) -> None:
    assert (read(f"---\ntitle: 甲\n{end}\n正文\u3002").title, read(f"---\ntitle: 甲\n{end}\n正文\u3002").text) == (
        "甲",
        "正文\u3002",
    )


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#?, \n\t医\uff1a1\u3002\0\x85\ufffe", max_size=60))
@settings(max_examples=500, deadline=None)
def test_no_front_matter_stops_the_article(block: str) -> None:
    outcome = read_markdown(f"---\n{block}\n---\n最后一句\u3002\n", "a", "a.md")
    assert outcome.articles[0].text.endswith("最后一句\u3002")
    assert all("\n" not in remark and len(remark) < 250 for remark in outcome.remarks)


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
