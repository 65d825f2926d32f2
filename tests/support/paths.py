"""Where things are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
PARTS = ("data", "ontology", "shapes", "queries")


def read_all(folder: Path) -> dict[str, bytes]:
    """What each file below the folder holds, by its name from there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
