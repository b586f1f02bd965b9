"""Forks one process a task, read from standard input; each tells its steps, and this one how it ended."""

from __future__ import annotations

import itertools
import os
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import bm25s.scoring
from common import answer_to, write_article

from yibao.config import Config
from yibao.history.store import History
from yibao.history.turns import Asked, Turn
from yibao.indexing import index_with
from yibao.language.masking import mask
from yibao.pipeline import open_pipeline
from yibao.records import NO_FACETS, Answer
from yibao.web.uploads import Uploads
from yibao.wording import DISCLAIMER

# Progress bars share a lock among forked processes: one that is killed while it holds it would stop all that follow.
bm25s.scoring.tqdm.set_lock(threading.RLock())
bm25s.scoring.tqdm.monitor_interval = 0


def say(kind: str, value: int) -> None:
    """Write one line in one piece, so that a process that is killed writes it whole or not."""
    os.write(1, f"{kind} {value}\n".encode())


def settings(folder: Path) -> Config:
    """Return the settings of ``common.Ground.config``."""
    at = {name: str(folder / name) for name in ("index", "uploads")}
    return Config(corpus=(str(folder / "articles"),), model="hash", refuse_below=0.0, **at)  # type: ignore[arg-type]


def build(folder: Path) -> None:
    """Bring the index up to date once."""
    index_with(settings(folder))
    say("ack", 0)


def upload(folder: Path, name: str, version: int) -> None:
    """Add an article, or put a newer version in the place of the one before, until killed."""
    config = settings(folder)
    pipeline = open_pipeline(config)
    uploads = Uploads(config, lambda: pipeline)
    for number in itertools.count(version):
        write_article(folder / "sent", name, number)
        staged = uploads.stage([folder / "sent" / f"{name}.md"])
        uploads.add(staged, [f"{name}.md"])
        say("ack", number)


def converse(folder: Path, number: int) -> None:
    """Keep one question after another until killed."""
    history = History(folder / "history.db", mask)
    conversation = next((each.id for each in history.conversations("me")), None)
    for asked in itertools.count(number):
        answer = Answer(str(asked), str(asked), "no_answer", "文" * 999, (), (), (), NO_FACETS, DISCLAIMER, 0.0, {})
        conversation, _ = history.add("me", conversation, Turn(Asked(str(asked)), answer))
        say("ack", asked)


def run(task: list[str]) -> None:
    """Do a task: its name, a folder, and what else it takes."""
    name, folder, *rest = task
    if name == "build":
        build(Path(folder))
    elif name == "upload":
        upload(Path(folder), rest[0], int(rest[1]))
    else:
        converse(Path(folder), int(rest[0]))


def main() -> None:
    """Fork a process for each line until there are no more."""
    with TemporaryDirectory() as folder:  # loads what every task needs: a fork has it at once
        write_article(Path(folder) / "articles", "一", 0)
        index_with(settings(Path(folder)))
        answer_to("一", open_pipeline(settings(Path(folder))))
    for line in sys.stdin:
        if child := os.fork():
            say("pid", child)
            say("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            continue
        try:
            run(line.split())
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  # a fork must never come to read the next task
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)


if __name__ == "__main__":
    main()
