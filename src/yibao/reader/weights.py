"""The trained half on disk: matrices in 8 bits with one scale a row, everything else in half precision."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from yibao import wording
from yibao.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = Path(__file__).parent / "data"
WEIGHTS = FOLDER / "reader.safetensors"
CHECKSUM = FOLDER / "reader.sha256"
_SCALE = ".scale"
_LEAST_ROWS = 64  # a head of one row keeps half precision
_LEVELS = 127.0


def save(state: dict[str, Tensor], path: Path, about: dict[str, object]) -> str:
    """Write the weights with ``about`` (how they were made) in the header, and return the file's sha256."""
    import torch
    from safetensors.torch import save as to_bytes

    packed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if tensor.ndim > 1 and len(tensor) >= _LEAST_ROWS:
            scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / _LEVELS
            packed[name] = torch.round(tensor / scale).to(torch.int8)
            packed[name + _SCALE] = scale
        else:
            packed[name] = tensor.half()
    data = to_bytes(packed, {"about": json.dumps(about, ensure_ascii=False)})
    path.write_bytes(data)
    return sha256(data).hexdigest()


def load(path: Path = WEIGHTS, checksum: Path = CHECKSUM) -> dict[str, Tensor]:
    """Return the weights in single precision.

    Raises:
        ModelError: the file is missing, damaged, or not the one that the checksum names.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load as load_bytes

    try:
        data = path.read_bytes()
        if sha256(data).hexdigest() != checksum.read_text(encoding="utf-8").split()[0]:
            raise ModelError(wording.READER_DAMAGED.format(path=path))
        packed = load_bytes(data)
    except (OSError, IndexError, SafetensorError) as error:
        raise ModelError(wording.READER_DAMAGED.format(path=path)) from error
    return {
        name: tensor.float() * packed[name + _SCALE] if name + _SCALE in packed else tensor.float()
        for name, tensor in packed.items()
        if not name.endswith(_SCALE)
    }
