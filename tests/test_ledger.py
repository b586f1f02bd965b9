from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client.parser import text_string_to_metric_families

from answer_samples import make_answer
from yibao.api.ledger import Ledger, request_id


def samples(ledger: Ledger) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(ledger.exposition().decode())
    return {
        (each.name, *dict(sorted(each.labels.items(), reverse=True)).values()): each.value
        for family in families
        for each in family.samples
    }


def test_questions_are_counted_by_status_and_door() -> None:
    ledger = Ledger(lambda: None)
    for status, door in [("answered", "api"), ("answered", "api"), ("no_answer", "mcp")]:
        ledger.record(make_answer(status=status), door)
    found = samples(ledger)
    assert found["yibao_questions_total", "answered", "api"] == 2
    assert found["yibao_questions_total", "no_answer", "mcp"] == 1


def test_seconds_of_each_step_fall_into_their_bucket() -> None:
    ledger = Ledger(lambda: None)
    ledger.record(make_answer(timings={"search": 0.02, "total": 0.3}), "api")
    found = samples(ledger)
    assert found["yibao_step_seconds_bucket", "search", "0.01"] == 0
    assert found["yibao_step_seconds_bucket", "search", "0.025"] == 1
    assert found["yibao_step_seconds_sum", "total"] == pytest.approx(0.3)


def test_the_build_in_use_is_looked_up_at_every_scrape() -> None:
    build: str | None = None
    ledger = Ledger(lambda: build)
    assert samples(ledger)["yibao_ready",] == 0
    build = "one"
    assert samples(ledger)["yibao_index_info", "one"] == 1
    build = "two"
    found = samples(ledger)
    assert (found["yibao_ready",], found["yibao_index_info", "two"]) == (1, 1)
    assert ("yibao_index_info", "one") not in found


def test_two_ledgers_share_nothing() -> None:
    first, second = Ledger(lambda: None), Ledger(lambda: None)
    first.record(make_answer(), "api")
    assert ("yibao_questions_total", "answered", "api") not in samples(second)


def test_one_line_a_question_with_id_status_and_timings(caplog: pytest.LogCaptureFixture) -> None:
    answer = make_answer(confidence=0.91234567, timings={"total": 0.0123456})
    token = request_id.set("abc")
    with caplog.at_level(logging.INFO, "yibao.questions"):
        Ledger(lambda: None).record(answer, "api")
    request_id.reset(token)
    (record,) = caplog.records
    line = json.loads(record.getMessage())
    assert line.pop("time").endswith("+00:00")
    assert line["request_id"] == "abc"
    assert (line["door"], line["status"], line["confidence"]) == ("api", "answered", 0.9123)
    assert line["timings_ms"] == {"total": 12.35}


def test_of_the_question_only_what_the_mask_leaves_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = make_answer(question="我的电话13800001111")
    with caplog.at_level(logging.INFO, "yibao.questions"):
        Ledger(lambda: None).record(answer, "api")
        Ledger(lambda: None, lambda text: text.replace("13800001111", "***")).record(answer, "api")
    plain, masked = (json.loads(record.getMessage()) for record in caplog.records)
    assert "question" not in plain
    assert masked["question"] == "我的电话***"


def test_without_a_request_a_line_still_has_an_id_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    ledger = Ledger(lambda: None)
    with caplog.at_level(logging.INFO, "yibao.questions"):
        ledger.record(make_answer(), "page")
        ledger.record(make_answer(), "page")
    assert len({json.loads(record.getMessage())["request_id"] for record in caplog.records} - {""}) == 2


def test_questions_under_way_are_known() -> None:
    ledger = Ledger(lambda: None)
    with ledger.answering(), ledger.answering():
        assert ledger.under_way == 2
    assert ledger.under_way == 0

    def ask(_: int) -> None:
        with ledger.answering():
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(2000)))
    assert ledger.under_way == 0


def test_a_question_that_fails_is_no_longer_under_way() -> None:
    ledger = Ledger(lambda: None)
    with pytest.raises(KeyError), ledger.answering():
        raise KeyError
    assert ledger.under_way == 0
