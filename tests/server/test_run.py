"""The start and the end of the server, its arguments and its log."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tomllib
from argparse import Namespace
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from pathlib import Path
from urllib.parse import quote

import pytest
from granian.server import Server

from ldnkg.cli import serve
from ldnkg.cli.main import make_parser
from ldnkg.errors import LdnkgError
from ldnkg.server.config import Limits
from support.paths import ROOT
from support.servers import CRAWLING, Served, command, read_metric, served, wait_until, worker_pids, works


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "--port 99999: not a port"),
        (["--port", "{taken}"], "cannot listen on 127.0.0.1:{taken}: address already in use. Choose another --port."),
        (["--host", "999.1.1.1"], "Choose another --host"),
        (["--host", "192.0.2.1"], "192.0.2.1:7878: cannot assign requested address. Choose another --host."),
        (["--address", "graph.example"], "not an HTTP URL that ends in a slash"),
        (["--address", "https://graph.example/ldn"], "not an HTTP URL that ends in a slash"),
        (["--address", "https://graph.example/?a=b/"], "not an HTTP URL that ends in a slash"),
        (["--address", "http://["], "not an HTTP URL that ends in a slash"),
        (["--address", "http://a%zz/"], "not an HTTP URL that ends in a slash"),
        (["--address", "http://a b/"], "not an HTTP URL that ends in a slash"),
        (["--address", "http://a:99999/"], "not an HTTP URL that ends in a slash"),
        (["--address", "ftp://graph.example/"], "not an HTTP URL that ends in a slash"),
        (["--seconds", "0"], "--seconds 0: too small. Give at least 1."),
        (["--files", "/"], "the built file does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_invalid_argument_is_refused_with_a_message(
    server: Served, built: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setattr(Server, "serve", lambda *_, **__: pytest.fail("The server was started."))
    given = [argument.replace("{taken}", str(server.port)) for argument in arguments]
    files = [] if "--files" in given else ["--files", str(built)]
    parsed = make_parser(["serve"]).parse_args(["serve", *files, "--home", str(ROOT), *given])
    with pytest.raises(LdnkgError) as error:
        serve.run(parsed)
    assert words.replace("{taken}", str(server.port)) in str(error.value)
    assert error.value.status == 2


def test_a_port_in_use_is_reported_without_a_traceback(server: Served, built: Path) -> None:
    ended = subprocess.run(command(built, server.port), capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert ended.stderr.startswith(
        f"ldnkg: The server cannot listen on 127.0.0.1:{server.port}: address already in use."
    )


@pytest.mark.parametrize("missing", serve.REQUIRED)
def test_a_missing_dependency_is_reported_with_the_extra_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == missing else ModuleSpec(name, None))
    with pytest.raises(LdnkgError, match=r"Run `pip install '\.\[serve\]'`"):
        serve.run(Namespace())


def test_the_extra_has_all_required_dependencies() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["serve"]
    assert {re.split("[<>=]", line)[0].replace("-", "_") for line in extra} == set(serve.REQUIRED)


def test_the_options_of_the_command_have_the_defaults_of_the_limits() -> None:
    options = {name.replace("-", "_"): default for name, (default, _, _) in serve.LIMITS.items()}
    assert options == Limits()._asdict()


def test_a_port_that_is_not_a_number_is_refused(built: Path) -> None:
    arguments = command(built, 0, "--port", "http")
    ended = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, "invalid int value: 'http'" in ended.stderr) == (2, True)
    assert "Traceback" not in ended.stderr


def test_the_url_is_printed_when_the_server_accepts_connections(built: Path) -> None:
    with subprocess.Popen(command(built, 0), stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline().decode()
            port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/,", line)[0])
            assert works(Served(process, port, built))
        finally:
            process.terminate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_server_finishes_its_requests(built: Path, tmp_path: Path, stop: signal.Signals) -> None:
    with served(built, tmp_path / "log", "--seconds", "1") as server:
        workers = worker_pids(server)
        assert len(workers) == 2
        with ThreadPoolExecutor(2) as two:
            slow = [two.submit(server.query, f"{CRAWLING} # {number}") for number in range(2)]
            while "busy" not in server.ask("/health").text:
                assert not any(reply.done() for reply in slow)
            os.kill(server.process.pid, stop)
            assert [reply.result().status for reply in slow] == [504, 504]
        assert server.process.wait(20) in {0, 130}
        assert not any((Path("/proc") / str(pid)).exists() for pid in workers)
        assert "Traceback" not in server.log.read_text("utf-8")


def test_no_process_is_forked(built: Path, tmp_path: Path) -> None:
    """Neither at the start nor at a reload by SIGHUP, when other threads may hold locks."""
    hook = "import os\nos.register_at_fork(before=lambda: os.write(2, b'A process was forked.'))\n"
    (tmp_path / "sitecustomize.py").write_text(hook, "utf-8")
    code = f"{tmp_path}{os.pathsep}{ROOT / 'scripts'}"
    with served(built, tmp_path / "log", code=code) as server:
        os.kill(server.process.pid, signal.SIGHUP)
        wait_until(lambda: "Reloaded" in server.log.read_text("utf-8"))
        assert works(server)
    assert "forked" not in server.log.read_text("utf-8")


def test_health_is_reported_and_requests_are_counted(server: Served) -> None:
    assert json.loads(server.ask("/health").content) == {"answers": True}
    before = read_metric(server, 'ldnkg_requests_total{kind="sparql",status="400"}')
    server.query("SELECT")
    assert read_metric(server, 'ldnkg_requests_total{kind="sparql",status="400"}') == before + 1


def test_the_log_has_only_the_kind_of_a_request(built: Path, tmp_path: Path) -> None:
    with served(built, tmp_path / "log") as server:
        secret = {"Authorization": "Bearer hidden-token", "Cookie": "session=hidden-token"}
        server.ask(f"/sparql?query={quote('ASK { <x:hidden-token> ?p ?o }')}&key=hidden-token", headers=secret)
        server.ask("/claim/hidden-token", headers=secret)
    log = (tmp_path / "log").read_text("utf-8")
    assert "GET sparql 200" in log
    assert "GET resource 404" in log
    assert "hidden-token" not in log
