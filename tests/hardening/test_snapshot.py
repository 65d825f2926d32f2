"""The server answers from one state of the files until SIGHUP, and a reload is complete or does not happen."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.server.snapshot import read_snapshot
from ldnkg.writing.folder import write_files
from support.paths import read_all
from support.servers import CRAWLING, Served, served, wait_until, worker_pids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LABEL = "Naltrexone, unlike naloxone, is taken by mouth"
ASKED = "/claim/naltrexone-is-taken-orally.ttl"
CLAIM = "https://w3id.org/ldn-kg/claim/naltrexone-is-taken-orally"
QUERY = f"SELECT ?l {{ <{CLAIM}> <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"


def relabel(files: dict[str, bytes], label: str) -> dict[str, bytes]:
    return {name: content.replace(LABEL.encode(), label.encode()) for name, content in files.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "dist"


@pytest.fixture(scope="module")
def server(served_files: dict[str, bytes], folder: Path) -> Iterator[Served]:
    write_files(served_files, folder)
    with served(folder, folder.parent / "log") as running:
        yield running


@pytest.fixture(autouse=True)
def _restored(server: Served, folder: Path, served_files: dict[str, bytes]) -> Iterator[None]:
    yield
    shutil.rmtree(folder) if folder.is_dir() else folder.unlink(missing_ok=True)
    write_files(served_files, folder)
    reload(server)


def read_labels(server: Served, count: int = 1) -> set[tuple[bool, ...]]:
    """Whether the new label is in each kind of answer: a query, a description, a file, a page and a whole graph."""
    found = set()
    for number in range(count):
        paths = [ASKED, f"/ldn-kg.ttl?{number}", f"/index.html?{number}", f"/graphs?default&{number}"]
        replies = [server.query(f"{QUERY} # {number} {time.time()}"), *map(server.ask, paths)]
        assert {reply.status for reply in replies} == {200}
        found.add(tuple(NEW in reply.text for reply in replies))
    return found


NEW = "The new label of this claim"
OLD_ANSWERS, NEW_ANSWERS = {(False,) * 5}, {(True,) * 5}


def count_reloads(server: Served) -> int:
    return server.log.read_text("utf-8").count("eloaded: ") + server.log.read_text("utf-8").count("Not reloaded")


def reload(server: Served) -> None:
    """Send SIGHUP and wait until the server has reloaded, or has said why not.

    No other reload may be in progress, because its end could be taken for the end of this one.
    """
    before = count_reloads(server)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: count_reloads(server) > before)


def kill_workers(server: Served) -> None:
    before = worker_pids(server)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert server.query(f"{QUERY} # {time.time()}").status == 200  # finds both dead
    wait_until(lambda: len(worker_pids(server)) == 2 and before.isdisjoint(worker_pids(server)))


def test_a_new_build_is_not_served_before_a_reload(
    server: Served, folder: Path, served_files: dict[str, bytes]
) -> None:
    """Also not by the workers that replace killed ones."""
    write_files(relabel(served_files, NEW), folder)
    kill_workers(server)
    assert read_labels(server, 4) == OLD_ANSWERS
    tag = server.ask("/ldn-kg.ttl").headers["etag"]
    reload(server)
    assert read_labels(server, 4) == NEW_ANSWERS
    assert server.ask("/ldn-kg.ttl", headers={"If-None-Match": tag}).status == 200


def remove_graph(folder: Path) -> None:
    (folder / "ldn-kg.ttl").unlink()


def break_graph(folder: Path) -> None:
    with (folder / "ldn-kg.ttl").open("ab") as file:
        file.write(b"<<<<<<< HEAD\n")


def cut_records(folder: Path) -> None:
    with (folder / "ldn-kg.trig").open("r+b") as file:
        file.truncate(100_000)


def replace_by_folder(folder: Path) -> None:
    remove_graph(folder)
    (folder / "ldn-kg.ttl").mkdir()


def empty_graph(folder: Path) -> None:
    (folder / "ldn-kg.ttl").write_bytes(b"")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "dist: there are no built files. Run `ldnkg build` first."),
    "no graph": (remove_graph, "ldn-kg.ttl: the built file does not exist. Run `ldnkg build` first."),
    "a mark of a merge": (break_graph, "Run `ldnkg build` again."),
    "half of the records": (cut_records, "Run `ldnkg build` again."),
    "a folder": (replace_by_folder, "ldn-kg.ttl: the built file does not exist. Run `ldnkg build` first."),
    "an empty graph": (empty_graph, "ldn-kg.ttl: the graph has no entities. Run `ldnkg build` again."),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_build_is_not_loaded(name: str, server: Served, folder: Path, served_files: dict[str, bytes]) -> None:
    spoil, sentence = BROKEN[name]
    write_files(relabel(served_files, NEW), folder)
    spoil(folder)
    reload(server)
    last = server.log.read_text("utf-8").rpartition("Not reloaded")[2].splitlines()[0]
    assert last.startswith(", the server answers from the former files: "), last
    assert last.endswith(sentence), last
    assert read_labels(server, 2) == OLD_ANSWERS
    shutil.rmtree(folder, ignore_errors=True)
    write_files(relabel(served_files, NEW), folder)
    reload(server)
    assert read_labels(server) == NEW_ANSWERS
    assert "Traceback" not in server.log.read_text("utf-8")


def test_several_signals_lead_to_the_newest_files(served_files: dict[str, bytes], tmp_path: Path) -> None:
    """The server is another one, because it is unknown how many reloads the signals cause."""
    write_files(served_files, tmp_path / "dist")
    with served(tmp_path / "dist", tmp_path / "log") as another:
        for label in ("Another label", "A third label", NEW):
            write_files(relabel(served_files, label), tmp_path / "dist")
            another.process.send_signal(signal.SIGHUP)
        wait_until(lambda: read_labels(another) == NEW_ANSWERS)
        wait_until(lambda: len(worker_pids(another)) == 2)
        assert read_labels(another, 2) == NEW_ANSWERS


def test_requests_during_a_reload_are_answered(server: Served, folder: Path, served_files: dict[str, bytes]) -> None:
    """Each from one snapshot; a query in progress ends with the workers of the old one."""
    write_files(relabel(served_files, NEW), folder)
    ended = threading.Event()
    with ThreadPoolExecutor(2) as many:
        slow = many.submit(server.query, f"{CRAWLING} # {time.time()}")
        seen = many.submit(lambda: [read_labels(server) for _ in iter(ended.is_set, True)])
        reload(server)
        assert read_labels(server) == NEW_ANSWERS
        ended.set()
        assert slow.result().status in {200, 504}
        assert {answers for found in seen.result() for answers in found} <= {*OLD_ANSWERS, *NEW_ANSWERS, *MIXED}
    wait_until(lambda: len(worker_pids(server)) == 2)


# The five requests of one turn are not one request, so the exchange may come between them.
MIXED = {tuple(index >= first for index in range(5)) for first in range(1, 5)}


@pytest.mark.parametrize("changes", [1, 10_000])
def test_files_that_change_while_they_are_read_are_read_again(
    changes: int, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(1, 1 + changes))

    def change_and_read(path: Path) -> bytes:
        for moment in itertools.islice(moments, 1):
            os.utime(built / "index.html", ns=(moment, moment))
        return path.read_bytes()

    monkeypatch.setattr("ldnkg.server.snapshot.read_bytes", change_and_read)
    monkeypatch.setattr("ldnkg.server.snapshot.PAUSE_SECONDS", 0)
    if changes == 1:
        assert read_snapshot(built) == read_all(built)
    else:
        with pytest.raises(LdnkgError, match="the files change all the time"):
            read_snapshot(built)


def test_a_worker_that_is_killed_while_idle_costs_no_answer(server: Served) -> None:
    for number in range(3):
        for pid in worker_pids(server):
            os.kill(pid, signal.SIGKILL)
        assert server.query(f"{QUERY} # {number} {time.time()}").status == 200


def test_files_outside_the_folder_are_not_in_the_snapshot(server: Served, folder: Path) -> None:
    (folder.parent / "secret.ttl").write_text("<x:a> <x:b> <x:c> .", "utf-8")
    (folder / "linked.ttl").symlink_to(folder.parent / "secret.ttl")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "config").write_text("secret", "utf-8")
    (folder / "inside.ttl").symlink_to("ontology.ttl")
    os.mkfifo(folder / "pipe.ttl")
    reload(server)
    paths = ["/linked.ttl", "/.hidden/config", "/pipe.ttl", "/..%2fsecret.ttl", "/inside.ttl"]
    assert [server.ask(path).status for path in paths] == [404, 404, 404, 404, 200]
    assert len(read_all(folder)) > 6
