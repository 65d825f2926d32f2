"""Edit files of a copy of the publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]
NAME = "naltrexone-is-taken-orally"
CLAIM = f"data/claims/{NAME}.yaml"


def edit(old: str, new: str, name: str = CLAIM) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        text = (home / name).read_text("utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new), "utf-8")

    return change
