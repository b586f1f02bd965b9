"""What the page and Gradio's clients may send to Gradio: read strictly here, before Gradio reads it loosely.

Gradio takes any JSON, and what a component cannot use ends in a traceback; a file that is named by its path is read
wherever it lies. So each body is taken apart and put together again from what the page sends, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from yibao import wording
from yibao.api.failures import RefusedError

NAME = r"[A-Za-z0-9_-]{1,64}"  # of a session or an event, as browsers and Gradio make them
_NAME = re.compile(NAME)
_DEPTH = 32  # lists within lists
_LARGEST = 2**53  # the largest whole number a browser can write
_FILE_KEYS = ("path", "orig_name", "size", "meta")


def read_event(raw: bytes, blocks: Any) -> dict[str, Any]:
    """Return an event of the page as it is passed on.

    Args:
        raw: the body of a request to join the queue.
        blocks: the ``gr.Blocks`` whose event it is.

    Raises:
        RefusedError: it is not what the page sends, or names a file that was not uploaded.
    """
    body = _read(raw, blocks.upload_file_set)
    session, number, trigger = (body.get(name) for name in ("session_hash", "fn_index", "trigger_id"))
    clicked = body.get("event_data")
    event = blocks.fns.get(number) if _is_number(number) else None
    if event is None or event.fn is None or not _is_name(session) or not (trigger is None or _is_number(trigger)):
        raise _refused()
    if any(kind == "select" for _, kind in event.targets) and not isinstance(clicked, dict):
        raise _refused()  # what was clicked has names
    state = blocks.state_holder[session] if session in blocks.state_holder else {}  # noqa: SIM401  # has no get
    data = [] if event.cancels else _fitting(event.inputs, body.get("data"), state)
    return {
        "data": data, "event_data": clicked, "fn_index": number, "trigger_id": trigger,
        "session_hash": session,
    }  # fmt: skip


def read_call(raw: bytes, blocks: Any) -> dict[str, Any]:
    """Return a call of the named event ``ask``, as programs make it; raises as ``read_event``."""
    body = _read(raw, ())
    event = next(each for each in blocks.fns.values() if each.api_name == "ask")
    return {"data": _fitting(event.inputs, body.get("data"), {})}


def read_cancel(raw: bytes, _: Any) -> dict[str, Any]:
    """Return what names an event under way; raises as ``read_event``."""
    body = _read(raw, ())
    event, session, number = (body.get(name) for name in ("event_id", "session_hash", "fn_index"))
    if not (_is_name(event) and _is_name(session) and _is_number(number)):
        raise _refused()
    return {"event_id": event, "session_hash": session, "fn_index": number}


def read_reset(raw: bytes, _: Any) -> dict[str, Any]:
    """Return what names an event that is over; raises as ``read_event``."""
    event = _read(raw, ()).get("event_id")
    if not _is_name(event):
        raise _refused()
    return {"event_id": event}


def _read(raw: bytes, uploaded: Collection[str]) -> dict[str, Any]:
    try:
        value = _plain(json.loads(raw.decode("utf-8"), parse_constant=_no_number), uploaded, _DEPTH)
    except (ValueError, RecursionError) as error:
        raise _refused() from error
    if not isinstance(value, dict):
        raise _refused()
    return value


def _plain(value: Any, uploaded: Collection[str], depth: int) -> Any:
    """Return a value with every file in it cut to what is needed.

    Raises:
        ValueError: it is nested too deep, or holds what no browser writes: half a character, an endless number.
        RefusedError: a file was not uploaded.
    """
    if not depth:
        raise ValueError(depth)
    if isinstance(value, str):
        value.encode("utf-8")  # half of a pair is refused
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:  # which NaN is not either
        raise ValueError(value)
    elif isinstance(value, list):
        return [_plain(each, uploaded, depth - 1) for each in value]
    elif isinstance(value, dict):
        if "path" in value or "meta" in value:
            _check_file(value.get("path"), uploaded)
            value = {key: value[key] for key in _FILE_KEYS if key in value}
        return {_plain(key, uploaded, depth - 1): _plain(each, uploaded, depth - 1) for key, each in value.items()}
    return value


def _check_file(path: Any, uploaded: Collection[str]) -> None:
    """Let only what was uploaded be used as a file: exactly the path that the upload was told, and still there."""
    if not isinstance(path, str) or path not in uploaded or not Path(path).is_file():
        raise RefusedError(400, wording.REFUSED_FILE)


def _fitting(inputs: list[Any], data: Any, state: Mapping[int, Any]) -> list[Any]:
    """Return what the inputs of an event are given; what a page holds stays on the server and is not taken from here.

    Raises:
        RefusedError: there are more or fewer, or one of them is not what its component can read.
    """
    if not isinstance(data, list) or len(data) != len(inputs):
        raise _refused()
    given = [None if block.stateful else value for block, value in zip(inputs, data, strict=True)]
    for block, value in zip(inputs, given, strict=True):
        if block.stateful:
            continue
        if value is None and block.get_block_name() == "textbox":
            raise _refused()
        try:
            _try(state.get(block._id, block), value)  # noqa: SLF001
        except Exception as error:  # whatever a component raises, it cannot read this
            raise _refused() from error
    return given


def _try(block: Any, value: Any) -> None:
    if value is not None and getattr(block, "data_model", None):  # only files here: they are read when their turn comes
        block.data_model.model_validate(value, context={"validate_meta": True})
    else:
        block.preprocess(value)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _no_number(name: str) -> float:
    raise ValueError(name)


def _refused() -> RefusedError:
    return RefusedError(400, wording.REFUSED_PAGE_REQUEST)
