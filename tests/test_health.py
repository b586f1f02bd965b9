from __future__ import annotations

from running import Opened, running
from yibao import wording
from yibao.api.application import make_doors
from yibao.config import Config
from yibao.pipeline import Pipeline


def test_before_the_model_is_loaded_the_process_is_up_but_not_ready() -> None:
    with running(make_doors(Opened(None), Config()).app) as address:
        assert address.get("/healthz").json == {"status": "ok"}
        for reply in (address.get("/readyz"), address.post("/v1/ask", {"question": "x"})):
            assert (reply.status, reply.error) == (503, ("not_ready", wording.NOT_READY))
            assert int(reply.headers["retry-after"]) > 0
        assert b"yibao_ready 0.0" in address.get("/metrics").body


def test_afterwards_it_is_ready_and_names_the_build(hash_pipeline: Pipeline) -> None:
    with running(make_doors(Opened(hash_pipeline), Config()).app) as address:
        assert address.get("/readyz").json == {"status": "ready"}
        address.post("/v1/ask", {"question": "异地就医备案的有效期多久"})
        reply = address.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    text = reply.body.decode()
    assert f'yibao_index_info{{build="{hash_pipeline.reader.manifest.build_id}"}} 1.0' in text
    assert 'yibao_questions_total{door="api",status="answered"} 1.0' in text
    assert 'yibao_step_seconds_count{step="total"} 1.0' in text
    assert "process_resident_memory_bytes" in text
