from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yibao.index.dense import DenseIndex, SentenceVectors
from yibao.index.embedding import unit_rows

# Small whole numbers: their dot products are exact, and full of ties.
whole = st.integers(-2, 2).map(float)
tables = st.integers(1, 30).flatmap(lambda n: arrays(np.float32, (n, 5), elements=whole))


def reference(vectors, query, top_k):
    """What FAISS must return, in plain NumPy: larger first, then the smaller row."""
    scores = vectors @ query
    order = sorted(range(len(vectors)), key=lambda row: (-scores[row], row))[:top_k]
    return order, [float(scores[row]) for row in order]


@given(tables, arrays(np.float32, 5, elements=whole), st.integers(0, 40))
def test_search_equals_numpy_by_value(vectors, query, top_k):
    rows, scores = DenseIndex.build(vectors).search(query, top_k)
    assert (rows.tolist(), scores.tolist()) == reference(vectors, query, top_k)


def test_search_equals_numpy_on_unit_vectors():
    random = np.random.default_rng(7)
    vectors = unit_rows(random.normal(size=(700, 64)))
    index = DenseIndex.build(vectors)
    for query in unit_rows(random.normal(size=(20, 64))):
        rows, scores = index.search(query, 25)
        expected_rows, expected_scores = reference(vectors, query, 25)
        assert rows.tolist() == expected_rows
        assert scores == pytest.approx(expected_scores, abs=1e-6)


def test_top_k_larger_than_the_index_gives_every_row_once():
    vectors = unit_rows(np.arange(1, 13).reshape(4, 3))
    rows, scores = DenseIndex.build(vectors).search(vectors[2], 50)
    assert sorted(rows.tolist()) == [0, 1, 2, 3]
    assert rows[0] == 2
    assert len(scores) == 4


@pytest.mark.parametrize("top_k", [1, 7, 99, 100, 101, 250])
def test_ties_across_the_cut_go_to_the_smaller_row(top_k):
    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (300, 1))
    rows, _ = DenseIndex.build(vectors).search(vectors[0], top_k)
    assert rows.tolist() == list(range(top_k))


def test_padding_of_faiss_never_leaves():
    index = DenseIndex.build(np.eye(3, dtype=np.float32))
    rows, scores = index.search(np.full(3, np.nan, np.float32), 3)
    assert (rows >= 0).all()
    assert len(rows) == len(scores)


def test_empty_index_finds_nothing():
    index = DenseIndex.build(np.zeros((0, 8), np.float32))
    rows, scores = index.search(np.ones(8, np.float32), 5)
    assert (len(index), rows.tolist(), scores.tolist()) == (0, [], [])
    assert (rows.dtype, scores.dtype) == (np.int64, np.float32)


def test_cosines_of_given_rows_in_their_order():
    vectors = unit_rows(np.random.default_rng(1).normal(size=(9, 6)))
    rows = np.array([8, 0, 3, 3])
    found = DenseIndex.build(vectors).cosines(vectors[3], rows)
    assert found == pytest.approx([float(vectors[row] @ vectors[3]) for row in rows], abs=1e-6)
    assert found[2] == pytest.approx(1.0, abs=1e-6)


def test_cosines_of_no_rows():
    assert DenseIndex.build(np.eye(2, dtype=np.float32)).cosines(np.ones(2, np.float32), np.empty(0, int)).size == 0


def test_save_and_load_in_a_chinese_folder(tmp_path):
    vectors = unit_rows(np.random.default_rng(2).normal(size=(5, 4)))
    path = tmp_path / "索引" / "向量 #1.faiss"
    path.parent.mkdir()
    DenseIndex.build(vectors).save(path)
    loaded = DenseIndex.load(path)
    assert len(loaded) == 5
    assert np.array_equal(loaded.vectors(), vectors)
    assert loaded.search(vectors[4], 1)[0].tolist() == [4]


@pytest.fixture
def sentences(tmp_path):
    vectors = np.array([[1, 0], [0, 1], [-1, 0], [0.6, 0.8]], np.float32)
    np.save(tmp_path / "句.npy", vectors)
    np.save(tmp_path / "offsets.npy", np.array([0, 2, 2, 4]))
    return SentenceVectors.load(tmp_path / "句.npy", tmp_path / "offsets.npy")


def test_sentences_of_a_passage_in_their_order(sentences):
    assert sentences.of_passage(0).tolist() == [[1, 0], [0, 1]]
    assert sentences.of_passage(2) == pytest.approx(np.array([[-1, 0], [0.6, 0.8]]))


def test_passage_without_sentences(sentences):
    assert sentences.of_passage(1).shape == (0, 2)


def test_best_sentence_per_passage(sentences):
    best = sentences.best(np.array([0, 1], np.float32), np.array([2, 1, 0]))
    assert best == pytest.approx([0.8, -1.0, 1.0])
    assert best.dtype == np.float32


def test_best_of_no_rows(sentences):
    assert sentences.best(np.array([0, 1], np.float32), np.empty(0, np.int64)).shape == (0,)


def test_corpus_without_a_single_sentence(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((0, 2), np.float32))
    np.save(tmp_path / "b.npy", np.array([0, 0]))
    empty = SentenceVectors.load(tmp_path / "a.npy", tmp_path / "b.npy")
    assert empty.best(np.array([0, 1], np.float32), np.array([0])).tolist() == [-1.0]
