"""The floor table of README, held against the real imports: strictly down, never sideways between rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "yibao"

# Room -> floor. ``-1`` is the cellar: leaf modules that everything may stand on and that stand on nothing.
FLOORS = {
    "plain": -2,
    "templating": -1, "records": -1, "errors": -1, "wording": -1, "wording_pages": -1, "clock": -1,
    "config": 0, "request": 0, "language": 0, "storage": 0, "progress": 0,
    "corpus": 1, "index": 1,
    "search": 2, "answer": 2, "reader": 2,
    "flow": 3, "indexing": 3, "history": 3,
    "pipeline": 4,
    "web": 5, "evaluation": 5, "api": 5,
    "serving": 6,
    "cli": 7, "__main__": 8,
}  # fmt: skip
HEAVY = {"torch", "faiss", "gradio", "sentence_transformers", "transformers"}
PAGES = [SOURCE / "web" / "chat.py", SOURCE / "web" / "upload_panel.py", *(SOURCE / "web").glob("*_page.py")]
NETWORKS = [
    SOURCE / "reader" / name
    for name in ("network.py", "training/__main__.py", "training/loop.py", "training/states.py")
]
MODULES = sorted(SOURCE.rglob("*.py"))


def room_of(path: Path) -> str:
    part = path.relative_to(SOURCE).parts[0]
    return part.removesuffix(".py")


def imports_of(path: Path, *, top_level_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            # `from yibao import wording` names a room, `from yibao import __version__` the root's own value
            names |= {f"yibao.{alias.name}" for alias in node.names} if node.module == "yibao" else {node.module}
    return names


@pytest.mark.parametrize("path", [path for path in MODULES if path != SOURCE / "__init__.py"], ids=str)
def test_imports_go_strictly_down(path: Path) -> None:
    room = room_of(path)
    for name in imports_of(path):
        if not name.startswith("yibao.") or name == "yibao.__version__":
            assert name != "yibao", f"{path} imports the package root"
            continue
        other = name.split(".")[1]
        assert other == room or FLOORS[other] < FLOORS[room], f"{room} (floor {FLOORS[room]}) imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_heavy_libraries_are_imported_inside_what_needs_them(path: Path) -> None:
    if path in PAGES:
        return  # the pages themselves; nothing imports them at the top
    if path in NETWORKS:
        return  # what computes and trains; nothing else imports them at the top
    heavy = {name.split(".")[0] for name in imports_of(path, top_level_only=True)} & HEAVY
    assert not heavy
    lazy = {".".join(("yibao", *each.relative_to(SOURCE).with_suffix("").parts)) for each in (*PAGES, *NETWORKS)}
    assert not lazy & imports_of(path, top_level_only=True)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_module_is_longer_than_250_lines(path: Path) -> None:
    if path.name != "wording.py":  # a list of texts, not code
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_every_room_has_a_floor() -> None:
    assert {room_of(path) for path in MODULES} - {"__init__"} <= set(FLOORS)


def test_app_is_at_most_15_lines() -> None:
    assert len((SOURCE.parent.parent / "app.py").read_text(encoding="utf-8").splitlines()) <= 15
