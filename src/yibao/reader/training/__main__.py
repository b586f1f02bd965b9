"""Train the reader: ``python -m yibao.reader.training --out FOLDER --training FOLDER ...``; see ``data/MODEL_CARD.md``.

Two phases: public sets teach which sentence answers, the project's own questions what does not. The best checkpoint of
each, by the loss on questions that are watched and not trained on, is kept in the folder; ``--phase own --start
FOLDER/public.pt`` goes on from one. ``--pack FILE --pack FILE`` writes the mean of checkpoints (Wortsman et al. 2022,
model soups) as the weights that are shipped.
"""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Annotated

import torch
import typer
from torch.multiprocessing.spawn import spawn

from yibao.index.threads import cores
from yibao.reader.dataset import of_split, read_labelled
from yibao.reader.training.examples import public_examples
from yibao.reader.training.loop import Plan, run
from yibao.reader.training.own import Library, own_examples
from yibao.reader.weights import CHECKSUM, WEIGHTS, save

WATCHED = 400  # questions of the split "fit"
AGAIN = 2000  # public examples that are trained on once more beside our own, the web questions first
PORT = 29517


class Phase(str, Enum):
    """What is trained on."""

    public = "public"
    own = "own"


def main(
    out: Annotated[Path, typer.Option(help="Where checkpoints go, or lie.")],
    training: Annotated[Path | None, typer.Option(help="Public sets as JSON lines.")] = None,
    dureader: Annotated[Path | None, typer.Option(help="DuReader dev as a BEIR folder.")] = None,
    documents: Annotated[Path | None, typer.Option(help="The laws and notices that our questions point into.")] = None,
    corpus: Path = Path("corpus"),
    phase: Annotated[list[Phase] | None, typer.Option(help="Which phases, in this order; both if not given.")] = None,
    start: Annotated[Path | None, typer.Option(help="A checkpoint to go on from.")] = None,
    pack: Annotated[list[Path] | None, typer.Option(help="Train nothing: ship the mean of these checkpoints.")] = None,
    swapped: Annotated[bool, typer.Option(help="Add near-misses made by swapping a facet.")] = True,
    layers: Annotated[int, typer.Option(help="Trained layers; the shipped reader has 6.")] = 6,
    seed: int = 7,
) -> None:
    """Train the reader, or pack what was trained."""
    if pack:
        states = [torch.load(each, weights_only=True) for each in pack]
        state = {name: torch.stack([each[name] for each in states]).mean(dim=0) for name in states[0]}
        CHECKSUM.write_text(f"{save(state, WEIGHTS, {'seed': seed})}  {WEIGHTS.name}\n", encoding="utf-8")
        return
    if training is None or dureader is None or documents is None:
        raise typer.BadParameter("--training, --dureader and --documents are needed to train")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    out.mkdir(parents=True, exist_ok=True)
    public, web = public_examples(training, dureader, seed)
    plans = []
    for each in phase or [Phase.public, Phase.own]:
        if each is Phase.public:
            plans.append(Plan("public", public, {"web": web}, rate=1e-4, seed=seed))
            continue
        library, questions = Library({"documents": documents, "corpus": corpus}), read_labelled()
        own = own_examples(of_split(questions, "train"), library, seed, swapped=swapped)
        watched = own_examples(of_split(questions, "fit")[::2][:WATCHED], library, seed, swapped=False, elsewhere=0.0)
        again = sorted(public, key=lambda example: example.source != "dureader_dev")[:AGAIN]
        plans.append(Plan("own", own + again, {"own": watched, "web": web}, rate=1e-4, seed=seed))
    spawn(run, (cores(), plans, start, out, PORT, layers), nprocs=cores())  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    typer.run(main)
