"""What a build says of itself: what made it, what it holds, and the checksum of every file, its own included."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from yibao import wording
from yibao.errors import IndexCorruptError, IndexMismatchError

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_SEAL = "seal"  # the SHA-256 of the other values


@dataclass(frozen=True)
class Manifest:
    """What a build is made of. ``checksums`` maps each file's relative path to its SHA-256."""

    format_version: int
    build_id: str
    created: str
    model: str
    model_fingerprint: str
    dimension: int
    segmenter_fingerprint: str
    chunking: dict[str, int]
    articles: dict[str, str]
    passages: int
    sentences: int
    checksums: dict[str, str]


def content_id(manifest: Manifest) -> str:
    """Return a name of what a build answers from: equal for builds of the same articles, cut and embedded alike."""
    made = (manifest.model_fingerprint, manifest.segmenter_fingerprint, manifest.chunking, manifest.articles)
    return sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:32]


def checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file under ``folder`` but the manifest."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest with its own checksum: nothing else tells whether it is still as it was written."""
    values = asdict(manifest)
    text = json.dumps(values | {_SEAL: _seal(values)}, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a build, all of whose files are as they were written.

    Raises:
        IndexMismatchError: written by another version of the format; IndexCorruptError: a file is damaged or gone.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        _check_seal(values.pop(_SEAL, None), values)
        found = values.get("format_version")
        if found != FORMAT_VERSION:
            raise IndexMismatchError(wording.INDEX_FORMAT.format(found=found, wanted=FORMAT_VERSION))
        manifest = Manifest(**values)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=folder.name + "/" + MANIFEST)) from error
    for name, checksum in manifest.checksums.items():
        if _checksum(folder / name) != checksum:
            raise IndexCorruptError(wording.INDEX_DAMAGED.format(file=f"{folder.name}/{name}"))
    return manifest


def _checksum(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where it cannot be read."""
    try:
        return _sha256(path)
    except OSError:
        return None


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _check_seal(seal: object, values: dict[str, Any]) -> None:
    if seal is not None and seal != _seal(values):  # manifests of version 0.1 have none
        raise ValueError(seal)


def _seal(values: dict[str, Any]) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
