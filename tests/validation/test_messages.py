"""A curator's mistake gives the findings that tests/data/messages states: what is wrong, where, what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.validation.engines import ENGINES
from mutation.examples_home import build
from mutation.mistakes import Mistake, list_mistakes

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

SLOW = pytest.mark.thorough


@pytest.mark.usefixtures("_shared_files_parsed_once")
@pytest.mark.parametrize("engine", [pytest.param(name, marks=[] if name == "shacl" else SLOW) for name in ENGINES])
@pytest.mark.parametrize("mistake", list_mistakes(), ids=lambda mistake: mistake.name)
def test_a_mistake_gives_these_findings_and_no_other(mistake: Mistake, engine: str, run: Run, tmp_path: Path) -> None:
    mistake.make(build(tmp_path).data)
    ended = run("check", "--engine", engine, cwd=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout.splitlines() == mistake.findings


def test_a_mistake_whose_text_is_missing_is_refused(tmp_path: Path) -> None:
    edit = {"file": "terms.tsv", "old": "no such text", "new": ""}
    with pytest.raises(ValueError, match="does not have the text 'no such text'"):
        Mistake("a mistake", [edit], []).make(build(tmp_path).data)
