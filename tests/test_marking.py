from __future__ import annotations

import re
import time
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from html_reader import EVIL, assert_is_safe
from yibao.web.marking import Line, Piece, Span, inside, lines_of, term_spans
from yibao.web.markup import render

# Without list marks: they become bullets, and a span may end inside one.
TEXT = st.text(st.sampled_from('医保<&>"# \n-'), min_size=1, max_size=60).map(lambda text: re.sub("- +", "-", text))
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=4)


def shown(text: str, spans: list[Span] = [], focus: int = -1) -> str:  # noqa: B006
    return render("pieces", "broken", lines=lines_of(text, spans, focus=focus))


def article_body(text: str, spans: list[Span], focus: int) -> str:
    return render("pieces", "paragraphs", lines=lines_of(text, spans, focus=focus))


def cut(text: str, terms: list[str]) -> str:
    return render("pieces", "as_cut", lines=lines_of(text, term_spans(text, terms), bullets=False))


def test_line_ends_become_breaks_and_list_marks_bullets() -> None:
    assert shown("一\n\n- 二\r\n## 三") == "一<br>\u2022 二<br>三"


def test_number_signs_inside_a_line_are_no_heading() -> None:
    assert shown("住在3# 楼") == "住在3# 楼"


def test_number_signs_after_a_mark_are_no_heading() -> None:
    assert shown("去3# 楼", [(0, 2)]) == "<mark>去3</mark># 楼"


def test_a_span_in_focus_is_set_off() -> None:
    assert shown("甲乙丙", [(1, 2), (0, 1)], 0) == '<mark>甲</mark><mark class="yb-focus">乙</mark>丙'


def test_of_spans_that_overlap_the_later_begins_behind_the_earlier() -> None:
    pieces = (Piece("甲乙", "mark"), Piece("丙", "mark"), Piece("丁"))
    assert lines_of("甲乙丙丁", [(1, 3), (0, 2)]) == [Line(pieces)]


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    assert lines_of("一\u2028二") == [Line((Piece("一\u2028二"),))]


def test_the_first_and_last_line_stay_though_blank() -> None:
    assert [len(lines_of(text)) for text in ("", "\n", "\n\n\n", "\n一\n \n二\n")] == [1, 2, 2, 4]


def test_spans_are_counted_from_the_start_of_a_part() -> None:
    assert inside([(3, 9), (0, 1)], 2, 6) == [(1, 4), (0, -1)]


def test_a_quote_over_several_lines_is_marked_on_each() -> None:
    html = article_body("甲如下\n\n- 乙\n- 丙", [(0, 8)], 0)
    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == ["甲如下", "\u2022 乙"]


def test_a_link_says_where_it_leads_and_is_escaped() -> None:
    assert render("pieces", "link", target="2-1", shown="[1]", name="yb-mark", title="打开") == (
        '<a class="yb-mark" href="#yb-2-1" title="打开" aria-label="打开">[1]</a>'
    )
    assert assert_is_safe(render("pieces", "link", target="2-c0", shown=EVIL, title=EVIL)).text == EVIL


def test_marking_takes_the_longer_of_two_words_and_breaks_no_entity() -> None:
    assert cut("医保卡&医保", ["医保", "医保卡"]) == "<mark>医保卡</mark>&amp;<mark>医保</mark>"
    assert cut("a<b", ["lt", "amp"]) == "a&lt;b"
    assert cut("ＡＰＰ", ["app"]) == "<mark>ＡＰＰ</mark>"
    assert cut("医保", ["", "无"]) == "医保"
    assert cut("3.5+a", [".", "+"]) == "3<mark>.</mark>5<mark>+</mark>a"


def test_light_markdown_is_readable() -> None:
    assert cut("一。\n\n## 二\n\n三。", []) == '一。\n<b class="yb-cut-heading">二</b>\n三。'
    assert cut("- 一\n - 二", []) == "- 一\n - 二"


def test_marking_a_long_text_takes_time_in_proportion() -> None:
    def seconds(times: int) -> float:
        text, taken = "- 医保报销\n" * times, []
        for _ in range(3):
            begun = time.process_time()
            lines_of(text, term_spans(text, ["医保", "没有的词"])[:20])
            taken.append(time.process_time() - begun)
        return min(taken)

    assert seconds(40_000) < 40 * max(seconds(4000), 0.001)  # squared it would be 100


@given(TEXT, SPANS)
def test_marking_never_changes_what_is_read(text: str, spans: list[tuple[int, int]]) -> None:
    marked, plain = article_body(text, spans, 0), article_body(text, [], 0)
    assert_is_safe(marked)
    assert re.sub("</?mark[^>]*>", "", marked).replace("<br>", "") == plain.replace("<br>", "")


@given(TEXT, SPANS)
def test_marks_hold_exactly_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    text = text.replace("#", "").replace("\n", "")
    html = article_body(text, spans, 0)
    marked = "".join(unescape(part) for part in re.findall("<mark[^>]*>(.*?)</mark>", html))
    covered = {place for start, end in spans for place in range(start, min(end, len(text)))}
    assert marked == "".join(text[place] for place in sorted(covered))
