"""Flipped bytes in every file of a build: found, or without any effect; never another answer, never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from common import SUBJECTS, Figures, Ground, answer_to, write_article

from yibao.errors import YibaoError
from yibao.index.layout import open_build
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline

QUESTIONS = tuple(f"{subject}的规定是第几版" for subject in SUBJECTS)


def flipped_bytes(ground: Ground) -> Figures:
    """Flip one bit at a time, each file of the build in turn, and ask; then damage each with an older build beside it."""
    figures, root = Figures("flipped bytes in every file of a build"), ground.folder / "index"
    for subject in SUBJECTS:
        write_article(ground.folder / "articles", subject, 1)
    index_with(ground.config)
    build, (right, _) = open_build(root)[0], _answers(ground)
    files = [*sorted(path for path in build.rglob("*") if path.is_file()), root / "CURRENT"]
    figures.counts["files"] = len(files)
    while not ground.over:
        for path in files:
            figures.counts[_flip(figures, ground, path, right)] += 1
            figures.counts["flipped"] += 1
    write_article(ground.folder / "articles", SUBJECTS[0], 2)
    newest = root / index_with(ground.config).build_id
    for path in sorted(each for each in newest.rglob("*") if each.is_file() and each.stat().st_size):
        _with_an_older_build(figures, ground, path, right)
    return figures


def _flip(figures: Figures, ground: Ground, path: Path, right: list[str]) -> str:
    """Flip one bit, ask, flip it back; return what came of it."""
    written = path.read_bytes()
    place, bit = ground.dice.randrange(max(len(written), 1)), 1 << ground.dice.randrange(8)
    flipped = bytearray(written or b"\0")
    flipped[place] ^= bit
    path.write_bytes(bytes(flipped))
    where = f"{path.name}, byte {place}, bit {bit}"
    try:
        answers, warning = _answers(ground)
    except YibaoError as error:
        figures.check("\n" not in str(error) and "yibao index" in str(error), f"{where}: {error}")
        return "found and refused"
    except Exception as error:  # noqa: BLE001  # whatever else comes out is what is looked for
        figures.check(False, f"{where}: {type(error).__name__}: {error}")
        return "traceback"
    finally:
        path.write_bytes(written)
    figures.check(answers == right, f"{where}: another answer")
    return "another answer" if answers != right else "found and served with a warning" if warning else "harmless"


def _with_an_older_build(figures: Figures, ground: Ground, path: Path, before: list[str]) -> None:
    """The newest build is damaged: the one before answers, and says so."""
    kept = path.with_name("kept")
    shutil.copyfile(path, kept)
    with path.open("r+b") as file:
        file.seek(ground.dice.randrange(path.stat().st_size))
        file.write(b"\x00\xff")
    if path.read_bytes() != kept.read_bytes():
        answers, warning = _answers(ground)
        figures.counts["answered from the build before"] += 1
        figures.check("yibao index" in warning, f"{path.name}: no warning")
        figures.check(answers == before, f"{path.name}: not the answers of the build before")
    kept.replace(path)


def _answers(ground: Ground) -> tuple[list[str], str]:
    """Open the index and ask; return what comes out but for times and notices, and the warning of the index."""
    pipeline = open_pipeline(ground.config)
    answers = [answer_to(question, pipeline).to_json() | {"timings_ms": {}, "notices": []} for question in QUESTIONS]
    return [json.dumps(answer, ensure_ascii=False, sort_keys=True) for answer in answers], pipeline.reader.warning or ""
