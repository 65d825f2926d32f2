"""Bad input gives one sentence with file and line and exit status 1 or 2; nothing is written or lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ldnkg.errors import LdnkgError
from ldnkg.records.characters import find_flaws
from ldnkg.writing.folder import write_files
from support.cli import run_limited
from support.edits import CLAIM, NAME, edit
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]

LABEL = "label: Naltrexone, unlike naloxone, is taken by mouth"


def delete(name: str) -> Callable[[Path], None]:
    return lambda home: (home / name).unlink()


def append(name: str, content: bytes) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        (home / name).write_bytes((home / name).read_bytes() + content)

    return change


def replace(name: str, content: bytes) -> Callable[[Path], None]:
    def change(home: Path) -> None:
        (home / name).write_bytes(content)

    return change


def rename(home: Path) -> None:
    (home / CLAIM).rename(home / "data" / "claims" / "another-name.yaml")


def make_folder(home: Path) -> None:
    (home / CLAIM).unlink()
    (home / CLAIM).mkdir()


# The edit of the publication, and the file, line and part of the sentence that the build must print.
SPOILT = {
    "broken YAML": (edit("certainty: established", "certainty: [established"), f"{CLAIM}:9: ", "YAML syntax error"),
    "a tab": (edit("relation: takenBy", "\trelation: takenBy"), f"{CLAIM}:6: ", "The line is indented with a tab"),
    "a colon in free text": (edit("label: Naltrexone", "label: Note: naltrexone"), f"{CLAIM}:4: ", "YAML syntax error"),
    "two documents": (edit("type: Claim", "---\ntype: Claim"), f"{CLAIM}:3: ", "YAML syntax error"),
    "a repeated key": (
        edit("type: Claim", "type: Claim\ntype: Claim"),
        f"{CLAIM}:4: ",
        "The key `type` occurs twice in this record",
    ),
    "an unknown key": (
        edit("certainty:", "certanty:"),
        f"{CLAIM}:8: ",
        "There is no key `certanty`. Correct it, or remove it. The closest is `certainty`.",
    ),
    "a key of another kind of record": (
        edit("type: Claim", "type: Claim\ndoseMinimum: 1"),
        f"{CLAIM}:4: ",
        "A claim cannot have this key",
    ),
    "an unknown slug": (
        edit("object: oral-route", "object: oral-rout"),
        f"{CLAIM}:7: ",
        "`object:` names `oral-rout`, which is not defined",
    ),
    "an identifier instead of a slug": (
        edit("comparator: naloxone", "comparator: CHEBI:7459"),
        f"{CLAIM}:9: ",
        "Write the slug `naloxone` instead.",
    ),
    "an unknown certainty": (edit("established", "sure"), f"{CLAIM}:8: ", "`certainty:` names `sure`, which"),
    "an empty label": (
        edit("label: Naltrexone, unlike naloxone, is taken by mouth", "label:"),
        f"{CLAIM}:4: ",
        "The label of the claim is empty",
    ),
    "a control character": (
        edit("label: Naltrexone", 'label: "\\aNaltrexone"\nnote: x'),
        f"{CLAIM}:4: ",
        "The line contains the invisible character U+0007",
    ),
    "a raw control character": (
        edit("label: Naltrexone", "label: \x07Naltrexone"),
        f"{CLAIM}:4: ",
        "The line contains the invisible character U+0007",
    ),
    "a zero-width character": (
        edit("label: Naltrexone", "label: Nal\u200btrexone"),
        f"{CLAIM}:4: ",
        "The line contains the invisible character U+200B",
    ),
    "an alias": (edit("type: Claim", "type: &a Claim\nnote: *a"), f"{CLAIM}:4: ", "YAML aliases (`*name`) are not"),
    "a list for a record": (replace(CLAIM, b"- a\n- b\n"), f"{CLAIM}:1: ", "This is not a record"),
    "an empty file": (replace(CLAIM, b""), f"{CLAIM}:1: ", "This is not a record"),
    "deep nesting": (replace(CLAIM, b"a: " + b"[" * 5000 + b"]" * 5000), f"{CLAIM}:1: ", "YAML syntax error"),
    "not UTF-8": (append(CLAIM, b"note: \xff\n"), f"{CLAIM}:12: ", "The file is not UTF-8 text"),
    "UTF-16": (replace(CLAIM, "id: claim:x\n".encode("utf-16")), f"{CLAIM}:1: ", "The file is not UTF-8 text"),
    "a folder for a file": (make_folder, f"{CLAIM}:1: ", "The file cannot be opened: is a directory"),
    "a file named differently": (rename, "data/claims/another-name.yaml:2: ", f"Rename the file to claims/{NAME}.yaml"),
    "a missing file": (
        delete(CLAIM),
        "data/claims/naltrexone-acts-similarly-to-naloxone.yaml:11: ",
        f"`exceptFor:` names `claim:{NAME}`, which is not defined",
    ),
    "a missing table": (
        delete("data/terms.tsv"),
        "data/terms.tsv:1: ",
        "The file cannot be opened: no such file or directory",
    ),
    "an invisible character in the table": (
        append("data/terms.tsv", "x\u200b\n".encode()),
        "data/terms.tsv:30: ",
        "The line contains the invisible character U+200B",
    ),
    "a carriage return within a text": (
        edit("label: Naltrexone", 'label: "\\rNaltrexone"\nnote: x'),
        f"{CLAIM}:4: ",
        "The line contains the invisible character U+000D",
    ),
    "a row too short": (
        append("data/terms.tsv", b"x\ty\n"),
        "data/terms.tsv:30: ",
        "This row has 2 columns instead of 6",
    ),
    "a wrong date": (
        edit("2022-01-17", "2022-01-32", "data/sources/naltrexone-to-treat-pain.yaml"),
        "data/sources/naltrexone-to-treat-pain.yaml:7: ",
        "`date:` must be a date such as 2022-01-17. Found: `date: 2022-01-32`.",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_mistake_is_one_sentence_with_file_and_line_and_nothing_is_written(
    run: Run, copy: Path, tmp_path: Path, fault: str
) -> None:
    spoil, place, words = SPOILT[fault]
    spoil(copy)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    out = tmp_path / "out"
    ended = run("build", "--engine", "shacl", "--out", out, cwd=copy)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout + ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line.startswith(place)]
    assert len(lines) == 1, ended.stdout
    assert words in lines[0]
    assert not out.exists()
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


def test_windows_line_endings_are_allowed(run: Run, copy: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    for path in (copy / "data").rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    ended = run("build", "--out", tmp_path / "out", cwd=copy)
    assert ended.returncode == 0, ended.stdout
    assert read_all(tmp_path / "out") == files


def test_the_unchanged_copy_has_no_findings(run: Run, copy: Path) -> None:
    assert run("check", cwd=copy).returncode == 0


IMPOSSIBLE = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<x:s> a sh:NodeShape ; sh:targetNode <x:n> ; sh:sparql [ sh:select "SELECT $this { VALUES $this { <x:n> } }" ] .
"""
BROKEN_FILES = {
    "a broken context": ("ontology/context.jsonld", b"{", "ontology/context.jsonld:1: "),
    "a broken ontology": ("ontology/ldn.ttl", b"ldn:x a", "ontology/ldn.ttl:1: "),
    "a broken description": ("ontology/dataset.ttl", b"\n<x", "ontology/dataset.ttl:2: "),
    "a broken derivation": ("ontology/inference/8-dataset.rq", b"SELECT", "ontology/inference/8-dataset.rq:1: "),
    "a broken shape file": ("shapes/claim.ttl", b"\n\nx", "shapes/claim.ttl:3: "),
    "a shape that cannot be run": ("shapes/claim.ttl", IMPOSSIBLE, "The shapes cannot be run: "),
}


@pytest.mark.parametrize("fault", BROKEN_FILES)
def test_a_broken_vocabulary_file_is_one_sentence(run: Run, copy: Path, fault: str) -> None:
    name, content, said = BROKEN_FILES[fault]
    (copy / name).write_bytes(content)
    ended = run("check", cwd=copy)
    assert ended.returncode in {1, 2}
    assert ended.stderr.startswith(f"ldnkg: {said}"), ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1


NO_VALUE = b"SELECT ?record ?subject ?predicate ?object { ?subject a ?object }"
BROKEN_WHEN_BUILT = {
    "a derivation without a value": (
        "ontology/inference/8-dataset.rq",
        NO_VALUE,
        "ontology/inference/8-dataset.rq: leaves ?predicate without a value in row 1. Bind it.",
    ),
    "a broken alignment": ("ontology/alignments/ro.ttl", b"x", "ontology/alignments/ro.ttl:1: cannot be understood"),
}


@pytest.mark.parametrize("fault", BROKEN_WHEN_BUILT)
def test_a_broken_query_or_alignment_is_one_sentence_and_nothing_is_written(run: Run, copy: Path, fault: str) -> None:
    name, content, said = BROKEN_WHEN_BUILT[fault]
    (copy / name).write_bytes(content)
    ended = run("build", "--engine", "shacl", "--out", "out", cwd=copy)
    assert ended.returncode in {1, 2}
    assert ended.stderr.startswith(f"ldnkg: {said}"), ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not (copy / "out").exists()


@pytest.mark.parametrize("name", ["ontology/ldn.ttl", "ontology/dataset.ttl", "shapes/reading.ttl"])
def test_a_missing_vocabulary_file_is_one_sentence(run: Run, copy: Path, name: str) -> None:
    (copy / name).unlink()
    ended = run("check", cwd=copy)
    assert ended.returncode == 2
    assert re.match(rf"ldnkg: {name}: cannot be read, no such file or directory\.", ended.stderr), ended.stderr


def test_missing_rules_are_an_error(run: Run, copy: Path) -> None:
    for path in (copy / "shapes").iterdir():
        if path.name != "reading.ttl":
            path.unlink()
    ended = run("check", cwd=copy)
    assert ended.returncode == 2
    assert "there are no shapes" in ended.stderr


def test_a_folder_without_a_publication_is_refused(run: Run, tmp_path: Path) -> None:
    ended = run("check", "--home", tmp_path)
    assert ended.returncode == 2
    assert "no publication here" in ended.stderr


# --- writing


@pytest.mark.usefixtures("_made_before")
@pytest.mark.parametrize("out", ["/proc/ldn-kg", "/dev/null", "/dev/null/below"])
def test_a_read_only_folder_is_one_sentence(run: Run, out: str) -> None:
    ended = run("build", "--home", ROOT, "--out", out)
    assert ended.returncode == 1
    named = out.removesuffix("/below")
    assert re.match(rf"ldnkg: {named}: cannot be written, [a-z ]+\. Nothing there was changed\.\n$", ended.stderr)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "ldn-kg.ttl").write_text("what stood here before")
    (out / "notes.txt").write_text("somebody's own file")
    limit = 100_000  # bytes a file: the kernel refuses to write more, as a full disk does
    ended = run_limited("RLIMIT_FSIZE", limit, "build", "--engine", "shacl", "--home", ROOT, "--out", out, cwd=tmp_path)
    assert ended.returncode == 1
    assert "cannot be written, file too large. Nothing there was changed." in ended.stderr
    assert sorted((path.name, path.read_text()) for path in out.iterdir()) == [
        ("ldn-kg.ttl", "what stood here before"),
        ("notes.txt", "somebody's own file"),
    ]


def test_other_files_in_the_folder_are_kept(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("somebody's own file")
    write_files({"a": b"1", "b": b"2"}, tmp_path)
    assert read_all(tmp_path) == {"a": b"1", "b": b"2", "notes.txt": b"somebody's own file"}


def test_a_failure_restores_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old a")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "kept").write_bytes(b"kept")
    with pytest.raises(LdnkgError, match="Nothing there was changed"):
        write_files({"a": b"new a", "b": b"new b", "d/e/f": b"new", "c": b"a folder is in the way"}, tmp_path)
    assert read_all(tmp_path) == {"a": b"old a", "c/kept": b"kept"}
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize("again", ["build", "export --only turtle"])
def test_the_next_build_removes_what_a_killed_build_left(run: Run, tmp_path: Path, again: str) -> None:
    """Older versions left their temporary folder in the output folder, and not beside it."""
    out = tmp_path / "out"
    lefts = [out / ".building-left-by-an-older-version" / "new", tmp_path / ".out.building-abc" / "0"]
    for left in lefts:
        left.mkdir(parents=True)
    assert run(*again.split(), "--engine", "shacl", "--home", ROOT, "--out", out).returncode == 0
    assert [left.parent for left in lefts if left.parent.exists()] == []
    assert (out / "ldn-kg.ttl").exists()


DAMAGED_GRAPHS: dict[str, tuple[Callable[[bytes], bytes] | None, str]] = {
    "a mark of a merge": (
        lambda text: text[:999] + b"\n<<<<<<< HEAD\n" + text[999:],
        r"dist/ldn-kg\.ttl:\d+: cannot be und",
    ),
    "a mark of a merge at the top": (
        lambda text: b"<<<<<<< HEAD\n" + text,
        r"dist/ldn-kg\.ttl:\d+: cannot be understood, ",
    ),
    "cut in the middle": (lambda text: text[: len(text) // 2], r"dist/ldn-kg\.ttl:\d+: cannot be understood, "),
    "not UTF-8": (lambda text: text + b"<x:\xff> <x:b> <x:c> .", r"dist/ldn-kg\.ttl:\d+: cannot be understood, "),
    "another format": (lambda _: b'{"a": 1}', r"dist/ldn-kg\.ttl:1: cannot be understood, "),
    "empty": (lambda _: b"", r"dist/ldn-kg\.ttl: has no triples\. "),
    "a folder": (None, r"dist/ldn-kg\.ttl: cannot be read, is a directory\. "),
}


@pytest.mark.parametrize("words", ["query ASK{}", "query dose-of", "show fibromyalgia", "view biolink"])
@pytest.mark.parametrize("damage", DAMAGED_GRAPHS)
def test_a_damaged_graph_is_one_sentence_that_advises_to_build(
    run: Run, copy: Path, files: dict[str, bytes], damage: str, words: str
) -> None:
    change, message = DAMAGED_GRAPHS[damage]
    path = copy / "dist" / "ldn-kg.ttl"
    path.parent.mkdir()
    if change:
        path.write_bytes(change(files["ldn-kg.ttl"]))
    else:
        path.mkdir()
    ended = run(*words.split(), "--quiet", cwd=copy)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.match(f"ldnkg: {message}", ended.stderr), ended.stderr
    assert ended.stderr.endswith("Run `ldnkg build` to write it again.\n")
    assert ended.stderr.count("\n") == 1


CONTEXTS = {
    "a list": b"[1]",
    "nothing": b"null",
    "no context": b"{}",
    "a context that is a list": b'{"@context": []}',
    "a context without vocabulary": b'{"@context": {}}',
    "deep": b"[" * 100_000,
    "a mark of a merge": b'{\n<<<<<<< HEAD\n"@context": {}}',
}


@pytest.mark.parametrize("damage", CONTEXTS)
def test_a_damaged_context_is_one_sentence(run: Run, copy: Path, damage: str) -> None:
    (copy / "ontology" / "context.jsonld").write_bytes(CONTEXTS[damage])
    for words in (["check"], ["build"], ["explain", NAME]):
        ended = run(*words, cwd=copy)
        assert ended.returncode == 2
        assert re.match(r"ldnkg: ontology/context\.jsonld:\d: ", ended.stderr), ended.stderr
        assert ended.stderr.count("\n") == 1


# A text that a reader cannot see or a format cannot represent, with the rule that refuses it.
TEXTS = {
    "a line break": ("mouth\\nand nose", "text-line-break"),
    "a tab": ("by\\tmouth", "text-line-break"),
    "a carriage return": ("by\\rmouth", "character-invisible"),
    "a blank at the end": ("by mouth ", "text-blank-ends"),
    "a blank at the start": (" by mouth", "text-blank-ends"),
    "a control character": ("by\\x1bmouth", "character-invisible"),
    "a bidirectional override": ("by \u202emouth", "character-invisible"),
    "a bidirectional isolate": ("by \u2066mouth", "character-invisible"),
    "a zero-width space": ("by mo\u200buth", "character-invisible"),
    "a zero-width joiner": ("by mo\u200duth", "character-invisible"),
    "a blank that does not break": ("by\u00a0mouth", "character-invisible"),
    "a filler": ("by\u3164mouth", "character-invisible"),
    "a tag": ("by mouth\U000e0061", "character-invisible"),
    "a selector of variants": ("by mouth\ufe0f", "character-invisible"),
    "a private character": ("by \ue000mouth", "character-invisible"),
    "a line separator": ("by\u2028mouth", "character-invisible"),
    "an accent of its own": ("by mouthe\u0301", "text-not-nfc"),
    "the sign of Kelvin": ("by \u212a", "text-not-nfc"),
    "a Cyrillic letter": ("by m\u043euth", "letter-look-alike"),
    "a Greek letter": ("by m\u03bfuth", "letter-look-alike"),
    "a Cyrillic word": ("by \u0440\u043e\u0441\u0430", "letter-look-alike"),
    "a single Cyrillic letter": ("by \u0430 mouth", "letter-look-alike"),
    "a wide letter": ("by m\uff4futh", "letter-look-alike"),
    "a mathematical letter": ("by m\U0001d428uth", "letter-look-alike"),
}
PLACES = {
    "label": (CLAIM, LABEL, 'label: "Taken {}"', 4),
    "note": (CLAIM, "type: Claim", 'type: Claim\nnote: "Taken {}"', 4),
    "altLabel": ("data/regimens/low-dose-naltrexone.yaml", "altLabel: LDN", 'altLabel: "LDN {}"', 5),
    "definition": ("data/concepts/oral-opioid.yaml", "definition: Opioids", 'definition: "Opioids {}"\n#', 7),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_hides_something_is_a_finding_with_file_and_line(
    run: Run, copy: Path, name: str, place: str
) -> None:
    (text, rule), (path, before, after, line) = TEXTS[name], PLACES[place]
    if text.startswith(" "):
        after = after.replace("Taken {}", "{}").replace("LDN {}", "{}").replace("Opioids {}", "{}")
    edit(before, after.replace("{}", text), path)(copy)
    ended = run("check", cwd=copy)
    assert ended.returncode == 1
    assert f"{path}:{line}: this file: reading-{rule}: " in ended.stdout


CELLS = [case for case in TEXTS.items() if "\\" not in case[1][0]]


@pytest.mark.parametrize(("text", "rule"), [case for _, case in CELLS], ids=[name for name, _ in CELLS])
@pytest.mark.parametrize("column", ["label", "source_label", "seen_in"])
def test_a_cell_that_hides_something_is_a_finding_with_file_and_line(
    run: Run, copy: Path, text: str, rule: str, column: str
) -> None:
    path = copy / "data" / "terms.tsv"
    head, *rows = path.read_text("utf-8").splitlines()
    place, cells = head.split("\t").index(column), rows[0].split("\t")
    cells[place] = text
    path.write_text("\n".join([head, "\t".join(cells), *rows[1:], ""]), "utf-8")
    ended = run("check", cwd=copy)
    assert ended.returncode == 1
    assert f"data/terms.tsv:2: this file: reading-{rule}: " in ended.stdout


@pytest.mark.parametrize(
    "text", ["μ receptor", "the μ-opioid receptor", "4.5 μg", "4.5 µg", "TGFβ", "α and κ", "Müller", "naïve", "1–5 mg"]
)
def test_letters_of_other_scripts_with_a_meaning_are_allowed(text: str) -> None:
    assert list(find_flaws(text)) == []


def test_every_malformed_row_is_reported(run: Run, copy: Path) -> None:
    """A malformed row is also one that begins with `#`, because the head ends at the names of the columns."""
    append("data/terms.tsv", b"x\ty\n#z\n")(copy)
    ended = run("check", "--home", copy)
    assert [line.split(": ", 1)[0] for line in ended.stdout.splitlines()] == [
        "copy/data/terms.tsv:30",
        "copy/data/terms.tsv:31",
    ]
