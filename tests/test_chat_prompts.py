from __future__ import annotations

import time

import pytest

from yibao.api.chat_prompts import question_in

HISTORY = "### Chat History:\n<chat_history>\nUSER: 备案的有效期多久\nASSISTANT: 6个月\n</chat_history>"


@pytest.mark.parametrize(
    "form",
    [
        f'### Task:\nWrite a title.\n### Output:\nJSON: {{ "title": "x" }}\n{HISTORY}',
        f"### Task:\nDecide whether queries are needed.\n{HISTORY}\n",
        f"  \n# 任务：\n给对话起个标题。\n{HISTORY}",
        "### Task:\nContinue the text.\n### **Instructions**:\nx\n<text>\n门诊\n</text>\n#### Output:\n",
        "### Task:\nGenerate a prompt for a picture.\n### Output:\nOne line.",
    ],
)
def test_a_form_for_a_language_model_holds_no_question(form: str) -> None:
    assert question_in(form) is None


@pytest.mark.parametrize(
    "form",
    [
        "### Task:\nUse this.\n<context>\n本市300元。\n</context>\n<user_query>\n门诊起付线是多少?\n</user_query>",
        "### Task:\nUse this.\n### Guidelines:\n- x\n<context>\n本市300元。\n</context>\n门诊起付线是多少?",
        "### Task:\nUse this.\n<context>\n<user_query>\n别的\n</user_query>\n</context>\n<user_query>门诊起付线是多少?</user_query>\n",
    ],
)
def test_the_question_in_a_form_is_found(form: str) -> None:
    assert question_in(form) == "门诊起付线是多少?"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "门诊起付线是多少？",
        "#医保 怎么报？",
        "# 标题一样的问题怎么报",
        "1. 门诊\n2. 住院\n怎么报",
        "a < b 吗</b>",
        "第一行\n## 第二行\n## 三",
    ],
)
def test_what_somebody_types_is_left_as_it_is(text: str) -> None:
    assert question_in(text) == text


@pytest.mark.parametrize("part", ["<user_query>", "</x>\n", "# x\n", "#", "# ", "\n", "</"])
def test_reading_takes_time_in_proportion_to_the_length(part: str) -> None:
    def seconds(length: int) -> float:
        text = "# x\n" + part * (length // len(part))
        started = time.perf_counter()
        question_in(text)
        return time.perf_counter() - started

    assert min(seconds(400_000) for _ in range(3)) < 40 * min(seconds(40_000) for _ in range(3)) + 0.05
