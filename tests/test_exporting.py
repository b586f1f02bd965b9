from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from answer_samples import make_answer, make_citation
from yibao import wording
from yibao.errors import InputError
from yibao.history.turns import Asked, Turn
from yibao.records import Article
from yibao.web.exporting import export


def test_the_file_holds_every_answer_with_its_disclaimer_once(make_article: Callable[..., Article]) -> None:
    citation = make_citation(make_article(text="有效期是6个月。"), 0, 8)
    first = make_answer(question="备案/多久？", text="有效期是6个月。 [1]", citations=(citation,))
    sent = json.loads(
        export((Turn(Asked("备案/多久？"), first), Turn(Asked("红烧肉"), make_answer(question="红烧肉", text="没有"))))
    )
    assert sent["name"] == wording.EXPORT_FILE.format(title="备案 多久")
    assert sent["text"].startswith(f"# {wording.PAGE_TITLE}\n\n## 问：备案/多久？\n")
    assert sent["text"].count(wording.DISCLAIMER) == 2
    assert sent["text"].index("有效期是6个月") < sent["text"].index("---") < sent["text"].index("红烧肉")


def test_an_empty_conversation_cannot_be_exported() -> None:
    with pytest.raises(InputError, match=wording.NOTHING_TO_EXPORT):
        export(())
