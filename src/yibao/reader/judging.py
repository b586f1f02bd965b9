"""From scores and checks to what is quoted and whether anything is: one small model that can be read.

Every sentence of the passages found gets a weighted sum of what the reader, the encoder's cosines and the checks say of
it; "nothing here answers" gets a constant. The softmax over all of them (a conditional logit, McFadden 1974) gives the
probability that each sentence answers, and what is left over that none does. The weights stand in ``judge.json``, made
by ``python -m yibao.evaluation.fitting``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from yibao.reader.checks import Checks

WEIGHTS = Path(__file__).parent / "data" / "judge.json"
LEAST_MARGIN, MOST_MARGIN = -12.0, 6.0  # beyond them a margin says nothing more


@dataclass(frozen=True)
class Signals:
    """What is known of one sentence.

    ``margin``: the reader's log-odds against "nothing"; ``closeness`` and ``around``: the encoder's cosine of the
    question with the sentence and with its passage, on the common scale; ``behind``: how far the passage's score stays
    behind the best one's, 0..1; ``words`` and ``words_around``: the share of the question's words, rare ones weighing
    more, that the sentence with its title and heading holds, and its passage.
    """

    margin: float
    closeness: float
    around: float
    behind: float
    words: float
    words_around: float
    checks: Checks

    def values(self) -> dict[str, float]:
        """Return all by name, as the model takes them; cosines around .85, the middle of e5's range."""
        margin = min(MOST_MARGIN, max(LEAST_MARGIN, self.margin))
        return {
            "margin": margin,
            "closeness": 10.0 * (self.closeness - 0.85),
            "around": 10.0 * (self.around - 0.85),
            "behind": self.behind,
            "words": self.words,
            "words_around": self.words_around,
            **asdict(self.checks),
        }


@dataclass(frozen=True)
class Judge:
    """The weights of the signals, and of "nothing"."""

    weights: Mapping[str, float]
    nothing: float

    def score(self, signals: Signals) -> float:
        """Return the weighted sum for one sentence."""
        return sum(self.weights[name] * value for name, value in signals.values().items())

    def probability(self, scores: Sequence[float]) -> float:
        """Return what the softmax over the sentences' scores and "nothing" leaves to the sentences, 0..1."""
        highest = max([*scores, self.nothing])
        answering = sum(math.exp(score - highest) for score in scores)
        return answering / (answering + math.exp(self.nothing - highest))


@lru_cache(maxsize=4)
def shipped_judge(path: Path = WEIGHTS) -> Judge:
    """Return the judge with the shipped weights."""
    values = json.loads(path.read_text(encoding="utf-8"))
    return Judge({name: float(weight) for name, weight in values["weights"].items()}, float(values["nothing"]))
