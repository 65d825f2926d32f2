"""The wheel and the sdist contain what git tracks, whatever else lies in the folders."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Files that git does not track; git ignores only the compiled file.
PLANTED = (
    "data/.env",
    "data/claims/.naltrexone.yaml.swp",
    "data/claims/foo.yaml~",
    "data/claims/new-claim.yaml",
    "data/.DS_Store",
    "ontology/inference/10-mine.rq",
    "queries/claims/mine.rq",
    "shapes/mine.ttl",
    "scripts/ldnkg/secret.pem",
    "scripts/ldnkg/__pycache__/paths.cpython-311.pyc",
    "scripts/ldnkg/exports/views/mine.rq",
    "tests/data/mine.yaml",
    "tests/.env",
    "docs/draft.md",
    "dist/ldn-kg.nt",
    "notes.md",
)
LEFT_OUT = (".github/", ".gitattributes", ".pre-commit-config.yaml")
IN_WHEEL = ("data/", "ontology/", "queries/", "shapes/", "dist/ldn-kg.ttl")


def git(*arguments: str, cwd: Path) -> str:
    return subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True).stdout  # noqa: S607


def build(folder: Path, target: str, out: Path) -> Path:
    """Build a package of the folder without the network, and return its path."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    (found,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return found


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the tracked files of this one, and with planted files that it does not track."""
    folder = tmp_path_factory.mktemp("clone")
    for name in git("ls-files", "-z", cwd=ROOT).split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    for name in PLANTED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("secret\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def tracked(clone: Path) -> set[str]:
    return {*git("ls-files", "-z", cwd=clone).split("\0")[:-1]}


@pytest.fixture(scope="module")
def sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(clone, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(clone, "wheel", tmp_path_factory.mktemp("wheel"))


def read_wheel(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def name_in_wheel(name: str) -> str:
    code = name.startswith("scripts/ldnkg/")
    return f"ldnkg/{name.removeprefix('scripts/ldnkg/')}" if code else f"ldnkg/home/{name}"


def test_git_does_not_track_what_is_planted(tracked: set[str]) -> None:
    assert not tracked & {*PLANTED}
    assert len(tracked) > 1000


def test_the_sdist_contains_what_git_tracks(sdist: Path, tracked: set[str]) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {name for name in tracked if not name.startswith(LEFT_OUT)} | {"PKG-INFO"}


def test_the_wheel_contains_what_git_tracks(wheel: Path, tracked: set[str]) -> None:
    names = {name for name in read_wheel(wheel) if not name.startswith("ldnkg-")}
    code = {name for name in tracked if name.startswith("scripts/ldnkg/")}
    assert names == {name_in_wheel(name) for name in code | {n for n in tracked if n.startswith(IN_WHEEL)}}


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="tar")
    (folder,) = tmp_path.iterdir()
    assert read_wheel(build(folder, "wheel", tmp_path / "out")) == read_wheel(wheel)
