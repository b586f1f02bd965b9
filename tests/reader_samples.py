"""Passages, articles and weights for the tests of the reader: real layers, heads that were never trained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from yibao.language.sentences import sentence_spans
from yibao.reader.inputs import PassageText

if TYPE_CHECKING:
    from yibao.reader.network import Lower, Upper

FILING = "异地就医备案的有效期是6个月。备案可以在手机上办理,也可以到窗口办。急诊抢救的不用备案。"
LIMIT = "在职职工普通门诊统筹的年度限额为2000元。退休人员为2500元。"
ACCOUNT = "绑定家庭成员不需要户口本。"


def passage_of(text: str, lead: str = "异地就医备案") -> PassageText:
    """Return a passage that is cut into its sentences."""
    return PassageText(lead, text, tuple(sentence_spans(text)))


PASSAGES = (passage_of(FILING), passage_of(LIMIT, "武汉市门诊统筹\n待遇"), passage_of(ACCOUNT, ""))


def network(layers: int = 6, *, heads: float = 0.02) -> tuple[Lower, Upper]:
    """Return both halves of the bundled encoder, with heads of random numbers as large as training makes them."""
    import torch

    from yibao.index.bundled import bundled_folder
    from yibao.reader.network import Lower, Upper, encoder_tensors

    tensors = encoder_tensors(bundled_folder())
    upper = Upper(tensors, layers)
    dice = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for weight in (upper.said.weight, upper.nothing.weight, upper.asks):
            weight.copy_(heads * torch.randn(weight.shape, generator=dice))
    return Lower(tensors), upper.eval()


def save_weights(upper: Upper, folder: Path) -> tuple[Path, Path]:
    """Write the weights as they are shipped; return their file and the one with the checksum."""
    from yibao.reader.weights import save

    weights, checksum = folder / "reader.safetensors", folder / "reader.sha256"
    checksum.write_text(f"{save(upper.state_dict(), weights, {'seed': 7})}  {weights.name}\n", encoding="utf-8")
    return weights, checksum
