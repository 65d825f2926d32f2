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
# A claim that does not exist, and the answers that make it valid.
NEW_SLUG = "naltrexone-acts-on-mu-opioid-receptor"
NEW_CLAIM = {
    "label": "Naltrexone acts on the mu-opioid receptor: a claim made up for this test",
    "subject": "naltrexone",
    "relation": "actsOn",
    "object": "mu-opioid-receptor",
    "certainty": "established",
    "sentence": "6",
    "evidence": "author-statement-without-reference",
}


def edit(old: str, new: str, name: str = CLAIM) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        text = (home / name).read_text("utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new), "utf-8")

    return change
