from __future__ import annotations

import numpy as np
import pytest

from yibao.index.dense import DenseIndex, SentenceVectors
from yibao.index.embedding import HashEmbedder, Vectors
from yibao.index.lexical import LexicalIndex
from yibao.language.segmenter import Segmenter
from yibao.language.terms import index_terms
from yibao.records import Query
from yibao.search.retrieval import DenseRetriever, LexicalRetriever, Retriever
from yibao.search.understanding import understand

PASSAGES = [
    ["异地就医备案有效期是6个月。", "备案可以在手机上办理。"],
    ["生育津贴按月平均工资计发。"],
    ["家庭共济可以绑定父母。", "绑定不需要户口本。"],
    [],
]
TEXTS = ["".join(sentences) or "空白" for sentences in PASSAGES]


@pytest.fixture(scope="module", params=["lexical", "dense"])
def retriever(request: pytest.FixtureRequest, segmenter: Segmenter) -> Retriever:
    return make(request.param, segmenter)


def make(name: str, segmenter: Segmenter) -> Retriever:
    embedder = HashEmbedder()
    if name == "lexical":
        return LexicalRetriever(LexicalIndex.build([index_terms(text, segmenter) for text in TEXTS]))
    offsets = np.cumsum([0, *(len(sentences) for sentences in PASSAGES)]).astype(np.int64)
    sentences = SentenceVectors(embedder.encode_passages([s for each in PASSAGES for s in each]), offsets)
    return DenseRetriever(DenseIndex.build(embedder.encode_passages(TEXTS)), sentences)


def asked(question: str, segmenter: Segmenter) -> tuple[Query, Vectors]:
    query = understand(question, (), segmenter)
    return query, HashEmbedder().encode_queries([query.normalized])[0]


def test_the_answering_passage_comes_first(retriever: Retriever, segmenter: Segmenter) -> None:
    for row, question in enumerate(["异地就医备案有效期", "生育津贴怎么计发", "绑定父母要户口本"]):
        assert retriever.search(*asked(question, segmenter), 3).rows[0] == row


def test_scores_fall_and_agree_with_rows(retriever: Retriever, segmenter: Segmenter) -> None:
    found = retriever.search(*asked("绑定家庭共济要备案", segmenter), 4)
    assert len(found.rows) == len(found.scores) > 1
    assert (np.diff(found.scores) <= 0).all()


def test_score_repeats_what_search_said(retriever: Retriever, segmenter: Segmenter) -> None:
    query, vector = asked("备案的津贴", segmenter)
    found = retriever.search(query, vector, 4)
    assert retriever.score(query, vector, found.rows).tolist() == pytest.approx(found.scores.tolist())


def test_no_more_than_top_k_and_no_padding(retriever: Retriever, segmenter: Segmenter) -> None:
    vector = asked("备案的津贴", segmenter)
    assert len(retriever.search(*vector, 2).rows) == 2
    rows = retriever.search(*vector, 50).rows
    assert len(set(rows.tolist())) == len(rows) <= 4
    assert rows.min() >= 0


def test_rows_that_were_not_found_can_be_scored(retriever: Retriever, segmenter: Segmenter) -> None:
    query, vector = asked("生育津贴", segmenter)
    scores = retriever.score(query, vector, np.array([3, 1], np.int64))
    assert scores.shape == (2,)
    assert scores[1] > scores[0]


def test_lexical_leg_finds_nothing_without_shared_terms(segmenter: Segmenter) -> None:
    found = make("lexical", segmenter).search(*asked("hello world", segmenter), 4)
    assert found.rows.tolist() == []


def test_lexical_score_without_shared_terms_is_zero(segmenter: Segmenter) -> None:
    query, vector = asked("生育津贴", segmenter)
    assert make("lexical", segmenter).score(query, vector, np.array([0], np.int64)).tolist() == [0.0]


def test_dense_scores_are_cosines(segmenter: Segmenter) -> None:
    query, vector = asked("生育津贴按月平均工资计发。", segmenter)
    dense = make("dense", segmenter)
    scores = dense.score(query, vector, np.arange(4, dtype=np.int64))
    assert scores[1] == pytest.approx(1.0, abs=1e-5)
    assert (np.abs(scores) <= 1.0 + 1e-5).all()


def test_a_sentence_that_answers_lifts_its_passage(segmenter: Segmenter) -> None:
    query, vector = asked("备案可以在手机上办理。", segmenter)
    passage = DenseIndex.build(HashEmbedder().encode_passages(TEXTS)).cosines(vector, np.array([0], np.int64))
    assert make("dense", segmenter).score(query, vector, np.array([0], np.int64))[0] > passage[0]
