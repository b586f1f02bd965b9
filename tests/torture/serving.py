"""A real server under torture: requests that make no sense, thirty people at once, and no network."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from common import SUBJECTS, Figures, Ground, environment, serving, write_article

from running import Address
from yibao.indexing import index_with

ASKERS = 30
_AT_ONCE = 4
_PATIENCE = 30  # seconds for the first byte of a response
_NOT_HERE = 501  # what needs a package that is not installed
_LARGEST = 20_000  # bytes of a body; the doors' own limits have tests of their own
_WIDE = "\uff11\uff12\u3000"
BODIES: dict[str, Any] = {
    "/v1/ask": {"question": "异地备案的规定是第几版", "history": ["生育津贴"], "top_k": 3, "facets": {"years": [2025]}},
    "/v1/search": {"question": "生育津贴的规定", "top_k": 3, "leg": "hybrid"},
    "/v1/chat/completions": {
        "model": "yibao", "messages": [{"role": "user", "content": "住院起付线"}], "stream": True, "temperature": 0.5,
    },
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "x"}}},
    "/gradio_api/call/ask": {"data": ["异地备案", ["生育津贴"]]},
    "/gradio_api/run/ask": {"data": ["异地备案", []]},
    "/gradio_api/queue/join": {"data": ["异地备案", None], "fn_index": 0, "session_hash": "abc", "trigger_id": 1},
    "/gradio_api/reset": {"event_id": "abc"},
    "/gradio_api/cancel": {"session_hash": "abc", "fn_index": 0, "event_id": "abc"},
    "/gradio_api/component_server": {"session_hash": "abc", "component_id": 1, "fn_name": "x", "data": {}},
    "/login": {"username": "a", "password": "b"},
}  # fmt: skip
PATHS = (
    "/", "/articles", "/v1/articles/{}", "/v1/passages/{}", "/v1/models/{}", "/v1/models", "/openapi.json", "/metrics",
    "/healthz", "/readyz", "/config", "/gradio_api/info", "/gradio_api/file={}", "/gradio_api/call/ask/{}", "/{}",
    "/gradio_api/queue/status", "/gradio_api/upload_progress?upload_id={}", "/gradio_api/queue/data?session_hash={}",
    "/gradio_api/heartbeat/{}", "/static/{}", "/assets/{}", "/theme.css?{}", "/gradio_api/app_id", "/custom_component/{}",
)  # fmt: skip
ALPHABET = "医保住院备案职工2025年3个月138，。？！ \n\t\r\x00\u200b\u202e\ufeff\ud83d\ude00\U0001f600\U00020bb7abcXYZ%_'\"\\/<>&{}[]()#*|`~@$^\u0301"
STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 10**400, -(2**63), 1e308, float("nan"), float("inf"), "", " " * 9000, "\ud800", "\x00\x1b[31m", "\u202e医保",
    "'; DROP TABLE articles; --", "<script>alert(1)</script>", "../../etc/passwd", "/proc/self/environ", _WIDE * 900, [], {}, [[]],
    {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, ["x"] * 500, {"a": {"b": {"c": []}}}, "医保" * 2000,
)  # fmt: skip


def fuzzed_requests(ground: Ground) -> Figures:
    """Send requests that were changed at random to every door: no 5xx, no traceback, and the same answers after it."""
    figures = Figures("fuzzed requests to all doors")
    _indexed(ground)
    with serving(ground) as (address, log), ThreadPoolExecutor(_AT_ONCE) as pool:
        right = _asked(address, "住院起付线的规定是第几版")
        while not ground.over:
            seeds = [ground.dice.random() for _ in range(100)]
            for outcome, what in pool.map(lambda seed: _fuzzed(address, random.Random(seed)), seeds):
                figures.counts["requests"] += 1
                figures.counts[outcome] += 1
                figures.check(outcome not in {"5xx", "no response"}, f"{outcome}: {what}")
        figures.check(_asked(address, "住院起付线的规定是第几版") == right, "another answer after it")
        _look_at(figures, log)
    _look_for_network(figures, ground)
    return figures


def _fuzzed(address: Address, dice: random.Random) -> tuple[str, str]:
    method, path, body, kind = _request(dice)
    connection = HTTPConnection(address.host, address.port, timeout=_PATIENCE)
    what = f"{method} {path} {kind} {body[:300]!r}"
    try:
        connection.request(method, path, body, {"Content-Type": kind})
        status = connection.getresponse().status  # and no more: some streams never end
    except (OSError, HTTPException) as error:
        return "no response", f"{what}: {type(error).__name__}"
    finally:
        connection.close()
    family = f"{status // 100}xx"
    return "501" if status == _NOT_HERE else family, f"{status} {what}"


def _request(dice: random.Random) -> tuple[str, str, bytes, str]:
    if dice.random() < 0.25:
        raw = dice.choice(
            ["x", "%00", "%ff%fe", "..%2f..%2fetc%2fpasswd", "%E5%8C%BB" * 99, "a" * 4000, "%0d%0aX:1", "{{7*7}}"]
        )
        return (
            dice.choice(["GET", "GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"]),
            dice.choice(PATHS).format(raw),
            b"",
            "text/plain",
        )
    path = dice.choice(list(BODIES))
    body = json.dumps(_mutated(BODIES[path], dice)).encode()[:_LARGEST]
    if dice.random() < 0.2:
        body = _broken(body, dice)
    kind = dice.choice(
        ["application/json"] * 8
        + ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a/b;charset=\xfc"]
    )
    return "POST", path, body, kind


def _mutated(value: Any, dice: random.Random) -> Any:
    """Return a value of JSON with other texts in it, or one to three of its parts replaced, removed, doubled, wrapped."""
    if dice.random() < 0.4:  # well formed, so that it comes further
        return _retold(value, dice)
    for _ in range(dice.randint(1, 3)):
        value = _changed(value, dice)
    return value


def _changed(value: Any, dice: random.Random) -> Any:
    if dice.random() < 0.3 or not isinstance(value, dict | list) or not value:
        changes: list[Callable[[], Any]] = [
            lambda: dice.choice(STRANGE),
            lambda: [value],
            lambda: {"x": value},
            lambda: [value, value],
        ]
        return dice.choice(changes)()
    if isinstance(value, list):
        place = dice.randrange(len(value))
        return [*value[:place], _changed(value[place], dice), *value[place + 1 :]]
    name = dice.choice(list(value))
    rest = {each: of for each, of in value.items() if each != name}
    return rest if dice.random() < 0.2 else rest | {dice.choice([name, name, name, "x"]): _changed(value[name], dice)}


def _retold(value: Any, dice: random.Random) -> Any:
    """Return a value of the same form in which every second text is of any characters."""
    if isinstance(value, dict):
        return {name: _retold(each, dice) for name, each in value.items()}
    if isinstance(value, list):
        return [_retold(each, dice) for each in value]
    if isinstance(value, str) and dice.random() < 0.5:
        return "".join(dice.choices(ALPHABET, k=dice.randrange(300)))
    return value


def _broken(body: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(body) + 1)
    return dice.choice(
        [
            body[:place],
            body[:place] + bytes([dice.randrange(256)]) + body[place + 1 :],
            b"[" * 5000,
            b"\xff" + body,
            b"",
        ]
    )


def crowd(ground: Ground) -> Figures:
    """Thirty people at once, an index that is rebuilt meanwhile: each gets the answer that one alone gets."""
    figures = Figures(f"{ASKERS} askers at once")
    _indexed(ground)
    asked = [f"{subject}的{what}" for subject in SUBJECTS for what in ("规定是第几版", "标准由谁确定", "办理时带什么")]
    with serving(ground) as (address, log), ThreadPoolExecutor(ASKERS) as pool:
        right = {question: _asked(address, question) for question in asked}
        figures.check(len(set(right.values())) == len(asked), "the questions have the same answers")
        while not ground.over:
            questions = [ground.dice.choice(asked) for _ in range(10 * ASKERS)]
            answers = pool.map(lambda question: _asked(address, question), questions)
            for question, answer in zip(questions, answers, strict=True):
                figures.counts["questions"] += 1
                figures.counts["mixed up"] += answer != right[question]
                figures.check(answer == right[question], f"{question}: {answer[:200]}")
            index_with(ground.config, rebuild=True)
            figures.counts["builds meanwhile"] += 1
        _look_at(figures, log)
    _look_for_network(figures, ground)
    return figures


def no_network(ground: Ground) -> Figures:
    """Index and ask with the bundled model, other machines out of reach: all works, and nothing tries."""
    figures = Figures("no network, the bundled model")
    for subject in SUBJECTS[:2]:
        write_article(ground.folder / "articles", subject, 1)
    bundled = environment(ground.folder) | {"YIBAO_MODEL": "bundled"}
    for command in (
        ["index", "--corpus", "articles"],
        ["index", "--corpus", "articles"],
        ["ask", "生育津贴的规定是第几版", "--json"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "yibao", *command], env=bundled, cwd=ground.folder, capture_output=True, text=True, check=False
        )  # fmt: skip
        figures.counts["commands"] += 1
        figures.check(done.returncode == 0, f"{command}: {done.stderr[-300:]}")
    figures.check("第1版" in done.stdout, f"no answer: {done.stdout[:300]}")
    _look_for_network(figures, ground)
    return figures


def _indexed(ground: Ground) -> None:
    for number, subject in enumerate(SUBJECTS):
        write_article(ground.folder / "articles", subject, number)
    index_with(ground.config)


def _asked(address: Address, question: str) -> str:
    """Ask as a program does; return the answer but for the times, or what went wrong."""
    try:
        reply = address.post("/v1/ask", {"question": question})
    except OSError as error:
        return f"no response: {error}"
    values = reply.json
    return json.dumps(values | {"timings_ms": {}}, ensure_ascii=False, sort_keys=True)


def _look_at(figures: Figures, log: Path) -> None:
    lines = log.read_text("utf-8", "replace").splitlines()
    tracebacks = [place for place, line in enumerate(lines) if line.startswith("Traceback")]
    figures.counts["tracebacks"] = len(tracebacks)
    for place in tracebacks:
        last = next((line for line in lines[place + 1 :] if line and not line.startswith((" ", "\t"))), "")
        figures.check(False, f"traceback in the log: {last}")


def _look_for_network(figures: Figures, ground: Ground) -> None:
    log = ground.folder / "network.log"
    tried = log.read_text("utf-8").splitlines() if log.exists() else []
    figures.counts["tries to reach other machines"] = len(tried)
    figures.check(not tried, f"tried to reach {tried[:1]}")
