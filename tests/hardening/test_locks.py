"""CI installs only versions with a hash, and no lock file names a package registry."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement

from support.paths import ROOT

LOCKS = ROOT / ".ci" / "locks"
PYTHON = sorted(path.stem for path in LOCKS.glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SCRIPT = ROOT / ".ci" / "run"
RANGES = {
    "libraries": PROJECT["dependencies"],
    "dev": [
        *PROJECT["dependencies"],
        *(r for name in ("dev", "dev-clients") for r in PROJECT["optional-dependencies"][name]),
    ],
} | {path.stem: re.sub(r"#.*", "", path.read_text("utf-8")).split() for path in LOCKS.glob("*.in")}


def read_lock(name: str) -> dict[str, tuple[str, int]]:
    """Return the version of each package of a lock file, and how many hashes it has."""
    text = re.sub(r"^#.*\n", "", (LOCKS / f"{name}.txt").read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", "")
    found = {}
    for line in text.splitlines():
        pinned, *rest = re.split(r" +--hash=", line)
        package, _, version = pinned.partition(";")[0].strip().partition("==")
        assert version, line
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest.strip()) for digest in rest), line
        found[package.partition("[")[0]] = version, len(rest)
    return found


def test_each_environment_has_ranges_and_a_lock_file() -> None:
    assert {*PYTHON} == {*RANGES}
    assert len(PYTHON) == 10


@pytest.mark.parametrize("name", PYTHON)
def test_each_package_has_a_version_in_its_range_and_a_hash(name: str) -> None:
    locked = read_lock(name)
    assert [package for package, (_, hashes) in locked.items() if not hashes] == []
    for requirement in map(Requirement, RANGES[name]):
        package = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert requirement.specifier.contains(locked[package][0], prereleases=True), requirement


def test_each_javascript_package_has_a_hash_and_no_address() -> None:
    lock = json.loads((LOCKS / "package-lock.json").read_text("utf-8"))
    assert (
        lock["packages"].pop("")["dependencies"]
        == json.loads((LOCKS / "package.json").read_text("utf-8"))["dependencies"]
    )
    assert [name for name, package in lock["packages"].items() if not package.get("integrity")] == []
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


@pytest.mark.parametrize("path", sorted(LOCKS.iterdir()), ids=lambda path: path.name)
def test_no_lock_file_names_a_registry(path: object) -> None:
    text = (LOCKS / str(path)).read_text("utf-8")
    assert not re.search(r"index-url|find-links|registry\.|(?:pypi|pythonhosted|npmjs)\.org", text)
    assert str(ROOT) not in text


def test_ci_installs_nothing_else() -> None:
    script = re.sub(r"\\\n", "", SCRIPT.read_text("utf-8"))
    installing = [line for line in script.splitlines() if re.search(r"\b(?:pip|npm)\b.*\b(?:install|ci|add)\b", line)]
    assert installing
    for line in installing:
        assert "--require-hashes" in line or "npm ci" in line or line.lstrip().startswith("#"), line
    named = {*re.findall(r"(?:install \S+ \S+|locks/) ?(\w+)", script)}
    assert {*PYTHON} - {"uv"} <= named
