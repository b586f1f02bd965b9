"""Text becomes vectors: float32, unit length, one row a text."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from yibao import wording
from yibao.errors import ModelError
from yibao.index.bundled import SOURCE_MODEL, bundled_fingerprint, bundled_folder, packed_file
from yibao.index.threads import cores, keep_to_one_thread

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]

HASH_MODEL = "hash"
BUNDLED_MODEL = "bundled"
_BATCH = 32
_E5 = re.compile(r"(?<![0-9a-z])e5(?![0-9a-z])")  # a name of its own, not two digits of a snapshot's hash
_HUB_SETTINGS = {"HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}


class Embedder(Protocol):
    """Encodes questions and passages. Rows are float32 and of unit length; larger dot product = closer.

    ``fingerprint`` names model and version: equal fingerprints promise equal vectors. It is known
    without loading the weights.
    """

    name: str
    fingerprint: str

    @property
    def dimension(self) -> int:
        """Length of a row."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimension)."""
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return an array of shape (len(texts), dimension); ``progress`` is told how many more are done."""
        ...


class HashEmbedder:
    """Feature hashing of character bigrams: deterministic, no weights, no download.

    The fast double for tests and load tests; it is used only where it is asked for by name.
    """

    name = HASH_MODEL
    fingerprint = "hash-bigrams-v1"
    dimension = 256

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows; texts that share bigrams are close."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """As ``encode_queries``: there are no prompts."""
        vectors = self._encode(texts)
        if progress:
            progress(len(texts))
        return vectors

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            padded = f" {text} "
            for pair in pairwise(padded):
                digest = hashlib.blake2b("".join(pair).encode(), digest_size=4).digest()
                bucket, sign = digest[0], 1.0 if digest[1] & 1 else -1.0
                vectors[row, bucket] += sign
            if not vectors[row].any():  # two bigrams fell into one bucket with opposite signs
                vectors[row, 0] = 1.0
        return unit_rows(vectors)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by hub name or folder, and the bundled one.

    The weights are loaded at the first text. On processors with bfloat16 arithmetic the model runs under
    autocast, which here agrees with float32 to a cosine of 0.99999 at twice the speed; elsewhere it runs
    in plain float32.
    """

    def __init__(self, name: str, location: str, fingerprint: str, prompts: tuple[str, str] | None) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._location = location
        self._prompts = prompts

    @property
    def dimension(self) -> int:
        """Length of a row."""
        size = self._model.get_embedding_dimension()
        return int(size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, with the model's own prompt for questions."""
        return self._encode(texts, "query", None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows, with the model's own prompt for passages."""
        return self._encode(texts, "passage", progress)

    def _encode(self, texts: Sequence[str], kind: str, progress: Progress | None) -> Vectors:
        import torch

        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        prompt = self._prompt(kind)
        # Batches of similar length waste no padding; the longest first, so that no core waits long for the last one.
        order = sorted(range(len(texts)), key=lambda n: -len(texts[n]))
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        use_bfloat16 = _processor_has_bfloat16()

        def encode(rows: Sequence[int]) -> int:
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=use_bfloat16):
                vectors[rows] = self._model.encode(
                    [texts[n] for n in rows], prompt=prompt, batch_size=_BATCH, show_progress_bar=False
                )
            return len(rows)

        with ThreadPoolExecutor(cores()) as pool:
            for done in map(encode, batches) if len(batches) == 1 else pool.map(encode, batches):
                if progress:
                    progress(done)
        return unit_rows(vectors)

    def _prompt(self, kind: str) -> str:
        prompts: dict[str, str] = self._model.prompts or {}
        aliases = ("query",) if kind == "query" else ("passage", "document")
        known = next((prompts[alias] for alias in aliases if prompts.get(alias)), None)
        if known is None and self._prompts:
            return self._prompts[0] if kind == "query" else self._prompts[1]
        return known or ""

    @cached_property
    def _model(self) -> Any:
        model = open_model("SentenceTransformer", self._location, self.name)
        model.encode([""], show_progress_bar=False)  # sets up the tokenizer, which several threads may not do at once
        return model


def open_model(kind: Literal["SentenceTransformer", "CrossEncoder"], location: str, name: str) -> Any:
    """Open a model of ``sentence_transformers`` from a folder or the hub; ``name`` is what the user called it.

    Raises:
        ModelError: it cannot be read or fetched.
    """
    for key, value in _HUB_SETTINGS.items():
        os.environ.setdefault(key, value)
    import sentence_transformers
    from transformers.utils import logging as transformers_logging

    keep_to_one_thread()
    transformers_logging.disable_progress_bar()
    transformers_logging.set_verbosity_error()
    local = Path(location).is_dir()
    try:
        return getattr(sentence_transformers, kind)(location, device="cpu", local_files_only=local)
    except Exception as error:  # the hub client, torch and tokenizers each raise their own kinds
        text = wording.MODEL_BROKEN if local else wording.MODEL_UNREACHABLE
        raise ModelError(text.format(name=name, reason=_first_line(error))) from error


def make_embedder(name: str, cache: Path | None = None) -> Embedder:
    """Return the embedder for ``name``: ``bundled``, ``hash``, a folder, or a name on the hub.

    Raises:
        ModelError: ``name`` looks like a folder that is not there, or the bundled model cannot be unpacked.
    """
    if name == HASH_MODEL:
        return HashEmbedder()
    if name == BUNDLED_MODEL:
        if packed_file() is None:
            print(wording.MODEL_FALLBACK, file=sys.stderr)
            return _from_hub(SOURCE_MODEL)
        return SentenceTransformerEmbedder(name, _unpacked(name, cache), bundled_fingerprint(), None)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return SentenceTransformerEmbedder(name, str(folder), _folder_fingerprint(folder), _known_prompts(name))
    if name.startswith((".", "/", "~")):
        raise ModelError(wording.MODEL_FOLDER_MISSING.format(name=name))
    return _from_hub(name)


def unit_rows(vectors: npt.NDArray[Any]) -> Vectors:
    """Scale each row to length 1; a row of zeros stays."""
    array = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    scaled: Vectors = (array / np.where(lengths == 0.0, 1.0, lengths)).astype(np.float32)
    return scaled


def _unpacked(name: str, cache: Path | None) -> str:
    try:
        return str(bundled_folder(cache))
    except (OSError, ValueError) as error:
        raise ModelError(wording.MODEL_BROKEN.format(name=name, reason=_first_line(error))) from error


def _from_hub(name: str) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(name, name, f"hub:{name}", _known_prompts(name))


def _known_prompts(name: str) -> tuple[str, str] | None:
    """E5 and BGE models need prompts that older model folders do not carry themselves."""
    lowered = name.lower()
    if _E5.search(lowered) and "instruct" not in lowered:
        return "query: ", "passage: "
    if "bge" in lowered and "zh" in lowered:
        return "为这个句子生成表示以用于检索相关文章\uff1a", ""
    return None


def _folder_fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        status = path.stat()
        digest.update(f"{path.relative_to(folder)}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return f"folder:{digest.hexdigest()[:16]}"


def _processor_has_bfloat16() -> bool:
    import torch

    check = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(check and check())


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
