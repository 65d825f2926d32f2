"""The wheel carries the publication: installed in an empty folder, it works there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from support.paths import PARTS, ROOT, read_all

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what git would hold, and install it, alone, into a folder."""
    place = tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT, place / "tree", ignore=shutil.ignore_patterns(".venv*", ".git", "tests", ".*_cache", "__pycache__")
    )
    hatch = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(hatch, cwd=place / "tree", check=True, capture_output=True, timeout=120)
    (wheel,) = place.glob("*.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(place / "site"),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True, timeout=120)
    return place / "site"


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_it_is_the_installed_package_that_runs(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-c", "import ldnkg; print(ldnkg.__file__)")
    assert ended.stdout.strip() == str(installed / "ldnkg" / "__init__.py")


def test_it_carries_every_file_of_the_publication(installed: Path) -> None:
    for part in PARTS:
        names = {path.relative_to(ROOT / part) for path in (ROOT / part).rglob("*") if path.is_file()}
        assert {
            path.relative_to(installed / "ldnkg" / "home" / part)
            for path in (installed / "ldnkg" / "home" / part).rglob("*")
            if path.is_file()
        } == names


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["show", "naltrexone-is-taken-orally"],
        ["explain", "naltrexone-is-taken-orally"],
        ["query", "drug-receptor-mechanism-condition-citation"],
        ["--version"],
    ],
    ids=" ".join,
)
def test_each_command_works_in_an_empty_folder(installed: Path, tmp_path: Path, command: list[str]) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", *command)
    assert ended.returncode == 0, ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_build_goes_below_the_empty_folder(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "build")
    assert ended.returncode == 0, ended.stderr
    assert read_all(tmp_path / "dist") == files


def test_it_is_a_library(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    code = "import ldnkg; print(len(ldnkg.graph()), len(ldnkg.check().findings), *sorted(ldnkg.export()))"
    ended = run(installed, tmp_path, "-c", code)
    assert ended.stdout.split() == [str(len(files["ldn-kg.nt"].splitlines())), "0", *sorted(files)], ended.stderr


def test_nothing_of_a_machine_or_a_test_is_in_it(installed: Path) -> None:
    (wheel,) = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if not name.startswith(("ldnkg/", "ldnkg-"))] == []
    assert [name for name in names if "test" in name or name.endswith(".pyc")] == []
