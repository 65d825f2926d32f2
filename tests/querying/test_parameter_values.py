"""Parameters that are given twice, and identifiers in another spelling than that of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.paths import ROOT

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

FIBROMYALGIA = "http://purl.obolibrary.org/obo/MONDO_0005546"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["claims-about", "--condition", "fibromyalgia", "--condition", "fibromyalgia"], "--condition"),
        (["claims-about", "--condition=fibromyalgia", "--condition=chronic pain"], "--condition"),
        (["claims-about", "--condition", "fibromyalgia", "--condition=chronic pain"], "--condition"),
        (["dose-of", "--regimen", "LDN", "--regimen", "LDN", "--regimen", "LDN"], "--regimen"),
        (["claims-about", "--conditon", "a", "--conditon", "a"], "--conditon"),
        (["ASK {}", "--x", "1", "--x", "2"], "--x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_parameter_that_is_given_twice_is_named(run: Run, words: list[str], name: str) -> None:
    ended = run("query", *words, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"ldnkg: {name} is given twice. Give one value")


SPELLINGS = [
    "https://purl.obolibrary.org/obo/MONDO_0005546",
    "http://purl.obolibrary.org/obo/MONDO_0005546/",
    "https://purl.obolibrary.org/obo/MONDO_0005546#",
    "http://purl.obolibrary.org/obo/mondo_0005546",
    "http://PURL.obolibrary.org/obo/MONDO_0005546",
    "http://purl.obolibrary.org/obo/MONDO:0005546",
    "http://www.purl.obolibrary.org/obo/MONDO_0005546",
    "https://identifiers.org/mondo:0005546",
    "http://identifiers.org/MONDO:0005546",
    "http://identifiers.org/mondo/MONDO:0005546",
    "http://identifiers.org/mondo/0005546",
    "https://bioregistry.io/mondo:0005546",
    "http://bioregistry.io/MONDO:0005546",
    "obo:MONDO_0005546",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_another_spelling_of_an_iri_suggests_the_one_of_the_graph(run: Run, typed: str) -> None:
    ended = run("query", "claims-about", "--condition", typed, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert f"'{typed}'" in ended.stderr
    assert f"Did you mean '{FIBROMYALGIA}'?" in ended.stderr
    shown = run("show", typed, "--home", ROOT)
    assert shown.stdout.startswith("fibromyalgia") or "Did you mean MONDO:0005546 (fibromyalgia)?" in shown.stderr


@pytest.mark.parametrize(
    ("question", "typed", "known"),
    [
        ("identifiers-in --vocabulary", "https://www.wikidata.org/entity", "http://www.wikidata.org/entity/"),
        ("identifiers-in --vocabulary", "https://www.wikidata.org/entity/", "http://www.wikidata.org/entity/"),
        ("dose-of --regimen", "http://w3id.org/ldn-kg/regimen/low-dose-naltrexone", ""),
        ("claims-about-intervention --intervention", "https://identifiers.org/chebi:7465", "CHEBI_7465"),
        ("claims-about-intervention --intervention", "https://identifiers.org/CHEBI:CHEBI:7465", "CHEBI_7465"),
    ],
)
def test_every_kind_of_iri_has_spellings(run: Run, question: str, typed: str, known: str) -> None:
    ended = run("query", *question.split(), typed, "--home", ROOT)
    assert ended.returncode == 2
    assert f"Did you mean '{'https' if not known else known if known.startswith('http') else 'http'}" in ended.stderr
    assert known in ended.stderr


@pytest.mark.parametrize(
    "typed", [FIBROMYALGIA, "MONDO:0005546", "mondo:0005546", "MONDO_0005546", f"<{FIBROMYALGIA}>"]
)
def test_a_known_spelling_is_accepted(run: Run, typed: str) -> None:
    ended = run("query", "claims-about", "--condition", typed, "--format", "csv", "--home", ROOT)
    assert ended.returncode == 0
    assert "low-dose-naltrexone-is-studied-in-fibromyalgia" in ended.stdout


@pytest.mark.parametrize("typed", ["https://example.org/obo/MONDO_1", "http://purl.obolibrary.org/obo/MONDO_00055461"])
def test_an_unknown_iri_has_no_rows(run: Run, typed: str) -> None:
    ended = run("query", "claims-about", "--condition", typed, "--home", ROOT)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.startswith("No rows: ")


@pytest.mark.parametrize("typed", ["http://[x", "http://a.example/%zz"])
def test_a_malformed_iri_is_one_sentence(run: Run, typed: str) -> None:
    ended = run("query", "claims-about", "--condition", typed, "--home", ROOT)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert f"'{typed}' is not an IRI: " in ended.stderr
