from __future__ import annotations

from pathlib import Path

import pytest

from yibao.errors import InputError
from yibao.web.upload_panel import _sent


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
