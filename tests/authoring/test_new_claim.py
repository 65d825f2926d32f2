"""`ldnkg new claim` writes a claim that passes, with its entry in the ledger, or says why not and writes nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import yaml

from ldnkg.authoring.new_claim import add_to_list
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


def new(home: Path, given: dict[str, str], *more: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    settings = [part for key, value in given.items() for part in ("--set", f"{key}={value}")]
    command = [sys.executable, "-m", "ldnkg", "new", "claim", SLUG, "--engine", "shacl", *settings, *more]
    return subprocess.run(command, cwd=home, input=answers, capture_output=True, text=True, check=False, timeout=120)


def test_what_is_given_is_written_and_passes(copy: Path) -> None:
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


def test_what_is_not_given_is_asked_for(copy: Path) -> None:
    some = {key: value for key, value in GIVEN.items() if key not in {"relation", "sentence", "label"}}
    ended = new(copy, some, answers=f"{GIVEN['label']}\nactsOn\n6\n")
    assert ended.returncode == 0, ended.stderr
    assert all(f"{key}: " in ended.stderr for key in ("label", "relation", "sentence"))
    text = (copy / "data" / "claims" / f"{SLUG}.yaml").read_text("utf-8")
    assert "relation: actsOn\n" in text


def test_a_claim_that_is_not_established_is_asked_for_its_hedge(copy: Path) -> None:
    ended = new(copy, {**GIVEN, "certainty": "supported"})
    assert ended.returncode == 2
    assert "'hedge' is needed" in ended.stderr


def test_what_does_not_pass_is_said_and_nothing_is_written(copy: Path) -> None:
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


def test_what_the_sentence_mentions_can_be_added(copy: Path) -> None:
    ended = new(copy, {**GIVEN, "object": "toll-like-receptor-4"}, "--mentions", "toll-like-receptor-4")
    assert ended.returncode == 0, ended.stdout
    ledger = yaml.safe_load((copy / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8"))
    sentence = next(one for one in ledger["sentences"] if one["number"] == 6)
    assert sentence["mentions"][-1] == "toll-like-receptor-4"
    assert sentence["claims"][-1] == f"claim:{SLUG}"


def test_wrong_use_is_said(copy: Path) -> None:
    assert "no KEY=VALUE" in new(copy, {}, "--set", "subject").stderr
    assert "There is no sentence '99'" in new(copy, {**GIVEN, "sentence": "99"}).stderr
    assert new(copy, GIVEN).returncode == 0
    assert "already" in new(copy, GIVEN).stderr


def test_the_rest_of_a_ledger_stays_as_it_is() -> None:
    text = (ROOT / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8")
    sentence = "source:naltrexone-to-treat-pain#s25"
    more = add_to_list(add_to_list(text, sentence, "claims", "claim:x"), sentence, "mentions", "naltrexone")
    gone = [line for line in text.split("\n") if line not in more.split("\n")]
    assert gone == []
    added = len(more.split("\n")) - len(text.split("\n"))
    assert added == len(["claim", "the key mentions", "what is mentioned"])
    assert add_to_list(more, sentence, "claims", "claim:x") == more
