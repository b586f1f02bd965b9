"""How one visitor wants to search: the options as form values, and as what their browser keeps.

The default is kept per browser, not per installation: several people may use one server, and one who tries things out
must not change what the others, the API and ``yibao ask`` answer. The settings of an installation stay in
``yibao.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from yibao import wording_pages as pages
from yibao.config import Config
from yibao.request import SearchOptions

_STORAGE_KEY = "yibao-search"
_NO_SECRET = "yibao"  # noqa: S105  # settings are nothing to hide from whoever uses the browser
_TYPES = get_type_hints(SearchOptions)
_MOST = 30  # passages shown at once
_RANGES = {"lexical_weight": (0.0, 10.0, 0.25), "refuse_below": (0.0, 1.0, 0.01)}
_UNIT_RANGE = (0.0, 1.0, 0.05)


@dataclass(frozen=True)
class SearchSettings:
    """What a search is made with."""

    options: SearchOptions
    top_k: int


@dataclass(frozen=True)
class Control:
    """One control of the form: ``choices`` make it a menu, ``limits`` (low, high, step) a slider, neither a switch."""

    name: str
    label: str
    help: str
    choices: tuple[str, ...] = ()
    limits: tuple[float, float, float] | None = None


def kept_settings() -> Any:
    """Return the component that holds what a browser keeps: drawn on this page and in the chat, it is one value."""
    import gradio as gr

    return gr.BrowserState({}, storage_key=_STORAGE_KEY, secret=_NO_SECRET)


def shipped(config: Config) -> SearchSettings:
    """Return the settings of this installation."""
    return SearchSettings(SearchOptions(), config.top_k)


def controls() -> list[Control]:
    """Return the controls of the form, made from the fields of ``SearchOptions``: a new one appears by itself."""
    made = [Control("top_k", pages.OPTION_LABELS["top_k"], "", limits=(1, _MOST, 1))]
    for field in fields(SearchOptions):
        kind = _plain(_TYPES[field.name])
        made.append(Control(
            name=field.name,
            label=pages.OPTION_LABELS.get(field.name, field.name),
            help=pages.OPTION_HELP.get(field.name, ""),
            choices=get_args(kind) if get_origin(kind) is Literal else (),
            limits=_RANGES.get(field.name, _UNIT_RANGE) if kind is float else None,
        ))  # fmt: skip
    return made


def to_form(settings: SearchSettings, config: Config) -> list[Any]:
    """Return the value of each control; where an option leaves it to the configuration, that one's value."""
    values = {"top_k": settings.top_k, **asdict(settings.options)}
    return [_left_to(config, name) if value is None else value for name, value in values.items()]


def from_form(values: Sequence[Any], config: Config) -> SearchSettings:
    """Return the settings of a form; a value equal to the configuration's follows the configuration."""
    return from_browser(dict(zip((control.name for control in controls()), values, strict=True)), config)


def to_browser(settings: SearchSettings) -> dict[str, Any]:
    """Return what the browser keeps: only what differs from what is shipped, so that better defaults reach it."""
    usual = asdict(SearchOptions())
    return {"top_k": settings.top_k} | {k: v for k, v in asdict(settings.options).items() if v != usual[k]}


def from_browser(stored: object, config: Config) -> SearchSettings:
    """Return the settings a browser kept; what another version wrote and this one cannot use counts as not set."""
    values = stored if isinstance(stored, Mapping) else {}
    usual = SearchOptions()
    chosen: dict[str, Any] = {}
    for control in controls()[1:]:
        value = values.get(control.name)
        if _fits(value, control):
            chosen[control.name] = float(value) if control.limits else value  # type: ignore[arg-type]
        if control.name in chosen and NoneType in get_args(_TYPES[control.name]):
            left = _left_to(config, control.name)
            chosen[control.name] = None if chosen[control.name] == left else chosen[control.name]
    top_k = values.get("top_k")
    wanted = top_k if _fits(top_k, controls()[0]) else config.top_k
    return SearchSettings(SearchOptions(**(asdict(usual) | chosen)), int(wanted))  # type: ignore[arg-type]


def changes(settings: SearchSettings, config: Config) -> list[str]:
    """Return in words what differs from the settings of this installation."""
    usual, own = to_form(shipped(config), config), to_form(settings, config)
    return [
        f"{control.label} {_shown(value)}"
        for control, value, before in zip(controls(), own, usual, strict=True)
        if value != before
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return pages.SETTING_ON if value else pages.SETTING_OFF
    return pages.OPTION_VALUES.get(value, value) if isinstance(value, str) else f"{value:g}"


def _plain(kind: Any) -> Any:
    """Return a type without its None."""
    return next((each for each in get_args(kind) if each is not NoneType), kind) if NoneType in get_args(kind) else kind


def _left_to(config: Config, name: str) -> float:
    """Return the configuration's value of an option that may be left to it."""
    return float(getattr(config, name))


def _fits(value: object, control: Control) -> bool:
    if control.choices:
        return isinstance(value, str) and value in control.choices
    if control.limits is None:
        return isinstance(value, bool)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and control.limits[0] <= value <= control.limits[1]  # type: ignore[operator]
