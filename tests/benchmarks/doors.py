"""The running server: how soon it is there, and what eight people at once get of it: ``python tests/benchmarks/doors.py``.

One and eight threads take turns, so that other load on the machine weighs on both alike. Never part of the test run.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import DEVNULL, Popen

sys.path.insert(0, str(Path(__file__).parent.parent))

from running import Address, free_port, wait_until
from yibao.config import load
from yibao.indexing import index_with

ROUNDS = 8
QUESTIONS = (
    "异地就医备案有效期多久", "跨省看病最低报多少", "陕西共济账户能给父母用吗", "湖北蕲春县医保电话",
    "急诊没备案能报销吗", "福州新生儿医保要什么材料", "居民医保转职工医保要等多久", "灵活就业住院能报销吗",
) * 3  # fmt: skip


def is_up(address: Address, path: str) -> bool:
    try:
        return address.get(path).status == 200
    except OSError:
        return False


def asked(address: Address, threads: int) -> tuple[float, list[float]]:
    """Ask all questions with so many threads; return questions a second, and the seconds each took."""

    def one(question: str) -> float:
        started = time.perf_counter()
        assert address.post("/v1/ask", {"question": question}).status == 200
        return time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        each = list(pool.map(one, QUESTIONS))
    return len(QUESTIONS) / (time.perf_counter() - started), each


def main() -> None:
    index_with(load({}).config)
    address = Address("127.0.0.1", free_port())
    started = time.perf_counter()
    command = [sys.executable, "-m", "yibao", "serve", "--port", str(address.port)]
    with Popen(command, stdout=DEVNULL, stderr=DEVNULL, env=os.environ | {"YIBAO_REQUESTS_PER_MINUTE": "0"}) as server:
        wait_until(lambda: is_up(address, "/"), 120)
        page = time.perf_counter() - started
        wait_until(lambda: is_up(address, "/readyz"), 120)
        print(f"page after {page:.1f} s (limit 5 s), ready after {time.perf_counter() - started:.1f} s")
        asked(address, 8)
        rounds = [(asked(address, 1), asked(address, 8)) for _ in range(ROUNDS)]
        for threads, place in ((1, 0), (8, 1)):
            rate = statistics.median(pair[place][0] for pair in rounds)
            each = sorted(seconds for pair in rounds for seconds in pair[place][1])
            half, most = each[len(each) // 2], each[int(len(each) * 0.95)]
            print(f"{threads} at once: {rate:6.1f} questions/s, p50 {1000 * half:6.1f} ms, p95 {1000 * most:6.1f} ms")
        print(f"ratio of questions/s, 8 to 1: {statistics.median(many[0] / one[0] for one, many in rounds):.2f}")
        started = time.perf_counter()
        server.terminate()
        server.wait()
        print(f"ended after {time.perf_counter() - started:.1f} s, exit code {server.returncode}")


if __name__ == "__main__":
    main()
