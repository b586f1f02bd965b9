"""How many threads compute: every call on the one that makes it, and many calls side by side.

torch, FAISS and BLAS each start a team of threads as large as the machine and let it spin while it waits. As soon as
another process or another question computes, too, the teams wait for one another: beside a running build a question
took twenty times as long. So each call keeps to one thread, and whoever has much to do (a build) or many to serve
makes several calls at once; the heavy ones let go of the interpreter while they compute.
"""

from __future__ import annotations

import os
import sys

from threadpoolctl import threadpool_limits


def keep_to_one_thread() -> None:
    """Let each call of the numerical libraries loaded so far use one thread.

    BLAS takes this for the whole process, OpenMP only for the calling thread: torch is told by its own switch, which
    holds for all, and FAISS spreads no single question over threads.
    """
    threadpool_limits(limits=1)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)


def cores() -> int:
    """Return how many calls can compute side by side: the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
