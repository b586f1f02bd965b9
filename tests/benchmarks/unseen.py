"""Questions, numbers and sentences that nobody who wrote the rules had seen: ``python tests/benchmarks/unseen.py``.

Written by other hands after the rules stood (November 2026), a set for each of five things. Whoever mends a rule by
looking at a failure here has used the set up: the next figures need new ones.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yibao.answer.support import supports
from yibao.answer.triage import triage
from yibao.language.masking import mask
from yibao.language.quantities import Quantity, read_quantities
from yibao.language.segmenter import default_segmenter
from yibao.records import Citation
from yibao.search.understanding import understand

FOLDER = Path(__file__).parent.parent / "data" / "unseen"
LEAK = 6  # digits of a hidden number in a row that may not be left
UNITS = {
    "年": ("个月", 12), "月": ("个月", 1), "天": ("天", 1), "周": ("天", 7), "工作日": ("工作日", 1), "小时": ("分钟", 60),
    "分钟": ("分钟", 1),
}  # fmt: skip


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()]


def digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def leaks(hidden: str, masked: str) -> bool:
    number, left = digits(hidden), digits(masked)
    pieces = (number[at : at + LEAK] for at in range(len(number) - LEAK + 1))
    return hidden in masked or any(piece in left for piece in pieces)


def masking() -> str:
    cases = [(row, mask(row["text"])) for row in rows("masking")]
    leaking = sum(any(leaks(each, masked) for each in row["hidden"]) for row, masked in cases)
    lost = sum(any(each not in masked for each in row["kept"]) for row, masked in cases)
    wanted = sum(bool(row["hidden"]) for row, _ in cases)
    return f"personal numbers left {leaking} of {wanted}, others hidden {lost} of {len(cases)}"


def emergencies(name: str) -> str:
    cases = [(row["emergency"], bool(triage(row["text"]))) for row in rows(name)]
    missed = sum(real and not rang for real, rang in cases)
    false = sum(rang and not real for real, rang in cases)
    real = sum(real for real, _ in cases)
    return f"emergencies missed {missed} of {real}, false alarms {false} of {len(cases) - real}"


def follow_ups() -> str:
    wrong = {"follow_up": 0, "whole": 0}
    for row in rows("followups"):
        carried = understand(row["question"], row["history"], default_segmenter()).carried_from is not None
        wrong[row["kind"]] += carried != (row["kind"] == "follow_up")
    return (
        f"follow-ups taken for whole {wrong['follow_up']} of 40, whole ones taken for follow-ups {wrong['whole']} of 40"
    )


def is_read(value: dict[str, Any], text: str, found: list[Quantity]) -> bool:
    start = text.index(value["surface"])
    end = start + len(value["surface"])
    return any(is_same(value, each) for each in found if each.start < end and each.end > start)


def is_same(value: dict[str, Any], found: Quantity) -> bool:
    kind, low, high = value["kind"], value["low"], value["high"]
    if kind in ("phone", "document"):
        return found.kind == kind and digits(found.unit) == digits(str(low))
    if kind == "date":
        return found.kind == kind
    unit, factor = UNITS[value["unit"]] if kind == "duration" else (found.unit, 1)
    same_kind = found.kind == kind or (kind in ("count", "ordinal") and found.kind in ("count", "number"))
    return same_kind and found.unit == unit and (found.low, found.high) == (float(low) * factor, float(high) * factor)


def quantities() -> str:
    cases = [(value, row["text"]) for row in rows("quantities") for value in row["values"]]
    read = sum(is_read(value, text, read_quantities(text)) for value, text in cases)
    return f"quantities read {read} of {len(cases)}"


def claims() -> Iterator[str]:
    cases = rows("claims")
    for faithful, name in ((False, "false sentences shown"), (True, "faithful sentences shown")):
        own = [row for row in cases if row["faithful"] is faithful]
        yield f"{name} {sum(supports(cited(row), row['sentence']) for row in own)} of {len(own)}"


def cited(row: dict[str, Any]) -> Citation:
    insurance, quote = tuple(row["insurance"]), row["quote"]
    return Citation(
        1, "p", "a", row["title"], row["heading"], None, row["region"], insurance, "article", quote, 0, len(quote)
    )


def main() -> None:
    for line in (masking(), *map(emergencies, ("triage", "triage_second")), follow_ups(), quantities(), *claims()):
        print(line)


if __name__ == "__main__":
    main()
