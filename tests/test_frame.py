from __future__ import annotations

import re

from html_reader import EVIL, Reader, assert_is_safe
from yibao import wording
from yibao.history.turns import Conversation
from yibao.records import NO_FACETS, Facets
from yibao.web.frame import dialogs, facet_choices, header, history_list, labels, welcome

CONVERSATIONS = (Conversation("abc", "备案多久", "2025"), Conversation("def", EVIL, "2025"))


def test_the_bar_names_the_page_and_its_tools() -> None:
    text = assert_is_safe(header()).text
    for part in (wording.PAGE_TITLE, wording.LARGE_PRINT, wording.EXPORT, wording.PRINT, wording.HISTORY_TITLE):
        assert part in text


def test_labels_hold_a_name_for_everything_gradio_names_in_english() -> None:
    html = labels()
    for name in ("user", "assistant", "log", "copied", "question"):
        assert re.search(f' data-{name}="[^"]+"', html)


def test_the_welcome_offers_questions_by_topic() -> None:
    html = welcome({"异地": ("备案多久？", EVIL)})
    assert html.count('href="#yb-ask"') == 2
    assert EVIL in assert_is_safe(html).text


def test_every_conversation_can_be_opened_renamed_and_deleted() -> None:
    html = history_list(CONVERSATIONS, "abc")
    for name in ("abc", "def"):
        for verb in ("open", "rename", "delete"):
            assert f'href="#yb-{verb}-{name}"' in html
    assert html.count('aria-current="true"') == 1
    assert 'href="#yb-clear"' in html
    assert assert_is_safe(html).text.count(EVIL) == 1


def test_an_empty_list_says_so() -> None:
    assert wording.HISTORY_EMPTY in Reader(history_list((), "")).text
    assert "yb-clear" not in history_list((), "")


def test_there_is_a_dialog_for_every_link_that_needs_one() -> None:
    html = dialogs()
    assert set(re.findall(r'<dialog id="yb-dialog-(\w+)"', html)) == {"bad", "facets", "rename", "delete", "clear"}
    reader = assert_is_safe(html)
    for part in wording.FEEDBACK_REASONS.values():
        assert part in reader.text


def test_facets_are_offered_by_name() -> None:
    offered = Facets(("陕西", EVIL), ("employee", "resident"), ("child",), (2025,))
    reader = assert_is_safe(facet_choices(offered))
    for part in ("职工医保", "儿童", "2025 年", EVIL):
        assert part in reader.text


def test_what_no_article_speaks_of_is_not_offered() -> None:
    assert "<select" not in facet_choices(NO_FACETS)
