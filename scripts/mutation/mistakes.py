"""Make the mistakes of a curator that tests/data/messages describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from mutation.examples_home import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = ROOT / "tests" / "data" / "messages"


class Mistake(NamedTuple):
    """One mistake: its name, the edits of the records, and the lines of the findings that they give."""

    name: str
    edits: list[dict[str, str]]
    findings: list[str]

    def make(self, data: Path) -> None:
        """Replace the old text of each file in the folder by the new one; raise ValueError if it is not there.

        Without an old text, the file is written anew; without either, it is deleted.
        """
        for edit in self.edits:
            path = data / edit["file"]
            if "old" in edit:
                before, old, after = path.read_text("utf-8").partition(edit["old"])
                if not old:
                    raise ValueError(f"{self.name}: {edit['file']} does not have the text {edit['old']!r}")
                path.write_text(before + edit["new"] + after, "utf-8")
            elif "new" in edit:
                path.write_text(edit["new"], "utf-8")
            else:
                path.unlink()


def list_mistakes() -> list[Mistake]:
    """Return the mistakes, sorted by name."""
    paths = sorted(MESSAGES.glob("*.yaml"))
    return [Mistake(name=path.stem, **yaml.safe_load(path.read_text("utf-8"))) for path in paths]
