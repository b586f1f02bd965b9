from __future__ import annotations

import sys

import numpy as np
import pytest

from yibao.errors import IndexCorruptError, IndexMismatchError
from yibao.index import layout
from yibao.index.embedding import HashEmbedder
from yibao.index.manifest import checksums
from yibao.index.store import Content, Origin, check_origin, open_index, reusable_rows, write_build
from yibao.records import Passage, Sentence

ORIGIN = Origin("hash", "hash-v1", "segmenter-v1", {"max_words": 9, "min_words": 3})
TEXTS = ["异地就医备案的有效期是6个月。备案可以在手机上办理。", "生育津贴按上年度工资计发。", "## 只有标题"]


@pytest.fixture
def content(make_article):
    """Three articles: two sentences, one sentence, none."""

    def make(texts=TEXTS):
        articles, passages, sentences = [], [], []
        for number, text in enumerate(texts):
            spans, begin = [], 0
            while "。" in text[begin:]:
                end = text.index("。", begin) + 1
                spans.append(Sentence(begin, end, None))
                sentences.append(text[begin:end])
                begin = end
            article = make_article(id=f"文/{number}", text=text)
            articles.append(article)
            passages.append(Passage(f"{article.id}@1", article.id, article.title, "", text, 0, len(text), tuple(spans)))
        double = HashEmbedder()
        return Content(
            articles=articles,
            article_hashes={article.id: f"h{n}" for n, article in enumerate(articles)},
            passages=passages,
            terms=[list(text) for text in texts],
            passage_vectors=double.encode_passages(texts),
            sentence_vectors=double.encode_passages(sentences),
            passage_keys=[f"p{text}" for text in texts],
            sentence_keys=[f"s{text}" for text in sentences],
        )

    return make


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "索引"
    root.mkdir()
    return root


def answers(reader, question, row):
    """All parts of an opened build, asked for one thing each."""
    vector = HashEmbedder().encode_queries([question])[0]
    return (
        reader.dense.search(vector, 1)[0].tolist() == [row]
        and reader.lexical.search(list(question), 1)[0].tolist() == [row]
        and reader.sentences.best(vector, np.array([row]))[0] > 0.3
        and reader.database.passages([row])[0].id == f"文/{row}@1"
    )


def test_everything_written_is_read_back(root, content):
    written = content()
    manifest = write_build(root, written, ORIGIN)
    reader = open_index(root)
    assert reader.manifest == manifest
    assert reader.warning is None
    assert reader.database.articles() == list(written.articles)
    assert reader.database.all_passages() == list(written.passages)
    assert np.array_equal(reader.dense.vectors(), written.passage_vectors)
    assert np.array_equal(reader.sentences.vectors, written.sentence_vectors)
    assert reader.sentences.offsets.tolist() == [0, 2, 3, 3]
    assert len(reader.lexical) == 3


def test_the_manifest_names_what_the_build_is_made_of(root, content):
    manifest = write_build(root, content(), ORIGIN)
    assert (manifest.model, manifest.model_fingerprint) == ("hash", "hash-v1")
    assert (manifest.dimension, manifest.segmenter_fingerprint) == (256, "segmenter-v1")
    assert manifest.chunking == {"max_words": 9, "min_words": 3}
    assert (manifest.passages, manifest.sentences) == (3, 3)
    assert manifest.articles == {"文/0": "h0", "文/1": "h1", "文/2": "h2"}
    assert manifest.checksums == checksums(root / manifest.build_id)


def test_all_parts_of_a_build_name_the_same_rows(root, content):
    write_build(root, content(), ORIGIN)
    reader = open_index(root)
    assert answers(reader, "异地就医备案有效期", 0)
    assert answers(reader, "生育津贴按上年度工资", 1)


def test_a_build_in_which_nothing_is_a_sentence(root, content):
    write_build(root, content(["## 标题一", "## 标题二"]), ORIGIN)
    reader = open_index(root)
    vector = HashEmbedder().encode_queries(["标题二"])[0]
    assert reader.dense.search(vector, 1)[0].tolist() == [1]
    assert reader.sentences.best(vector, np.array([0, 1])).tolist() == [-1.0, -1.0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot delete what is open")
def test_a_reader_still_answers_after_two_further_builds(root, content):
    first = write_build(root, content(), ORIGIN)
    reader = open_index(root)
    for _ in range(2):
        write_build(root, content(["别的文章。", "又一篇别的。"]), ORIGIN)
    assert not (root / first.build_id).exists()
    assert answers(reader, "异地就医备案有效期", 0)
    assert answers(reader, "生育津贴按上年度工资", 1)
    assert [article.text for article in reader.database.articles()] == TEXTS


def test_a_new_reader_sees_the_newest_build(root, content):
    write_build(root, content(), ORIGIN)
    write_build(root, content(["别的文章。"]), ORIGIN)
    assert [article.text for article in open_index(root).database.articles()] == ["别的文章。"]


FILES = [
    layout.DATABASE, layout.DENSE, layout.SENTENCES, layout.SENTENCE_OFFSETS, layout.KEYS,
    f"{layout.LEXICAL}/vocab.index.json", f"{layout.LEXICAL}/data.csc.index.npy",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_never_served(root, content, name):
    write_build(root, content(), ORIGIN)
    newest = write_build(root, content(["别的文章。", "又一篇别的。"]), ORIGIN)
    path = root / newest.build_id / name
    path.write_bytes(path.read_bytes()[:-1])
    reader = open_index(root)
    assert reader.warning is not None
    assert name in reader.warning
    assert answers(reader, "异地就医备案有效期", 0)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_of_the_only_build_is_an_error(root, content, name):
    manifest = write_build(root, content(), ORIGIN)
    (root / manifest.build_id / name).unlink()
    with pytest.raises(IndexCorruptError, match="yibao index --rebuild") as raised:
        open_index(root)
    assert name in str(raised.value)


def test_the_same_origin_is_accepted(root, content):
    manifest = write_build(root, content(), ORIGIN)
    check_origin(manifest, "hash-v1", "segmenter-v1")


def test_another_model_is_a_mismatch_that_names_both_and_the_remedy(root, content):
    manifest = write_build(root, content(), ORIGIN)
    with pytest.raises(IndexMismatchError, match="yibao index") as raised:
        check_origin(manifest, "hash-v2", "segmenter-v1")
    assert "hash-v1" in str(raised.value)
    assert "hash-v2" in str(raised.value)


def test_another_segmenter_is_a_mismatch(root, content):
    manifest = write_build(root, content(), ORIGIN)
    with pytest.raises(IndexMismatchError, match="yibao index"):
        check_origin(manifest, "hash-v1", "segmenter-v2")


def test_rows_for_reuse_are_found_by_the_key_of_their_text(root, content):
    written = content()
    write_build(root, written, ORIGIN)
    rows = reusable_rows(root, "hash-v1")
    assert set(rows) == {*written.passage_keys, *written.sentence_keys}
    for keys, vectors in (
        (written.passage_keys, written.passage_vectors),
        (written.sentence_keys, written.sentence_vectors),
    ):
        assert all(np.array_equal(rows[key], vector) for key, vector in zip(keys, vectors, strict=True))


def test_nothing_is_reused_from_another_model(root, content):
    write_build(root, content(), ORIGIN)
    assert reusable_rows(root, "hash-v2") == {}


def test_nothing_is_reused_where_there_is_no_index(root):
    assert reusable_rows(root, "hash-v1") == {}


def test_a_damaged_build_is_not_reused_but_the_one_before_it(root, content):
    write_build(root, content(), ORIGIN)
    newest = write_build(root, content(["别的文章。"]), ORIGIN)
    (root / newest.build_id / layout.SENTENCES).write_bytes(b"")
    assert set(reusable_rows(root, "hash-v1")) == {*content().passage_keys, *content().sentence_keys}
