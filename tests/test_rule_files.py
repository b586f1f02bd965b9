"""The rules hold for any corpus: none names a place, a hospital or a service of the articles that are shipped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yibao.language.normalise import fold
from yibao.language.places import blank_places, find_places

SOURCE = Path(__file__).parent.parent / "src" / "yibao"
PLACES = {"regions.json", "counties.txt", "places.py"}  # where places are read; elsewhere none is named
LEARNED = {"danger_head.json"}  # weights of character pairs from labelled sentences: no rule, whatever the pairs spell
RULE_FILES = [
    path
    for room in ("language", "search", "answer")
    for path in sorted((SOURCE / room).rglob("*"))
    if path.suffix in {".py", ".json", ".txt"} and path.name not in PLACES | LEARNED
]
# The same for everybody in the country: the state's platform, the card, and a menu of the platform.
NATIONWIDE = {"国家医保服务平台", "社保卡", "家庭成员共济"}
HAN = re.compile("[\u3400-\u9fff]+")
LETTERS = re.compile(r"\[[^\]]*\]")  # a class of single characters names nothing
SERVICE = "(?:微信)?(?:小程序|公众号|app|服务平台)"
SERVICES = re.compile(
    f"「([\u3400-\u9fff]{{2,12}})」{SERVICE}|(?:{SERVICE}|搜索?|关注)[^\u3400-\u9fff]{{0,2}}「([\u3400-\u9fff]{{2,12}})」"
)


def rules_of(path: Path) -> list[str]:
    """Return the Chinese runs of a file that rules are made of: of Python its strings, not what explains them."""
    text = path.read_text("utf-8")
    return HAN.findall(LETTERS.sub(" ", " ".join(strings(ast.parse(text))) if path.suffix == ".py" else text))


def strings(tree: ast.AST) -> Iterator[str]:
    explained = {
        id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)
    }  # docstrings stand alone
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


@pytest.fixture(scope="module")
def names(corpus: Path) -> set[str]:
    """The places that the articles name, and the services that they send people to."""
    found: set[str] = set()
    for path in corpus.rglob("*.md"):
        text = fold(path.read_text("utf-8"))
        found |= {part for mention in find_places(text) for part in mention.region.split("/")}
        found |= {name for groups in SERVICES.findall(text) for name in groups if name}
    return found - NATIONWIDE


def test_there_are_names_to_look_for(names: set[str]) -> None:
    assert {"抚顺", "蕲春", "临高", "贵州", "京通", "粤医保"} <= names
    assert len(RULE_FILES) > 40
    assert "报销" in rules_of(SOURCE / "answer" / "rule_words.py")


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_rule_names_what_only_some_articles_are_about(path: Path, names: set[str]) -> None:
    rules = " ".join(rules_of(path))
    assert {name for name in names if name in rules} == set()


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_rule_names_any_place(path: Path) -> None:
    assert [run for run in rules_of(path) if blank_places(run) != run] == []
