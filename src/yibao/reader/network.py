"""The reader's network: the encoder's lower layers read question and passage apart, the trained upper ones together.

Splitting a transformer so is DeFormer (Cao et al. 2020) and PreTTR (MacAvaney et al. 2020): what the lower layers say
of a passage does not depend on the question, so it is computed once, in training for all epochs and later for all
questions that find the passage. Here the lower half, with the embedding matrix, is the bundled encoder's own and stays
frozen; only the upper half and the heads are trained, stored and shipped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS = 12
FROZEN = 6  # lower layers; the others are trained
HIDDEN = 384
HEADS = 12
FEED_FORWARD = 1536
EPSILON = 1e-12
DROPOUT = 0.1  # in training only
COSINE_SCALE = 20.0  # what a cosine counts before training: e5's own temperature is of this size
EVEN = 0.95  # of the scale: where "nothing" stands before training, beside cosines of .93 to .98

_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "joined_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """One BERT layer (Devlin et al. 2019), post-norm, GELU."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(HIDDEN, HIDDEN)
        self.key = nn.Linear(HIDDEN, HIDDEN)
        self.value = nn.Linear(HIDDEN, HIDDEN)
        self.joined = nn.Linear(HIDDEN, HIDDEN)
        self.joined_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.inner = nn.Linear(HIDDEN, FEED_FORWARD)
        self.outer = nn.Linear(FEED_FORWARD, HIDDEN)
        self.outer_norm = nn.LayerNorm(HIDDEN, EPSILON)

    def forward(self, states: Tensor, visible: Tensor) -> Tensor:
        """Return states of the same shape (rows, tokens, HIDDEN); ``visible`` is (rows, tokens), True for tokens."""
        rows, tokens, _ = states.shape
        split = (rows, tokens, HEADS, HIDDEN // HEADS)
        query, key, value = (
            linear(states).view(split).transpose(1, 2) for linear in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=visible[:, None, None, :])
        mixed = self.joined(mixed.transpose(1, 2).reshape(rows, tokens, HIDDEN))
        states = self.joined_norm(states + functional.dropout(mixed, DROPOUT, self.training))
        grown = self.outer(functional.gelu(self.inner(states)))
        normed: Tensor = self.outer_norm(states + functional.dropout(grown, DROPOUT, self.training))
        return normed


class Lower(nn.Module):
    """The frozen half: token numbers of one text become its states, whatever the other text says."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """Take embeddings and lower layers from ``tensors``, named as in a BERT folder."""
        super().__init__()
        self.words = tensors["embeddings.word_embeddings.weight"]  # as stored, in half precision: rows are looked up
        self.positions = tensors["embeddings.position_embeddings.weight"].float()
        self.kind = tensors["embeddings.token_type_embeddings.weight"][0].float()
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        _fill(self.norm, "", "embeddings.LayerNorm", tensors)
        self.layers = nn.ModuleList(encoder_layer(tensors, number) for number in range(FROZEN))
        self.requires_grad_(False).eval()

    @torch.no_grad()
    def forward(self, tokens: Tensor, visible: Tensor) -> Tensor:
        """Return the states (rows, tokens, HIDDEN) of token numbers (rows, tokens)."""
        states: Tensor = self.words[tokens].float() + self.positions[: tokens.shape[1]] + self.kind
        states = self.norm(states)
        for layer in self.layers:
            states = layer(states, visible)
        return states

    def of(self, numbers: Sequence[int]) -> Tensor:
        """Return the states (tokens, HIDDEN) of one text, in the half precision in which they are kept."""
        tokens = torch.tensor([numbers])
        states: Tensor = self(tokens, torch.ones_like(tokens, dtype=torch.bool))[0]
        return states.half()


@dataclass(frozen=True)
class Batch:
    """Pairs of question and passage, padded: the question's tokens stand first, the passage's follow.

    ``states`` (rows, tokens, HIDDEN) from the lower half; ``visible`` and ``asking`` (rows, tokens) are True for tokens
    and for the question's; ``spans`` (rows, sentences, tokens) hold 1 / length for the tokens of each sentence.
    """

    states: Tensor
    visible: Tensor
    asking: Tensor
    spans: Tensor

    @property
    def real(self) -> Tensor:
        """(rows, sentences), True where a sentence has tokens: those beyond the length limit have none."""
        return self.spans.sum(dim=2) > 0


class Upper(nn.Module):
    """The trained half with its heads."""

    def __init__(self, tensors: Mapping[str, Tensor] | None = None, layers: int = LAYERS - FROZEN) -> None:
        """Start from the encoder's upper layers in ``tensors``; without them the weights are to be loaded."""
        super().__init__()
        numbers = range(LAYERS - layers, LAYERS)
        self.layers = nn.ModuleList(Layer() if tensors is None else encoder_layer(tensors, n) for n in numbers)
        self.asks = nn.Parameter(torch.zeros(HIDDEN))  # added to the question's states: tells the two texts apart
        self.scale = nn.Parameter(torch.tensor(COSINE_SCALE))
        self.said = nn.Linear(2 * HIDDEN, 1)
        self.nothing = nn.Linear(2 * HIDDEN, 1)
        for head in (self.said, self.nothing):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return scores of the sentences (rows, sentences), -inf where there is none, and of "nothing" (rows,).

        A sentence's score starts as its scaled cosine with the question and is corrected by what the joint layers see.
        """
        states = batch.states + self.asks * batch.asking[..., None]
        for layer in self.layers:
            states = layer(states, batch.visible)
        weights = batch.asking / batch.asking.sum(dim=1, keepdim=True)
        question = torch.einsum("rt,rth->rh", weights, states)
        sentences = batch.spans @ states
        cosines = functional.cosine_similarity(sentences, question[:, None, :], dim=2)
        seen = torch.cat([sentences, sentences * question[:, None, :]], dim=2)
        said: Tensor = self.said(seen)
        scores = self.scale * cosines + said.squeeze(2)
        first = states[:, 0]
        unsaid: Tensor = self.nothing(torch.cat([first, question], dim=1))
        nothing = self.scale * EVEN + unsaid.squeeze(1)
        return scores.masked_fill(~batch.real, float("-inf")), nothing


def encoder_layer(tensors: Mapping[str, Tensor], number: int) -> Layer:
    """Return layer ``number`` of a BERT folder's tensors."""
    layer = Layer()
    for short, long in _NAMES.items():
        _fill(layer, short, f"encoder.layer.{number}.{long}", tensors)
    return layer


def _fill(module: nn.Module, short: str, name: str, tensors: Mapping[str, Tensor]) -> None:
    target: Any = getattr(module, short) if short else module
    with torch.no_grad():
        target.weight.copy_(tensors[f"{name}.weight"].float())
        target.bias.copy_(tensors[f"{name}.bias"].float())


def encoder_tensors(folder: Path) -> dict[str, Tensor]:
    """Return the tensors of a BERT folder, mapped from its file rather than copied."""
    from safetensors.torch import load_file

    tensors: dict[str, Tensor] = load_file(str(folder / "model.safetensors"))
    return tensors


def pack(pairs: Sequence[tuple[Tensor, Tensor, Sequence[tuple[int, int]]]]) -> Batch:
    """Join states of question and passage, with the token spans of the passage's sentences, into one padded batch."""
    rows = len(pairs)
    longest = max(len(question) + len(passage) for question, passage, _ in pairs)
    most = max(1, *(len(spans) for _, _, spans in pairs)) if pairs else 1
    states = torch.zeros(rows, longest, HIDDEN)
    visible = torch.zeros(rows, longest, dtype=torch.bool)
    asking = torch.zeros(rows, longest)
    averages = torch.zeros(rows, most, longest)
    for row, (question, passage, spans) in enumerate(pairs):
        border, end = len(question), len(question) + len(passage)
        states[row, :border] = question
        states[row, border:end] = passage
        visible[row, :end] = True
        asking[row, :border] = 1.0
        for number, (a, b) in enumerate(spans):
            if b > a:
                averages[row, number, border + a : border + b] = 1.0 / (b - a)
    return Batch(states, visible, asking, averages)
