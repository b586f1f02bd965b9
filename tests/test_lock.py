"""What ``make`` installs is locked: every dependency, within its range, with hashes, and from no address of anybody's."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
LOCK = ROOT / ".ci" / "lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
PARTS = {
    "run": PROJECT["project"]["dependencies"],
    "lowest": PROJECT["project"]["dependencies"],
    "test": [*PROJECT["project"]["dependencies"], *(line for name in ("eval", "llm", "mcp", "test") for line in EXTRAS[name])],
    "build": [*PROJECT["dependency-groups"]["build"], *PROJECT["build-system"]["requires"]],
    "uv": PROJECT["dependency-groups"]["lock"],
}  # fmt: skip


def entries(part: str) -> list[str]:
    """The locked packages of one file, each with its hashes on one line."""
    text = (LOCK / f"{part}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def locked(part: str) -> dict[str, set[str]]:
    """Name -> its locked versions; more than one where the newest does not run on every Python."""
    found: dict[str, set[str]] = {}
    for line in entries(part):
        name, version = re.match(r"(\S+)==(\S+)", line).groups()  # type: ignore[union-attr]
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_dependency_is_locked_within_its_range(part: str) -> None:
    versions = locked(part) | locked("torch")
    for line in PARTS[part]:
        wanted = Requirement(line)
        found = versions.get(canonicalize_name(wanted.name), set())
        if wanted.name != "yibao":
            assert {one for one in found if wanted.specifier.contains(one)} == found != set(), f"{line}: make lock"


@pytest.mark.parametrize("part", PARTS)
def test_every_locked_file_has_its_hash_and_no_address(part: str) -> None:
    assert entries(part)
    for line in entries(part):
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+( ;[^\\#@:/]+)?(\s+--hash=sha256:[0-9a-f]{64})+", line), line


@pytest.mark.parametrize("part", ["run", "build", "uv"])
def test_the_parts_agree(part: str) -> None:
    whole = locked("test")
    assert {name: versions - whole[name] for name, versions in locked(part).items() if versions - whole[name]} == {}


def test_no_cuda_is_forced_on_anybody() -> None:
    assert [name for name in locked("test") if re.match("nvidia|cuda|triton|torch", name)] == []
