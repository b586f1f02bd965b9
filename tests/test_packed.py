"""A small packed model, written here byte by byte as ``e5.c`` documents it, against what is read back."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from yibao.index.packed import read_packed

PIECES = ["<s>", "▁医保", "\uff0c", "𠮷"]
SCORES = [0.0, -3.5, -7.25, -11.0]
PLAIN = [1.5, -2.25, 0.0]
SCALES = [0.5, -2.0]
NIBBLES = [[(7 * j + 3) % 256 for j in range(16)], [(255 - 11 * j) % 256 for j in range(16)]]


def packed_bytes(magic: bytes = b"E5S1", version: int = 1, block: int = 32) -> bytes:
    encoded = [piece.encode() for piece in PIECES]
    bounds = [sum(map(len, encoded[:n])) for n in range(len(encoded) + 1)]
    head = struct.pack("<4sI7ifi", magic, version, 384, 12, 6, 1536, 4, 514, 1, 1e-5, block)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, bounds[-1])
    head += struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(f"<{len(SCORES)}f", *SCORES) + b"".join(encoded)
    head += struct.pack("<iI", 1, 5) + b"-map-"
    plain = struct.pack("<3f", *PLAIN)
    blocks = b"".join(struct.pack("<e16B", scale, *nibbles) for scale, nibbles in zip(SCALES, NIBBLES, strict=True))
    names = ["emb.ln.w", "l0.q.w"]
    begin = len(head) + 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in names)
    head += struct.pack("<i", 2)
    for name, entry in zip(names, [(0, 3, begin, len(plain)), (1, 64, begin + len(plain), len(blocks))], strict=True):
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", *entry)
    return head + plain + blocks


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "模型.bin"
    path.write_bytes(packed_bytes())
    return path


def test_sizes_and_epsilon_have_their_names(packed):
    model = read_packed(packed)
    assert model.sizes == {
        "hidden": 384, "layers": 12, "heads": 6, "feed_forward": 1536, "vocabulary": 4, "positions": 514, "types": 1,
    }  # fmt: skip
    assert model.epsilon == pytest.approx(1e-5)


def test_pieces_are_cut_at_byte_bounds(packed):
    model = read_packed(packed)
    assert model.pieces == PIECES
    assert model.scores.tolist() == SCORES


def test_plain_tensors_are_read_as_they_are(packed):
    assert read_packed(packed).tensors["emb.ln.w"].tolist() == PLAIN


def test_quantized_blocks_hold_low_nibbles_then_high_ones(packed):
    expected = []
    for scale, nibbles in zip(SCALES, NIBBLES, strict=True):
        expected += [scale * ((byte & 15) - 8) for byte in nibbles]
        expected += [scale * ((byte >> 4) - 8) for byte in nibbles]
    weights = read_packed(packed).tensors["l0.q.w"]
    assert weights.dtype == np.float32
    assert weights.tolist() == expected


@pytest.mark.parametrize("wrong", [{"magic": b"GGUF"}, {"version": 2}, {"block": 64}])
def test_another_format_is_refused(tmp_path, wrong):
    (tmp_path / "other.bin").write_bytes(packed_bytes(**wrong))
    with pytest.raises(ValueError, match="not an E5S1 model"):
        read_packed(tmp_path / "other.bin")


def test_a_file_cut_anywhere_is_refused(packed):
    whole = packed_bytes()
    for length in range(len(whole)):
        packed.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r".+"):
            read_packed(packed)
