"""`ldnkg new claim --set` writes a claim that passes the check, with its entry in the ledger, or writes nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from ldnkg.authoring.new_claim import add_to_list, draft_claim, refuse_changed
from ldnkg.errors import LdnkgError
from ldnkg.paths import Home
from support.paths import ROOT, read_all

if TYPE_CHECKING:
    from pathlib import Path

SLUG = "naltrexone-acts-on-mu-opioid-receptor"
GIVEN = {
    "label": "Naltrexone acts on the mu-opioid receptor: a claim made up for this test",
    "subject": "naltrexone",
    "relation": "actsOn",
    "object": "mu-opioid-receptor",
    "certainty": "established",
    "sentence": "6",
    "evidence": "author-statement-without-reference",
}


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


def test_a_ledger_in_another_layout_is_refused() -> None:
    with pytest.raises(LdnkgError, match="enter the claim by hand"):
        add_to_list("sentences:\n- id: source:a#s01\n", "source:a#s01", "claims", "claim:x")


def test_the_other_lines_of_a_ledger_stay_unchanged() -> None:
    text = (ROOT / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8")
    sentence = "source:naltrexone-to-treat-pain#s25"
    more = add_to_list(add_to_list(text, sentence, "claims", "claim:x"), sentence, "mentions", "naltrexone")
    gone = [line for line in text.split("\n") if line not in more.split("\n")]
    assert gone == []
    added = len(more.split("\n")) - len(text.split("\n"))
    assert added == len(["claim", "the key mentions", "what is mentioned"])
    assert add_to_list(more, sentence, "claims", "claim:x") == more
