"""Uploaded files that wait to be added or thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yibao.records import Article, Passage


@dataclass(frozen=True)
class StagedFile:
    """One uploaded file as it would be added.

    ``problem`` says why it cannot be, None where it can; ``replaces`` names the file that would give way to it.
    ``remarks`` say what of it would be passed over.
    """

    name: str
    path: Path
    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]
    replaces: str | None
    problem: str | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Staged:
    """Files waiting for a decision, in a hidden folder of their own."""

    folder: Path
    files: tuple[StagedFile, ...]

    @property
    def addable(self) -> tuple[StagedFile, ...]:
        """Those without a problem."""
        return tuple(file for file in self.files if file.problem is None)
