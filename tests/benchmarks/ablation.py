"""What each part of the search brings: each is switched off in turn, on the reporting half of the shipped questions.

``python tests/benchmarks/ablation.py [INDEX]``. Printed per variant: MRR@10, evidence within 600 characters, gold in the
card, the area under the curve of refusal, and the milliseconds of ``search`` at the median.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from yibao.config import Config
from yibao.evaluation.measures import summary
from yibao.evaluation.outcomes import run
from yibao.evaluation.questions import of_half, shipped_questions
from yibao.index.lexical import LexicalIndex
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Answer
from yibao.request import AS_SHIPPED, Request, SearchOptions
from yibao.search import evidence, fusion, retrieval
from yibao.search.hybrid import SearchResult


@dataclass(frozen=True)
class Switched:
    """A pipeline with other options than it ships with."""

    pipeline: Pipeline
    options: SearchOptions

    def ask(self, request: Request) -> Answer:
        """Answer with these options."""
        return self.pipeline.ask(replace(request, options=self.options))

    def find(self, request: Request) -> SearchResult:
        """Legs are not asked for one by one here: the hits are those of ``ask``."""
        return self.pipeline.find(replace(request, options=replace(self.options, leg=request.options.leg)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pipeline, name)


def without_measure(name: str) -> Callable[[], Any]:
    """Return a patch that takes one measure out of the evidence."""
    intercept, weights = evidence._coefficients()
    return lambda: patch.object(evidence, "_coefficients", lambda: (intercept, weights | {name: 0.0}))


def half(*_: object) -> float:
    """Return the same coverage for every question; the mean over the shipped ones is 0.43."""
    return 0.5


VARIANTS: dict[str, tuple[SearchOptions, Callable[[], Any] | None]] = {
    "as shipped": (AS_SHIPPED, None),
    "lexical leg alone": (SearchOptions(leg="lexical"), None),
    "dense leg alone": (SearchOptions(leg="dense"), None),
    "words weighed without the lead in meaning": (AS_SHIPPED, lambda: patch.object(fusion, "LEAD", 1e9)),
    "words weighed without what they cover": (AS_SHIPPED, lambda: patch.object(LexicalIndex, "coverage", half)),
    "no sentence vectors in the dense leg": (AS_SHIPPED, lambda: patch.object(retrieval, "SENTENCE_SHARE", 0.0)),
    "no synonyms": (SearchOptions(synonyms=False), None),
    "no spelling": (SearchOptions(spelling=False), None),
    "no facets in the ranking": (SearchOptions(facets=False), None),
    "no answer types in the evidence": (AS_SHIPPED, without_measure("answer_gap")),
    "no regions in the evidence": (AS_SHIPPED, without_measure("other_region")),
    "no years in the evidence": (AS_SHIPPED, without_measure("other_year")),
}


def main() -> None:
    """Print one line per variant."""
    root = sys.argv[1] if len(sys.argv) > 1 else "index"
    pipelines = {name: open_pipeline(replace(Config(index=root), reranker=name)) for name in ("none", "terms")}
    variants = {name: (pipelines["none"], *variant) for name, variant in VARIANTS.items()}
    variants["with the reranker over terms"] = (pipelines["terms"], AS_SHIPPED, None)
    questions = of_half(shipped_questions(), "report")
    print(f"{'':44} MRR@10  ev@600  card    AUC    ms")
    for name, (pipeline, options, change) in variants.items():
        if change:
            with change():
                outcomes = run(questions, Switched(pipeline, options))
        else:
            outcomes = run(questions, Switched(pipeline, options))
        found = summary(outcomes)
        overall = found["overall"]
        cells = [overall[key]["mean"] for key in ("mrr@10", "evidence@600", "gold_in_card")]
        area, latency = found["refusal"]["area_under_curve"], found["latency_ms"]["search"]["p50"]
        print(f"{name:44} " + "  ".join(f"{cell:.3f}" for cell in [*cells, area]) + f"  {latency:5.1f}", flush=True)


if __name__ == "__main__":
    main()
