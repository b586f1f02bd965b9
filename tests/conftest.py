"""What the tests share: real parts, small data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from yibao.config import Config
from yibao.indexing import index_with
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Article
from yibao.wording import DISCLAIMER

# A first call loads jieba or a model; what a test takes says nothing about the code it tests.
settings.register_profile("yibao", deadline=None)
settings.load_profile("yibao")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with benchmarks and saved pages is not here")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Two workers with two threads each would wait for one another on two cores."""
    os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session", autouse=True)
def own_history(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test, and no process that one starts, writes into the conversations of whoever runs it."""
    os.environ["YIBAO_HISTORY"] = str(tmp_path_factory.mktemp("history") / "history.db")


@pytest.fixture(scope="module")
def one_torch_thread() -> Iterator[None]:
    """On a busy machine two threads that wait for each other are many times slower than one."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def data() -> Path:
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return default_segmenter()


@pytest.fixture(scope="session")
def make_article() -> Callable[..., Article]:
    def make(**fields: Any) -> Article:
        values: dict[str, Any] = {
            "id": "one", "title": "标题", "text": "正文。", "source": "one.md", "published": None, "region": None,
            "insurance": (), "person": (), "topics": (), "kind": "article", "disclaimer": DISCLAIMER,
        }  # fmt: skip
        return Article(**(values | fields))

    return make


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "sub").mkdir(parents=True)
    (folder / "filing.md").write_text(
        "---\ntitle: 异地就医备案的有效期\npublished: 2025-04-01\n---\n异地就医备案的有效期是6个月。备案可以在手机上办理。\n",
        "utf-8",
    )
    (folder / "sub" / "account.md").write_text(
        "---\ntitle: 家庭共济怎么绑定\nregion: 陕西\ninsurance: employee\n---\n陕西参保人在陕西医保App上绑定家庭成员。绑定不需要户口本。\n",
        "utf-8",
    )
    (folder / "birth.txt").write_text("生育津贴怎么算\n\n生育津贴按上年度职工月平均工资计发。\n", "utf-8")
    return folder


@pytest.fixture
def hash_config(small_corpus: Path, tmp_path: Path) -> Config:
    """Settings under which the small corpus is indexed without a model and every question is answered."""
    return Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", refuse_below=0.0)


@pytest.fixture
def hash_pipeline(hash_config: Config) -> Pipeline:
    index_with(hash_config)
    return open_pipeline(hash_config)


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The shipped articles, embedded by the bundled model once for all workers."""
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "real-index"
    with FileLock(f"{root}.lock"):
        index_with(Config(corpus=(str(ROOT / "corpus"),), index=str(root)))
    return root


@pytest.fixture(scope="session")
def real_pipeline(real_index: Path) -> Pipeline:
    return open_pipeline(Config(index=str(real_index)))
