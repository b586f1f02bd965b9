from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from html_reader import EVIL, assert_is_safe
from yibao.web.marking import article_body, inside, lines, link, marked, wrapped

# Without list marks: they become bullets, and a span may end inside one.
TEXT = st.text(st.sampled_from('医保<&>"# \n-'), min_size=1, max_size=60).map(lambda text: re.sub("- +", "-", text))
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=4)


def test_line_ends_become_breaks_and_list_marks_bullets() -> None:
    assert lines("一\n\n- 二\r\n## 三") == "一<br>\u2022 二<br>三"


def test_number_signs_inside_a_line_are_no_heading() -> None:
    assert lines("住在3# 楼") == "住在3# 楼"


def test_number_signs_after_a_mark_are_no_heading() -> None:
    assert marked("去3# 楼", [(0, 2)], -1) == "<mark>去3</mark># 楼"


def test_a_span_in_focus_is_set_off() -> None:
    assert marked("甲乙丙", [(1, 2), (0, 1)], 0) == '<mark>甲</mark><mark class="yb-focus">乙</mark>丙'


def test_each_span_gets_its_own_opening() -> None:
    assert (
        wrapped("甲乙", [(0, 1), (1, 2)], "<i title='{}'>".format, "</i>") == "<i title='0'>甲</i><i title='1'>乙</i>"
    )


def test_spans_are_counted_from_the_start_of_a_part() -> None:
    assert inside([(3, 9), (0, 1)], 2, 6) == [(1, 4), (0, -1)]


def test_a_quote_over_several_lines_is_marked_on_each() -> None:
    html = article_body("甲如下\n\n- 乙\n- 丙", [(0, 8)], 0)
    assert re.findall("<mark[^>]*>(.*?)</mark>", html) == ["甲如下", "\u2022 乙"]


def test_a_link_says_where_it_leads_and_is_escaped() -> None:
    assert link("2-1", "[1]", name="yb-mark", title="打开") == (
        '<a class="yb-mark" href="#yb-2-1" title="打开" aria-label="打开">[1]</a>'
    )
    assert assert_is_safe(link("2-c0", EVIL, title=EVIL)).text == EVIL


@given(TEXT, SPANS)
def test_marking_never_changes_what_is_read(text: str, spans: list[tuple[int, int]]) -> None:
    shown, plain = article_body(text, spans, 0), article_body(text, [], 0)
    assert_is_safe(shown)
    assert re.sub("</?mark[^>]*>", "", shown).replace("<br>", "") == plain.replace("<br>", "")


@given(TEXT, SPANS)
def test_marks_hold_exactly_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    text = text.replace("#", "").replace("\n", "")
    html = article_body(text, spans, 0)
    shown = "".join(unescape(part) for part in re.findall("<mark[^>]*>(.*?)</mark>", html))
    covered = {place for start, end in spans for place in range(start, min(end, len(text)))}
    assert shown == "".join(text[place] for place in sorted(covered))
