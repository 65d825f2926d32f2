"""Select the files of the wheel and of the sdist: exactly those of the included folders that git tracks."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = (".ci", "data", "deploy", "docs", "ontology", "queries", "scripts", "shapes", "tests")
TEXTS = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-DATA", "README.md", "SECURITY.md")
BUILT = ("dist/ldn-kg.ttl", "dist/ldn-kg.jsonld", "dist/mechanism-map.svg")
SDIST = (*FOLDERS, *TEXTS, *BUILT, "Makefile")
PACKAGE, HOME = "scripts/ldnkg", "ldnkg/home"
WHEEL = (PACKAGE, "data", "ontology", "queries", "shapes", "dist/ldn-kg.ttl")


class TrackedFiles(BuildHookInterface[Any]):
    """Add the tracked files to a wheel or an sdist, for which pyproject.toml selects no files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files, each with its path in the archive. An editable wheel contains no files."""
        if version == "editable":
            return
        root = Path(self.root)
        names = list_files(root, SDIST if self.target_name == "sdist" else WHEEL)
        place = place_in_sdist if self.target_name == "sdist" else place_in_wheel
        files = [name for name in names if (root / name).exists()]
        build_data["force_include"].update({str(root / name): place(name) for name in files})
        # hatchling forces no link that leads nowhere, which an example of the tests is. It finds links as artifacts.
        build_data["artifacts"] += [f"/{name}" for name in names if (root / name).is_symlink()]


def place_in_sdist(name: str) -> str:
    """Return the path of a file in the sdist."""
    return name


def place_in_wheel(name: str) -> str:
    """Return the path of a file in the wheel, in which the publication is part of the package."""
    return f"ldnkg/{name.removeprefix(f'{PACKAGE}/')}" if name.startswith(f"{PACKAGE}/") else f"{HOME}/{name}"


def list_files(root: Path, included: tuple[str, ...]) -> list[str]:
    """Return the path of each file that git tracks in these folders, or of each file if there is no git.

    Without git, as in an unpacked sdist, the folders contain only what git tracked.
    """
    if (root / ".git").exists():
        command = ["git", "-c", f"safe.directory={root}", "ls-files", "-z", "--", *included]
        found = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")  # noqa: S603
        return sorted(name for name in found if name)
    return sorted(name for part in included for name in _walk(root, part))


def _walk(root: Path, part: str) -> list[str]:
    """Return the path of each file below a folder, or of the file itself."""
    if not (root / part).is_dir():
        return [part] if (root / part).is_file() else []
    found = [Path(folder, name) for folder, _, names in os.walk(root / part) for name in names]
    return [path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts]
