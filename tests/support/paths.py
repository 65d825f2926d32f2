"""The folders of the repository that the tests use."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PARTS = ("data", "ontology", "shapes", "queries")


def read_all(folder: Path) -> dict[str, bytes]:
    """The content of each file below the folder, by its path relative to the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
