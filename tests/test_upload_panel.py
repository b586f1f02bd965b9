from __future__ import annotations

from pathlib import Path

import pytest
from gradio.data_classes import FileData, ListFiles

from yibao.errors import InputError
from yibao.web.upload_panel import _sent, with_names


@pytest.fixture
def received(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Gradio puts what a browser sends."""
    folder = tmp_path / "gradio"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


def test_what_a_browser_sent_is_taken(received: Path) -> None:
    paths = [received / "one" / "a.md", received / "two" / "a.md"]
    assert _sent(paths) == paths


@pytest.mark.parametrize("path", ["/etc/passwd", "/proc/self/environ", "../secret.md", "x/../../secret.md", "link.md"])
def test_no_other_file_of_the_server_is_read_or_taken_away(received: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.md").write_text("秘密", "utf-8")
    (received / "link.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(InputError, match="重新上传"):
        _sent([received / "a.md", received / path])
    assert (tmp_path / "secret.md").read_text("utf-8") == "秘密"


def test_files_keep_the_whole_names_that_gradio_cuts() -> None:
    names = [f"{'关于跨省异地就医直接结算有关事项的通知' * 6}（{part}）.md" for part in "一二"]
    files = [FileData(path=f"/received/{n}/cut.md", orig_name=name) for n, name in enumerate(names)]
    sent = with_names(ListFiles(root=[*files, FileData(path="/received/plain.md")]))
    assert sent == [
        ("/received/0/cut.md", names[0]),
        ("/received/1/cut.md", names[1]),
        ("/received/plain.md", "plain.md"),
    ]
    assert with_names(None) is None
