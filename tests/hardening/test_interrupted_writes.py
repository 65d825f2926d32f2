"""A build or an export that is interrupted, or that runs beside another, leaves one complete set of files."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.writing.folder import write_files
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

COUNT = 200
# Writes the versions of the files by turns, until it is stopped.
WRITER = f"""
import itertools, sys
from pathlib import Path
from ldnkg.writing.folder import write_files
for version in itertools.cycle(sys.argv[2:]):
    write_files({{f"{{i % 7}}/{{i}}": version.encode() for i in range({COUNT})}}, Path(sys.argv[1]))
    print(version, flush=True)
"""
WRITER_OF_EACH = WRITER.replace("itertools.cycle(sys.argv[2:])", "sys.argv[2:]")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


def make_files(version: str) -> dict[str, bytes]:
    return {f"{i % 7}/{i}": version.encode() for i in range(COUNT)}


def write(folder: Path, *versions: str, cwd: Path, code: str = WRITER) -> subprocess.Popen[bytes]:
    """Start a process that writes the versions by turns, or each of them once."""
    command = [sys.executable, "-c", code, str(folder), *versions]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def read_versions(folder: Path) -> set[bytes]:
    """The versions of the files; every file is there."""
    files = {name: content for name, content in read_all(folder).items() if name != "notes.txt"}
    assert files.keys() == make_files("").keys()
    return set(files.values())


def spin(condition: Callable[[], bool]) -> None:
    """Wait for the condition without a pause, to see the first moment at which it is true."""
    late = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < late


def is_staging(folder: Path) -> bool:
    return any(".building-" in path.name for path in (*folder.iterdir(), *folder.parent.iterdir()))


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "while the new files are written": is_staging,
    "after the first file has changed": lambda folder: (folder / "0" / "0").read_bytes() == b"new",
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with an old version of the files, and a file that somebody else wrote."""
    folder = tmp_path / "out"
    write_files(make_files("old"), folder)
    (folder / "notes.txt").write_text("mine", "utf-8")
    return folder


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupted_write_leaves_one_version(moment: str, number: signal.Signals, out: Path) -> None:
    with write(out, "new", cwd=out.parent) as process:
        spin(lambda: MOMENTS[moment](out))
        process.send_signal(number)
        process.wait(30)
    assert read_versions(out) in ([{b"new"}] if "changed" in moment else [{b"old"}, {b"new"}])
    write_files(make_files("later"), out)
    assert not is_staging(out)
    assert (read_versions(out), (out / "notes.txt").read_text("utf-8")) == ({b"later"}, "mine")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_waits_until_the_files_of_the_working_folder_are_replaced(number: signal.Signals, out: Path) -> None:
    """The working folder cannot be exchanged, because its shell would stay in the old one."""
    before = out.stat().st_ino
    with write(out, "new", cwd=out) as process:
        spin(lambda: (out / "0" / "0").read_bytes() == b"new")
        process.send_signal(number)
        process.wait(30)
    assert (read_versions(out), out.stat().st_ino) == ({b"new"}, before)


def test_concurrent_writes_leave_one_version(out: Path) -> None:
    versions = [[f"{number}-{turn}" for turn in range(2)] for number in range(4)]
    processes = [write(out, *some, cwd=out.parent, code=WRITER_OF_EACH) for some in versions]
    try:
        written = [process.communicate(timeout=60)[0].decode().split() for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait(30)
    assert written == versions
    assert read_versions(out) in [{some[-1].encode()} for some in versions]
    assert not is_staging(out)


@pytest.fixture
def locked(out: Path) -> Iterator[int]:
    """The folder, locked as by another build."""
    descriptor = os.open(out, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield descriptor
    os.close(descriptor)


WAITING = {
    "export": ("export --only nquads --engine shacl", "ldn-kg.nq"),
    "merge": ("merge ontology/ldn.ttl", "report.json"),
}


@pytest.mark.parametrize(("words", "written"), WAITING.values(), ids=WAITING)
def test_a_command_says_that_it_waits_for_another(locked: int, out: Path, words: str, written: str) -> None:
    command = [sys.executable, "-m", "ldnkg", *words.split(), "--out", str(out)]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr
        late = threading.Timer(60, process.kill)  # a silent command would wait for ever
        late.start()
        said = process.stderr.readline().decode()
        late.cancel()
        begun = (out / written).exists()
        fcntl.flock(locked, fcntl.LOCK_UN)
        assert (said, begun) == (f"Another process is writing to {out}. Waiting until it has finished.\n", False)
        assert process.wait(60) == 0
    assert (out / written).is_file()


def test_files_keep_their_modes(out: Path) -> None:
    (out / "0" / "0").chmod(0o640)
    (out / "0").chmod(0o750)
    out.chmod(0o751)
    write_files(make_files("new"), out)
    modes = [path.stat().st_mode & 0o777 for path in (out, out / "0", out / "0" / "0")]
    assert modes == [0o751, 0o750, 0o640]


def test_a_new_folder_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    write_files({"a/b": b""}, tmp_path / "new")
    usual = (tmp_path / "usual").stat().st_mode
    assert [(tmp_path / name).stat().st_mode for name in ("new", "new/a")] == [usual, usual]


def test_a_link_to_a_folder_is_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (out / "linked").symlink_to(tmp_path / "elsewhere")
    before = read_all(out)
    with pytest.raises(LdnkgError, match=re.escape("out/linked: cannot be written, it is a link, so remove it")):
        write_files({"0/0": b"new", "linked/a": b"new"}, out)
    assert (list((tmp_path / "elsewhere").iterdir()), read_all(out)) == ([], before)


def test_a_link_to_a_file_is_replaced_and_its_target_is_kept(out: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"kept")
    (out / "linked").symlink_to(tmp_path / "target")
    write_files({"linked": b"new"}, out)
    assert ((tmp_path / "target").read_bytes(), (out / "linked").read_bytes()) == (b"kept", b"new")
    assert not (out / "linked").is_symlink()


def test_another_name_of_a_file_keeps_its_content(out: Path, tmp_path: Path) -> None:
    """The files are hard links to those of the old folder, so none may be written to."""
    (tmp_path / "also").hardlink_to(out / "0" / "0")
    write_files({"0/0": b"new"}, out)
    assert ((tmp_path / "also").read_bytes(), (out / "0" / "0").read_bytes()) == (b"old", b"new")


def test_a_folder_without_changes_stays(out: Path) -> None:
    before = out.stat()
    write_files(make_files("old"), out)
    assert os.path.samestat(out.stat(), before)


def test_a_folder_that_cannot_be_written_stays_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LdnkgError, match="file: cannot be written, not a directory"):
        write_files({"a": b"1"}, tmp_path / "file" / "new")
    with pytest.raises(LdnkgError, match="is a directory"):
        write_files({"a/b": b"1", "a": b"1"}, tmp_path / "new" / "deep")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def refuse(*_: object, **__: object) -> None:
    raise OSError(95, "not supported")


@pytest.mark.parametrize("function", ["ldnkg.writing.folder.exchange", "fcntl.flock", "os.link", "tempfile.mkdtemp"])
def test_files_are_replaced_one_by_one_if_the_system_cannot_do_more(
    function: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For example, some network file systems have no locks, and a container cannot write beside a mounted folder."""
    if function == "tempfile.mkdtemp":
        monkeypatch.setattr("ldnkg.writing.folder.tempfile", SimpleNamespace(mkdtemp=refuse))
    else:
        monkeypatch.setattr(function, refuse)
    write_files({**make_files("new"), "more/a": b"1"}, out)
    assert read_all(out) == {**make_files("new"), "more/a": b"1", "notes.txt": b"mine"}
    assert not is_staging(out)


SOURCES = ["data", "data/claims", "data/new", "shapes", "ontology", "queries", "docs", ".", "..", "linked"]


@pytest.mark.parametrize("folder", SOURCES)
@pytest.mark.parametrize("command", ["build", "export --only turtle", "nanopubs", "merge ontology/ldn.ttl"])
def test_a_source_folder_is_refused(command: str, folder: str, copy: Path, run: Run) -> None:
    (copy / "linked").symlink_to(copy / "data")
    before = read_all(copy)
    ended = run(*command.split(), "--out", folder, cwd=copy)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(
        rf"ldnkg: {re.escape(folder)}: contains (the publication itself|sources of the publication, which a build "
        r"never changes)\. Name another folder with --out\.\n",
        ended.stderr,
    )
    assert read_all(copy) == before
