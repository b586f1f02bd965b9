"""Plain text and saved pages: title, headings, lists, disclaimer, teasers; not one character lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao import wording
from yibao.corpus.decoding import UnreadableError
from yibao.corpus.webpage import read_plain, to_markdown
from yibao.language.normalise import clean
from yibao.records import Article

ARTICLE = """医保卡丢了\uff0c可以先在手机上挂失\uff0c再到窗口补办\u3002

## 一\u3001补办前要做的事

### 1. 电话挂失

拨打服务热线\uff0c报身份证号即可挂失\u3002

### 2. 准备材料
- 本人身份证\u3002
- 一寸照片一张\u3002

## 二\u3001补办的步骤

1. 到窗口取号\u3002
2. 填写申请表\u3002
3. 当场领卡\u3002

补办当天就能使用\uff0c期间可以用医保电子凭证代替\u3002

提示\uff1a补办之前请先挂失\u3002"""


def halved(text: str) -> str:
    return text.replace("\uff0c", ",").replace("\uff1a", ":")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def page(data: Path) -> tuple[Article, ...]:
    return read_plain((data / "reading" / "saved-page.txt").read_text("utf-8"), "pages/card", "pages/card.txt").articles


@pytest.fixture(scope="module")
def saved(shared: Path) -> dict[Path, tuple[Article, ...]]:
    paths = sorted((shared / "pages").glob("*.txt"))
    return {path: read_plain(path.read_text("utf-8"), path.stem, path.name).articles for path in paths}


def test_a_page_is_one_article_and_its_teasers(page: tuple[Article, ...]) -> None:
    assert [(article.id, article.kind) for article in page] == [
        ("pages/card", "article"),
        ("pages/card#1", "excerpt"),
        ("pages/card#2", "excerpt"),
        ("pages/card#3", "excerpt"),
    ]


def test_the_article_is_light_markdown(page: tuple[Article, ...]) -> None:
    assert page[0].title == "西安医保卡丢了怎么补办"
    assert page[0].text == halved(ARTICLE)
    assert page[0].published is None


def test_the_disclaimer_is_taken_off_and_kept(page: tuple[Article, ...]) -> None:
    assert {article.disclaimer for article in page} == {wording.DISCLAIMER}
    assert not any("面诊" in article.text for article in page)


def test_teasers_have_title_text_and_date(page: tuple[Article, ...]) -> None:
    assert [(article.title, article.published) for article in page[1:]] == [
        ("医保电子凭证怎么激活", "2025-04-19"),
        ("福州医保窗口几点上班", "2025-03-12"),
        ("最后一条没有日期", None),
    ]
    assert page[2].text == "窗口上班时间为: 周一至周五 上午八点半 周六只办急件"
    assert not any("健康新闻" in article.text for article in page)


def test_regions_come_from_the_titles(page: tuple[Article, ...]) -> None:
    assert [article.region for article in page] == ["陕西/西安", None, "福建/福州", None]


def test_a_date_that_does_not_exist_is_no_date() -> None:
    articles = read_plain("相关推荐\n标题\n\n正文\n\n健康新闻 2025-02-30\n", "a", "a.txt").articles
    assert [(article.title, article.published) for article in articles] == [("标题", None)]


@pytest.mark.parametrize("word", ["相关推荐", "相关阅读", "  相关文章  "])
def test_words_above_the_teasers(word: str) -> None:
    articles = read_plain(f"标题\n\n正文\u3002\n{word}\n甲\n\n乙\n\n某某网 2025-01-02\n", "a", "a.txt").articles
    assert [article.kind for article in articles] == ["article", "excerpt"]


def test_the_words_within_a_sentence_do_not_end_the_article() -> None:
    articles = read_plain("标题\n\n请看相关推荐\u3002\n第二句\u3002\n", "a", "a.txt").articles
    assert [article.text for article in articles] == ["请看相关推荐\u3002\n\n第二句\u3002"]


@pytest.mark.parametrize(
    "line",
    [
        "提示\uff1a本内容不能代替面诊\uff0c如有不适请尽快就医\u3002",
        "提示:本内容不能代替面诊,如有不适请尽快就医。",
        "  提示 \uff1a 以上信息不能代替面诊\u3002",
    ],
)
def test_a_disclaimer_of_its_own_is_shown_as_it_stands(line: str) -> None:
    article = read_plain(f"标题\n\n正文\u3002\n\n{line}\n", "a", "a.txt").articles[0]
    assert (article.text, article.disclaimer) == ("正文\u3002", line.strip())


def test_without_a_disclaimer_the_standard_one_is_used() -> None:
    assert read_plain("标题\n\n正文\u3002\n", "a", "a.txt").articles[0].disclaimer == wording.DISCLAIMER


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("标题\n\n正文\u3002\n", "标题", "正文\u3002"),
        ("\r\n标题\r\n\r\n正文\u3002\r\n", "标题", "正文\u3002"),
        ("这是一句话\u3002\n\n正文\u3002\n", "filing", "这是一句话\u3002\n\n正文\u3002"),
        ("第一行\n第二行\n", "filing", "第一行\n\n第二行"),
        ("只有一行", "filing", "只有一行"),
        ("长" * 61 + "\n\n正文\u3002\n", "filing", "长" * 61 + "\n\n正文\u3002"),
    ],
)
def test_where_the_title_comes_from(text: str, title: str, body: str) -> None:
    article = read_plain(text, "remote/filing", "filing.txt").articles[0]
    assert (article.title, article.text) == (title, body)


@pytest.mark.parametrize("text", ["", "\n\n", "\u200b\n", "相关推荐\n", "提示:本内容不能代替面诊\n", "标题\n\n"])
def test_a_file_without_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_plain(text, "a", "a.txt")
    assert str(caught.value) == wording.SKIP_EMPTY


@pytest.mark.parametrize(
    ("page", "markdown"),
    [
        ("• 一项\n\n  • 二项", "- 一项\n- 二项"),
        ("\u25cf一项\n\u00b7二项", "- 一项\n- 二项"),
        ("- 一项\n-二项", "- 一项\n- 二项"),
        ("* 一项\n+ 二项", "- 一项\n- 二项"),
        ("1. 一项\u3002\n\n2. 二项\u3002", "1. 一项\u3002\n2. 二项\u3002"),
        ("1\u3001一项\u3002\n2\u3001二项\u3002", "1\u3001一项\u3002\n2\u3001二项\u3002"),
        ("一\u3001适用范围\n正文\u3002", "## 一\u3001适用范围\n\n正文\u3002"),
        ("(一)适用范围\n正文\u3002", "## (一)适用范围\n\n正文\u3002"),
        ("前文\u3002\n\n适用范围\n\n正文\u3002", "前文\u3002\n\n## 适用范围\n\n正文\u3002"),
        ("前文\u3002\n\n能报销吗\uff1f\n\n正文\u3002", "前文\u3002\n\n## 能报销吗\uff1f\n\n正文\u3002"),
        ("前文\u3002\n\n短短一行", "前文\u3002\n\n短短一行"),
        ("前文\u3002\n\n是一句\u3002\n\n正文\u3002", "前文\u3002\n\n是一句\u3002\n\n正文\u3002"),
        ("## 小标题\n\n正文\u3002", "## 小标题\n\n正文\u3002"),
    ],
)
def test_lists_and_headings(page: str, markdown: str) -> None:
    assert to_markdown(page) == markdown


@pytest.mark.parametrize("line", ["-5%的差额", "+86-10-12345", "---", "3.5%的比例\u3002", "12.5万元\u3002"])
def test_signs_rules_and_decimals_are_no_list_markers(line: str) -> None:
    assert to_markdown(f"前文\u3002\n{line}\n后文\u3002") == f"前文\u3002\n\n{line}\n\n后文\u3002"


@given(st.lists(st.text(alphabet="医保报销(一)1.2\u3001-• #5%\u3002\uff0c", max_size=12), max_size=12))
@settings(deadline=None, max_examples=200)
def test_to_markdown_adds_marks_and_loses_no_character(lines: list[str]) -> None:
    marks = re.compile(r"[\s#•-]")
    page = "\n".join(lines)
    assert marks.sub("", to_markdown(page)) == marks.sub("", page)


def test_the_saved_pages_are_5_articles_and_99_teasers(saved: dict[Path, tuple[Article, ...]]) -> None:
    kinds = [article.kind for articles in saved.values() for article in articles]
    assert (kinds.count("article"), kinds.count("excerpt")) == (5, 99)


def test_no_saved_teaser_loses_a_character(saved: dict[Path, tuple[Article, ...]]) -> None:
    for path, articles in saved.items():
        below = clean(path.read_text("utf-8")).partition("相关推荐")[2]  # clean takes stray ** away
        lines = [line for line in below.split("\n") if not re.fullmatch(r"健康新闻 \d{4}-\d\d-\d\d", line.strip())]
        teasers = "".join(article.title + article.text for article in articles[1:])
        assert squeezed(teasers) == squeezed("".join(lines))


def test_no_saved_article_loses_a_character(saved: dict[Path, tuple[Article, ...]]) -> None:
    for path, articles in saved.items():
        above = path.read_text("utf-8").partition("相关推荐")[0]
        marks = re.compile(r"[\s#•◦*-]")
        article = articles[0]
        assert marks.sub("", article.title + article.text + article.disclaimer) == marks.sub("", above)


def test_all_saved_teasers_but_the_cut_off_last_ones_are_dated(saved: dict[Path, tuple[Article, ...]]) -> None:
    for path, articles in saved.items():
        dated = [article.published for article in articles if article.published]
        assert dated == re.findall(r"健康新闻 (\d{4}-\d\d-\d\d)", path.read_text("utf-8"))


def test_every_saved_page_has_its_title_and_the_standard_disclaimer(saved: dict[Path, tuple[Article, ...]]) -> None:
    for path, articles in saved.items():
        assert articles[0].title == path.read_text("utf-8").split("\n", 1)[0].strip()
        assert articles[0].disclaimer == wording.DISCLAIMER


def test_the_headings_of_a_saved_page(saved: dict[Path, tuple[Article, ...]]) -> None:
    page = next(articles[0] for articles in saved.values() if articles[0].title == "职工医保报销可以跨省使用吗")
    assert re.findall(r"^#+ .*$", page.text, re.MULTILINE)[:4] == [
        "## 一\u3001跨省就医报销的可行性", "### 1. 全国统一结算", "### 2. 政策覆盖范围", "## 二\u3001跨省就医报销流程",
    ]  # fmt: skip
