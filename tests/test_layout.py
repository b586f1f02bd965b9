from __future__ import annotations

import errno
import hashlib
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from yibao.errors import (
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    InputError,
    StorageError,
)
from yibao.index import layout
from yibao.index.manifest import FORMAT_VERSION, MANIFEST, Manifest, checksums

HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from yibao.index.layout import write_lock
with write_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def manifest_of(folder, build_id, **changes):
    values = {
        "format_version": FORMAT_VERSION, "build_id": build_id, "created": "2025-01-01T00:00:00+00:00",
        "model": "hash", "model_fingerprint": "h", "dimension": 2, "segmenter_fingerprint": "s",
        "chunking": {"max_words": 9}, "articles": {"甲": "1"}, "passages": 1, "sentences": 1,
        "checksums": checksums(folder),
    }  # fmt: skip
    return Manifest(**(values | changes))


def make_build(root, text, build_id=None, **changes):
    root.mkdir(exist_ok=True)
    build_id = build_id or layout.new_build_id()
    with layout.writing(root, build_id) as folder:
        (folder / "passages.db").write_text(text, "utf-8")
        (folder / "lexical").mkdir()
        (folder / "lexical" / "词.json").write_text(text, "utf-8")
        layout.commit(root, folder, manifest_of(folder, build_id, **changes))
    return build_id


def builds(root):
    return sorted(path.name for path in root.iterdir() if path.is_dir())


@pytest.fixture
def root(tmp_path):
    return tmp_path / "索引 一"


def test_ids_sort_by_time_and_never_repeat():
    ids = [layout.new_build_id() for _ in range(200)]
    assert [name.rpartition("-")[0] for name in ids] == sorted(name.rpartition("-")[0] for name in ids)
    assert len(set(ids)) == 200


def test_a_committed_build_is_the_current_one(root):
    build_id = make_build(root, "一")
    folder, manifest, warning = layout.open_build(root)
    assert (folder, manifest.build_id, warning) == (root / build_id, build_id, None)
    assert (root / "CURRENT").read_text("utf-8") == build_id + "\n"
    assert (folder / "passages.db").read_text("utf-8") == "一"


def test_the_manifest_comes_back_by_value(root):
    build_id = make_build(root, "一", articles={"文/章#2": "ab"}, chunking={"max_words": 7, "min_words": 3})
    found = layout.open_build(root)[1]
    assert found == manifest_of(root / build_id, build_id, articles={"文/章#2": "ab"}, chunking=found.chunking)
    assert found.chunking == {"max_words": 7, "min_words": 3}


def test_checksums_name_every_file_but_the_manifest(root):
    folder = root / make_build(root, "一")
    expected = hashlib.sha256("一".encode()).hexdigest()
    assert checksums(folder) == {"passages.db": expected, "lexical/词.json": expected}


def test_a_build_that_is_not_committed_leaves_no_trace(root):
    first = make_build(root, "一")
    with layout.writing(root, layout.new_build_id()) as folder:
        (folder / "passages.db").write_text("二", "utf-8")
        assert len(builds(root)) == 2
    assert builds(root) == [first]
    assert layout.current_id(root) == first


def test_a_build_counts_only_when_current_names_it(root):
    first = make_build(root, "一")
    build_id = layout.new_build_id()
    with layout.writing(root, build_id) as folder:  # killed between the two renames of ``commit``
        (folder / "passages.db").write_text("二", "utf-8")
        (folder / MANIFEST).write_text(json.dumps(vars(manifest_of(folder, build_id))), "utf-8")
        folder.rename(root / build_id)
    assert layout.open_build(root)[0] == root / first


def test_pruning_keeps_the_current_build_and_the_one_before(root):
    ids = [make_build(root, str(n)) for n in range(8)]
    assert builds(root) == ids[-2:]
    assert layout.current_id(root) == ids[-1]


def test_what_killed_writers_left_is_swept_by_the_next(root):
    first = make_build(root, "一")
    (root / ".building-dead" / "lexical").mkdir(parents=True)
    (root / ".building-dead" / "passages.db").write_text("half")
    second = make_build(root, "二")
    assert builds(root) == [first, second]


class KilledError(BaseException):
    """What ``kill -9`` would do, at a chosen step."""


def test_a_build_killed_half_way_through_its_pruning_is_swept(root, monkeypatch):
    def killed(_path, **_options):
        raise KilledError

    ids = [make_build(root, "一"), make_build(root, "二")]
    with monkeypatch.context() as patch:
        patch.setattr(layout.shutil, "rmtree", killed)
        with pytest.raises(KilledError):
            make_build(root, "三")
    assert ids[0] not in builds(root)
    ids += [layout.current_id(root), make_build(root, "四")]
    assert builds(root) == ids[-2:]


def fail_at_step(patch, number, error):
    """Raise ``error`` at the ``number``-th change on disk; a file it was writing is half there.

    Return what makes a step of a function: with what it does, and what of it is done where it fails.
    """
    left = itertools.count(number, -1)

    def stopping(change, half):
        def step(*arguments, **options):
            if next(left) == 0:
                half(*arguments)
                raise error
            return change(*arguments, **options)

        return step

    patch.setattr(
        Path, "write_text", stopping(Path.write_text, lambda path, text, *_: path.write_bytes(text.encode()[:9]))
    )
    for name in ("fsync", "rename", "replace", "mkdir"):
        patch.setattr(os, name, stopping(getattr(os, name), lambda *_: None))
    return stopping


def kill_before_step(patch, number):
    """Let the process die before its ``number``-th change on disk: nothing is cleared away behind it."""
    stopping = fail_at_step(patch, number, KilledError())
    patch.setattr(layout.shutil, "rmtree", stopping(lambda *_, **__: None, lambda *_: None))


def test_a_writer_killed_before_any_step_leaves_a_good_current_build(tmp_path, monkeypatch):
    served = []
    for number in range(100):
        root = tmp_path / str(number)
        before = [make_build(root, "零"), make_build(root, "一")][-1]
        with monkeypatch.context() as patch:
            kill_before_step(patch, number)
            try:
                make_build(root, "二")
                break
            except KilledError:
                pass
        folder, _, warning = layout.open_build(root)
        assert warning is None
        served.append("old" if folder.name == before else (folder / "passages.db").read_text("utf-8"))
    old, new = served.count("old"), served.count("二")
    assert served == ["old"] * old + ["二"] * new
    assert old >= 10
    assert new > 1


def test_a_disk_that_is_full_at_any_step_of_a_build_leaves_the_old_one_and_nothing_else(tmp_path, monkeypatch):
    refusals = []
    for number in range(1, 100):  # before that, the folder that is there already
        root = tmp_path / str(number)
        before = [make_build(root, "零"), make_build(root, "一")]
        with monkeypatch.context() as patch:
            fail_at_step(patch, number, OSError(errno.ENOSPC, "No space left on device"))
            try:
                make_build(root, "二")
                break
            except StorageError as error:
                refusals.append(str(error))
        folder, _, warning = layout.open_build(root)
        assert warning is None
        if layout.current_id(root) == before[-1]:  # else only the last flush failed: the new one counts
            assert builds(root) == before
            assert sorted(path.name for path in root.iterdir()) == [*before, "CURRENT"]
        else:
            assert (folder / "passages.db").read_text("utf-8") == "二"
    assert len(refusals) >= 10
    assert all("磁盘已满" in refusal for refusal in refusals)
    assert layout.current_id(root) not in before


def test_pruning_keeps_the_current_build_though_the_clock_went_back(root):
    ids = [make_build(root, "一"), make_build(root, "二"), make_build(root, "三", build_id="19990101T000000-abcdef")]
    assert builds(root) == [ids[2], ids[1]]
    assert layout.open_build(root)[0].name == ids[2]


def test_no_folder_is_no_index(root):
    with pytest.raises(IndexMissingError, match="yibao index"):
        layout.open_build(root)


def test_an_empty_folder_is_no_index(root):
    root.mkdir()
    with pytest.raises(IndexMissingError, match="yibao index"):
        layout.open_build(root)


def test_a_file_is_no_index(root):
    root.write_text("不是文件夹")
    with pytest.raises(IndexMissingError):
        layout.open_build(root)


@pytest.mark.parametrize("below", [False, True])
def test_nothing_is_written_where_a_file_stands(root, below):
    root.write_text("不是文件夹")
    with pytest.raises(InputError, match="索引 一"), layout.write_lock(root / "下" if below else root):
        pass
    assert root.read_text() == "不是文件夹"


def damage_byte(folder):
    data = bytearray((folder / "passages.db").read_bytes())
    data[-1] ^= 1
    (folder / "passages.db").write_bytes(bytes(data))


def cut_file(folder):
    (folder / "lexical" / "词.json").write_bytes(b"")


def remove_file(folder):
    (folder / "passages.db").unlink()


def cut_manifest(folder):
    text = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(text[: len(text) // 2], "utf-8")


def empty_manifest(folder):
    (folder / MANIFEST).write_bytes(b"")


def another_manifest(folder):
    (folder / MANIFEST).write_text("[1, 2]")


def remove_manifest(folder):
    (folder / MANIFEST).unlink()


def binary_manifest(folder):
    (folder / MANIFEST).write_bytes(b"\xff\xfe\x00")


DAMAGES = [
    (damage_byte, "passages.db"), (cut_file, "lexical/词.json"), (remove_file, "passages.db"),
    (cut_manifest, "manifest.json"), (empty_manifest, "manifest.json"), (another_manifest, "manifest.json"),
    (remove_manifest, "manifest.json"), (binary_manifest, "manifest.json"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "named"), DAMAGES)
def test_a_damaged_build_gives_way_to_the_one_before_with_a_warning(root, damage, named):
    older = make_build(root, "一")
    damage(root / make_build(root, "二"))
    folder, manifest, warning = layout.open_build(root)
    assert (folder.name, manifest.build_id) == (older, older)
    assert warning is not None
    assert named in warning
    assert "yibao index --rebuild" in warning


@pytest.mark.parametrize(("damage", "named"), DAMAGES)
def test_a_damaged_build_without_an_older_one_says_how_to_mend_it(root, damage, named):
    damage(root / make_build(root, "一"))
    with pytest.raises(IndexCorruptError, match="yibao index --rebuild") as raised:
        layout.open_build(root)
    assert named in str(raised.value)


def test_two_damaged_builds(root):
    ids = [make_build(root, "一"), make_build(root, "二")]
    for name in ids:
        damage_byte(root / name)
    with pytest.raises(IndexCorruptError) as raised:
        layout.open_build(root)
    assert ids[1] in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00", b"20990101T000000-abcdef\n"])
def test_a_damaged_current_file_gives_way_to_the_newest_build(root, content):
    make_build(root, "一")
    newest = make_build(root, "二")
    (root / "CURRENT").write_bytes(content)
    folder, _, warning = layout.open_build(root)
    assert folder.name == newest
    assert warning is not None


def test_without_a_current_file_the_newest_good_build_is_served_with_a_warning(root):
    good = make_build(root, "一")
    damage_byte(root / make_build(root, "二"))
    (root / "CURRENT").unlink()
    folder, manifest, warning = layout.open_build(root)
    assert (folder.name, manifest.build_id) == (good, good)
    assert layout.current_id(root) == ""
    assert "CURRENT" in warning
    assert "yibao index" in warning
    newest = make_build(root, "三")
    assert layout.open_build(root)[1:] == (layout.open_build(root)[1], None)
    assert layout.current_id(root) == newest


def test_without_a_current_file_and_without_a_good_build_the_file_is_named(root):
    damage_byte(root / make_build(root, "一"))
    (root / "CURRENT").unlink()
    with pytest.raises(IndexCorruptError, match="CURRENT"):
        layout.open_build(root)


def test_an_unfinished_build_alone_is_no_index(root):
    (root / ".building-x").mkdir(parents=True)
    (root / ".building-x" / MANIFEST).write_text("{}")
    with pytest.raises(IndexMissingError):
        layout.open_build(root)


@pytest.mark.parametrize("name", [".", "..", "/", "一"])
def test_a_current_file_never_leads_out_of_the_folder(root, name):
    newest = make_build(root, "一")
    (root / "CURRENT").write_text(name, "utf-8")
    folder, _, warning = layout.open_build(root)
    assert folder.name == newest
    assert "CURRENT" in warning


def test_a_build_after_a_damaged_current_file(root):
    make_build(root, "一")
    (root / "CURRENT").write_bytes(b"\xff")
    newest = make_build(root, "二")
    assert layout.open_build(root)[0].name == newest


def test_every_flipped_bit_of_a_manifest_is_found_or_changes_nothing(root):
    build_id = make_build(root, "一", articles={"文/章": "ab"}, passages=3)
    path = root / build_id / MANIFEST
    written, good = path.read_bytes(), layout.open_build(root)[1]
    harmless = 0
    for place in range(len(written)):
        for bit in (0, 1, 2, 5, 7):
            path.write_bytes(written[:place] + bytes([written[place] ^ 1 << bit]) + written[place + 1 :])
            try:
                assert layout.open_build(root)[1] == good
                harmless += 1
            except (IndexCorruptError, IndexMismatchError):
                pass
    assert harmless < len(written) / 5  # of the space between the values


def test_a_manifest_without_a_seal_is_one_of_the_first_version(root):
    build_id = make_build(root, "一")
    path = root / build_id / MANIFEST
    values = json.loads(path.read_text("utf-8"))
    assert len(values.pop("seal")) == 64
    path.write_text(json.dumps(values), "utf-8")
    assert layout.open_build(root)[1].build_id == build_id


@pytest.mark.parametrize("version", [0, 99, "1", None])
def test_another_format_is_a_mismatch(root, version):
    make_build(root, "一", format_version=version)
    with pytest.raises(IndexMismatchError, match="yibao index --rebuild") as raised:
        layout.open_build(root)
    assert str(version) in str(raised.value)


def test_an_older_build_of_another_format_is_not_served(root):
    make_build(root, "一", format_version=99)
    damage_byte(root / make_build(root, "二"))
    with pytest.raises(IndexCorruptError, match=r"passages\.db"):
        layout.open_build(root)


def test_a_damaged_older_build_does_not_matter(root):
    damage_byte(root / make_build(root, "一"))
    newest = make_build(root, "二")
    folder, _, warning = layout.open_build(root)
    assert (folder.name, warning) == (newest, None)


def test_a_manifest_is_never_changed_in_place():
    manifest = manifest_of_nothing()
    assert replace(manifest, passages=2).passages == 2
    with pytest.raises(AttributeError):
        manifest.passages = 2


def manifest_of_nothing():
    return Manifest(1, "a", "b", "c", "d", 2, "e", {}, {}, 0, 0, {})


@pytest.fixture
def holder(root):
    """Another process that holds the writer's lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD_THE_LOCK, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_writer_is_refused_until_the_first_dies(root, holder):
    with pytest.raises(IndexLockedError, match="索引 一"), layout.write_lock(root):
        pass
    holder.kill()
    holder.wait()
    with layout.write_lock(root):
        assert make_build(root, "一") == layout.current_id(root)


def test_readers_do_not_wait_for_a_writer(root, holder):
    build_id = make_build(root, "一")
    assert holder.poll() is None
    assert layout.open_build(root)[0].name == build_id


def test_a_second_writer_in_the_same_process_is_refused(root):
    with layout.write_lock(root), pytest.raises(IndexLockedError), layout.write_lock(root):
        pass


def test_the_lock_is_free_again_after_an_error(root):
    with pytest.raises(KeyError), layout.write_lock(root):
        raise KeyError
    with layout.write_lock(root):
        assert root.is_dir()
