"""What is proposed to others is proved to the last identifier, and nothing in it is taken for more than it is."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from importlib.metadata import distribution
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import networkx
import pytest
import yaml

import facts
from conftest import ROOT
from ldnkg.exports.aligned import Aligned
from ldnkg.exports.forms import formats
from ldnkg.paths import Home
from ldnkg.publication import publish, read, read_clean
from readers import drugmechdb, wikidata

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.publication import Publication

HOME = Home(ROOT)
WIKIDATA = HOME.ontology / "exports" / "wikidata"
MECHANISMS = ("microglial-inhibition", "opioid-rebound", "tlr4-antagonism")


def made(name: str, publication: Publication) -> dict[str, bytes]:
    (form,) = formats(HOME, [name])
    return form.files(Aligned(publication))


@pytest.fixture(scope="module")
def commands(publication: Publication) -> dict[str, bytes]:
    return made("wikidata", publication)


@pytest.fixture(scope="module")
def paths(publication: Publication) -> dict[str, bytes]:
    return made("drugmechdb", publication)


def of(paths: dict[str, bytes], slug: str) -> dict[str, Any]:
    path: dict[str, Any] = yaml.safe_load(paths[f"drugmechdb/{slug}.yaml"])
    return path


# Wikidata


def test_the_one_statement_that_all_is_known_for_is_proposed(commands: dict[str, bytes]) -> None:
    # Naltrexone; medical condition treated; opioid use disorder. Alcohol use disorder has close matches alone.
    (command,) = wikidata.commands(commands)
    assert command.statement == ("Q409587", "P2175", "Q1639178")
    assert command.qualifiers == []
    assert command.reference == [
        ("S1476", 'en:"Using Low Doses of an Opioid Antagonist (Naltrexone) to Treat Pain"'),
        ("S577", "+2022-01-17T00:00:00Z/11"),
        ("S2093", '"Xrystina Bicoy"'),
    ]


@pytest.mark.quickstatements
@pytest.mark.skipif("LDNKG_QUICKSTATEMENTS" not in os.environ, reason="no reader of QuickStatements is named")
def test_another_reader_of_quickstatements_makes_the_same_edit_of_it(
    commands: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "commands.tsv").write_bytes(commands["wikidata/quickstatements.tsv"])
    script = (
        "const [package, file] = process.argv.slice(1);"
        "const text = require('fs').readFileSync(file, 'utf8');"
        "process.stdout.write(JSON.stringify(require(package)(text)))"
    )
    ended = subprocess.run(
        ["node", "-e", script, os.environ["LDNKG_QUICKSTATEMENTS"], str(tmp_path / "commands.tsv")],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    made = json.loads(ended.stdout)
    (edit,) = made["edits"]
    assert (made["creations"], made["merges"], edit["id"]) == ([], [], "Q409587")
    title = "Using Low Doses of an Opioid Antagonist (Naltrexone) to Treat Pain"
    reference = {
        "P1476": [{"text": title, "language": "en"}],
        "P577": [{"time": "+2022-01-17T00:00:00Z", "precision": 11}],
        "P2093": ["Xrystina Bicoy"],
    }
    assert edit["claims"] == {"P2175": [{"value": "Q1639178", "references": reference}]}


def test_no_command_names_an_address_or_a_publisher_that_nobody_knows(commands: dict[str, bytes]) -> None:
    assert b"http" not in commands["wikidata/quickstatements.tsv"]
    assert {name for command in wikidata.commands(commands) for name, _ in command.reference} == {
        "S1476",
        "S577",
        "S2093",
    }


def test_each_claim_is_proposed_or_left_out_with_the_reason(commands: dict[str, bytes]) -> None:
    rows = {row["claim"]: row for row in wikidata.review(commands)}
    assert set(rows) == {str(claim["id"]) for claim in facts.claims(read_clean(HOME))}
    assert all(bool(row["proposed_because"]) != bool(row["left_out_because"]) for row in rows.values())
    assert all(row["says"] and row["certainty"] and row["sentence"] for row in rows.values())
    command = ("item", "property", "value", "S1476", "S577", "S2093")
    assert all(bool(row["proposed_because"]) == bool(row[part]) for row in rows.values() for part in command)


@pytest.mark.parametrize(
    ("claim", "reasons"),
    [
        (
            "naltrexone-is-approved-for-alcohol-use-disorder",
            {"no item is known to be the same as: alcohol use disorder"},
        ),
        ("naltrexone-is-longer-acting-than-naloxone", {"no property was seen that says: longer acting than"}),
        (
            "low-dose-naltrexone-is-studied-in-fibromyalgia",
            {
                "no item is known to be the same as: low-dose naltrexone",
                "no property was seen that says: studied in",
                "without what it says besides it would say more",
            },
        ),
        (
            "low-dose-naltrexone-antagonises-tlr4",
            {
                "it is hypothesised, and a statement carries no certainty",
                "no item is known to be the same as: Toll-like receptor 4",
                "no item is known to be the same as: low-dose naltrexone",
                "no property was seen that says: antagonises",
            },
        ),
    ],
)
def test_the_reasons_are_told(commands: dict[str, bytes], claim: str, reasons: set[str]) -> None:
    (row,) = (row for row in wikidata.review(commands) if row["claim"] == f"claim:{claim}")
    assert set(row["left_out_because"].split("; ")) == reasons


def test_whose_approval_it_is_is_said_to_be_left_out(commands: dict[str, bytes]) -> None:
    (row,) = (row for row in wikidata.review(commands) if row["proposed_because"])
    assert row["leaves_out"] == "agency: U.S. Food and Drug Administration"


def test_every_item_is_an_exact_mapping(commands: dict[str, bytes]) -> None:
    lines = [line for line in (HOME.data / "mappings.sssom.tsv").read_text("utf-8").splitlines() if line[0] != "#"]
    exact = {
        row["object_id"].removeprefix("WIKIDATA:")
        for row in csv.DictReader(lines, delimiter="\t")
        if row["predicate_id"] == "skos:exactMatch"
    }
    items = {end for command in wikidata.commands(commands) for end in command.statement[::2]}
    assert set() < items <= exact


def seen() -> dict[str, dict[str, str]]:
    rows = csv.DictReader((WIKIDATA / "seen.tsv").read_text("utf-8").splitlines(), delimiter="\t")
    return {row["property"]: row for row in rows}


def test_every_property_was_seen(commands: dict[str, bytes]) -> None:
    used = {command.statement[1] for command in wikidata.commands(commands)}
    used |= {f"P{name[1:]}" for command in wikidata.commands(commands) for name, _ in command.reference}
    assert used == set(seen())
    assert all(row["label"] and row["seen_in"] for row in seen().values())


def test_what_was_seen_in_an_installed_package_is_there(commands: dict[str, bytes]) -> None:
    assert commands
    registry = f"bioregistry=={distribution('bioregistry').version}:bioregistry/external/wikidata/processed.json"
    model = f"biolink-model=={distribution('biolink-model').version}"
    rows = json.loads((files("bioregistry") / "external" / "wikidata" / "processed.json").read_text("utf-8"))
    slots = yaml.safe_load((files("biolink_model") / "schema" / "biolink_model.yaml").read_text("utf-8"))["slots"]
    looked = 0
    for name, row in seen().items():
        for place in row["seen_in"].split("; "):
            if place.startswith("bioregistry"):
                assert (place, rows[name]["name"]) == (registry, row["label"])
            elif found := re.fullmatch(rf"(exact|narrow) mapping of (.+) in {re.escape(model)}", place):
                assert f"WIKIDATA_PROPERTY:{name}" in slots[found[2]][f"{found[1]}_mappings"]
            else:
                assert "@" in place
                continue
            looked += 1
    assert looked == 4


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "certainty: established",
            "certainty: hypothesised",
            "it is hypothesised, and a statement carries no certainty",
        ),
        (
            "sentence:",
            "population: concept:patients-taking-low-dose-naltrexone-for-chronic-pain\nsentence:",
            "without what it says besides it would say more",
        ),
        (
            "subject: naltrexone",
            "subject: regimen:low-dose-naltrexone",
            "no item is known to be the same as: low-dose naltrexone",
        ),
    ],
    ids=["a hypothesis", "of some alone", "of the regimen"],
)
def test_a_claim_that_a_statement_would_overstate_is_no_longer_proposed(
    copy: Path, old: str, new: str, reason: str
) -> None:
    path = copy / "data" / "claims" / "naltrexone-is-approved-for-opioid-use-disorder.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    home = Home(copy)
    (form,) = formats(home, ["wikidata"])
    changed = form.files(Aligned(publish(home, read_clean(home))))
    assert changed["wikidata/quickstatements.tsv"] == b""
    (row,) = (row for row in wikidata.review(changed) if row["claim"] == f"claim:{path.stem}")
    assert (row["proposed_because"], row["left_out_because"], row["item"], row["value"]) == ("", reason, "", "")


def test_a_command_without_a_claim_behind_it_is_found(commands: dict[str, bytes]) -> None:
    spoilt = {**commands, "wikidata/quickstatements.tsv": b"Q409587\tP2175\tQ540571\n"}
    assert not wikidata.taken_for_fact(spoilt) <= facts.established(read_clean(HOME))


# DrugMechDB


def test_each_mechanism_has_a_path(paths: dict[str, bytes]) -> None:
    assert set(paths) == {f"drugmechdb/{slug}.yaml" for slug in MECHANISMS}


@pytest.mark.parametrize("slug", MECHANISMS)
def test_the_drug_is_naltrexone_by_its_own_identifiers(paths: dict[str, bytes], slug: str) -> None:
    graph = of(paths, slug)["graph"]
    assert (graph["drug_mesh"], graph["drugbank"]) == ("MESH:D009271", "DB:DB00704")
    assert b"D009270" not in paths[f"drugmechdb/{slug}.yaml"]  # naloxone
    assert graph["drug"] == "low-dose naltrexone (1-5 mg/d)"


@pytest.mark.parametrize("slug", MECHANISMS)
def test_what_the_article_does_not_say_is_empty_and_said_to_be(paths: dict[str, bytes], slug: str) -> None:
    path = of(paths, slug)
    missing = drugmechdb.blocks(path)[0]["missing"]
    assert path["graph"]["disease_mesh"] is None
    assert "disease_mesh" in missing
    assert ("a receptor" in missing) == (slug != "tlr4-antagonism")
    receptors = [node for node in path["nodes"] if node["label"] == "Protein"]
    assert [node["id"] for node in receptors] == ["UniProt:O00206"] * (slug == "tlr4-antagonism")
    assert path["references"] == [
        "Bicoy X. Using Low Doses of an Opioid Antagonist (Naltrexone) to Treat Pain. January 17, 2022."
    ]


@pytest.mark.parametrize(
    ("slug", "links"),
    [
        (
            "tlr4-antagonism",
            [
                ("MESH:D009271", "is the ingredient of", "regimen:low-dose-naltrexone"),
                ("regimen:low-dose-naltrexone", "is hypothesised to antagonise", "UniProt:O00206"),
                (
                    "UniProt:O00206",
                    "whose antagonism is hypothesised to inhibit",
                    "concept:pro-inflammatory-cytokine-production",
                ),
                (
                    "concept:pro-inflammatory-cytokine-production",
                    "whose inhibition is hypothesised to decrease",
                    "concept:neuroinflammatory-pain",
                ),
            ],
        ),
        (
            "opioid-rebound",
            [
                ("MESH:D009271", "is the ingredient of", "regimen:low-dose-naltrexone"),
                ("regimen:low-dose-naltrexone", "is hypothesised to block", "GO:0038003"),
                ("GO:0038003", "whose blockade is hypothesised to increase", "concept:endogenous-opioid-production"),
                (
                    "concept:endogenous-opioid-production",
                    "whose increase is hypothesised to decrease",
                    "concept:neuroinflammatory-pain",
                ),
            ],
        ),
        (
            "microglial-inhibition",
            [
                ("MESH:D009271", "is the ingredient of", "regimen:low-dose-naltrexone"),
                ("regimen:low-dose-naltrexone", "is hypothesised to inhibit", "CL:0000129"),
                ("CL:0000129", "whose inhibition is hypothesised to produce", "MESH:D000066829"),
                (
                    "MESH:D000066829",
                    "whose production is hypothesised to decrease",
                    "concept:neuroinflammatory-pain",
                ),
            ],
        ),
    ],
)
def test_networkx_finds_the_path_that_the_article_describes(
    paths: dict[str, bytes], slug: str, links: list[tuple[str, str, str]]
) -> None:
    graph = networkx.node_link_graph(of(paths, slug), edges="links")
    assert graph.is_directed()
    assert graph.is_multigraph()
    assert graph.graph["drug_mesh"] == "MESH:D009271"
    assert [(source, key, target) for source, target, key in graph.edges(keys=True)] == links
    (way,) = networkx.all_simple_paths(graph, "MESH:D009271", "concept:neuroinflammatory-pain")
    assert way == [links[0][0], *(target for _, _, target in links)]
    assert graph.nodes["regimen:low-dose-naltrexone"]["name"] == "low-dose naltrexone (1-5 mg/d)"


@pytest.mark.parametrize("slug", MECHANISMS)
def test_a_path_has_what_the_format_asks_for(paths: dict[str, bytes], slug: str) -> None:
    path = of(paths, slug)
    assert list(path) == ["directed", "multigraph", "graph", "nodes", "links", "references", "comment"]
    assert set(path["graph"]) == {"_id", "drug", "drug_mesh", "drugbank", "disease", "disease_mesh"}
    assert all(list(node) == ["id", "label", "name"] and all(node.values()) for node in path["nodes"])
    assert all(list(link) == ["key", "source", "target"] and all(link.values()) for link in path["links"])
    ends = {link[end] for link in path["links"] for end in ("source", "target")}
    assert ends == {node["id"] for node in path["nodes"]}
    assert path["links"][0]["source"] == path["graph"]["drug_mesh"]


@pytest.mark.parametrize("slug", MECHANISMS)
def test_the_first_thing_in_the_comment_is_that_it_is_no_fact(paths: dict[str, bytes], slug: str) -> None:
    path = of(paths, slug)
    assert path["comment"].startswith("warning: This path is hypothesised by one article. No link of it is a fact but")
    assert path["graph"]["disease"] == "neuroinflammatory pain (effect hypothesised)"
    for link in path["links"][1:]:
        assert "hypothesised" in link["key"]
        assert "D009271" not in link["source"] + link["target"]


@pytest.mark.parametrize("slug", MECHANISMS)
def test_each_step_says_the_word_that_holds_it_back_and_no_other_of_the_article(
    paths: dict[str, bytes], slug: str
) -> None:
    (step, *others) = drugmechdb.steps({slug: paths[f"drugmechdb/{slug}.yaml"]})
    assert [said["cue"] for _, _, said in (step, *others)] == ["thought"] * 3
    assert list(step[2])[list(step[2]).index("hedge") + 1] == "cue"


def test_what_has_no_hedge_has_no_word_for_one(copy: Path) -> None:
    path = copy / "data" / "claims" / "low-dose-naltrexone-antagonises-tlr4.yaml"
    hedge = "hedge: source:naltrexone-to-treat-pain#hedge-s12\n"
    assert path.read_text("utf-8").count(hedge) == 1
    path.write_text(path.read_text("utf-8").replace(hedge, ""), "utf-8")
    home = Home(copy)
    (form,) = formats(home, ["drugmechdb"])
    made = form.files(Aligned(publish(home, read(home))))
    said = {step["claim"]: step.get("cue") for _, _, step in drugmechdb.steps(made)}
    assert said[f"claim:{path.stem}"] is None
    assert list(said.values()).count("thought") == 8


def test_a_link_that_no_longer_holds_back_is_found(paths: dict[str, bytes]) -> None:
    flat = {name: content.replace(b"is hypothesised to antagonise", b"antagonise") for name, content in paths.items()}
    assert drugmechdb.taken_for_fact(paths) == set()
    assert drugmechdb.taken_for_fact(flat) == {"claim:low-dose-naltrexone-antagonises-tlr4"}


def test_a_disease_that_is_named_flatly_is_found(paths: dict[str, bytes]) -> None:
    flat = {name: content.replace(b" (effect hypothesised)", b"") for name, content in paths.items()}
    assert drugmechdb.taken_for_fact(flat) == {"claim:low-dose-naltrexone-decreases-neuroinflammatory-pain"}
