"""Indexing brings the index up to date, embeds only what is new, and survives being killed at any moment."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from yibao.config import Config
from yibao.corpus.chunking import ChunkingConfig
from yibao.errors import IndexLockedError, IndexMismatchError, InputError, ModelError, StorageError
from yibao.index import layout
from yibao.index.embedding import HashEmbedder
from yibao.index.store import open_index
from yibao.indexing import build_index, index_with, searched_text
from yibao.language.segmenter import Segmenter
from yibao.language.terms import index_terms
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import Passage

SMALL_PASSAGES = ChunkingConfig(max_words=20, min_words=0)


class CountingEmbedder(HashEmbedder):
    """The double, which also notes every text it was given."""

    def __init__(self, fingerprint=HashEmbedder.fingerprint):
        self.fingerprint = fingerprint
        self.texts = []

    def encode_passages(self, texts, progress=None):
        self.texts += texts
        return super().encode_passages(texts, progress)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "索引"


@pytest.fixture
def index(small_corpus, root, segmenter):
    """Index the small corpus; return the report and the texts that were embedded."""

    def run(chunking=SMALL_PASSAGES, embedder=None, segmenter=segmenter, **options):
        embedder = embedder or CountingEmbedder()
        report = build_index([small_corpus], root, embedder, segmenter, chunking, 1_000_000, **options)
        return report, embedder.texts

    return run


def write_article(folder, name, *sentences):
    path = folder / f"{name}.md"
    path.write_text(f"---\ntitle: {name}\n---\n" + "\n\n".join(sentences) + "\n", "utf-8")
    return path


LONG = [
    "门诊慢特病的待遇从认定的次月开始享受。参保人要在定点医院提出申请并提交病历。",
    "住院的起付线按医院等级确定。三级医院的起付线高于二级医院和一级医院。",
    "生育保险的生育津贴发给用人单位。用人单位再按规定发给职工本人。",
]


def test_the_report_counts_what_was_read(index, small_corpus, root):
    (small_corpus / "broken.md").write_bytes(b"")
    (small_corpus / "copy.txt").write_bytes((small_corpus / "birth.txt").read_bytes())
    report, embedded = index()
    assert (report.files, report.articles, report.excerpts, report.duplicates) == (5, 3, 0, 1)
    assert (report.passages, report.sentences) == (3, 5)
    assert (report.embedded, report.passages_embedded, report.reused, report.passages_reused) == (8, 3, 0, 0)
    assert [Path(skipped.source).name for skipped in report.skipped] == ["broken.md"]
    assert (report.changed, report.build_id) == (True, layout.current_id(root))
    assert len(embedded) == 8


def test_the_report_is_plain_values(index, root):
    values = index()[0].to_json()
    assert values["index"] == str(root)
    assert values["seconds"] == round(values["seconds"], 2)
    assert values["skipped"] == ()


def test_passages_are_embedded_with_title_and_heading_sentences_alone(index, small_corpus):
    for path in small_corpus.rglob("*.*"):
        path.unlink()
    write_article(small_corpus, "住院", "## 起付线", "起付线一般是800元。")
    assert index()[1] == ["住院\n起付线\n## 起付线\n\n起付线一般是800元。", "起付线一般是800元。"]


def test_searched_text_leaves_out_what_is_empty():
    assert searched_text(Passage("a@1", "a", "标题", "", "正文。", 0, 3, ())) == "标题\n正文。"


def test_row_i_of_everything_is_passage_i(index, root, small_corpus, segmenter):
    write_article(small_corpus, "sub-way", *LONG)  # by path it stands behind sub/account, by id before it
    index()
    reader = open_index(root)
    passages = reader.database.all_passages()
    assert list(dict.fromkeys(p.article_id for p in passages)) == ["birth", "filing", "sub-way", "sub/account"]
    texts = {article.id: article.text for article in reader.database.articles()}
    double = HashEmbedder()
    whole = [searched_text(passage) for passage in passages]
    assert np.array_equal(reader.dense.vectors(), double.encode_passages(whole))
    for row, passage in enumerate(passages):
        assert passage.text == texts[passage.article_id][passage.start : passage.end]
        single = [texts[passage.article_id][sentence.start : sentence.end] for sentence in passage.sentences]
        assert np.array_equal(reader.sentences.of_passage(row), double.encode_passages(single))
        scores = reader.lexical.scores(index_terms(whole[row], segmenter))
        assert scores.argmax() == row


def test_an_unchanged_corpus_embeds_nothing_and_writes_no_build(index, root):
    first, _ = index()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.name != ".lock"}
    second, embedded = index()
    assert embedded == []
    assert (second.changed, second.build_id, second.embedded) == (False, first.build_id, 0)
    assert (second.reused, second.passages_reused) == (first.passages + first.sentences, first.passages)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.name != ".lock"} == before


def test_an_edit_embeds_only_the_passage_and_the_sentence_it_touches(index, small_corpus):
    path = write_article(small_corpus, "长文", *LONG)
    first, _ = index()
    path.write_text(path.read_text("utf-8").replace("发给职工本人", "付给女职工"), "utf-8")
    report, embedded = index()
    assert len(embedded) == 2
    assert embedded[0].startswith("长文\n")
    assert embedded[0].endswith("用人单位再按规定付给女职工。")
    assert embedded[1] == "用人单位再按规定付给女职工。"
    assert (report.passages_embedded, report.embedded) == (1, 2)
    assert report.reused == report.passages + report.sentences - 2
    assert report.passages == first.passages > 4


def test_a_new_date_embeds_nothing_but_is_written(index, small_corpus, root):
    index()
    path = small_corpus / "filing.md"
    path.write_text(path.read_text("utf-8").replace("2025-04-01", "2026-01-31"), "utf-8")
    report, embedded = index()
    assert (report.changed, embedded) == (True, [])
    assert open_index(root).database.article("filing").published == "2026-01-31"


def test_a_new_title_embeds_the_passages_but_no_sentence(index, small_corpus):
    index()
    path = small_corpus / "filing.md"
    path.write_text(path.read_text("utf-8").replace("异地就医备案的有效期\n", "备案管多久\n"), "utf-8")
    report, embedded = index()
    assert [text.splitlines()[0] for text in embedded] == ["备案管多久"] * report.passages_embedded
    assert report.passages_embedded == report.embedded == 1


def test_a_sentence_that_stands_in_two_articles_is_embedded_once(index, small_corpus):
    write_article(small_corpus, "甲", "请拨打医保热线。", LONG[0])
    write_article(small_corpus, "乙", "请拨打医保热线。", LONG[1])
    embedded = index()[1]
    assert embedded.count("请拨打医保热线。") == 1


def test_a_moved_article_embeds_nothing(index, small_corpus, root):
    index()
    (small_corpus / "filing.md").rename(small_corpus / "sub" / "moved.md")
    report, embedded = index()
    assert (embedded, report.removed_articles) == ([], 1)
    assert [article.id for article in open_index(root).database.articles()] == ["birth", "sub/account", "sub/moved"]


def test_a_deleted_article_vanishes_from_every_leg(index, small_corpus, root, segmenter):
    index()
    (small_corpus / "birth.txt").unlink()
    report, embedded = index()
    reader = open_index(root)
    assert (embedded, report.removed_articles, report.passages) == ([], 1, 2)
    assert reader.database.article("birth") is None
    assert len(reader.dense) == len(reader.lexical) == len(reader.database.all_passages()) == 2
    assert len(reader.sentences.vectors) == report.sentences
    assert reader.lexical.search(["生育津贴", "津贴"], 5)[0].tolist() == []
    pipeline = Pipeline(root, HashEmbedder(), segmenter, 0.0)
    for leg in ("dense", "lexical", "hybrid"):
        (found,) = pipeline.rank(["生育津贴怎么算"], 10, leg, by_article=True)
        assert "birth" not in [article_id for article_id, _ in found]


def test_other_sizes_cut_anew_but_embed_no_sentence_again(index, small_corpus):
    write_article(small_corpus, "长文", *LONG)
    first, _ = index()
    report, embedded = index(ChunkingConfig(max_words=200, min_words=110))
    assert report.passages < first.passages
    assert report.sentences == first.sentences
    assert len(embedded) == report.passages_embedded == report.embedded == 1


def test_another_model_embeds_everything_anew(index, root, segmenter):
    first, texts = index()
    other = CountingEmbedder("another-model")
    report, embedded = index(embedder=other)
    assert embedded == texts
    assert (report.reused, report.changed) == (0, True)
    with pytest.raises(IndexMismatchError, match="another-model"):
        Pipeline(root, HashEmbedder(), segmenter, 0.5)
    assert layout.current_id(root) == report.build_id != first.build_id


def test_another_segmenter_writes_anew_and_the_old_one_is_refused(index, root, segmenter):
    index()
    other = Segmenter("家庭成员\n")
    report, embedded = index(segmenter=other)
    assert (report.changed, embedded) == (True, [])
    reader = open_index(root)
    assert reader.lexical.search(["家庭成员"], 1)[1].size == 1
    Pipeline(root, HashEmbedder(), other, 0.5)
    with pytest.raises(IndexMismatchError, match="yibao index"):
        Pipeline(root, HashEmbedder(), segmenter, 0.5)


def test_rebuild_takes_nothing_over(index):
    first, texts = index()
    report, embedded = index(rebuild=True)
    assert embedded == texts
    assert (report.changed, report.reused) == (True, 0)
    assert report.build_id != first.build_id


def test_progress_runs_from_nothing_to_all(index):
    seen = []
    report, _ = index(progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, report.embedded)
    assert seen[-1] == (report.embedded, report.embedded)


def test_updates_end_where_a_fresh_index_would(small_corpus, tmp_path, root, segmenter):
    dice = random.Random(5)
    for step in range(8):
        name = f"文{dice.randrange(4)}"
        if dice.random() < 0.25:
            (small_corpus / f"{name}.md").unlink(missing_ok=True)
        else:
            write_article(small_corpus, name, *dice.choices(LONG, k=dice.randint(1, 4)), f"第{step}版。")
        arguments = ([small_corpus], HashEmbedder(), segmenter, SMALL_PASSAGES, 1_000_000)
        updated, fresh = root, tmp_path / f"fresh{step}"
        for folder in (updated, fresh):
            build_index(arguments[0], folder, *arguments[1:])
        one, two = open_index(updated), open_index(fresh)
        assert one.manifest.articles == two.manifest.articles
        assert one.database.articles() == two.database.articles()
        assert one.database.all_passages() == two.database.all_passages()
        assert np.array_equal(one.dense.vectors(), two.dense.vectors())
        assert np.array_equal(one.sentences.vectors, two.sentences.vectors)
        assert np.array_equal(one.sentences.offsets, two.sentences.offsets)
        terms = index_terms("生育津贴的起付线", segmenter)
        assert np.array_equal(one.lexical.scores(terms), two.lexical.scores(terms))


def test_a_damaged_build_is_replaced_though_nothing_changed(index, root):
    index()
    twin, _ = index(rebuild=True)
    (root / twin.build_id / layout.DENSE).write_bytes(b"")
    report, _ = index()
    assert report.changed
    reader = open_index(root)
    assert (reader.manifest.build_id, reader.warning) == (report.build_id, None)


def test_a_damaged_build_is_mended_with_the_vectors_of_the_one_before(index, root, small_corpus):
    index()
    write_article(small_corpus, "新", "新的一句。")
    second, _ = index()
    (root / second.build_id / layout.DATABASE).write_bytes(b"")
    _, embedded = index()
    assert embedded == ["新\n新的一句。", "新的一句。"]


def test_an_index_of_an_older_format_is_written_anew(index, root, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("yibao.index.store.FORMAT_VERSION", 0)
        index()
    with pytest.raises(IndexMismatchError):
        open_index(root)
    report, embedded = index()
    assert len(embedded) == report.embedded == 8
    assert open_index(root).manifest.build_id == report.build_id


def test_a_model_that_fails_leaves_the_old_build(index, root, small_corpus):
    class FailingEmbedder(CountingEmbedder):
        def encode_passages(self, *_texts):
            raise ModelError("取不到")

    first, _ = index()
    write_article(small_corpus, "新", "新的一句。")
    with pytest.raises(ModelError):
        index(embedder=FailingEmbedder())
    assert open_index(root).manifest.build_id == first.build_id
    assert [path.name for path in root.iterdir() if path.is_dir()] == [first.build_id]


def test_an_empty_corpus_is_an_error_and_leaves_the_old_build(index, root, small_corpus):
    first, _ = index()
    for path in small_corpus.rglob("*.*"):
        path.unlink()
    with pytest.raises(InputError):
        index()
    assert open_index(root).manifest.build_id == first.build_id


def test_a_corpus_of_bad_files_names_the_first(index, small_corpus):
    for path in small_corpus.rglob("*.*"):
        path.write_bytes(b"")
    with pytest.raises(InputError, match=r"birth\.txt"):
        index()


def test_a_missing_folder_is_named(root, segmenter, tmp_path):
    with pytest.raises(InputError, match="not-there"):
        build_index([tmp_path / "not-there"], root, HashEmbedder(), segmenter, SMALL_PASSAGES, 1_000_000)


@contextmanager
def mounted(folder, *options):
    """Mount something for the time of the block: what root may do, and nobody else."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small or a read-only disk")
    folder.mkdir(exist_ok=True)
    if subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_nothing_to_do_succeeds_on_a_disk_that_is_read_only(index, root, small_corpus):
    first, _ = index()
    with mounted(root, "--bind", str(root)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(root)], check=True)
        with pytest.raises(OSError, match="Read-only"):
            (root / "x").touch()
        report, embedded = index()
        assert (report.changed, report.build_id, embedded) == (False, first.build_id, [])
        write_article(small_corpus, "新", "新的一句。")
        with pytest.raises(StorageError, match="只读"):
            index()
        with pytest.raises(StorageError, match="只读"):
            index(rebuild=True)
    assert open_index(root).manifest.build_id == first.build_id


def test_nothing_to_do_needs_no_lock(index, root, small_corpus, monkeypatch):
    """The same where nobody is root: the lock cannot be had."""
    first, _ = index()

    def refused(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(layout.FileLock, "acquire", refused)
    report, _ = index()
    assert (report.changed, report.build_id) == (False, first.build_id)
    write_article(small_corpus, "新", "新的一句。")
    with pytest.raises(StorageError, match="没有读写权限") as raised:
        index()
    assert str(root) in str(raised.value)


def test_a_full_disk_is_one_line_and_the_old_index_stays(small_corpus, tmp_path):
    """A real one, of every size: full in the database, in the vectors, in the words, in the manifest."""
    disk, refusals = tmp_path / "disk", []
    for kilobytes in range(220, 900, 60):
        with mounted(disk, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"):
            config = Config(corpus=(str(small_corpus),), index=str(disk / "index"), model="hash")
            first = index_with(config)
            for number in range(40):
                write_article(small_corpus, f"多{number}", *(f"第{number}条第{line}句。" * 9 for line in range(5)))
            try:
                report = index_with(config)
            except StorageError as error:
                refusals.append(str(error))
                report = first
            reader = open_index(disk / "index")
            assert (reader.manifest.build_id, reader.warning) == (report.build_id, None)
            assert not list((disk / "index").glob(".building-*"))
            del reader
            for path in small_corpus.glob("多*.md"):
                path.unlink()
    assert len(refusals) >= 3
    assert all("腾出空间" in refusal for refusal in refusals)


def test_a_second_writer_is_refused(index, root):
    with layout.write_lock(root), pytest.raises(IndexLockedError):
        index()
    assert index()[0].changed


def test_an_article_of_headings_alone_can_be_indexed_and_opened(index, small_corpus, root):
    for path in small_corpus.rglob("*.*"):
        path.unlink()
    write_article(small_corpus, "目录", "## 第一章")
    assert (index()[0].passages, index()[0].sentences) == (1, 0)
    assert open_index(root).database.all_passages()[0].text == "## 第一章"


def test_the_settings_reach_the_index(small_corpus, root):
    write_article(small_corpus, "长文", *LONG)
    config = Config(corpus=(str(small_corpus),), index=str(root), model="hash", chunk_max_words=20, chunk_min_words=0)
    report = index_with(config)
    assert report.passages > index_with(Config(corpus=config.corpus, index=str(root), model="hash")).passages
    manifest = open_index(root).manifest
    assert (manifest.model, manifest.chunking["max_words"], manifest.chunking["min_words"]) == ("hash", 200, 110)


def test_a_file_above_the_limit_is_skipped(small_corpus, root):
    (small_corpus / "large.txt").write_text("医保" * 200_000, "utf-8")
    report = index_with(Config(corpus=(str(small_corpus),), index=str(root), model="hash", max_file_mb=1))
    assert [Path(skipped.source).name for skipped in report.skipped] == ["large.txt"]


SUBJECTS = ["异地备案", "生育津贴", "门诊慢特病", "住院起付线", "家庭共济"]
KILLS_BY_THE_CLOCK = 10
KILLS_WHILE_WRITING = 20


def write_version(folder, number, version):
    write_article(folder, f"文{number}", f"{SUBJECTS[number]}的规定现在是第{version}版。", "各地标准由参保地确定。")


def start(folder, root):
    command = [sys.executable, "-m", "yibao", "index", "--model", "hash", "--corpus", str(folder), "--index", str(root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder.parent)


def unfinished(root):
    return {path.name for path in root.glob(".building-*")}


def wait_for_writing(process, root, leftovers):
    """Return once the process writes a build, or has ended."""
    while process.poll() is None and not unfinished(root) - leftovers:
        time.sleep(0.001)


def assert_whole(root, versions, number, version):
    """The index opens, answers, and holds article ``number`` in its old or its new version, all else unchanged."""
    pipeline = open_pipeline(Config(index=str(root), model="hash"))
    reader = pipeline.reader
    assert reader.warning is None
    texts = [article.text for article in reader.database.articles()]
    found = [int(text.partition("现在是第")[2].partition("版")[0]) for text in texts]
    assert found in (versions, [*versions[:number], version, *versions[number + 1 :]])
    whole = [searched_text(passage) for passage in reader.database.all_passages()]
    assert np.array_equal(reader.dense.vectors(), HashEmbedder().encode_passages(whole))
    for leg in ("dense", "lexical", "hybrid"):
        (ranked,) = pipeline.rank([f"{SUBJECTS[number]}的规定"], 1, leg, by_article=True)
        assert ranked[0][0] == f"文{number}"
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_build_killed_at_any_moment_leaves_an_index_that_answers(tmp_path):
    folder, root = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    versions = [0] * len(SUBJECTS)
    for number in range(len(SUBJECTS)):
        write_version(folder, number, 0)
    assert start(folder, root).wait() == 0
    write_version(folder, 0, 1)  # an undisturbed run shows how long each phase takes
    began = time.monotonic()
    process = start(folder, root)
    wait_for_writing(process, root, set())
    writing = time.monotonic()
    assert process.wait() == 0
    in_all, in_writing = time.monotonic() - began, time.monotonic() - writing
    versions[0] = 1
    dice = random.Random()
    phases = ["start"] * KILLS_BY_THE_CLOCK + ["writing"] * KILLS_WHILE_WRITING
    half_written = 0
    for turn, phase in enumerate(phases, start=2):
        seconds = dice.random() * (in_all if phase == "start" else in_writing)
        number = turn % len(SUBJECTS)
        for each, version in enumerate(versions):
            write_version(folder, each, version)
        write_version(folder, number, turn)
        leftovers = unfinished(root)
        process = start(folder, root)
        if phase == "writing":
            wait_for_writing(process, root, leftovers)
        time.sleep(seconds)
        process.kill()
        process.wait()
        caught = bool(unfinished(root) - leftovers)
        half_written += caught
        if phase == "writing" and not caught:  # it had ended: a quieter machine writes faster than the measured run
            in_writing /= 2
        versions = assert_whole(root, versions, number, turn)
    assert half_written >= 5
    for each, version in enumerate(versions):  # the last one killed may not have come to its commit
        write_version(folder, each, version)
    write_version(folder, 0, 99)
    assert start(folder, root).wait() == 0
    assert assert_whole(root, versions, 0, 99)[0] == 99
    assert unfinished(root) == set()
    assert len([path for path in root.iterdir() if path.is_dir()]) == 2
