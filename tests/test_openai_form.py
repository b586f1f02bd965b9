from __future__ import annotations

from collections.abc import Iterator

import httpx
import openai
import pytest
from openai import OpenAI

from answer_samples import make_answer
from running import Address, Opened, running
from yibao import wording
from yibao.answer.rendering import to_markdown
from yibao.api.application import make_doors
from yibao.api.openai_form import stream
from yibao.config import Config
from yibao.pipeline import Pipeline
from yibao.request import Request
from yibao.search.understanding import MAX_QUESTION_CHARACTERS

TOKEN = "a-token"
QUESTION = "跨省看病最低能报多少?"
EMERGENCY = "USER: 我爸突然胸口剧痛喘不上气"


@pytest.fixture(scope="module")
def address(real_pipeline: Pipeline) -> Iterator[Address]:
    with running(make_doors(Opened(real_pipeline), Config(api_token=TOKEN)).app) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: Address) -> Iterator[OpenAI]:
    with (
        httpx.Client(trust_env=False) as http,
        OpenAI(base_url=f"{address.url}/v1", api_key=TOKEN, http_client=http, max_retries=0) as client,
    ):
        yield client


def user(text: str) -> openai.types.chat.ChatCompletionUserMessageParam:
    return {"role": "user", "content": text}


def test_the_client_finds_the_one_model(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["yibao"]
    assert client.models.retrieve("yibao").object == "model"
    with pytest.raises(openai.NotFoundError, match="gpt-4"):
        client.models.retrieve("gpt-4")


def test_a_completion_carries_citations_and_disclaimer_and_the_whole_answer(
    client: OpenAI, real_pipeline: Pipeline
) -> None:
    completion = client.chat.completions.create(model="yibao", messages=[user(QUESTION)])
    direct = real_pipeline.ask(Request(QUESTION))
    text = completion.choices[0].message.content or ""
    assert text == to_markdown(direct)
    assert "45%" in text
    assert "[1]" in text
    assert text.count(wording.DISCLAIMER) == 1
    whole = (completion.model_extra or {})["yibao"]
    assert [each["passage_id"] for each in whole["citations"]] == [each.passage_id for each in direct.citations]
    assert whole["citations"][0]["quote"] == direct.citations[0].quote
    assert set(whole) == set(direct.to_json())
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.total_tokens == 0


def test_a_stream_says_the_same_bit_by_bit(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="yibao", messages=[user(QUESTION)])
    chunks = list(client.chat.completions.create(model="yibao", messages=[user(QUESTION)], stream=True))
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len(chunks) > 4
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    told, streamed = (whole.model_extra or {})["yibao"], (chunks[-1].model_extra or {})["yibao"]
    assert streamed | {"timings_ms": 0} == told | {"timings_ms": 0}
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_ends_with_the_usage_where_it_is_asked_for(client: OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="yibao", messages=[user(QUESTION)], stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0


def test_earlier_user_messages_complete_a_follow_up_and_the_rest_is_passed_over(client: OpenAI) -> None:
    completion = client.chat.completions.create(
        model="yibao",
        temperature=0.2,
        messages=[
            {"role": "system", "content": "你是一个助手" * 500},
            user("x" * 501),
            user("福建的家庭共济要绑定吗"),
            {"role": "assistant", "content": "北京的职工医保"},
            {"role": "user", "content": [{"type": "text", "text": "换成陕西呢"}]},
        ],
    )
    assert (completion.model_extra or {})["yibao"]["rewritten"] == "陕西的家庭共济要绑定吗"


def test_an_emergency_and_a_refusal_reach_the_client_as_text(client: OpenAI) -> None:
    emergency = client.chat.completions.create(model="yibao", messages=[user("我爸突然胸口剧痛喘不上气")])
    assert "120" in (emergency.choices[0].message.content or "")
    refusal = client.chat.completions.create(model="yibao", messages=[user("怎么做红烧肉?")])
    assert (refusal.model_extra or {})["yibao"]["status"] == "no_answer"


def test_the_client_understands_our_errors(address: Address, client: OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match=str(MAX_QUESTION_CHARACTERS)):
        client.chat.completions.create(model="yibao", messages=[user("x" * 501)])
    with pytest.raises(openai.UnprocessableEntityError, match="model"):
        client.chat.completions.create(model="gpt-4", messages=[user(QUESTION)])
    with (
        httpx.Client(trust_env=False) as http,
        OpenAI(base_url=f"{address.url}/v1", api_key="wrong", http_client=http, max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        stranger.models.list()
    assert caught.value.type == "authentication"


def test_messages_without_a_question_are_told_what_to_do(client: OpenAI) -> None:
    completion = client.chat.completions.create(model="yibao", messages=[{"role": "system", "content": "hello"}])
    assert completion.choices[0].message.content == f"{wording.EMPTY_QUESTION}\n\n{wording.DISCLAIMER}\n"


def test_every_event_of_a_stream_is_one_line() -> None:
    whole = make_answer(text="一\n二\u2028三").to_json()
    for event in stream({"id": "x"}, "一\n二\u2028三", whole, usage=True):
        assert event.startswith("data: ")
        assert event.endswith("\n\n")
        assert event.count("\n") == 2


def test_a_stream_is_not_held_back_by_a_proxy(address: Address) -> None:
    body = {"model": "yibao", "stream": True, "messages": [user(QUESTION)]}
    reply = address.post("/v1/chat/completions", body, Authorization=f"Bearer {TOKEN}")
    names = ("content-type", "cache-control", "x-accel-buffering")
    assert [reply.headers[name] for name in names] == ["text/event-stream; charset=utf-8", "no-cache", "no"]


def test_what_a_program_asks_for_itself_is_no_question(client: OpenAI, caplog: pytest.LogCaptureFixture) -> None:
    form = (
        f"### Task:\nName the chat.\n### Output:\nJSON\n### Chat History:\n<chat_history>\n{EMERGENCY}\n</chat_history>"
    )
    with caplog.at_level("INFO", "yibao.questions"):
        whole = client.chat.completions.create(model="yibao", messages=[user(QUESTION), user(form)])
        chunks = list(client.chat.completions.create(model="yibao", messages=[user(form)], stream=True))
    assert (whole.choices[0].message.content, (whole.model_extra or {})["yibao"]) == ("{}", None)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "{}"
    assert [record for record in caplog.records if record.name == "yibao.questions"] == []


def test_a_question_within_a_programs_form_is_answered(client: OpenAI) -> None:
    context = "本市职工医保门诊起付线为每年300元。" * 40
    form = f"### Task:\nUse the context.\n<context>\n{context}\n</context>\n<user_query>\n{QUESTION}\n</user_query>"
    told = client.chat.completions.create(model="yibao", messages=[user(form)])
    assert (told.model_extra or {})["yibao"]["question"] == QUESTION
    assert "45%" in (told.choices[0].message.content or "")
    follow_up = client.chat.completions.create(
        model="yibao", messages=[user(form.replace(QUESTION, "福建的家庭共济要绑定吗")), user("换成陕西呢")]
    )
    assert (follow_up.model_extra or {})["yibao"]["rewritten"] == "陕西的家庭共济要绑定吗"


@pytest.mark.parametrize("kind", ["image_url", "input_audio", "file"])
def test_what_is_not_read_is_said(address: Address, kind: str) -> None:
    text = {"type": "text", "text": QUESTION}
    bodies = [
        {"model": "yibao", "messages": [{"role": "user", "content": [text, *more]}]} for more in ([], [{"type": kind}])
    ]
    plain, pictured = (
        address.post("/v1/chat/completions", body, Authorization=f"Bearer {TOKEN}").json for body in bodies
    )
    assert wording.PARTS_UNREAD not in plain["choices"][0]["message"]["content"]
    assert wording.PARTS_UNREAD in pictured["choices"][0]["message"]["content"]
    assert pictured["yibao"]["notices"] == [wording.PARTS_UNREAD, *plain["yibao"]["notices"]]
    assert pictured["yibao"]["citations"] == plain["yibao"]["citations"]
