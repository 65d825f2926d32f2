"""The wheel carries the publication: installed in an empty folder, it works there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from support.paths import DATA, PARTS, ROOT, read_all
from support.servers import SERVED, free_port, running

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of what git would hold, and install it, alone, into a folder."""
    place = tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT,
        place / "tree",
        ignore=shutil.ignore_patterns(".venv*", ".node", ".git", "tests", ".*_cache", "__pycache__"),
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


def test_other_graphs_are_merged_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "merge", str(DATA / "merge" / "biolink"), "--out", "merged")
    assert ended.returncode == 0, ended.stderr
    assert sorted(read_all(tmp_path)) == ["merged/merged.nq", "merged/merged.trig", "merged/report.json"]


def test_every_format_is_exported_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "export", "--engine", "shacl")
    assert ended.returncode == 0, ended.stderr
    folders = {name.split("/")[0] for name in read_all(tmp_path / "dist") if "/" in name}
    assert folders == {"kgx", "nanopubs", "parquet", "property-graph", "tables"}


def test_nanopublications_are_written_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "nanopubs", "--engine", "shacl", "--out", "np")
    assert ended.returncode == 0, ended.stderr
    assert {"nanopubs/all.trig", "nanopubs/index.trig"} <= read_all(tmp_path / "np").keys()


def test_what_was_built_in_an_empty_folder_is_served(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "dist").mkdir()
    for name in SERVED:
        (tmp_path / "dist" / name).write_bytes(files[name])
    port = free_port()
    command = ["env", f"PYTHONPATH={installed}", sys.executable, "-m", "ldnkg", "serve", "--port", str(port)]
    address = f"http://127.0.0.1:{port}/claim/naltrexone-is-taken-orally.nt"
    with running(command, port, tmp_path), urlopen(address, timeout=60) as answer:
        assert b"takenBy" in answer.read()


def test_it_is_a_library(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    code = "import ldnkg; print(len(ldnkg.graph()), len(ldnkg.check().findings), *sorted(ldnkg.build()))"
    # A package of the name of a function would replace the function once it is imported.
    still = "assert all(map(callable, (ldnkg.graph, ldnkg.check, ldnkg.build, ldnkg.query)))"
    ended = run(installed, tmp_path, "-c", f"{code}; {still}")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [str(len(files["ldn-kg.nt"].splitlines())), "0", *sorted(files)]


def test_nothing_of_a_machine_or_a_test_is_in_it(installed: Path) -> None:
    (wheel,) = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if not name.startswith(("ldnkg/", "ldnkg-"))] == []
    assert [name for name in names if "test" in name or name.endswith(".pyc")] == []
