from __future__ import annotations

import math
import shutil
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.index.lexical import K1, B, LexicalIndex

DOCUMENTS = [
    ["医保", "备案", "医保", "异地"],
    ["生育", "津贴"],
    [],
    ["备案", "有效期", "备案", "备案", "六个月", "异地"],
    ["医保"],
]


def reference(documents, terms):
    """BM25 as Lucene counts it since version 8 (Kamphuis et al., 2020), word by word."""
    average = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        counts = Counter(document)
        score = 0.0
        for term in terms:
            holding = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
            norm = K1 * (1 - B + B * len(document) / average) if average else K1
            score += idf * counts[term] / (counts[term] + norm) if counts[term] else 0.0
        scores.append(score)
    return scores


terms = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(terms, min_size=1, max_size=8), terms)
def test_scores_equal_plain_python_by_value(documents, question):
    assert LexicalIndex.build(documents).scores(question) == pytest.approx(reference(documents, question), abs=1e-5)


@pytest.mark.parametrize("question", [["医保"], ["备案", "异地"], ["异地", "没有这个词"], ["备案", "备案", "医保"]])
def test_scores_survive_saving_in_a_chinese_folder(tmp_path, question):
    folder = tmp_path / "词 索引"
    LexicalIndex.build(DOCUMENTS).save(folder)
    loaded = LexicalIndex.load(folder, len(DOCUMENTS))
    scores = loaded.scores(question)
    assert scores == pytest.approx(reference(DOCUMENTS, question), abs=1e-5)
    assert (scores.shape, scores.dtype) == ((5,), np.float32)


def test_a_repeated_term_of_the_question_counts_twice():
    index = LexicalIndex.build(DOCUMENTS)
    assert index.scores(["备案", "备案"]) == pytest.approx(2 * index.scores(["备案"]))


def test_an_unknown_term_changes_nothing():
    index = LexicalIndex.build(DOCUMENTS)
    assert index.scores(["备案", "火星"]).tolist() == index.scores(["备案"]).tolist()


def test_search_returns_only_rows_that_share_a_term_best_first():
    rows, scores = LexicalIndex.build(DOCUMENTS).search(["备案", "六个月"], 10)
    assert rows.tolist() == [3, 0]
    assert scores == pytest.approx([reference(DOCUMENTS, ["备案", "六个月"])[row] for row in (3, 0)], abs=1e-5)


@pytest.mark.parametrize("top_k", [0, 1, 3, 6, 9])
def test_ties_go_to_the_smaller_row(top_k):
    index = LexicalIndex.build([["甲"], ["乙"], ["甲"], ["甲"], ["甲"], ["甲"], ["甲"]])
    assert index.search(["甲"], top_k)[0].tolist() == [0, 2, 3, 4, 5, 6][:top_k]


@settings(max_examples=40, deadline=None)
@given(st.lists(terms, min_size=1, max_size=12), terms, st.integers(1, 12))
def test_search_is_the_head_of_all_scores(documents, question, top_k):
    index = LexicalIndex.build(documents)
    all_scores = index.scores(question)
    expected = sorted((row for row in range(len(documents)) if all_scores[row] > 0), key=lambda r: (-all_scores[r], r))
    rows, scores = index.search(question, top_k)
    assert rows.tolist() == expected[:top_k]
    assert scores.tolist() == all_scores[rows].tolist()


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]])
def test_nothing_indexed_finds_nothing(tmp_path, documents):
    LexicalIndex.build(documents).save(tmp_path / "lexical")
    index = LexicalIndex.load(tmp_path / "lexical", len(documents))
    rows, scores = index.search(["医保"], 5)
    assert (len(index), rows.tolist(), scores.tolist()) == (len(documents), [], [])
    assert index.scores(["医保"]).tolist() == [0.0] * len(documents)


def test_question_without_terms():
    rows, scores = LexicalIndex.build(DOCUMENTS).search([], 5)
    assert (rows.tolist(), scores.tolist()) == ([], [])


def test_rarity_is_the_logarithm_of_passages_per_holding_passage(tmp_path):
    LexicalIndex.build(DOCUMENTS).save(tmp_path)
    for index in (LexicalIndex.build(DOCUMENTS), LexicalIndex.load(tmp_path, len(DOCUMENTS))):
        assert index.rarity("备案") == pytest.approx(math.log(1 + 5 / 2))
        assert index.rarity("津贴") == pytest.approx(math.log(1 + 5 / 1))


def test_a_term_no_passage_holds_is_the_rarest():
    index = LexicalIndex.build(DOCUMENTS)
    assert index.rarity("火星") == pytest.approx(math.log(11))
    assert index.rarity("火星") > index.rarity("津贴") > index.rarity("医保")


def test_coverage_is_the_share_of_rarity_that_a_passage_holds():
    index = LexicalIndex.build(DOCUMENTS)
    rare, common, unknown = (index.rarity(term) for term in ("六个月", "备案", "火星"))
    asked = ["六个月", "备案", "备案", "火星"]
    assert index.coverage(asked, 3) == pytest.approx((rare + common) / (rare + common + unknown))
    assert index.coverage(asked, 0) == pytest.approx(common / (rare + common + unknown))
    assert index.coverage(["备案", "异地"], 0) == 1.0
    assert index.coverage(asked, 2) == index.coverage([], 3) == 0.0


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows cannot delete a mapped file")
def test_an_opened_index_outlives_its_files(tmp_path):
    LexicalIndex.build(DOCUMENTS).save(tmp_path / "lexical")
    index = LexicalIndex.load(tmp_path / "lexical", len(DOCUMENTS))
    shutil.rmtree(tmp_path / "lexical")
    assert index.search(["津贴"], 1)[0].tolist() == [1]
