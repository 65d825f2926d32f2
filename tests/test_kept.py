"""What is kept from a clean reading spares the next check that reading, and never changes what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT, read_all
from ldnkg import kept
from ldnkg.again import check_again
from ldnkg.checks import check
from ldnkg.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

CLAIM = "data/claims/naltrexone-is-taken-orally.yaml"
SHAPE, DERIVATION, CONTEXT = "shapes/claim.ttl", "ontology/derive/1-bare-triples.rq", "ontology/context.jsonld"
FORMATS = ("text", "sarif", "junit", "ttl", "jsonld")
MORE = """
PREFIX ldn: <https://w3id.org/ldn-kg/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?record ?subject ?predicate ?object
WHERE {
  ?record rdf:predicate ldn:takenBy ; rdf:object ?subject .
  BIND (rdf:type AS ?predicate)
  BIND (ldn:Mechanism AS ?object)
}
"""
FAST = ("--engine", "shacl")
FAULTS = {
    "a broken record": (CLAIM, "id: claim", "id: [claim"),
    "a record with an unknown name": (CLAIM, "object: oral-route", "object: oral-rout"),
    "a record against a rule": (CLAIM, "certainty: established", "certainty: associated"),
    "a table": ("data/terms.tsv", "naltrexone\t", "Naltrexone\t"),
    "a rule that asks for more": (SHAPE, "sh:minCount 1", "sh:minCount 2"),
    "a broken rule": (SHAPE, "@prefix ldn:", "prefix ldn:"),
    "a derivation that lacks a variable": (DERIVATION, "SELECT ?record ?subject", "SELECT ?record"),
    "a derivation that says something else": ("ontology/derive/8-dataset.rq", "SELECT", "#SELECT"),
    "a context that does not know a key": (CONTEXT, '"certainty":', '"certitude":'),
    "a context that means something else": (CONTEXT, '"ldn:certainty"', '"ldn:hedge"'),
    "an ontology that lacks a term": ("ontology/ldn.ttl", "ldn:takenBy a", "ldn:takenOtherwise a"),
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept by this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ldnkg" / "graphs"


def said(run: Run, home: Path, *arguments: object) -> tuple[int, str, str]:
    ended = run("check", *FAST, *arguments, cwd=home)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


def quiet(_: str) -> None:
    return


# --- what is kept changes nothing


def test_what_is_said_is_the_same_and_counts_the_same(run: Run, copy: Path, cache: Path) -> None:
    afresh = said(run, copy, "--no-cache")
    assert (afresh[0], afresh[1]) == (0, "")
    assert said(run, copy) == afresh
    assert len(list(cache.iterdir())) == 1
    assert said(run, copy) == afresh
    assert said(run, copy, "data/claims", CLAIM) == afresh


@pytest.mark.parametrize("form", FORMATS[1:])
def test_reports_are_the_same(run: Run, form: str, cache: Path) -> None:
    first, second, afresh = (said(run, ROOT, "--format", form, *more) for more in ((), (), ("--no-cache",)))
    assert first == second == afresh
    assert len(list(cache.iterdir())) == 1
    assert afresh[1] != ""


def test_both_engines_run_on_what_is_kept(run: Run, copy: Path, cache: Path) -> None:
    _, _, fast = said(run, copy)
    before = read_all(cache)
    reference = run("check", cwd=copy)
    assert (reference.returncode, reference.stdout) == (0, "")
    assert reference.stderr == fast.replace(" by shacl.", " by pyshacl.") != fast
    assert read_all(cache) == before


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_as_without_what_is_kept(run: Run, copy: Path, fault: str) -> None:
    good = said(run, copy)
    name, right, wrong = FAULTS[fault]
    path = copy / name
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    spoilt = [said(run, copy, *more) for more in ((), (), ("--no-cache",))]
    assert spoilt[0] == spoilt[1] == spoilt[2]
    assert spoilt[0][0] != 0
    path.write_text(text, "utf-8")
    assert said(run, copy) == good == said(run, copy, "--no-cache")


def test_a_finding_in_a_changed_rule_has_its_file_and_line(run: Run, copy: Path, cache: Path) -> None:
    said(run, copy)
    assert len(list(cache.iterdir())) == 1
    path = copy / "shapes" / "claim.ttl"
    path.write_text(path.read_text("utf-8").replace("sh:minCount 1", "sh:minCount 2", 1), "utf-8")
    assert f"{CLAIM}:4: claim:naltrexone-is-taken-orally: claim-label-missing: " in said(run, copy)[1]


@pytest.mark.usefixtures("cache")
def test_what_no_rule_looks_at_is_counted_as_it_was(run: Run, copy: Path) -> None:
    """A type that a claim gives to something else is not shown to the rules, and yet makes it one of a kind."""
    before = said(run, copy)
    (copy / "ontology" / "derive" / "99-more.rq").write_text(MORE, "utf-8")
    afresh = said(run, copy, "--no-cache")
    assert (afresh[0], afresh[1]) == (0, "")
    assert afresh != before
    assert said(run, copy) == afresh
    assert said(run, copy) == afresh


@pytest.mark.usefixtures("cache")
def test_what_is_kept_is_what_the_rules_look_at(copy: Path) -> None:
    home = Home(copy)
    before = check_again(home, quiet, "shacl")
    name = kept.name_of(home)
    graph = kept.find(home, name)
    assert graph is not None
    kept.keep(home, name, graph._replace(records=graph.records + 1000))
    after = check_again(home, quiet, "shacl")
    assert before.publication is not None
    assert after.publication is None
    rules_of_reading = 43
    assert after.evaluations - before.evaluations == 1000 * rules_of_reading
    assert (after.rules, after.nodes, after.findings) == (before.rules, before.nodes, [])


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_the_engine_has_the_last_word(copy: Path, engine: str) -> None:
    """Where it finds anything in what is kept, here a graph without labels, all is read."""
    home = Home(copy)
    check_again(home, quiet, "shacl")
    name = kept.name_of(home)
    graph = kept.find(home, name)
    assert graph is not None
    lines = graph.seen.splitlines(keepends=True)
    unlabelled = b"".join(line for line in lines if b"rdf-schema#label>" not in line)
    assert unlabelled != graph.seen
    kept.keep(home, name, graph._replace(seen=unlabelled))
    report = check_again(home, quiet, engine)
    assert report.publication is not None
    assert report.findings == []


# --- whatever is read is in the name


def test_the_inputs_are_what_reading_opens(copy: Path) -> None:
    """Hidden files as well: editors leave them, and what of them is read is in the name."""
    (copy / "data" / "claims" / ".hidden.yaml").write_text("id: [", "utf-8")
    (copy / "data" / "notes.txt").write_text("none", "utf-8")
    shutil.copy(copy / DERIVATION, copy / "ontology" / "derive" / ".hidden.rq")
    script = """
import sys
from pathlib import Path
from ldnkg.paths import Home
from ldnkg.publication import publish, read_clean
home, opened = Home(Path(sys.argv[1])), set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
publish(home, read_clean(home))
print("\\n".join(sorted(name for name in opened if name.startswith(sys.argv[1]))))
"""
    ended = subprocess.run([sys.executable, "-c", script, str(copy)], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == sorted(map(str, Home(copy).inputs))
    assert str(copy / CLAIM) in ended.stdout


def test_a_byte_more_in_any_input_changes_the_name(copy: Path) -> None:
    home = Home(copy)
    name = kept.name_of(home)
    assert home.inputs
    for path in home.inputs:
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        assert kept.name_of(home) not in ("", name), path
        path.write_bytes(content)
    assert kept.name_of(home) == name


def test_a_file_more_or_less_or_of_another_name_changes_the_name(copy: Path) -> None:
    home, path = Home(copy), copy / CLAIM
    names = [kept.name_of(home)]
    other = path.rename(path.with_name("naltrexone-is-taken.yaml"))
    names.append(kept.name_of(home))
    other.unlink()
    names.append(kept.name_of(home))
    path.write_bytes(b"")
    names.append(kept.name_of(home))
    (copy / "data" / "claims" / "a-folder").mkdir()
    assert kept.name_of(home) == ""
    assert len({*names, ""}) == 5


def test_what_moves_from_one_file_to_the_next_changes_the_name(copy: Path) -> None:
    home = Home(copy)
    name = kept.name_of(home)
    first, second = [path for path in home.inputs if path.parent.name == "claims"][:2]
    content, before = second.read_bytes(), first.read_bytes()
    second.unlink()
    for length in (0, len(content)):
        head = b"%s\0%d\0" % (second.relative_to(copy).as_posix().encode(), length)
        first.write_bytes(before + head + content)
        assert kept.name_of(home) not in ("", name)


def test_other_code_changes_the_name(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(copy)
    package = tmp_path / "package"
    package.mkdir()
    for module in Path(kept.__file__).parent.glob("*.py"):
        shutil.copy(module, package)
    monkeypatch.setattr(kept, "__file__", str(package / "kept.py"))
    name = kept.name_of(home)
    (package / "names.py").write_bytes((package / "names.py").read_bytes() + b"\n")
    assert kept.name_of(home) != name


@pytest.mark.parametrize("library", kept.LIBRARIES)
def test_another_library_changes_the_name(
    library: str, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [kept.name_of(Home(copy))]
    loaded = sys.modules.pop(library)
    monkeypatch.syspath_prepend(tmp_path / "site")
    try:
        for text in ("one = 1", "one = 11"):
            (tmp_path / "site" / library).mkdir(parents=True, exist_ok=True)
            (tmp_path / "site" / library / "__init__.py").write_text(text, "utf-8")
            names.append(kept.name_of(Home(copy)))
    finally:
        sys.modules[library] = loaded
    assert len(set(names)) == 3


@pytest.mark.parametrize("moment", ["reading the records", "making the graph"])
def test_what_changes_while_it_is_read_is_not_kept(copy: Path, cache: Path, moment: str) -> None:
    def change(step: str) -> None:
        if step == moment:
            path = copy / CLAIM
            path.write_text(path.read_text("utf-8") + "\n", "utf-8")

    assert check_again(Home(copy), change, "shacl").findings == []
    assert not cache.exists()
    check_again(Home(copy), quiet, "shacl")
    assert len(list(cache.iterdir())) == 1


def test_what_has_findings_is_not_kept(run: Run, copy: Path, cache: Path) -> None:
    path = copy / CLAIM
    path.write_text(path.read_text("utf-8").replace("certainty: established", "certainty: associated"), "utf-8")
    assert said(run, copy)[0] == 1
    assert not cache.exists()


# --- what is kept may be spoilt


def cut(content: bytes) -> list[bytes]:
    ends = (0, 1, content.index(b"\n"), content.index(b"\n") + 1, len(content) // 2, len(content) - 1)
    return [content[:end] for end in ends]


def altered(content: bytes) -> list[bytes]:
    places = (0, 12, content.index(b"records: ") + len(b"records: "), len(content) // 3, len(content) - 2)
    return [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]


def test_a_file_that_is_not_as_it_was_written_is_not_believed(copy: Path, cache: Path) -> None:
    home = Home(copy)
    name = kept.name_of(home)
    kept.keep(home, name, kept.Graph(b"<a:b> <a:c> <a:d> .\n", b"<a:e> <a:f> <a:g> .\n", 3))
    graph = kept.find(home, name)
    assert graph == kept.Graph(b"<a:b> <a:c> <a:d> .\n", b"<a:e> <a:f> <a:g> .\n", 3)
    path = cache / f"{name}.nt"
    content = path.read_bytes()
    for spoilt in (*cut(content), *altered(content), content + b"\n", b"\xff" * 100):
        path.write_bytes(spoilt)
        assert kept.find(home, name) is None, spoilt
    path.write_bytes(content)
    assert kept.find(home, name) == graph
    path.rename(cache / f"{'0' * 64}.nt")
    assert kept.find(home, "0" * 64) is None


def test_a_spoilt_file_is_written_again(run: Run, copy: Path, cache: Path) -> None:
    good = said(run, copy)
    (path,) = cache.iterdir()
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    assert said(run, copy) == good
    assert path.read_bytes() == content


def test_a_folder_in_its_place_is_harmless(run: Run, copy: Path, cache: Path) -> None:
    good = said(run, copy)
    (path,) = cache.iterdir()
    path.unlink()
    path.mkdir()
    assert said(run, copy) == good


@pytest.mark.parametrize("where", ["a file", "below a file"])
def test_where_nothing_can_be_kept_the_answer_is_the_same(run: Run, copy: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    place = tmp_path / "file" if where == "a file" else tmp_path / "file" / "below"
    ended = run("check", *FAST, cwd=copy, XDG_CACHE_HOME=str(place))
    afresh = run("check", *FAST, "--no-cache", cwd=copy)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, afresh.stdout, afresh.stderr)


@pytest.mark.parametrize("named", [True, False])
def test_nothing_is_kept_within_the_publication(run: Run, copy: Path, *, named: bool) -> None:
    before = read_all(copy)
    env = {"XDG_CACHE_HOME": str(copy / "data") if named else "", "HOME": str(copy)}
    for _ in range(2):
        assert run("check", *FAST, cwd=copy, **env).returncode == 0
    assert read_all(copy) == before


@pytest.mark.parametrize("named", ["", "relative"])
def test_it_is_kept_in_the_home_of_the_user(run: Run, copy: Path, tmp_path: Path, named: str) -> None:
    """Unless another folder is named by a whole path, as the convention has it."""
    user, here = tmp_path / "user", tmp_path / "here"
    user.mkdir()
    here.mkdir()
    ended = run("check", *FAST, "--home", copy, cwd=here, XDG_CACHE_HOME=named, HOME=str(user))
    assert ended.returncode == 0
    assert len(list((user / ".cache" / "ldnkg" / "graphs").iterdir())) == 1
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("cache")
def test_many_at_once_are_harmless(copy: Path) -> None:
    command = [sys.executable, "-m", "ldnkg", "check", *FAST]
    processes = [
        subprocess.Popen(command, cwd=copy, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(4)
    ]
    answers = {(process.communicate(timeout=60)[0], process.returncode) for process in processes}
    assert len(answers) == 1
    assert min(answers)[1] == 0
    home = Home(copy)
    assert kept.find(home, kept.name_of(home)) is not None


def test_the_last_few_are_kept(copy: Path, cache: Path) -> None:
    home = Home(copy)
    names = [f"{number:064}" for number in range(kept.KEPT + 4)]
    for number, name in enumerate(names):
        kept.keep(home, name, kept.Graph(b"", b"", number))
        os.utime(cache / f"{name}.nt", (number, number))
    kept.keep(home, "f" * 64, kept.Graph(b"", b"", 0))
    assert sorted(path.stem for path in cache.iterdir()) == sorted([*names[-kept.KEPT + 1 :], "f" * 64])


# --- who keeps


def test_nothing_is_kept_without_a_cache(run: Run, copy: Path, cache: Path) -> None:
    assert said(run, copy, "--no-cache")[0] == 0
    assert not cache.parent.exists()


def test_a_file_from_outside_is_read_and_nothing_kept(run: Run, copy: Path, cache: Path, tmp_path: Path) -> None:
    said(run, copy)
    before = read_all(cache)
    outside = tmp_path / "claims" / "a-draft.yaml"
    outside.parent.mkdir()
    outside.write_text("id: [", "utf-8")
    status, printed, _ = said(run, copy, outside)
    assert (status, "reading-yaml-broken" in printed) == (1, True)
    assert read_all(cache) == before


def test_other_commands_and_the_library_keep_nothing(run: Run, copy: Path, cache: Path, tmp_path: Path) -> None:
    assert run("export", *FAST, "--only", "nquads", "--out", tmp_path / "out", cwd=copy).returncode == 0
    assert check(Home(copy), engine_name="shacl").findings == []
    assert not cache.parent.exists()
