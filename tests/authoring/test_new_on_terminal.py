"""`ldnkg new claim` on a real terminal: it asks, checks, writes, and keeps the answers if it is stopped."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from support.cli import OnTerminal
from support.paths import read_all

if TYPE_CHECKING:
    from pathlib import Path

SLUG = "naltrexone-acts-on-mu-opioid-receptor"
NEW = ("new", "claim", SLUG, "--engine", "shacl")
LABEL = "Naltrexone acts on the mu-opioid receptor: a claim made up for this test"
CTRL_C, CTRL_D = b"\x03", b"\x04"
KEPT = f"The answers are kept in .drafts/{SLUG}.json. The same command goes on from there."


def test_a_claim_is_asked_for_and_written(copy: Path) -> None:
    with OnTerminal(*NEW, cwd=copy) as terminal:
        shown = terminal.answer("sentence> ", "6")
        assert "< goes back" in shown
        assert "what-is-naltrexone" in shown
        terminal.answer("subject> ", "naltrexone")
        assert "actsOn  " in terminal.answer("relation> ", "nothing")
        assert "There is no choice 'nothing'." in terminal.answer("relation> ", "actsOn")
        terminal.answer("object> ", "toll-like-receptor-4")
        terminal.answer("certainty [established]> ", "")
        terminal.answer("evidence [author-statement-without-reference]> ", "")
        terminal.answer("label> ", LABEL)
        terminal.answer("manner (optional)> ", "")
        # The ledger entry is refused first, so that the check has a finding.
        assert "toll-like-receptor-4" in terminal.answer("mentions [toll-like-receptor-4]> ", "-")
        assert "The claim:" in terminal.answer("goes back> ", "")
        shown = terminal.answer("goes back> ", "mentions")
        assert "ledger-not-mentioned" in shown
        assert "Nothing was written." in shown
        terminal.answer("mentions [toll-like-receptor-4]> ", "")
        terminal.answer("goes back> ", "")
        status, shown = terminal.finish()
    assert status == 0, shown
    assert f"data/claims/{SLUG}.yaml\ndata/sources/naltrexone-to-treat-pain.yaml" in shown
    record = yaml.safe_load((copy / "data" / "claims" / f"{SLUG}.yaml").read_text("utf-8"))
    assert record == {
        "id": f"claim:{SLUG}",
        "type": "Claim",
        "sentence": "source:naltrexone-to-treat-pain#s06",
        "subject": "naltrexone",
        "relation": "actsOn",
        "object": "toll-like-receptor-4",
        "certainty": "established",
        "evidence": "author-statement-without-reference",
        "label": LABEL,
    }
    ledger = yaml.safe_load((copy / "data" / "sources" / "naltrexone-to-treat-pain.yaml").read_text("utf-8"))
    sentence = next(node for node in ledger["sentences"] if node["number"] == 6)
    assert (sentence["mentions"][-1], sentence["claims"][-1]) == ("toll-like-receptor-4", f"claim:{SLUG}")
    assert [path.name for path in (copy / ".drafts").iterdir()] == [".gitignore"]


def test_a_dialogue_that_is_stopped_goes_on_at_the_next_start(copy: Path) -> None:
    before = read_all(copy)
    kept = copy / ".drafts" / f"{SLUG}.json"
    with OnTerminal(*NEW, cwd=copy) as terminal:
        terminal.answer("sentence> ", "6")
        terminal.read_until("subject> ")
        terminal.press_until(KEPT, CTRL_C)
        status, shown = terminal.finish()
    assert status == 130
    assert KEPT in shown
    assert json.loads(kept.read_text("utf-8")) == {"sentence": ["source:naltrexone-to-treat-pain#s06"]}
    with OnTerminal(*NEW, "--set", "subject=naltrexone", cwd=copy) as terminal:
        terminal.answer("Go on with them? [yes]> ", "perhaps")
        terminal.answer("Go on with them? [yes]> ", "")
        terminal.answer("relation> ", "actsOn")
        terminal.read_until("object> ")
        terminal.press_until(KEPT, CTRL_D)
        status, shown = terminal.finish()
    assert status == 1
    assert "Nothing was written." in shown
    assert "Traceback" not in shown
    assert list(json.loads(kept.read_text("utf-8"))) == ["sentence", "subject", "relation"]
    with OnTerminal(*NEW, cwd=copy) as terminal:
        terminal.answer("Go on with them? [yes]> ", "no")
        terminal.read_until("sentence> ")
        terminal.press_until(KEPT, CTRL_C)
        assert terminal.finish()[0] == 130
    assert list(json.loads(kept.read_text("utf-8"))) == ["sentence", "subject", "relation"], "kept until an answer"
    assert {name: text for name, text in read_all(copy).items() if not name.startswith(".drafts/")} == before


def test_what_is_wrong_from_the_start_is_refused_before_a_question(copy: Path) -> None:
    for slug, words in (
        ("Not_A_Slug", "'Not_A_Slug' is no name for a claim."),
        ("naltrexone-is-taken-orally", "The claim 'naltrexone-is-taken-orally' exists already."),
    ):
        with OnTerminal("new", "claim", slug, cwd=copy) as terminal:
            status, shown = terminal.finish()
        assert status == 2
        assert words in shown
    with OnTerminal(*NEW, "--set", "colour=blue", cwd=copy) as terminal:
        status, shown = terminal.finish()
    assert status == 2
    assert "A claim has no key 'colour'. Keys: label, " in shown
