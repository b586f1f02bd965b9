from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yibao.errors import ModelError
from yibao.index.embedding import HashEmbedder
from yibao.pipeline import Pipeline
from yibao.records import Article, Passage
from yibao.request import Request, SearchOptions
from yibao.search.measuring import PassageCandidate
from yibao.search.reranking import CrossEncoderReranker, TermReranker, make_reranker

SENTENCES = [["异地就医备案有效期是6个月。", "备案可以在手机上办理。"], ["生育津贴按月平均工资计发。"], []]


def candidate(row: int) -> PassageCandidate:
    text = "".join(SENTENCES[row])
    article = Article(str(row), "标题", text, "a.md", None, None, (), (), (), "article", "")
    passage = Passage(f"{row}@0", str(row), "标题", "", text, 0, len(text), ())
    return PassageCandidate(row, row, passage, article, 0.8, 0.5)


@pytest.fixture(scope="module")
def tiny_cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of a few thousand random weights, saved as people save theirs."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"异地就医备案有效期津贴生育月个是手机可以在上办理标题"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab={word: number for number, word in enumerate(vocabulary)})
    tokenizer.save_pretrained(folder)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertForSequenceClassification(BertConfig(vocab_size=len(vocabulary), num_labels=1, **sizes)).save_pretrained(folder)
    return folder


def test_none_is_none() -> None:
    assert make_reranker("none", HashEmbedder(), lambda _: HashEmbedder().encode_passages([])) is None


def test_words_that_a_passage_means_lift_it() -> None:
    embedder = HashEmbedder()
    reranker = make_reranker("terms", embedder, lambda row: embedder.encode_passages(SENTENCES[row]))
    assert isinstance(reranker, TermReranker)
    scores = reranker.scores("备案的有效期", ["备案", "有效期"], [candidate(1), candidate(0), candidate(2)])
    assert scores.shape == (3,)
    assert scores[1] > scores[0] > scores[2] == -1.0
    assert reranker.scores("备案", [], [candidate(0)]).shape == (1,)


def test_a_cross_encoder_reads_question_and_passage(tiny_cross_encoder: Path) -> None:
    reranker = CrossEncoderReranker(str(tiny_cross_encoder))
    one, two = reranker.scores("备案有效期", [], [candidate(0), candidate(1)]).tolist()
    assert one != two
    assert reranker.scores("备案有效期", [], [candidate(0)]).tolist() == pytest.approx([one], abs=1e-4)


def test_a_folder_that_holds_no_model_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        CrossEncoderReranker(str(tmp_path)).scores("问", [], [candidate(0)])
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def reranking(real_pipeline: Pipeline) -> Pipeline:
    parts = (real_pipeline._root, real_pipeline.embedder, real_pipeline._segmenter, 0.35)
    return Pipeline(*parts, reranker="terms")


def test_the_configured_reranker_moves_scores_and_can_be_switched_off(
    reranking: Pipeline, real_pipeline: Pipeline
) -> None:
    question = "异地就医备案有效期多久"
    plain, again = real_pipeline.find(Request(question)), reranking.find(Request(question))
    off = reranking.find(Request(question, options=replace(SearchOptions(), rerank=False)))
    assert [hit.passage.id for hit in off.hits] == [hit.passage.id for hit in plain.hits]
    assert [hit.score for hit in again.hits] != [hit.score for hit in plain.hits]
    assert again.hits[0].passage.article_id == plain.hits[0].passage.article_id
    assert all(0.0 <= hit.score <= 1.0 for hit in again.hits)
    assert (np.diff([hit.score for hit in again.hits]) <= 0).all()
