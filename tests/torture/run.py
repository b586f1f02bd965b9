"""Everything that must hold when things go wrong, tried on real processes: ``python tests/torture/run.py --minutes 5``.

Prints a table of figures and ends with 1 where anything did not hold. With the same seed the same things are tried, as
far as the speed of the machine lets them be. Never part of the test run.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
os.environ["OMP_NUM_THREADS"] = "1"  # processes whose threads wait for each other are slow, and speed is not the point

from common import Figures, Ground
from flipping import flipped_bytes
from killing import during_builds, during_history, during_uploads
from serving import crowd, fuzzed_requests, no_network

# Each with its share of the time
TORTURES: dict[str, tuple[float, Callable[[Ground], Figures]]] = {
    "builds": (0.2, during_builds),
    "uploads": (0.15, during_uploads),
    "history": (0.1, during_history),
    "flips": (0.2, flipped_bytes),
    "fuzz": (0.2, fuzzed_requests),
    "crowd": (0.15, crowd),
    "network": (0.0, no_network),  # as long as it takes
}
_SHOWN = 5  # failures of one kind
_LONGEST = 240  # characters of one


def main() -> int:
    """Run what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long in all, about (default 5)")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run (default: another one each time)")
    parser.add_argument("--only", choices=TORTURES, nargs="*", help="which kinds (default: all)")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    chosen = given.only or list(TORTURES)
    shares = sum(TORTURES[name][0] for name in chosen) or 1.0
    print(f"seed {seed}, about {given.minutes:g} minutes", flush=True)
    failed = 0
    for name in chosen:
        share, torture = TORTURES[name]
        failed += not _shown(*_tortured(name, torture, seed, 60 * given.minutes * share / shares))
    print("all held" if not failed else f"{failed} of {len(chosen)} did not hold (seed {seed})")
    return 1 if failed else 0


def _tortured(name: str, torture: Callable[[Ground], Figures], seed: int, seconds: float) -> tuple[Figures, float]:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yibao-torture-", ignore_cleanup_errors=True) as folder:
        ground = Ground(Path(folder), random.Random(f"{seed}-{name}"), started + seconds)
        try:
            figures = torture(ground)
        except Exception as error:  # noqa: BLE001  # whatever else comes out is what is looked for
            figures = Figures(name, failures=[f"{type(error).__name__}: {error}"])
    return figures, time.monotonic() - started


def _shown(figures: Figures, seconds: float) -> bool:
    counts = ", ".join(f"{count} {what}" for what, count in figures.counts.items())
    print(f"{'ok    ' if not figures.failures else 'FAILED'} {figures.name:42} {counts} ({seconds:.0f} s)", flush=True)
    for failure, times in Counter(figures.failures).most_common(_SHOWN):
        print(f"       {times} x {failure[:_LONGEST]}", flush=True)
    if len(figures.failures) > _SHOWN:
        print(f"       {len(figures.failures)} in all", flush=True)
    return not figures.failures


if __name__ == "__main__":
    sys.exit(main())
