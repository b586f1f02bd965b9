from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from yibao import wording
from yibao import wording_pages as pages
from yibao.config import Config, uploads_folder
from yibao.errors import IndexLockedError, InputError, ModelError, StorageError
from yibao.index import layout
from yibao.index.store import open_index
from yibao.indexing import index_with
from yibao.pipeline import Pipeline, open_pipeline
from yibao.request import Request
from yibao.web.corpus_html import staged_report
from yibao.web.staged import Staged
from yibao.web.uploads import MAX_FILES, Uploads

CARE = "---\ntitle: 长期护理保险怎么申请\n---\n长期护理保险向街道服务窗口申请。评估结果有效期为2年。\n"
Send = Callable[..., Staged]


@pytest.fixture
def config(small_corpus: Path, tmp_path: Path) -> Config:
    config = Config(
        corpus=(str(small_corpus),), index=str(tmp_path / "index"), uploads=str(tmp_path / "uploads"), model="hash",
        refuse_below=0.0, max_file_mb=1,
    )  # fmt: skip
    index_with(config)
    return config


@pytest.fixture
def pipeline(config: Config) -> Pipeline:
    return open_pipeline(config)


@pytest.fixture
def uploads(config: Config, pipeline: Pipeline) -> Uploads:
    return Uploads(config, lambda: pipeline)


@pytest.fixture
def send(uploads: Uploads, tmp_path: Path) -> Send:
    """Stage files as Gradio hands them over: each in a temporary folder of its own."""

    def run(**files: str | bytes) -> Staged:
        paths = []
        for name, content in files.items():
            path = tmp_path / "temporary" / str(time.perf_counter_ns()) / name
            path.parent.mkdir(parents=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        staged = uploads.stage(paths)
        assert not any(path.exists() for path in paths)
        return staged

    return run


def ids(pipeline: Pipeline) -> set[str]:
    return set(pipeline.reader.manifest.articles)


def kept(uploads: Uploads) -> dict[str, str]:
    return {p.name: p.read_text("utf-8") for p in uploads.folder.iterdir() if p.is_file()}


def hidden(uploads: Uploads) -> list[str]:
    return [path.name for path in uploads.folder.iterdir() if path.name.startswith(".")]


def test_a_file_is_shown_as_it_would_be_cut_and_added_only_then(
    send: Send, uploads: Uploads, pipeline: Pipeline
) -> None:
    before = ids(pipeline)
    staged = send(**{"护理.md": CARE})
    (file,) = staged.files
    assert (file.name, file.problem, file.replaces) == ("护理.md", None, None)
    assert [article.title for article in file.articles] == ["长期护理保险怎么申请"]
    assert "".join(p.text for p in file.passages) == file.articles[0].text.strip()
    assert ids(pipeline) == before
    report = uploads.add(staged, ())
    assert ids(pipeline) == before | {"护理"}
    assert report.passages_embedded == len(file.passages)
    assert report.reused > 0
    article = pipeline.article("护理")
    assert pipeline.reader.database.passages_of("护理")[0][1] == file.passages[0]
    assert uploads.holds(article.source)
    assert pipeline.find(Request("长期护理保险向哪里申请")).hits[0].passage.article_id == "护理"
    assert hidden(uploads) == []


def test_the_articles_of_the_corpus_stay_though_their_folder_is_gone(
    send: Send, uploads: Uploads, pipeline: Pipeline, small_corpus: Path
) -> None:
    before = ids(pipeline)
    shutil.rmtree(small_corpus)
    uploads.add(send(**{"a.md": CARE}), ())
    assert ids(pipeline) == before | {"a"}


def test_indexing_again_keeps_what_was_added_and_embeds_nothing(
    send: Send, uploads: Uploads, pipeline: Pipeline, config: Config
) -> None:
    uploads.add(send(**{"a.md": CARE}), ())
    report = index_with(config)
    assert not report.changed
    assert index_with(config, rebuild=True).articles == len(ids(pipeline))


def test_each_index_has_a_folder_of_its_own_unless_one_is_set(tmp_path: Path) -> None:
    one, other = (uploads_folder(Config(index=str(tmp_path / name))) for name in ("one", "other"))
    assert one != other
    assert uploads_folder(Config(index=str(tmp_path / "one"))) == one
    assert uploads_folder(Config(uploads=str(tmp_path))) == tmp_path


def test_bad_files_are_reported_one_by_one_and_stop_no_other(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    staged = send(**{
        "a.exe": "x", "b.md": "", "c.txt": b"\x00\x01", "d.md": "![](a.png)", "e.md": b"x" * 1_000_001,
        "corpus.jsonl": '{"_id": "1", "text": "x"}', "good.md": CARE, "无后缀": "x", "f.md": b"\xff\xfe",
    })  # fmt: skip
    problems = {file.name: file.problem for file in staged.files}
    assert problems.pop("good.md") is None
    assert all(problems.values())
    assert problems["b.md"] == wording.SKIP_EMPTY
    assert problems["c.txt"] == wording.SKIP_BINARY
    assert problems["a.exe"] == problems["corpus.jsonl"] == pages.UPLOAD_KIND.format(kinds=".markdown .md .txt")
    uploads.add(staged, ())
    assert list(kept(uploads)) == ["good.md"]
    assert "good" in ids(pipeline)


def test_what_would_be_passed_over_is_told_before_anything_is_added(send: Send) -> None:
    (file,) = send(**{"a.md": "---\ntitle: 医保: 报销\n---\n![图](a.png)正文。\n"}).files
    assert file.problem is None
    assert file.remarks == (wording.REMARK_FRONT_MATTER.format(line=2), wording.REMARK_PICTURES.format(count=1))
    assert all(remark in staged_report(Staged(file.path.parent, (file,)), "") for remark in file.remarks)


def test_two_long_names_are_two_files(uploads: Uploads, tmp_path: Path) -> None:
    long = "关于进一步做好基本医疗保险跨省异地就医直接结算工作有关事项的通知" * 2
    paths = [tmp_path / f"{long}（{number}）.md" for number in "一二"]
    for path in paths:
        path.write_text(f"{path.stem[-3:]}的有效期为3个月。\n", "utf-8")
    staged = uploads.stage(paths)
    assert [(file.problem, file.replaces) for file in staged.files] == [(None, None), (None, None)]
    uploads.add(staged, ())
    assert len(kept(uploads)) == 2
    paths[0].write_text("改过的有效期为6个月。\n", "utf-8")
    (again,) = uploads.stage(paths[:1]).files
    assert again.replaces == staged.files[0].name


def test_two_files_whose_cut_names_are_one_are_staged_as_two(uploads: Uploads, tmp_path: Path) -> None:
    paths = [tmp_path / folder / "cut.md" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(
            f"---\ntitle: 通知{path.parent.name}\n---\n异地就医备案在{path.parent.name}窗口办理\u3002\n", "utf-8"
        )
    staged = uploads.stage(paths, ["很长的通知（一）.md", "很长的通知（二）.md"])
    assert [file.problem for file in staged.files] == [None, None]
    assert len({file.name for file in staged.files}) == 2


@pytest.mark.parametrize("name", ["..", "x/../../y.md", "长" * 80 + ".md", "CON.md", "-rf.md", "$(reboot).md", "'.md"])
def test_hostile_names_stay_inside_the_folder(uploads: Uploads, tmp_path: Path, name: str) -> None:
    path = tmp_path / "t" / Path(name).name if name != ".." else tmp_path / "t" / "..md"
    path.parent.mkdir()
    path.write_text(CARE, "utf-8")
    staged = uploads.stage([path])
    if staged.addable:
        uploads.add(staged, ())
    inside = {p for p in tmp_path.rglob("*") if p.is_file() and p.read_bytes() == CARE.encode()}
    assert inside == set(uploads.folder.glob("*.md"))


def test_hostile_contents_become_text(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    content = '# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>医保。"; DROP TABLE articles; --\n'
    uploads.add(send(**{"x.md": content}), ())
    assert pipeline.article("x").title == "<script>alert(1)</script>"


def test_more_files_than_allowed_are_refused(uploads: Uploads, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=str(MAX_FILES)):
        uploads.stage([tmp_path / f"{n}.md" for n in range(MAX_FILES + 1)])


def test_a_name_that_exists_is_replaced_only_when_told(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    uploads.add(send(**{"a.md": CARE}), ())
    newer = CARE.replace("2年", "3年")
    staged = send(**{"A.txt": newer, "b.md": CARE.replace("长期", "短期")})
    assert [file.replaces for file in staged.files] == ["a.md", None]
    uploads.add(staged, ())
    assert kept(uploads) == {"a.md": CARE, "b.md": CARE.replace("长期", "短期")}
    staged = send(**{"a.md": newer})
    with pytest.raises(InputError):
        uploads.add(staged, ())
    uploads.add(staged, ["a.md"])
    assert kept(uploads)["a.md"] == newer
    assert "3年" in pipeline.article("a").text


def test_what_is_there_already_is_not_added_twice(send: Send, small_corpus: Path) -> None:
    filing = (small_corpus / "filing.md").read_text("utf-8")
    staged = send(**{"copy.md": filing, "filing.md": CARE, "one.md": "甲。", "ONE.txt": "乙。", "two.md": "甲。"})
    problems = [file.problem for file in staged.files]
    assert problems[0] == pages.UPLOAD_KNOWN.format(title="异地就医备案的有效期")
    assert problems[1] == pages.UPLOAD_ID_TAKEN.format(title="异地就医备案的有效期")
    assert problems[2:4] == [None, pages.UPLOAD_TWICE]


def test_removing_takes_the_file_and_its_articles_away(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    before = ids(pipeline)
    uploads.add(send(**{"a.md": CARE}), ())
    uploads.remove(pipeline.article("a"))
    assert ids(pipeline) == before
    assert list(uploads.folder.iterdir()) == []


def test_only_added_articles_can_be_removed(uploads: Uploads, pipeline: Pipeline, small_corpus: Path) -> None:
    with pytest.raises(InputError, match="yibao index"):
        uploads.remove(pipeline.article("filing"))
    uploads.folder.mkdir()
    sly = replace(pipeline.article("filing"), source=str(uploads.folder / ".." / "articles" / "filing.md"))
    with pytest.raises(InputError):
        uploads.remove(sly)
    assert (small_corpus / "filing.md").is_file()


def test_a_failure_leaves_everything_as_it_was(
    send: Send, uploads: Uploads, pipeline: Pipeline, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.add(send(**{"a.md": CARE}), ())
    before, build = ids(pipeline), layout.current_id(Path(config.index))
    newer = send(**{"a.md": CARE.replace("2年", "3年"), "b.md": CARE.replace("长期", "短期")})

    def fails(*_: object, **__: object) -> None:
        raise ModelError("no model")

    with monkeypatch.context() as patched:
        patched.setattr(type(pipeline.embedder), "encode_passages", fails)
        with pytest.raises(ModelError):
            uploads.add(newer, ["a.md"])
    with layout.write_lock(Path(config.index)), pytest.raises(IndexLockedError):
        uploads.remove(pipeline.article("a"))
    assert kept(uploads) == {"a.md": CARE}
    assert ids(pipeline) == before
    assert layout.current_id(Path(config.index)) == build
    assert "2年" in pipeline.article("a").text
    uploads.add(newer, ["a.md"])  # what was staged is still there to try again
    assert "3年" in pipeline.article("a").text


KILL_AT_EACH_STEP = """
import json, os, shutil, sys
from pathlib import Path
from yibao.config import Config
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline
from yibao.web.uploads import Uploads

base, name = Path(sys.argv[1]), sys.argv[2]


def replace(config, steps):
    pipeline = open_pipeline(config)
    uploads = Uploads(config, lambda: pipeline)
    new = Path(config.index).parent / "sent" / name
    new.parent.mkdir()
    new.write_text("---\\ntitle: 护理\\n---\\n新的有效期是3年。\\n", "utf-8")
    staged = uploads.stage([new])
    left = [steps]

    def killing(change):
        def step(*arguments, **options):
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return change(*arguments, **options)
        return step

    for each in ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "fsync"):
        setattr(os, each, killing(getattr(os, each)))
    uploads.add(staged, [name])


for steps in range(100):
    folder = Path(shutil.copytree(base, base.parent / f"killed-{steps}"))
    config = Config(corpus=(str(folder / "articles"),), index=str(folder / "index"), uploads=str(folder / "uploads"), model="hash")
    index_with(config)
    child = os.fork()
    if not child:
        try:
            replace(config, steps)
            os._exit(0)
        finally:
            os._exit(1)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    index_with(config)
    pipeline = open_pipeline(config)
    uploads = Uploads(config, lambda: pipeline)
    try:
        found = pipeline.article("护理").text.strip()
        uploads.remove(pipeline.article("护理"))
    except LookupError:
        found = "LOST"
    left = sorted(path.name for path in uploads.folder.iterdir() if not path.name.startswith(".staged"))
    gone = "护理" not in open_pipeline(config).reader.manifest.articles
    print(json.dumps([ended, found, left, gone]), flush=True)
    if ended == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no kill -9")
@pytest.mark.parametrize("name", ["护理.md", "护理.txt"])
def test_an_article_killed_at_any_step_of_its_replacement_is_there_old_or_new(
    small_corpus: Path, tmp_path: Path, name: str
) -> None:
    base = tmp_path / "base"
    (base / "uploads").mkdir(parents=True)
    (base / "uploads" / "护理.md").write_text("---\ntitle: 护理\n---\n旧的有效期是2年。\n", "utf-8")
    shutil.copytree(small_corpus, base / "articles")
    command = [sys.executable, "-c", KILL_AT_EACH_STEP, str(base), name]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    steps = [json.loads(line) for line in output.splitlines()]
    assert [ended for ended, *_ in steps] == [9] * (len(steps) - 1) + [0]
    assert len(steps) > 20
    assert {"旧" in text or "新" in text for _, text, *_ in steps} == {True}
    assert "旧" in steps[0][1]
    assert "新" in steps[-1][1]
    assert all(left == [] and gone for *_, left, gone in steps)  # and it can be removed, with all that was left


def test_what_an_older_version_left_half_replaced_is_put_back(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    uploads.add(send(**{"a.md": CARE}), ())
    aside = uploads.folder / ".replaced-dead"
    aside.mkdir()
    (uploads.folder / "a.md").rename(aside / "a.md")
    (aside / "old-b.md").write_text(CARE.replace("长期", "短期"), "utf-8")
    (aside / "new-c.md").write_text("half", "utf-8")
    uploads.add(send(**{"d.md": CARE.replace("长期", "中期")}), ())
    assert set(kept(uploads)) == {"a.md", "b.md", "d.md"}
    assert {"a", "b", "d"} <= ids(pipeline)
    assert hidden(uploads) == []


def test_a_full_disk_is_one_line_and_stages_nothing(
    send: Send, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.add(send(**{"a.md": CARE}), ())
    newer = send(**{"a.md": CARE.replace("2年", "3年")})

    def full(_: Path, target: Path) -> None:
        Path(target).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StorageError, match="腾出空间"):
        uploads.add(newer, ["a.md"])
    with pytest.raises(StorageError, match="腾出空间"):
        send(**{"b.md": CARE})
    assert kept(uploads) == {"a.md": CARE}
    assert hidden(uploads) == [newer.folder.name]


def test_what_is_discarded_or_gone_is_not_added(send: Send, uploads: Uploads) -> None:
    staged = send(**{"a.md": CARE})
    uploads.discard(staged)
    assert hidden(uploads) == []
    with pytest.raises(InputError, match="重新上传"):
        uploads.add(staged, ())
    with pytest.raises(InputError):
        uploads.add(Staged(uploads.folder, ()), ())


def test_what_nobody_decided_about_for_a_day_is_swept_away(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten, recent = send(**{"a.md": CARE}), send(**{"b.md": CARE})
    now = time.time()
    monkeypatch.setattr("yibao.web.uploads._STAGED_FOR", -1)
    send(**{"c.md": CARE})
    assert not forgotten.folder.exists()
    assert not recent.folder.exists()
    assert time.time() - now < 60


def test_questions_go_on_while_articles_are_added(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    stop, trouble = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            hits = pipeline.find(Request("异地就医备案的有效期")).hits
            if not hits or hits[0].passage.article_id != "filing":
                trouble.append(hits)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for number in range(4):
            uploads.add(send(**{f"{number}.md": CARE.replace("2年", f"{number}年")}), ())
        for number in range(4):
            uploads.remove(pipeline.article(str(number)))
    finally:
        stop.set()
        asking.join()
    assert trouble == []


def test_two_at_once_wait_for_one_another(send: Send, uploads: Uploads, pipeline: Pipeline) -> None:
    staged = [send(**{f"{n}.md": CARE.replace("2年", f"{n}年")}) for n in range(3)]
    threads = [threading.Thread(target=uploads.add, args=(each, ())) for each in staged]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {"0", "1", "2"} <= ids(pipeline)


def test_another_processes_build_is_not_undone(
    send: Send, uploads: Uploads, config: Config, small_corpus: Path
) -> None:
    (small_corpus / "new.md").write_text("新的一篇医保文章。", "utf-8")
    index_with(config)  # the page's pipeline has not reloaded
    uploads.add(send(**{"a.md": CARE}), ())
    assert {"new", "a"} <= set(open_index(Path(config.index)).manifest.articles)


def test_of_a_long_file_only_the_beginning_is_previewed(uploads: Uploads, tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    path.write_text("".join(f"# 第{n}节\n\n异地就医备案在{n}号窗口办理\u3002\n\n" for n in range(3000)), "utf-8")
    staged = uploads.stage([path])
    assert len(staged.files[0].passages) > 100
    shown = staged_report(staged, "long.md")
    assert shown.count('class="yb-cut"') == 100
    assert "前 100 段" in shown
