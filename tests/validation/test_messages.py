"""A curator's mistake gives the findings that tests/data/messages states: what is wrong, where, what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from ldnkg.validation.engines import ENGINES
from mutation.examples_home import build
from support.paths import DATA

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

CASES = sorted((DATA / "messages").glob("*.yaml"))
SLOW = pytest.mark.thorough


def make_mistake(edits: list[dict[str, str]], data: Path) -> None:
    """Replace the old text of each file by the new one; without an old text, delete the file."""
    for edit in edits:
        path = data / edit["file"]
        text = path.read_text("utf-8")
        if "old" in edit:
            assert text.count(edit["old"]) == 1 or edit["old"] in text
            path.write_text(text.replace(edit["old"], edit["new"], 1), "utf-8")
        else:
            path.unlink()


@pytest.mark.parametrize("engine", [pytest.param(name, marks=[] if name == "shacl" else SLOW) for name in ENGINES])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_mistake_gives_these_findings_and_no_other(case: Path, engine: str, run: Run, tmp_path: Path) -> None:
    expected = yaml.safe_load(case.read_text("utf-8"))
    make_mistake(expected["edits"], build(tmp_path).data)
    ended = run("check", "--engine", engine, cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout.splitlines() == expected["findings"]
