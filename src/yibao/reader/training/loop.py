"""The training itself: one process a core, gradients averaged over them after every batch."""

from __future__ import annotations

import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from yibao.index.bundled import bundled_folder
from yibao.reader.inputs import Tokeniser
from yibao.reader.network import Lower, Upper, encoder_tensors
from yibao.reader.training.examples import Example
from yibao.reader.training.states import States

BATCH_TOKENS = 4096  # a process
HEAD_RATE = 10.0  # times the rate of the layers: the heads start from nothing
WARM_UP = 0.06  # share of the steps
DECAY = 0.01
LONGEST_GRADIENT = 1.0
TOLD_EVERY = 20  # steps


@dataclass(frozen=True)
class Plan:
    """One phase of the training."""

    name: str
    examples: Sequence[Example]
    watched: dict[str, Sequence[Example]]  # the early stopping looks at the mean over these
    rate: float
    seed: int
    epochs: int = 1
    checks: int = 8  # over all epochs


def loss_of(upper: Upper, states: States, examples: Sequence[Example]) -> Tensor:
    """Return the mean loss: minus the log of what the softmax over sentences and "nothing" gives the right ones."""
    scores, nothing = upper(states.batch(examples))
    logits = torch.cat([nothing[:, None], scores], dim=1)
    right = torch.full_like(logits, float("-inf"))
    weights = torch.tensor([example.weight for example in examples])
    for row, example in enumerate(examples):
        kept = [n + 1 for n in example.answers if logits[row, n + 1] > float("-inf")]
        right[row, kept or [0]] = 0.0
        if example.answers and not kept:  # the answer was cut off
            weights[row] = 0.0
    losses = torch.logsumexp(logits, dim=1) - torch.logsumexp(logits + right, dim=1)
    return (losses * weights).sum() / weights.sum().clamp(min=1.0)


def batches(examples: Sequence[Example], states: States, dice: random.Random) -> list[list[Example]]:
    """Return the examples in random batches of about BATCH_TOKENS, each of similar lengths."""
    order = list(examples)
    dice.shuffle(order)
    found: list[list[Example]] = []
    for begin in range(0, len(order), 256):
        batch: list[Example] = []
        for example in sorted(order[begin : begin + 256], key=states.size):
            if batch and (len(batch) + 1) * states.size(example) > BATCH_TOKENS:
                found.append(batch)
                batch = []
            batch.append(example)
        found.append(batch)
    dice.shuffle(found)
    return found


@torch.no_grad()
def judged(upper: Upper, states: States, examples: Sequence[Example]) -> dict[str, float]:
    """Return loss, area under the curve of answerable against not, and how often the best sentence is a right one."""
    upper.eval()
    margins, answerable, hits, loss = [], [], [], 0.0
    ordered = sorted(examples, key=states.size)
    for begin in range(0, len(ordered), 16):
        part = ordered[begin : begin + 16]
        scores, nothing = upper(states.batch(part))
        loss += float(loss_of(upper, states, part)) * len(part)
        best = scores.max(dim=1)
        margins += (best.values - nothing).tolist()
        answerable += [bool(e.answers) for e in part]
        hits += [int(n) in e.answers for n, e in zip(best.indices, part, strict=True) if e.answers]
    upper.train()
    return {"loss": loss / len(examples), "auc": _area(margins, answerable), "sentence": float(np.mean(hits))}


def _area(scores: Sequence[float], positive: Sequence[bool]) -> float:
    values, flags = np.array(scores), np.array(positive)
    ranks = np.empty(len(values))
    ranks[values.argsort(kind="stable")] = np.arange(1, len(values) + 1)
    good, bad = int(flags.sum()), int((~flags).sum())
    return float((ranks[flags].sum() - good * (good + 1) / 2) / (good * bad)) if good and bad else math.nan


def run(
    rank: int, processes: int, plans: Sequence[Plan], start: Path | None, out: Path, port: int, layers: int
) -> None:
    """Train in process ``rank`` of ``processes``; the first writes checkpoints and tells standard error how it goes.

    Args:
        rank: from 0.
        processes: which meet at ``port`` of this machine.
        plans: the phases, one after the other.
        start: a checkpoint to go on from; else the encoder's own layers.
        out: an existing folder for checkpoints.
        port: a free one.
        layers: how many of the encoder's layers are trained.
    """
    torch.set_num_threads(1)
    torch.manual_seed(plans[0].seed + rank)
    dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=processes)
    folder = bundled_folder()
    tensors = encoder_tensors(folder)
    states = States(Lower(tensors), Tokeniser(folder))
    upper = Upper(tensors, layers)
    if start:
        upper.load_state_dict(torch.load(start, weights_only=True))
    for plan in plans:
        _phase(rank, processes, plan, upper, states, out)
        states.reset()
    dist.destroy_process_group()


def _phase(rank: int, processes: int, plan: Plan, upper: Upper, states: States, out: Path) -> None:
    own = [example for example in plan.examples if _owner(example, processes) == rank]
    states.read([*own, *(example for part in plan.watched.values() for example in part)])
    schedule = _schedule(own, plan, states)
    optimiser, rate = _optimiser(upper, plan.rate, len(schedule))
    every = max(1, len(schedule) // plan.checks)
    best, began, total = math.inf, time.monotonic(), 0.0
    upper.train()
    for step, batch in enumerate(schedule, start=1):
        optimiser.zero_grad()
        loss = loss_of(upper, states, batch)
        torch.autograd.backward(loss)
        _average(upper, processes)
        torch.nn.utils.clip_grad_norm_(upper.parameters(), LONGEST_GRADIENT)
        optimiser.step()
        rate.step()
        total += float(loss.detach())
        if rank == 0 and step % TOLD_EVERY == 0:
            minutes = (time.monotonic() - began) / 60
            whole = minutes / step * len(schedule)
            _say(f"{plan.name} {step}/{len(schedule)} loss {total / step:.3f} {minutes:.1f} min of about {whole:.0f}")
        if step % every == 0 or step == len(schedule):
            best = _checked(rank, plan, upper, states, out, step, best)
    dist.barrier()
    upper.load_state_dict(torch.load(out / f"{plan.name}.pt", weights_only=True))


def _schedule(own: Sequence[Example], plan: Plan, states: States) -> list[list[Example]]:
    """Return the batches of all epochs, as many as the process with the fewest has."""
    dice = random.Random(plan.seed)
    schedule = [batch for _ in range(plan.epochs) for batch in batches(own, states, dice)]
    count = torch.tensor(len(schedule))
    dist.all_reduce(count, dist.ReduceOp.MIN)
    return schedule[: int(count)]


def _optimiser(upper: Upper, rate: float, steps: int) -> tuple[torch.optim.Optimizer, LambdaLR]:
    heads = [*upper.said.parameters(), *upper.nothing.parameters(), upper.asks]
    rest = [*upper.layers.parameters(), upper.scale]
    groups = [{"params": rest, "lr": rate}, {"params": heads, "lr": rate * HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    return optimiser, LambdaLR(optimiser, lambda step: _share(step, steps))


def _checked(rank: int, plan: Plan, upper: Upper, states: States, out: Path, step: int, best: float) -> float:
    """Look at the questions that are watched; keep the weights if they are the best so far. Return the best loss."""
    mean = torch.zeros(1)
    if rank == 0:
        found = {name: judged(upper, states, part) for name, part in plan.watched.items()}
        mean[0] = sum(each["loss"] for each in found.values()) / len(found)
        told = (f"{name} {key} {value:.3f}" for name, each in found.items() for key, value in each.items())
        _say(f"{plan.name} {step}: " + ", ".join(told))
        torch.save(upper.state_dict(), out / f"{plan.name}-last.pt")
        if float(mean) < best:
            torch.save(upper.state_dict(), out / f"{plan.name}.pt")
    dist.broadcast(mean, 0)
    return min(best, float(mean))


def _owner(example: Example, processes: int) -> int:
    return sum(map(ord, example.passage.text)) % processes


def _average(upper: Upper, processes: int) -> None:
    """Average the gradients over the processes, all in one message."""
    if processes == 1:
        return
    gradients = [p.grad for p in upper.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    flat /= processes
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
        at += gradient.numel()


def _share(step: int, steps: int) -> float:
    warm = max(1, int(WARM_UP * steps))
    return (step + 1) / warm if step < warm else max(0.02, (steps - step) / (steps - warm))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
