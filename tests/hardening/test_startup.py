"""A server that cannot start says why in one sentence, and one whose log nobody reads goes on."""

from __future__ import annotations

import os
import re
import resource
import shutil
import socket
import subprocess
from functools import partial
from typing import TYPE_CHECKING

import pytest

from ldnkg.server.run import Address
from support.paths import ROOT
from support.servers import Served, command, free_port, served, start_server, wait_until, works

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENV = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
BIG = str(1 << 62)


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))


def start(files: Path, *arguments: str, port: int = 0, prepare: Callable[[], None] | None = None) -> tuple[int, str]:
    """Start a server that is expected to fail, and return its exit status and everything that it printed."""
    words = command(files, port, *arguments)
    ended = subprocess.run(words, env=ENV, capture_output=True, text=True, timeout=60, check=False, preexec_fn=prepare)
    return ended.returncode, ended.stdout + ended.stderr


def spoil(name: str, content: bytes, folder: Path) -> None:
    (folder / name).write_bytes(content)


def replace_by_folder(name: str, folder: Path) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


def replace_by_pipe(name: str, folder: Path) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)


MISSING = r"{}: the built file does not exist\. Run `ldnkg build` first\."
BROKEN = r"{}:\d+: cannot be understood, .*\. Run `ldnkg build` again\."
FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, r"there are no built files\. Run `ldnkg build` first\."),
    "a mark of a merge": (partial(spoil, "ldn-kg.ttl", b"<<<<<<< HEAD\n"), BROKEN.format("ldn-kg.ttl")),
    "no UTF-8": (partial(spoil, "ldn-kg.trig", b'<a:b> <a:c> "\xff" .'), BROKEN.format("ldn-kg.trig")),
    "nothing": (
        partial(spoil, "ldn-kg.ttl", b""),
        r"ldn-kg\.ttl: the graph has no entities\. Run `ldnkg build` again\.",
    ),
    "a folder": (partial(replace_by_folder, "void.ttl"), MISSING.format("void.ttl")),
    "a pipe": (partial(replace_by_pipe, "queries.ttl"), MISSING.format("queries.ttl")),
}


@pytest.mark.parametrize("name", FILES)
def test_files_that_cannot_be_served_are_named(name: str, built: Path, tmp_path: Path) -> None:
    change, sentence = FILES[name]
    folder = shutil.copytree(built, tmp_path / "dist")
    change(folder)
    status, printed = start(folder)
    assert (status, printed.count("\n")) == (2, 1), printed
    assert re.fullmatch(rf"ldnkg: .*{sentence}\n", printed), printed


OPTIONS = {
    "--memory 1000": r"The graph needs more memory than --memory allows\. .*",
    f"--memory {BIG}": rf"--memory {BIG}: too large\. Give at most \d+, the memory of this machine\.",
    f"--at-once {BIG}": rf"--at-once {BIG}: too large\. Give at most 256\.",
    f"--answer {BIG}": rf"--answer {BIG}: too large\. Give at most 2000000000\.",
    "--seconds 100000": r"--seconds 100000: too large\. Give at most 86400\.",
    "--host nowhere.invalid": r"The server cannot listen on nowhere\.invalid:0: .*\. Choose another --host\.",
    "--host a..b": r"The server cannot listen on a\.\.b:0: .*\. Choose another --host\.",
    "--host 192.0.2.1": r"The server cannot listen on 192\.0\.2\.1:0: .*\. Choose another --host\.",
}


@pytest.mark.parametrize("options", OPTIONS)
def test_options_that_cannot_work_are_refused(options: str, built: Path) -> None:
    status, printed = start(built, *options.split())
    assert (status, printed.count("\n")) == (2, 1), printed
    assert re.fullmatch(rf"ldnkg: {OPTIONS[options]}\n", printed), printed


def test_a_port_in_use_is_reported(built: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, printed = start(built, port=port)
    assert (status, printed.count("\n")) == (2, 1), printed
    assert (
        printed
        == f"ldnkg: The server cannot listen on 127.0.0.1:{port}: address already in use. Choose another --port.\n"
    )


def test_too_few_open_files_are_reported(built: Path) -> None:
    status, printed = start(built, prepare=limit_files)
    assert (status, printed.count("\n")) == (2, 1), printed
    assert "allows this process too few open files for 2 workers" in printed


def list_hosts() -> list[str]:
    """The names and addresses of loopback; the addresses of IPv6 only if this machine has one."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return ["localhost", "127.0.0.1"]
    return ["localhost", "127.0.0.1", "::1"]


@pytest.mark.parametrize("host", list_hosts())
def test_a_host_may_be_a_name_or_an_address(host: str, built: Path, tmp_path: Path) -> None:
    process, port, log = start_server(built, tmp_path / "log", "--host", host)
    try:
        wait_until(lambda: b"Serving" in log.read_bytes() or process.poll() is not None)
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        assert f"at {url}, SPARQL at {url}sparql." in log.read_text("utf-8")
        with socket.create_connection((host, port), timeout=10):
            pass
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize(
    ("host", "url"), [("::1", "http://[::1]:80/"), ("127.0.0.1", "http://127.0.0.1:80/"), ("x", "http://x:80/")]
)
def test_only_an_address_of_ipv6_has_brackets_in_the_url(host: str, url: str) -> None:
    """Also on a machine without IPv6."""
    assert Address(host, host, 80).url == url


@pytest.mark.parametrize("reader", ["reads nothing", "has ended"])
def test_a_log_that_nobody_reads_does_not_stop_the_server(reader: str, built: Path) -> None:
    port = free_port()
    process = subprocess.Popen(command(built, port), env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    server = Served(process, port, built)
    try:
        assert process.stderr.readline().startswith(b"Serving ")
        if reader == "has ended":
            process.stderr.close()
        # A pipe takes 64 kB; each request writes some 40 bytes.
        for number in range(2000):
            assert server.ask(f"/claim/none-{number % 9}", "OPTIONS", seconds=10).status
        assert works(server)
        if reader == "reads nothing":
            os.set_blocking(process.stderr.fileno(), False)
            assert len(process.stderr.read()) >= 40_000
            read = process.stderr.read
            wait_until(lambda: works(server) and b"log lines were dropped" in (read() or b""))
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


def test_a_server_starts_within_its_limits(built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path / "log", "--at-once", "1", "--memory", "150000000") as server:
        assert works(server)
