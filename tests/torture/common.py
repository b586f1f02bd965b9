"""What all kinds of torture share: figures, a small corpus, real processes that can be killed, a network that is not there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from running import Address, free_port, wait_until
from yibao.config import Config
from yibao.pipeline import Pipeline
from yibao.records import Answer
from yibao.request import Request

HERE = Path(__file__).parent
SUBJECTS = ("异地备案", "生育津贴", "门诊慢特病", "住院起付线", "家庭共济")


@dataclass
class Figures:
    """What one kind of torture did and found; it held where nothing failed."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def check(self, held: bool, what: str) -> None:
        """Note a failure unless something held."""
        if not held:
            self.failures.append(what)


@dataclass(frozen=True)
class Ground:
    """Where one kind of torture takes place: a folder, dice of its own, and the moment to stop."""

    folder: Path
    dice: random.Random
    until: float

    @property
    def over(self) -> bool:
        """Tell whether the time is up."""
        return time.monotonic() >= self.until

    @property
    def config(self) -> Config:
        """Return settings under which everything lies in the folder and no model is needed."""
        at = {name: str(self.folder / name) for name in ("index", "uploads")}
        return Config(corpus=(str(self.folder / "articles"),), model="hash", refuse_below=0.0, **at)  # type: ignore[arg-type]


def write_article(folder: Path, name: str, version: int) -> None:
    """Write an article that says which version it is of."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f"{name}的规定现在是第{version}版。\n\n{name}的标准由参保地确定，办理时带身份证。\n"
    (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{text}", "utf-8")


def version_of(text: str) -> int:
    """Return the version that an article of ``write_article`` is of."""
    return int(text.partition("现在是第")[2].partition("版")[0])


def answer_to(question: str, pipeline: Pipeline) -> Answer:
    """Ask in this process."""
    return pipeline.ask(Request(question))


def environment(folder: Path) -> dict[str, str]:
    """Return the variables of a process that may reach this machine only; what it tries beside that is written down."""
    paths = [str(HERE / "offline"), *sys.path]
    own = {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)), "YIBAO_TORTURE_NETWORK": str(folder / "network.log"),
        "YIBAO_HISTORY": str(folder / "history.db"), "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1",
        "GRADIO_TEMP_DIR": str(folder / "gradio"), "YIBAO_REQUESTS_PER_MINUTE": "0", "YIBAO_MODEL": "hash",
        "YIBAO_UPLOADS": str(folder / "uploads"), "YIBAO_REFUSE_BELOW": "0", "YIBAO_INDEX": str(folder / "index"),
    }  # fmt: skip
    return {name: value for name, value in os.environ.items() if not name.startswith("YIBAO_")} | own


class Worker:
    """A process that has loaded everything and forks one process a task, which can then be killed within milliseconds."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, str(HERE / "worker.py")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(folder)
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout

    def run(self, *task: object, kill_after: float | None = None, acks: int = 0) -> tuple[int, list[int]]:
        """Run a task, killed so many seconds after so many of its steps; return the exit code and the steps it told."""
        self._to.write(" ".join(map(str, task)) + "\n")
        self._to.flush()
        process, told = int(self._line("pid")), []
        while kill_after is not None and len(told) < acks:
            told.append(int(self._line("ack")))
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while (line := self._from.readline().split())[0] == "ack":
            told.append(int(line[1]))
        return int(line[1]), told

    def _line(self, kind: str) -> str:
        found, value = self._from.readline().split()
        if found != kind:
            raise RuntimeError(f"the worker said {found} {value}, not {kind}")
        return value

    def close(self) -> None:
        """End the worker."""
        self._to.close()
        self._process.wait()


@contextmanager
def serving(ground: Ground) -> Iterator[tuple[Address, Path]]:
    """Serve the index of a ground in a process of its own; yield its address and the file of its log."""
    address, log = Address("127.0.0.1", free_port()), ground.folder / "server.log"
    command = [sys.executable, "-m", "yibao", "serve", "--port", str(address.port)]
    with log.open("wb") as file, subprocess.Popen(
        command, stdout=file, stderr=file, env=environment(ground.folder), cwd=ground.folder
    ) as server:  # fmt: skip
        try:
            wait_until(lambda: is_ready(address) or server.poll() is not None, 120)
            yield address, log
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(30)
            server.kill()


def is_ready(address: Address) -> bool:
    """Tell whether a server answers questions."""
    try:
        return address.get("/readyz").status == 200
    except OSError:
        return False
