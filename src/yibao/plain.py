"""Plain values, as JSON holds them, become frozen records again: the way back from ``dataclasses.asdict``."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def read_plain(record: type[Record], values: Any) -> Record:
    """Return a record made from plain values; names it does not know are passed over, defaults fill what is missing.

    Args:
        record: a dataclass whose fields are scalars, literals, tuples, mappings and dataclasses, or None.
        values: what ``json.loads`` returned.

    Raises:
        ValueError: a value is missing or is not what its field holds.
    """
    return cast("Record", _read(record, values))


def _read(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _record(kind, value)
    if origin in (Union, types.UnionType):
        return None if value is None else _read(next(each for each in get_args(kind) if each is not type(None)), value)
    if origin is Literal:
        return _checked(value in get_args(kind), value, kind)
    if origin is tuple:
        return _tuple(get_args(kind), _checked(isinstance(value, (list, tuple)), value, kind))
    if origin is not None:  # a mapping from text
        of = get_args(kind)[1]
        return {str(name): _read(of, each) for name, each in _checked(isinstance(value, Mapping), value, kind).items()}
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return _checked(isinstance(value, kind) and not (kind is int and isinstance(value, bool)), value, kind)


def _tuple(of: tuple[Any, ...], values: Any) -> tuple[Any, ...]:
    if of[-1] is Ellipsis:
        return tuple(_read(of[0], value) for value in values)
    _checked(len(values) == len(of), values, of)
    return tuple(_read(each, value) for each, value in zip(of, values, strict=True))


def _record(record: Any, values: Any) -> Any:
    _checked(isinstance(values, Mapping), values, record)
    hints = _hints(record)
    given = {field.name: field for field in fields(record) if field.name in values}
    for field in fields(record):
        optional = field.default is not MISSING or field.default_factory is not MISSING
        _checked(field.name in given or optional, field.name, record)
    return record(**{name: _read(hints[name], values[name]) for name in given})


@lru_cache(maxsize=64)
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


def _checked(fits: bool, value: Any, kind: Any) -> Any:
    if not fits:
        raise ValueError(f"{value!r} is no {kind}")
    return value
