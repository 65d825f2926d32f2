"""Fixtures for all tests: the publication, its built files, copies to modify, and the command `ldnkg`."""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
import rdflib

from ldnkg.exports.build import export
from ldnkg.paths import Home
from ldnkg.publication.combined import CombinedGraph, combine_with_alignments
from ldnkg.validation.check import check
from support.cli import run_in_process, run_process
from support.paths import PARTS, ROOT, read_all
from support.querying import expander, pyoxigraph_over, rdflib_over

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ldnkg.publication.graph import Publication
    from ldnkg.records.loader import LoadedRecords
    from support.querying import Rows


def pytest_collection_finish() -> None:
    """Exclude tests and imported modules from garbage collection, which saves time."""
    gc.freeze()
    gc.set_threshold(100_000)  # the value that `ldnkg` sets


@pytest.fixture(scope="session", autouse=True)
def _environment() -> Iterator[None]:
    """Buffer the output of commands, as Python does by default, and let Ctrl-C reach them.

    A shell starts a background job with Ctrl-C ignored, and the commands under test would inherit that.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONUNBUFFERED", raising=False)
        yield


@pytest.fixture(scope="session")
def levels() -> Counter[str]:
    """The number of facts at each certainty, from the list written by hand."""
    rows = (ROOT / "tests" / "data" / "answers" / "facts.tsv").read_text("utf-8").splitlines()[1:]
    return Counter(row.split("\t")[4] for row in rows)


@pytest.fixture(scope="session")
def publication() -> Publication:
    """The publication of this repository, after a check without findings."""
    report = check(Home(ROOT), engine_name="shacl")
    assert report.findings == []
    assert report.publication is not None
    return report.publication


@pytest.fixture(scope="session")
def inputs(publication: Publication) -> LoadedRecords:
    """The records of the publication."""
    return publication.inputs


@pytest.fixture(scope="session")
def aligned(publication: Publication) -> CombinedGraph:
    """The publication combined with its alignments."""
    return combine_with_alignments(publication)


@pytest.fixture(scope="session")
def files(publication: Publication) -> dict[str, bytes]:
    """The content of each built file, by name."""
    return export(publication)


@pytest.fixture(scope="session")
def published(files: dict[str, bytes]) -> rdflib.Graph:
    """The published graph in rdflib. Tests must not change it."""
    return rdflib.Graph().parse(data=files["ldn-kg.ttl"], format="turtle")


@pytest.fixture(scope="session")
def expand(files: dict[str, bytes]) -> Callable[[str], str]:
    """A function that expands a CURIE with the prefixes of the publication."""
    return expander(files["ldn-kg.ttl"])


@pytest.fixture(scope="session")
def in_pyoxigraph(files: dict[str, bytes]) -> Callable[[str], tuple[list[str], Rows]]:
    """A function that runs a query over the publication in pyoxigraph."""
    return pyoxigraph_over(files["ldn-kg.ttl"])


@pytest.fixture(scope="session")
def in_rdflib(published: rdflib.Graph) -> Callable[[str], tuple[list[str], Rows]]:
    """A function that runs a query over the publication in rdflib."""
    return rdflib_over(published)


@pytest.fixture(scope="session")
def _sources() -> dict[str, bytes]:
    """The content of each source file of the publication, by path."""
    return {f"{part}/{name}": content for part in PARTS for name, content in read_all(ROOT / part).items()}


@pytest.fixture
def copy(tmp_path: Path, _sources: dict[str, bytes]) -> Path:
    """A copy of the source files that a test may change; they are older than any file that a test writes."""
    for folder in {(tmp_path / "copy" / name).parent for name in _sources}:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in _sources.items():
        (tmp_path / "copy" / name).write_bytes(content)
        os.utime(tmp_path / "copy" / name, (0, 0))
    return tmp_path / "copy"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs `ldnkg` in this process and returns its result; the default folder is empty.

    The default SHACL engine is the fast one. Other tests compare the engines, and the reference engine takes a second
    or more in each run.
    """
    monkeypatch.setattr("ldnkg.cli.options.REFERENCE", "shacl")
    return partial(run_in_process, cwd=tmp_path)


@pytest.fixture
def _made_before(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a build reuse the files of the session, for tests that are only about writing them."""
    monkeypatch.setattr("ldnkg.exports.build.export", lambda _: files)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A function that runs `ldnkg` in a new process and returns its result; the default folder is empty."""
    return partial(run_process, cwd=tmp_path)
