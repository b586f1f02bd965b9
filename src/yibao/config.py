"""Settings: built-in values, then ``yibao.toml``, then ``YIBAO_*`` variables, then flags.

``load`` also tells where each value came from; ``yibao config`` prints that.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_data_path

from yibao import wording
from yibao.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CONFIG_FILE = "yibao.toml"
ENVIRONMENT_PREFIX = "YIBAO_"
_SECRET = {"llm_key", "api_token", "page_password"}
READERS = ("bundled", "none")
_STARS = "******"
_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


@dataclass(frozen=True)
class Config:
    """Every setting with its built-in value. Lists in variables are separated by ``os.pathsep``."""

    corpus: tuple[str, ...] = ("corpus",)
    index: str = "index"
    uploads: str = ""  # articles added on the page; empty is a folder of this index among the user's data
    model: str = "bundled"
    top_k: int = 6  # passages shown beside an answer
    max_file_mb: int = 20  # a larger article file is skipped
    chunk_max_words: int = 200  # jieba words in a passage
    chunk_min_words: int = 110  # smaller sections are joined with the next one
    reranker: str = "none"  # none, terms, or a cross-encoder by name or folder
    reader: str = "none"  # bundled: it chooses what is quoted and whether anything is; none: the order found does
    refuse_below: float = 0.44  # an answer needs at least this confidence, 0..1
    host: str = "127.0.0.1"
    port: int = 7860
    history: str = str(user_data_path("yibao") / "history.db")  # the page's conversations and feedback
    llm_base_url: str = ""  # an OpenAI-compatible server; without one there is no language model
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_timeout: float = 30.0  # seconds in all that a question may spend on the language model
    api_token: str = field(default="", repr=False)  # what programs must show; empty: nothing is asked of them
    page_password: str = field(default="", repr=False)  # what visitors must type; empty: nothing is asked of them
    allowed_hosts: tuple[str, ...] = ()  # further names under which the server is reached, e.g. behind a proxy
    root_path: str = ""  # the path a proxy serves everything under, e.g. /yibao
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-* headers are believed
    max_request_kb: int = 256  # a larger request is refused; articles to upload have their own limit
    requests_per_minute: int = 300  # of one address; 0: no limit
    watch_seconds: float = 2.0  # how often to look for a new index while serving; 0: never


@dataclass(frozen=True)
class Settings:
    """The configuration and, for each name, where its value came from."""

    config: Config
    origins: dict[str, str]

    def shown(self, name: str) -> Any:
        """Return a value as it may be printed: a key as stars."""
        value = getattr(self.config, name)
        return _STARS if name in _SECRET and value else value


def load(flags: Mapping[str, Any], folder: Path | None = None) -> Settings:
    """Merge all sources; a flag that is None was not given.

    Raises:
        ConfigError: ``yibao.toml`` cannot be parsed, or a name or value is wrong.
    """
    values: dict[str, Any] = {}
    origins = {field.name: wording.ORIGIN_DEFAULT for field in fields(Config)}
    for origin, source in (
        (CONFIG_FILE, _from_file((folder or Path.cwd()) / CONFIG_FILE)),
        (None, _from_environment()),
        (wording.ORIGIN_FLAG, {name: value for name, value in flags.items() if value is not None}),
    ):
        for name, value in source.items():
            if name not in origins:
                raise ConfigError(wording.CONFIG_UNKNOWN.format(name=name, origin=origin or _variable(name)))
            values[name] = _converted(name, value, origin or _variable(name))
            origins[name] = origin or _variable(name)
    return Settings(_checked(Config(**values)), origins)


def uploads_folder(config: Config) -> Path:
    """Return where articles added on the page are kept, absolute; ``index`` reads this folder after ``corpus``.

    Unless it is set, each index has its own folder among the user's data: what was added to one index does not turn
    up in another (in one that measures retrieval, say), and deleting an index, which can be rebuilt, deletes none.
    """
    if config.uploads:
        return Path(config.uploads).expanduser().absolute()
    root = Path(config.index).expanduser().resolve()
    return user_data_path("yibao") / "uploads" / f"{root.name}-{hashlib.sha256(bytes(root)).hexdigest()[:8]}"


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(wording.CONFIG_BROKEN.format(path=path.name, reason=error)) from error


def _from_environment() -> dict[str, str]:
    """Return the variables that are set; an empty one counts as not set."""
    known = {_variable(field.name): field.name for field in fields(Config)}
    return {known[name]: value for name, value in os.environ.items() if name in known and value}


def _variable(name: str) -> str:
    return ENVIRONMENT_PREFIX + name.upper()


def _converted(name: str, value: Any, origin: str) -> Any:
    kind = type(getattr(Config, name)).__name__
    try:
        return _CONVERTERS[kind](value)
    except (TypeError, ValueError, OverflowError) as error:
        shown = _STARS if name in _SECRET else value
        message = wording.CONFIG_VALUE.format(name=name, value=shown, origin=origin, wanted=wording.WANTED_KINDS[kind])
        raise ConfigError(message) from error


def _list(value: Any) -> tuple[str, ...]:
    parts = value.split(os.pathsep) if isinstance(value, str) else value
    return tuple(_text(part) for part in parts)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _decimal(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError(value)
    return float(value)


def _number(value: Any) -> int:
    number = _decimal(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


_CONVERTERS: dict[str, Callable[[Any], Any]] = {"tuple": _list, "str": _text, "float": _decimal, "int": _number}


def _checked(config: Config) -> Config:
    limits = {
        "top_k": (1, 100), "max_file_mb": (1, 10_000), "chunk_max_words": (20, 2000),
        "chunk_min_words": (0, config.chunk_max_words), "refuse_below": (0, 1), "port": (0, 65535),
        "llm_timeout": (1, 600),
        "max_request_kb": (1, 100_000), "requests_per_minute": (0, 1_000_000), "watch_seconds": (0, 3600),
    }  # fmt: skip
    for name, (low, high) in limits.items():
        value = getattr(config, name)
        if not low <= value <= high:
            raise ConfigError(wording.CONFIG_RANGE.format(name=name, value=value, low=low, high=high))
    if config.reader not in READERS:
        raise ConfigError(wording.CONFIG_READER.format(value=config.reader))
    _check_llm(config)
    _check_proxy(config)
    return config


def _check_proxy(config: Config) -> None:
    """Say in one line what is wrong with the settings for a server behind a proxy."""
    if config.root_path and not _ROOT_PATH.fullmatch(config.root_path):
        raise ConfigError(wording.CONFIG_ROOT_PATH.format(value=config.root_path))
    for place in config.trusted_proxies:
        try:
            ip_network(place, strict=False)
        except ValueError as error:
            raise ConfigError(wording.CONFIG_PROXY.format(value=place)) from error


def _check_llm(config: Config) -> None:
    """Say in one line what is wrong with the language model's settings, without repeating what may be secret."""
    if not config.llm_base_url:
        return
    try:
        address = urlsplit(config.llm_base_url)
        fits = address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or "@" in address.netloc or not config.llm_base_url.isprintable() or " " in config.llm_base_url:
        raise ConfigError(wording.LLM_URL)
    if not config.llm_model:
        raise ConfigError(wording.LLM_NO_MODEL)
    if config.llm_key and not (config.llm_key.isascii() and config.llm_key.isprintable() and " " not in config.llm_key):
        raise ConfigError(wording.LLM_KEY)
