"""The installed wheel carries the publication: it answers and exports in an empty folder and never changes itself."""

from __future__ import annotations

import json
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
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder into which the wheel is installed, alone; no test of this module may change a file in it."""
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
    before = read_package(place / "site")
    yield place / "site"
    assert read_package(place / "site") == before


def read_package(site: Path) -> dict[str, bytes]:
    """Return each file of the installed package, without what Python compiled."""
    return {name: content for name, content in read_all(site).items() if "__pycache__" not in name}


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_tests_run_the_installed_package(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-c", "import ldnkg; print(ldnkg.__file__)")
    assert ended.stdout.strip() == str(installed / "ldnkg" / "__init__.py")


def test_the_wheel_carries_every_file_of_the_publication(installed: Path) -> None:
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


READ_ONLY = "works on a clone of the repository, because the installed package is read-only: run it in a clone, or name"
REFUSED = {
    "new claim a-claim": f"ldnkg: `ldnkg new` {READ_ONLY} one with --home DIR.\n",
    "new claim a-claim --set label=x --home {home}": f"ldnkg: `ldnkg new` {READ_ONLY} one with --home DIR.\n",
    "check": f"ldnkg: `ldnkg check` {READ_ONLY} one with --home DIR.\n",
    "check --watch --home {home}": f"ldnkg: `ldnkg check` {READ_ONLY} one with --home DIR.\n",
    "build": f"ldnkg: `ldnkg build` {READ_ONLY} one with --home DIR, "
    "or write the installed publication to a folder of your own with --out DIR.\n",
    **dict.fromkeys(
        (
            "build --out {home}/dist",
            "export --only tables --out {home}/dist",
            "nanopubs --out {home}/dist",
            "merge {home}/dist/ldn-kg.ttl --out {home}/dist",
        ),
        "ldnkg: {home}/dist: is inside the installed package, which is never written to. "
        "Name another folder with --out.\n",
    ),
}
RUN_ALL = """
import contextlib, io, json, sys
from ldnkg.cli.main import main
ended = []
for command in json.load(sys.stdin):
    with contextlib.redirect_stderr(io.StringIO()) as shown, contextlib.redirect_stdout(io.StringIO()):
        status = main(command.split())
    ended.append([status, shown.getvalue()])
print(json.dumps(ended))
"""


def run_all(installed: Path, folder: Path, commands: list[str]) -> list[tuple[int, str]]:
    """Run the commands in one process in the folder; return the exit status and the errors of each."""
    env = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", RUN_ALL],
        cwd=folder,
        env=env,
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
    return [(status, shown) for status, shown in json.loads(ended.stdout)]


def test_commands_that_would_change_the_package_are_refused_with_what_to_do(installed: Path, tmp_path: Path) -> None:
    before = read_package(installed)
    home = installed / "ldnkg" / "home"
    commands = [command.replace("{home}", str(home)) for command in REFUSED]
    wanted = [words.replace("{home}", str(home)) for words in REFUSED.values()]
    assert run_all(installed, tmp_path, commands) == [(2, words) for words in wanted]
    # In the folder of the package, the default folder would be inside the package, too.
    inside = run_all(installed, home, ["export --only tables", "query dose-of", "build"])
    assert [status for status, _ in inside] == [2, 0, 2]
    assert inside[0][1].startswith("ldnkg: dist: is inside the installed package")
    assert read_package(installed) == before
    assert list(tmp_path.iterdir()) == []


def test_a_build_goes_to_the_folder_that_is_named(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "build", "--out", "dist")
    assert ended.returncode == 0, ended.stderr
    assert read_all(tmp_path / "dist") == files


def test_other_graphs_are_merged_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "merge", str(DATA / "merge" / "biolink"), "--out", "merged")
    assert ended.returncode == 0, ended.stderr
    assert sorted(read_all(tmp_path)) == [
        *("merged/merged.nq", "merged/merged.trig"),
        *("merged/report.html", "merged/report.json", "merged/report.tsv"),
    ]


def test_every_format_is_exported_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "export", "--engine", "shacl")
    assert ended.returncode == 0, ended.stderr
    folders = {name.split("/")[0] for name in read_all(tmp_path / "dist") if "/" in name}
    assert folders == {"kgx", "nanopubs", "parquet", "property-graph", "tables"}
    # The advice works where it is given: `ldnkg build` alone would be refused here.
    assert "`ldnkg build --out dist` writes them." in ended.stdout


def test_nanopublications_are_written_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "-m", "ldnkg", "nanopubs", "--engine", "shacl", "--out", "np")
    assert ended.returncode == 0, ended.stderr
    assert {"nanopubs/all.trig", "nanopubs/index.trig"} <= read_all(tmp_path / "np").keys()


def test_files_built_in_an_empty_folder_are_served(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "dist").mkdir()
    for name in SERVED:
        (tmp_path / "dist" / name).write_bytes(files[name])
    port = free_port()
    command = ["env", f"PYTHONPATH={installed}", sys.executable, "-m", "ldnkg", "serve", "--port", str(port)]
    address = f"http://127.0.0.1:{port}/claim/naltrexone-is-taken-orally.nt"
    with running(command, port, tmp_path), urlopen(address, timeout=60) as answer:
        assert b"takenBy" in answer.read()


def test_the_installed_package_is_a_library(installed: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    code = "import ldnkg; print(len(ldnkg.graph()), len(ldnkg.check().findings), *sorted(ldnkg.build()))"
    # A package of the name of a function would replace the function once it is imported.
    still = "assert all(map(callable, (ldnkg.graph, ldnkg.check, ldnkg.build, ldnkg.query)))"
    ended = run(installed, tmp_path, "-c", f"{code}; {still}")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [str(len(files["ldn-kg.nt"].splitlines())), "0", *sorted(files)]


def test_the_wheel_holds_no_tests_and_no_compiled_files(installed: Path) -> None:
    (wheel,) = installed.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if not name.startswith(("ldnkg/", "ldnkg-"))] == []
    assert [name for name in names if "test" in name or name.endswith(".pyc")] == []
