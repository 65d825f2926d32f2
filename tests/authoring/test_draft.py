"""The answers of an unfinished claim are kept in a file that neither the check nor git reads."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from ldnkg.authoring.draft import DraftFile
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from ldnkg.records.reader import list_record_files

if TYPE_CHECKING:
    from pathlib import Path

GIT = shutil.which("git") or "git"
ANSWERS = {"sentence": ["source:a#s01"], "label": ["Schl\u00fcssel"], "hedge": []}


def test_answers_are_read_back_in_their_order(tmp_path: Path) -> None:
    kept = DraftFile(Home(tmp_path), "a-claim")
    assert kept.read() == {}
    kept.write({"label": ["x"]})
    kept.write(ANSWERS)
    assert list(DraftFile(Home(tmp_path), "a-claim").read().items()) == list(ANSWERS.items())
    assert DraftFile(Home(tmp_path), "another").read() == {}
    kept.delete()
    kept.delete()
    assert kept.read() == {}


def test_neither_git_nor_the_check_sees_a_draft(tmp_path: Path) -> None:
    subprocess.run([GIT, "init", "--quiet"], cwd=tmp_path, check=True)
    kept = DraftFile(Home(tmp_path), "a-claim")
    kept.write(ANSWERS)
    seen = subprocess.run([GIT, "status", "--short", "-uall"], cwd=tmp_path, check=True, capture_output=True)
    assert seen.stdout == b""
    (tmp_path / "data").mkdir()
    assert list_record_files(Home(tmp_path).data) == []
    assert not kept.path.is_relative_to(Home(tmp_path).data)


@pytest.mark.parametrize("text", ["{", "[]", '{"label": "x"}', '{"label": [1]}', "null"])
def test_a_damaged_draft_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    kept = DraftFile(Home(tmp_path), "a-claim")
    kept.write(ANSWERS)
    kept.path.write_text(text, "utf-8")
    with pytest.raises(LdnkgError, match=r"a-claim\.json.* Delete the file to start anew\."):
        kept.read()
    assert kept.path.read_text("utf-8") == text
