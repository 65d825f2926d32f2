"""Each measure of `make mutation` can fail, and the list of survivors is consistent.

These tests judge few mutants. `make mutation` judges all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ldnkg.files import read_turtle
from ldnkg.paths import Home
from ldnkg.source_text.verify import verify
from ldnkg.validation.rules import Rules
from mutation.code_judging import CodeJudge, homes
from mutation.code_mutants import code_mutants
from mutation.examples_home import build
from mutation.graphs import serialise_checked
from mutation.mutant import SURVIVED, Verdict, score
from mutation.rule_judging import RuleJudge
from mutation.rule_mutants import Shapes, query_changes
from mutation.survivors import known, listing, miscounted, unlisted
from mutation.tamper import refused
from support.article import PAIRS, Pair
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HOME = Home(ROOT)


@pytest.mark.thorough
def test_mutants_of_a_rule_survive_without_its_bad_example(tmp_path: Path) -> None:
    """The measure can fail: no example is left that breaks the rule."""
    shapes = Shapes(Rules(HOME.shapes).quads, read_turtle(HOME.ontology / "ldn.ttl"))
    rule = next(rule for rule in shapes.rules() if rule.endswith("#claim-label-missing"))
    good = {"examples": serialise_checked(build(tmp_path))}
    verdicts = RuleJudge(shapes, good).verdicts([rule])
    assert score(verdicts) == 0
    assert len(unlisted(verdicts, known())) == len(verdicts) > 1


@pytest.mark.thorough
def test_mutants_of_the_code_survive_without_the_bad_examples(tmp_path: Path) -> None:
    of_ids = [mutant for mutant in code_mutants(ROOT / "scripts" / "ldnkg") if mutant.function == "_check_ids"]
    kept = {name: home for name, home in homes(tmp_path).items() if name == "examples"}
    assert len(of_ids) > 10
    assert 0 < score(CodeJudge(kept).verdicts(of_ids)) < 1


def test_each_survivor_is_written_with_its_reason() -> None:
    listed = known()
    alive = Verdict("claim:x label", "a to b", SURVIVED)
    head, row = listing([alive, Verdict("claim:x label", "dropped", "claim-label-missing")], listed).splitlines()
    assert head.split("\t") == ["place", "change", "found_by", "reason"]
    assert row.split("\t")[:3] == [alive.place, alive.change, ""]
    assert row.split("\t")[3] in {entry.reason for entry in listed}


def test_the_numbers_of_the_list_are_compared_with_the_survivors() -> None:
    listed = known()
    assert all(entry.reason and entry.number > 0 for entry in listed)
    dead = [Verdict("nowhere", "nothing", SURVIVED)]
    assert len(miscounted(dead, listed)) == len(listed)
    assert unlisted(dead, listed) == dead


def test_a_query_is_changed_in_each_way() -> None:
    query = "{ ?a ?b ?c } UNION { ?d ?e ?f }\nFILTER (?a != ?c && ?b < ?c)\nFILTER NOT EXISTS {\n ?a ldn:x* ?c }"
    changes = dict(query_changes(query))
    assert "line 0: without the branch before UNION" in changes
    assert changes["line 0: without the branch after UNION"].startswith("{ ?a ?b ?c }\n")
    assert sum(": && to ||" in name for name in changes) == 1
    assert sum("without FILTER" in name for name in changes) == 2
    assert all(changed != query for changed in changes.values())


@pytest.mark.thorough
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.ledger.id)
def test_every_altered_text_is_refused_with_the_altered_sentence(pair: Pair) -> None:
    tried, missed = refused(pair.text, pair.ledger)
    assert missed == []
    assert len(tried) >= 12
    assert sum(tried.values()) >= 60


def test_an_altered_text_that_is_accepted_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = "\u200b".encode()
    monkeypatch.setattr("mutation.tamper.verify", lambda raw, ledger: [] if mark in raw else verify(raw, ledger))
    _, missed = refused(PAIRS[0].text, PAIRS[0].ledger)
    assert {alteration.kind for alteration in missed} == {"zero-width character"}
