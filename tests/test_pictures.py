"""Pictures go, their captions stay, and each is counted once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.corpus.pictures import without_pictures

BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
URI = f"data:image/png;base64,{BASE64}"


@pytest.mark.parametrize(
    ("text", "rest", "count"),
    [
        ("前![报销流程图](a.png)后", "前报销流程图后", 1),
        ("![](a.png)", "", 1),
        ('![图](a.png "标题")', "图", 1),
        ("![图](<a b.png>)", "图", 1),
        ("![图](a(1).png)", "图", 1),
        ("![图[一]](a.png)", "图[一]", 1),
        ("![图][一]\n\n[一]: a.png", "图\n\n[一]: a.png", 1),
        ("[![图](a.png)](https://example.cn)", "[图](https://example.cn)", 1),
        ("![[流程.png]]和![[流程.JPG|300]]", "和", 2),
        ('<img src="a.png" alt="流程">', "流程", 1),
        ("<IMG alt='流程' src=a.png />", "流程", 1),
        ("<img src=a.png>", "", 1),
        ('前<svg width="1"><path d="M0"/></svg>后', "前后", 1),
        ("![一](a.png)\n![二](b.png)", "一\n二", 2),
    ],
)
def test_pictures_in_every_form(text: str, rest: str, count: int) -> None:
    assert without_pictures(text) == (rest, count)


@pytest.mark.parametrize(
    ("text", "rest", "count"),
    [
        (f"正文\u3002\n\n![图]({URI})", "正文\u3002\n\n图", 1),
        (f'![图]({URI} "标题")', "图", 1),
        (f'<img src="{URI}" alt="流程">', "流程", 1),
        (f"<img src='{URI}'>", "", 1),
        (f"![][image1]\n\n正文\u3002\n\n[image1]: <{URI}>\n", "\n\n正文\u3002\n\n", 1),
        (f"[1]: {URI}\n正文\u3002", "正文\u3002", 0),
        (f"正文{URI}\u3002后", "正文\u3002后", 1),
        (f'<img src="data:image/png;base64,\n{BASE64[:76]}\n{BASE64[:48]}">', "", 1),
        ("<img src=\"data:image/svg+xml;utf8,%3Csvg%20a='1'%3E\">", "", 1),
        ("data:image/svg+xml;charset=utf-8,%3Csvg%3E 后", " 后", 1),
        (f"DATA:IMAGE/JPEG;BASE64,{BASE64}", "", 1),
        (f"data:application/pdf;base64,{BASE64}", "", 1),
        (f"data:;base64,{BASE64}", "", 1),
        (f"url({URI})", "url()", 1),
        (f"{URI} {URI}", " ", 2),
    ],
)
def test_embedded_data_in_every_form(text: str, rest: str, count: int) -> None:
    assert without_pictures(text) == (rest, count)


@pytest.mark.parametrize(
    "text",
    [
        "[链接](a.html)",
        "真的!\n[链接](a.html)",
        "![没有目标]",
        "![[另一篇]]",
        "<imgx>",
        "1 < 2 > 0",
        "<svg 没有结尾",
        "</svg>",
        "data: 3 条",
        "metadata:a/b",
        "数据data:无",
        "[1]: https://example.cn",
        "data:image/png",
    ],
)
def test_what_is_no_picture_stays(text: str) -> None:
    assert without_pictures(text) == (text, 0)


@given(st.text(alphabet="医\u3002 \n!?#|<>ab", max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_text_without_brackets_is_left_alone(text: str) -> None:
    assert without_pictures(text) == (text, 0)
