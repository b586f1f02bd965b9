"""``kill -9`` at random moments while something is written: what was there stays, what was told to be done is there."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing

import numpy as np
from common import SUBJECTS, Figures, Ground, Worker, version_of, write_article

from yibao.history.store import History
from yibao.index.embedding import HashEmbedder
from yibao.indexing import index_with, searched_text
from yibao.language.masking import mask
from yibao.pipeline import Pipeline, open_pipeline

UPLOADED = "长期护理"


def during_builds(ground: Ground) -> Figures:
    """Kill builds: the index is the old or the new one, whole, and served without a warning."""
    figures, worker, held = Figures("kill -9 during a build"), Worker(ground.folder), [0] * len(SUBJECTS)
    for subject in SUBJECTS:
        write_article(ground.folder / "articles", subject, 0)
    figures.check(worker.run("build", ground.folder)[0] == 0, "the first build failed")
    write_article(ground.folder / "articles", SUBJECTS[0], 1)
    held, started = [1, *held[1:]], time.monotonic()
    figures.check(worker.run("build", ground.folder)[0] == 0, "the second build failed")
    whole = time.monotonic() - started
    turn = 1
    while not ground.over:
        turn += 1
        write_article(ground.folder / "articles", SUBJECTS[turn % len(SUBJECTS)], turn)
        new = [turn if place == turn % len(SUBJECTS) else version for place, version in enumerate(held)]
        code, _ = worker.run("build", ground.folder, kill_after=ground.dice.random() * whole)
        figures.counts["kills" if code == -signal.SIGKILL else "not in time"] += 1
        figures.check(code in {0, -signal.SIGKILL}, f"a build ended with {code}")
        held = _opened(figures, ground, (held, new), f"build {turn}")
        for subject, version in zip(SUBJECTS, held, strict=True):
            write_article(ground.folder / "articles", subject, version)
    write_article(ground.folder / "articles", SUBJECTS[0], turn + 1)  # a build that writes also clears away
    figures.check(worker.run("build", ground.folder)[0] == 0, "the last build failed")
    figures.check(not list((ground.folder / "index").glob(".building-*")), "something half-written was left")
    worker.close()
    return figures


def _opened(figures: Figures, ground: Ground, allowed: tuple[list[int], list[int]], where: str) -> list[int]:
    """Open the index, try whether it is whole, and return the version of each article in it."""
    pipeline = open_pipeline(ground.config)
    reader = pipeline.reader
    texts = {article.id: article.text for article in reader.database.articles()}
    figures.counts["lost"] += sum(subject not in texts for subject in SUBJECTS)
    found = [version_of(texts[subject]) if subject in texts else -1 for subject in SUBJECTS]
    figures.check(reader.warning is None, f"{where}: {reader.warning}")
    figures.check(found in allowed, f"{where}: versions {found}, not one of {allowed}")
    damaged = not _is_whole(pipeline)
    figures.counts["corrupt"] += damaged
    figures.check(not damaged, f"{where}: vectors or words are not of these passages")
    return found


def _is_whole(pipeline: Pipeline) -> bool:
    passages = pipeline.reader.database.all_passages()
    vectors = HashEmbedder().encode_passages([searched_text(passage) for passage in passages])
    best = [next(pipeline.rank([passage.title], 1, "lexical", by_article=True))[0][0] for passage in passages]
    same = np.array_equal(pipeline.reader.dense.vectors(), vectors)
    return same and best == [passage.article_id for passage in passages]


def during_uploads(ground: Ground) -> Figures:
    """Kill replacements of an added article: it is there after the next build, in the last version told or the next."""
    figures, worker, told = Figures("kill -9 while an upload replaces"), Worker(ground.folder), -1
    for subject in SUBJECTS:
        write_article(ground.folder / "articles", subject, 0)
    index_with(ground.config)
    while not ground.over:
        code, acks = worker.run(
            "upload", ground.folder, UPLOADED, told + 1, kill_after=ground.dice.random() * 0.15, acks=told < 0
        )
        figures.counts["kills"] += 1
        figures.check(code == -signal.SIGKILL, f"an upload ended with {code}")
        told = max([told, *acks])
        if not index_with(ground.config).changed:
            figures.counts["found as left"] += 1
        article = open_pipeline(ground.config).reader.database.article(UPLOADED)
        figures.counts["lost"] += article is None
        found = version_of(article.text) if article else -1
        figures.check(found in {told, told + 1}, f"after version {told} was told: {found}")
        told = max(told, found)
    worker.close()
    return figures


def during_history(ground: Ground) -> Figures:
    """Kill writers of the history: every question that was told to be kept is there, in order, in a sound file."""
    figures, worker, told = Figures("kill -9 while the history is written"), Worker(ground.folder), -1
    path = ground.folder / "history.db"
    while not ground.over:
        code, acks = worker.run("converse", ground.folder, told + 1, kill_after=ground.dice.random() * 0.1, acks=1)
        figures.counts["kills"] += 1
        figures.check(code == -signal.SIGKILL, f"a writer ended with {code}")
        told = max([told, *acks])
        history = History(path, mask)
        kept = [int(turn.asked.question) for turn in history.turns("me", history.conversations("me")[0].id)]
        figures.counts["lost"] += len(set(range(told + 1)) - set(kept))
        figures.check(kept in ([*range(told + 1)], [*range(told + 2)]), f"after {told} was told: up to {kept[-1]}")
        with closing(sqlite3.connect(path)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        figures.counts["corrupt"] += not sound
        figures.check(sound, "the file is not sound")
        told = max(told, kept[-1])
        if told > 2000:  # so that reading stays quick
            history.delete("me")
            told = -1
    figures.counts["questions kept"] = told + 1
    worker.close()
    return figures
