"""`ldnkg new claim --set` writes a claim that passes the check, with its entry in the ledger, or writes nothing."""

from __future__ import annotations

import difflib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from ldnkg.authoring.ledger_edit import add_to_list
from ldnkg.authoring.new_claim import draft_claim, refuse_changed
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from support.edits import NEW_CLAIM as GIVEN
from support.edits import NEW_SLUG as SLUG
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from collections.abc import Callable


def new(
    home: Path, given: dict[str, str], *more: str, answers: str = "", slug: str = SLUG
) -> subprocess.CompletedProcess[str]:
    settings = [part for key, value in given.items() for part in ("--set", f"{key}={value}")]
    command = [sys.executable, "-m", "ldnkg", "new", "claim", slug, "--engine", "shacl", *settings, *more]
    return subprocess.run(command, cwd=home, input=answers, capture_output=True, text=True, check=False, timeout=120)


def test_a_claim_is_written_with_its_entry_in_the_ledger(copy: Path) -> None:
    ended = new(copy, GIVEN)
    assert (ended.returncode, ended.stdout.splitlines()) == (
        0,
        [f"data/claims/{SLUG}.yaml", "data/sources/naltrexone-to-treat-pain.yaml"],
    ), ended.stderr
    record = yaml.safe_load((copy / "data" / "claims" / f"{SLUG}.yaml").read_text("utf-8"))
    assert record == {
        "id": f"claim:{SLUG}",
        "type": "Claim",
        **GIVEN,
        "sentence": "source:naltrexone-to-treat-pain#s06",
    }
    check = [sys.executable, "-m", "ldnkg", "check", "--engine", "shacl"]
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False, timeout=120).returncode == 0


def test_missing_keys_are_read_from_standard_input(copy: Path) -> None:
    some = {key: value for key, value in GIVEN.items() if key not in {"relation", "sentence", "label"}}
    ended = new(copy, some, answers=f"{GIVEN['label']}\nactsOn\n6\n")
    assert ended.returncode == 0, ended.stderr
    assert all(f"{key}: " in ended.stderr for key in ("label", "relation", "sentence"))
    text = (copy / "data" / "claims" / f"{SLUG}.yaml").read_text("utf-8")
    assert "relation: actsOn\n" in text


def test_a_claim_that_is_not_established_needs_a_hedge(copy: Path) -> None:
    ended = new(copy, {**GIVEN, "certainty": "supported"})
    assert ended.returncode == 2
    assert "'hedge' is needed" in ended.stderr


def test_a_claim_with_findings_is_not_written(copy: Path) -> None:
    before = read_all(copy)
    for change, words in (
        ({"object": "toll-like-receptor-4"}, "ledger-not-mentioned"),
        ({"subject": "regimen:low-dose-naltrexone"}, "ledger-not-mentioned"),
        ({"object": "mu-opioid-receptr"}, "Did you mean `mu-opioid-receptor`?"),
        ({"object": "naloxone"}, "dataset-object-of-wrong-kind"),
    ):
        ended = new(copy, {**GIVEN, **change})
        assert ended.returncode == 1, change
        assert words in ended.stdout
        assert "Nothing was written." in ended.stderr
        assert read_all(copy) == before


def test_a_mention_is_added_to_the_ledger(copy: Path) -> None:
    ended = new(copy, {**GIVEN, "object": "toll-like-receptor-4"}, "--mentions", "toll-like-receptor-4")
    assert ended.returncode == 0, ended.stdout
    ledger = yaml.safe_load((copy / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8"))
    sentence = next(node for node in ledger["sentences"] if node["number"] == 6)
    assert sentence["mentions"][-1] == "toll-like-receptor-4"
    assert sentence["claims"][-1] == f"claim:{SLUG}"


def test_wrong_use_is_refused_with_a_sentence(copy: Path) -> None:
    assert "no KEY=VALUE" in new(copy, {}, "--set", "subject").stderr
    assert "There is no sentence '99'" in new(copy, {**GIVEN, "sentence": "99"}).stderr
    assert new(copy, GIVEN).returncode == 0
    assert "already" in new(copy, GIVEN).stderr
    assert "is no name for a claim" in new(copy, GIVEN, slug="../claims/a-claim").stderr


def test_without_a_terminal_and_without_keys_one_sentence_says_what_to_do(copy: Path) -> None:
    ended = new(copy, {})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "ldnkg: There is no terminal to ask questions on. Give each key with --set KEY=VALUE: "
        "label, subject, relation, object, certainty, sentence, evidence.\n"
    )


def test_a_value_that_no_record_can_have_is_a_finding(copy: Path) -> None:
    before = read_all(copy)
    ended = new(copy, {**GIVEN, "label": "A label with\u200ba hidden character"})
    assert ended.returncode == 1, ended.stderr
    assert "reading-character-invisible" in ended.stdout
    ended = new(copy, {**GIVEN, "label": "Half a letter: \udcff"})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "The value of --set label is not UTF-8 text." in ended.stderr
    assert read_all(copy) == before


def test_advice_names_only_files_that_the_clone_has(copy: Path) -> None:
    assert new(copy, GIVEN).stderr.splitlines()[-1] == "Written. Then run `ldnkg build`."
    (copy / "Makefile").touch()
    answers = copy / "tests" / "data" / "answers"
    answers.mkdir(parents=True)
    (answers / "facts.tsv").touch()
    (copy / "data" / "claims" / f"{SLUG}.yaml").unlink()
    said = new(copy, GIVEN).stderr.splitlines()[-1]
    assert said == (
        "Written. Enter the claim in tests/data/answers/facts.tsv and in invariants.tsv beside it, from the article. "
        "Then run `make`."
    )


def test_a_file_that_was_changed_during_the_check_is_not_written_over(copy: Path) -> None:
    answers = {key: [value] for key, value in GIVEN.items()}
    draft = draft_claim(Home(copy), SLUG, answers, {}, "shacl")
    assert draft.report.clean
    refuse_changed(draft)
    ledger = copy / "data" / "sources" / "naltrexone-to-treat-pain.yaml"
    text = ledger.read_text("utf-8")
    ledger.write_text(text + "# an edit\n", "utf-8")
    with pytest.raises(LdnkgError, match=r"treat-pain\.yaml: was changed while the claim was checked"):
        refuse_changed(draft)
    ledger.write_text(text, "utf-8")
    (copy / "data" / "claims" / f"{SLUG}.yaml").touch()
    with pytest.raises(LdnkgError, match=rf"{SLUG}\.yaml: was changed"):
        refuse_changed(draft)


def test_the_other_lines_of_a_ledger_stay_unchanged() -> None:
    text = (ROOT / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8")
    sentence = "source:naltrexone-to-treat-pain#s25"
    more = add_to_list(add_to_list(text, sentence, "claims", "claim:x"), sentence, "mentions", "naltrexone")
    gone = [line for line in text.split("\n") if line not in more.split("\n")]
    assert gone == []
    added = len(more.split("\n")) - len(text.split("\n"))
    assert added == len(["claim", "the key mentions", "what is mentioned"])
    assert add_to_list(more, sentence, "claims", "claim:x") == more


LEDGER = Path("data") / "sources" / "naltrexone-to-treat-pain.yaml"
ID = "  - id: source:naltrexone-to-treat-pain#s06"
# What an editor or a curator does to a ledger, which the check accepts.
LAYOUTS: dict[str, Callable[[str], str]] = {
    "Windows line endings": lambda text: text.replace("\n", "\r\n"),
    "no line ending at the end": lambda text: text.rstrip("\n"),
    "Windows line endings, none at the end": lambda text: text.rstrip("\n").replace("\n", "\r\n"),
    "a comment behind an id": lambda text: text.replace(ID, f"{ID} # the first one"),
    "an id in double quotes": lambda text: text.replace(ID, re.sub("id: (.*)", r'id: "\1"', ID)),
    "an id in single quotes": lambda text: text.replace(ID, re.sub("id: (.*)", r"id: '\1' # quoted", ID)),
    "blanks at the end of lines": lambda text: re.sub(r"(?m)(?<=\w)$", "  ", text),
    "comments and empty lines": lambda text: re.sub(r"(?m)^(    claims:)$", r"\n    # What it says.\n\1", text),
    "comments behind claims": lambda text: re.sub(r"(?m)^(      - claim:.*)$", r"\1  # a claim", text),
    "lists that are not indented": lambda text: re.sub(r"(?m)^      - ", "    - ", text),
    "lists in brackets": lambda text: re.sub(
        r"(?m)^    claims:((?:\n      - .*)+)",
        lambda found: f"    claims: [{', '.join(found[1].split()[1::2])}]",
        text,
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_claim_is_entered_in_a_ledger_of_any_layout(copy: Path, layout: str) -> None:
    """One entry is new in the data, one line is new or changed in the text, and the line endings are the same."""
    path, check = copy / LEDGER, [sys.executable, "-m", "ldnkg", "check", "--engine", "shacl"]
    before = LAYOUTS[layout](path.read_text("utf-8"))
    path.write_bytes(before.encode())
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False, timeout=120).returncode == 0
    ended = new(copy, GIVEN)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    after = path.read_bytes().decode()
    was, becomes = ({node["id"]: node for node in yaml.safe_load(text)["sentences"]} for text in (before, after))
    own = "source:naltrexone-to-treat-pain#s06"
    assert becomes[own].pop("claims") == [*was[own].pop("claims"), f"claim:{SLUG}"]
    assert becomes == was
    added = list(difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True)))
    assert len([line for line in added if line.startswith("+ ")]) <= 1 + ("at the end" in layout)
    assert after.count("\r\n") == (after.count("\n") if "Windows" in layout else 0)
    assert after.endswith("\n") == before.endswith("\n")
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False, timeout=120).returncode == 0


NODE = "sentences:\n  - id: s\n    number: 1\n"
LISTS = {
    "no list": ("", "    claims:\n      - new\n"),
    "an empty list": ("    claims: []\n", "    claims: [new]\n"),
    "an empty value": ("    claims: # none yet\n", "    claims: [new] # none yet\n"),
    "a single value": ("    claims: a # one\n", "    claims: [a, new] # one\n"),
    "a single value in quotes": ("    claims: 'a'\n", "    claims: ['a', new]\n"),
    "a list in brackets": ("    claims: [a, b] # two\n", "    claims: [a, b, new] # two\n"),
    "a list in brackets on several lines": ("    claims: [\n      a\n    ]\n", "    claims: [\n      a\n    , new]\n"),
    "a list": (
        "    claims:\n      - a # one\n\n    # more\n",
        "    claims:\n      - a # one\n      - new\n\n    # more\n",
    ),
}


@pytest.mark.parametrize("after", ["", "  - id: t\n    claims:\n      - b\n", "other:\n  - c\n"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_in_any_style_gets_one_entry(name: str, after: str) -> None:
    before, becomes = LISTS[name]
    assert add_to_list(NODE + before + after, "s", "claims", "new") == NODE + becomes + after
    assert add_to_list(NODE + becomes + after, "s", "claims", "new") == NODE + becomes + after


@pytest.mark.parametrize(
    "text", ["", "sentences: []\n", "sentences:\n  - {id: s, number: 1}\n", "sentences:\n  - id: t\n"]
)
def test_a_ledger_without_the_item_in_block_style_is_refused(text: str) -> None:
    with pytest.raises(LdnkgError, match="Enter the claim by hand"):
        add_to_list(text, "s", "claims", "new")


# Files that Windows cannot have, by the first and the last of each kind.
DEVICES = ("con", "prn", "aux", "nul", "com0", "com1", "com9", "lpt0", "lpt1", "lpt9")


@pytest.mark.parametrize(
    "slug",
    [
        ".hidden",
        "CON",
        "c\u043en",
        "co\u200bn",
        "nul.yaml",
        "..",
        "a/b",
        "Capital",
        "under_score",
        "two--hyphens",
        "end-",
        "a b",
        "é",
        "a.b",
        "",
        "a\n",
        "index",
        "all",
        *DEVICES,
    ],
)
def test_a_name_that_the_check_refuses_is_refused_with_the_allowed_form(copy: Path, slug: str) -> None:
    before = read_all(copy)
    ended = new(copy, GIVEN, slug=slug)
    assert (ended.returncode, ended.stdout) == (2, "")
    allowed = (
        "is reserved for a file"
        if slug in {"index", "all", *DEVICES}
        else "Use lower-case letters, digits and single hyphens"
    )
    assert allowed in ended.stderr
    assert read_all(copy) == before


def test_findings_of_a_draft_name_the_engine_that_ran(copy: Path) -> None:
    assert " by shacl." in new(copy, {**GIVEN, "object": "mu-opioid-receptr"}).stderr
