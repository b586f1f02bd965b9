"""Every error in one form, ``{"error": {"message", "type"}}``, in words for people; never a traceback."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from yibao import wording
from yibao.errors import YibaoError

_KINDS = {
    400: "invalid_request", 401: "authentication", 403: "permission", 404: "not_found", 405: "method_not_allowed",
    411: "invalid_request", 413: "too_large", 421: "unknown_host", 422: "invalid_request", 429: "rate_limit",
    501: "not_installed", 503: "not_ready",
}  # fmt: skip
_WORDS = {400: wording.BAD_REQUEST, 404: wording.NO_SUCH_PAGE}
READY_SOON = 2  # seconds a program should wait before it asks again


class RefusedError(Exception):
    """A request that gets an error of this status and message, with these headers."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        """Return what the client gets."""
        body = {"error": {"message": self.message, "type": _KINDS.get(self.status, "server_error")}}
        return JSONResponse(body, self.status, headers=self.headers)


def not_ready() -> RefusedError:
    """Return the error of the time before the model is loaded."""
    return RefusedError(503, wording.NOT_READY, {"Retry-After": str(READY_SOON)})


def too_often(seconds: float) -> RefusedError:
    """Return the error of a client that asks too often, with the seconds it should wait."""
    wait = str(math.ceil(seconds))
    return RefusedError(429, wording.REFUSED_RATE.format(seconds=wait), {"Retry-After": wait})


def handle_failures(app: FastAPI) -> None:
    """Give every error of ``app`` the one form."""
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(YibaoError, _unusable)
    app.add_exception_handler(Exception, _fault)


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)
    return error.response()


def _unusable(_: Request, error: Exception) -> JSONResponse:
    return RefusedError(503, str(error)).response()


def _fault(_: Request, __: Exception) -> JSONResponse:
    """Say that something is wrong and nothing else; the server's own log holds the traceback."""
    return RefusedError(500, wording.SERVER_FAULT).response()


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        message = wording.NO_SUCH_METHOD.format(method=request.method)
    else:
        message = _WORDS.get(error.status_code, wording.BAD_REQUEST)
    return RefusedError(error.status_code, message, error.headers).response()


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return RefusedError(422, in_words(error.errors())).response()


def in_words(errors: Sequence[Mapping[str, Any]]) -> str:
    """Return, for people, the first field that is wrong and what is wrong with it.

    Args:
        errors: as pydantic lists them.
    """
    first = errors[0]
    place = [str(part) for part in first["loc"]]
    place = place[1:] if place and place[0] in {"body", "path", "query"} else place
    field = ".".join(place) if place and first["type"] != "json_invalid" else wording.BAD_BODY
    return wording.BAD_FIELD.format(field=field, reason=_reason(first))


def _reason(error: Mapping[str, Any]) -> str:
    values = {name: re.sub(" or |, ", "\u3001", str(value)) for name, value in error.get("ctx", {}).items()}
    return wording.BAD_VALUES.get(error["type"], wording.BAD_VALUE).format(**values)
