"""The YAML between two lines of dashes at the head of a Markdown file, as we write it and as others do.

Only the tree of nodes is used: what a value means is decided here, so that no tag, date or number of YAML can fail,
and an alias costs nothing however often it is used. Whatever cannot be read costs its keys, never the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from yibao import wording
from yibao.language.normalise import clean

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LIMIT = 10_000  # characters; what is longer is text between two rules
_DEEPEST = 20  # levels; composing is recursive
_FENCE = re.compile(r"^(?:-{3,}|\.{3})$", re.MULTILINE)
_RULES = re.compile(r"(?:-{3,}(?:\n+|\Z))+")
_KEY = re.compile(r"""["']?[A-Za-z_][A-Za-z0-9_ .-]{0,60}["']? ?(?::(?=\s|$)|\uff1a)""")
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Value:
    """What stands behind a key: ``items`` are its texts, one where it is no list, None where it holds other things."""

    shown: str
    items: tuple[str, ...] | None
    is_list: bool
    is_text: bool


@dataclass(frozen=True)
class FrontMatter:
    """Values by key in lower case, the text behind, and remarks on what could not be read."""

    values: Mapping[str, Value]
    body: str
    remarks: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Split a cleaned text; one that begins with a rule and no ``key: value`` has no front matter and loses nothing."""
    stripped = text.lstrip()
    opening = _FENCE.match(stripped)
    if opening is None or stripped[0] == "." or stripped[opening.end() : opening.end() + 2] == "\n\n":
        return FrontMatter({}, _as_text(stripped))
    above = text.count("\n", 0, len(text) - len(stripped)) + 1
    closing = _FENCE.search(stripped, opening.end())
    block = stripped[opening.end() + 1 : closing.start()] if closing else stripped[opening.end() + 1 :]
    written = _looks_written(block)
    if closing is None or len(block) > _LIMIT:
        remark = wording.REMARK_FRONT_MATTER_OPEN if closing is None else wording.REMARK_FRONT_MATTER_LONG
        return FrontMatter({}, _as_text(stripped), (remark.format(limit=_LIMIT),) if written else ())
    body = stripped[closing.end() :].strip()
    try:
        node = _compose(block)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = above + 1 + (mark.line if mark else 0)
        return _unread(stripped, body, line, written=written)
    if node is None:  # nothing at all, or headings, which are comments in YAML
        return FrontMatter({}, body if not block.strip() else _as_text(stripped))
    if not isinstance(node, yaml.MappingNode) or not any(_is_ours(key) for key, _ in node.value):
        return _unread(stripped, body, above + 1, written=written)
    return _read(node, block, body)


def _unread(stripped: str, body: str, line: int, *, written: bool) -> FrontMatter:
    if not written:
        return FrontMatter({}, _as_text(stripped))
    return FrontMatter({}, body, (wording.REMARK_FRONT_MATTER.format(line=line),))


def _as_text(stripped: str) -> str:
    """Return the text without a rule at its head, which separates nothing."""
    rules = _RULES.match(stripped)
    return stripped[rules.end() :] if rules else stripped


def _looks_written(block: str) -> bool:
    lines = (line for line in block.split("\n") if line.strip() and not line.startswith("#"))
    return _KEY.match(next(lines, "")) is not None


def _is_ours(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.value[:1].isascii() and key.value[:1].isalpha()


def _compose(block: str) -> yaml.Node | None:
    """Return the tree of a block that is not nested too deeply.

    Raises:
        yaml.YAMLError: it is no YAML.
        ValueError: it is nested too deeply.
    """
    depth = 0
    for event in yaml.parse(block, _LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError
    return yaml.compose(block, _LOADER)


def _read(node: yaml.MappingNode, block: str, body: str) -> FrontMatter:
    values: dict[str, Value] = {}
    remarks: list[str] = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        name = str(key.value).strip().lower()
        if name in values:
            remarks.append(wording.REMARK_KEY_TWICE.format(key=name[:40]))
        if value.tag == _NULL or value.value == "":
            values.pop(name, None)
        else:
            values[name] = _value(value, block)
    return FrontMatter(values, body, tuple(remarks))


def _value(node: yaml.Node, block: str) -> Value:
    shown = node.value if isinstance(node, yaml.ScalarNode) else block[node.start_mark.index : node.end_mark.index]
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    scalars = all(isinstance(each, yaml.ScalarNode) for each in nodes)
    return Value(
        shown=" ".join(shown.split())[:40],
        items=tuple(clean(each.value) for each in nodes) if scalars else None,
        is_list=isinstance(node, yaml.SequenceNode),
        is_text=all(each.tag == _STRING for each in nodes),
    )
