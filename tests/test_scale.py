from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from yibao.corpus.chunking import ChunkingConfig
from yibao.index.embedding import Embedder, HashEmbedder, Progress, Vectors, unit_rows
from yibao.indexing import build_index
from yibao.language.segmenter import Segmenter
from yibao.pipeline import Pipeline
from yibao.request import Request
from yibao.search.scale import REFERENCE, CosineScale


class Elsewhere:
    """The bundled model with what all its vectors share taken out: its cosines lie around 0, as other models' do."""

    name = "elsewhere"
    fingerprint = "elsewhere"

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self.dimension = model.dimension
        self._shared = model.encode_passages(
            ["今天天气很好", "手机怎么充电", "报销要发票", "学校放假", "火车晚点"]
        ).mean(axis=0)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(self._model.encode_queries(texts) - self._shared)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return unit_rows(self._model.encode_passages(texts, progress) - self._shared)


@pytest.fixture(scope="module")
def elsewhere(real_pipeline: Pipeline) -> Elsewhere:
    return Elsewhere(real_pipeline.embedder)


def test_the_reference_is_what_the_bundled_model_gives(real_pipeline: Pipeline) -> None:
    renamed = Elsewhere(real_pipeline.embedder)
    renamed._shared = np.zeros(renamed.dimension, np.float32)
    measured = CosineScale.of(renamed)
    assert measured.unrelated == pytest.approx(REFERENCE.unrelated, abs=0.003)
    assert measured.related == pytest.approx(REFERENCE.related, abs=0.003)


def test_the_bundled_and_the_hash_model_stay_as_they_are(real_pipeline: Pipeline) -> None:
    for embedder in (real_pipeline.embedder, HashEmbedder()):
        scale = CosineScale.of(embedder)
        assert scale == REFERENCE
        assert scale.common(0.9) == pytest.approx(0.9)


def test_both_points_of_a_model_come_to_lie_on_those_of_the_bundled_one() -> None:
    scale = CosineScale(unrelated=0.1, related=0.6)
    assert scale.common(0.1) == pytest.approx(REFERENCE.unrelated)
    assert scale.common(0.6) == pytest.approx(REFERENCE.related)
    assert scale.common(np.array([0.1, 0.6], np.float32))[1] == pytest.approx(REFERENCE.related, abs=1e-5)


def test_a_model_that_tells_nothing_apart_is_not_stretched() -> None:
    assert CosineScale(unrelated=0.5, related=0.5).slope == 1.0


def test_another_model_answers_and_refuses_with_the_same_settings(
    elsewhere: Elsewhere, real_pipeline: Pipeline, segmenter: Segmenter, tmp_path: Path
) -> None:
    corpus = Path(__file__).parent.parent / "corpus"
    assert CosineScale.of(elsewhere).related < 0.8
    build_index([corpus], tmp_path, elsewhere, segmenter, ChunkingConfig(), 1_000_000)
    other = Pipeline(tmp_path, elsewhere, segmenter, real_pipeline._refuse_below)
    for question in (
        "异地就医备案有效期多久",
        "蕲春县医疗保障局的电话是多少",
        "新生儿出生三个月内参加农合从什么时候起能报",
    ):
        assert other.ask(Request(question)).status == "answered", question
    for question in ("红烧肉怎么做", "世界杯谁赢了", "怎么学吉他"):
        assert other.ask(Request(question)).status == "no_answer", question
