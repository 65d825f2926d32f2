"""What tests share: the publication, its built files, copies that may be spoilt, and the command as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import rdflib

from asking import expander, pyoxigraph_over, rdflib_over
from ldnkg.checks import check
from ldnkg.exports.aligned import Aligned
from ldnkg.formats import export
from ldnkg.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asking import Rows
    from ldnkg.publication import Publication, Reading

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("data", "ontology", "shapes", "queries")


def read_all(folder: Path) -> dict[str, bytes]:
    """What each file below the folder holds, by its name from there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let what checks keep be in a folder of the tests, and what a command prints be held back as in a user's pipe."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONUNBUFFERED", raising=False)
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def levels() -> Counter[str]:
    """How many facts there are at each certainty, by the list written by hand."""
    rows = (ROOT / "tests" / "answers" / "facts.tsv").read_text("utf-8").splitlines()[1:]
    return Counter(row.split("\t")[-1] for row in rows)


@pytest.fixture(scope="session")
def publication() -> Publication:
    """The publication of this repository, checked."""
    report = check(Home(ROOT))
    assert report.findings == []
    assert report.publication is not None
    return report.publication


@pytest.fixture(scope="session")
def reading(publication: Publication) -> Reading:
    """The records of the publication."""
    return publication.reading


@pytest.fixture(scope="session")
def aligned(publication: Publication) -> Aligned:
    """The publication with its alignments."""
    return Aligned(publication)


@pytest.fixture(scope="session")
def files(publication: Publication) -> dict[str, bytes]:
    """Each built file by its name."""
    return export(publication)


@pytest.fixture(scope="session")
def published(files: dict[str, bytes]) -> rdflib.Graph:
    """The published graph, as rdflib reads it; not to be changed."""
    return rdflib.Graph().parse(data=files["ldn-kg.ttl"], format="turtle")


@pytest.fixture(scope="session")
def expand(files: dict[str, bytes]) -> Callable[[str], str]:
    """What expands a CURIE by the prefixes of the publication."""
    return expander(files["ldn-kg.ttl"])


@pytest.fixture(scope="session")
def in_pyoxigraph(files: dict[str, bytes]) -> Callable[[str], tuple[list[str], Rows]]:
    """What asks the publication in pyoxigraph."""
    return pyoxigraph_over(files["ldn-kg.ttl"])


@pytest.fixture(scope="session")
def in_rdflib(published: rdflib.Graph) -> Callable[[str], tuple[list[str], Rows]]:
    """What asks the publication in rdflib."""
    return rdflib_over(published)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the publication that a test may spoil."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / "copy" / part)
    return tmp_path / "copy"


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command as a process in an empty folder and return how it ended."""

    def start(*arguments: object, cwd: Path = tmp_path, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ldnkg", *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=300
        )

    return start
