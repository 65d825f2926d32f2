"""Every form in which registries and databases write our identifiers is read, and no form of another resource."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files as resources
from typing import TYPE_CHECKING

import bioregistry
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from identifiers.tables import FOLDER, OMIT, OWN, Form, make_tables
from ldnkg.errors import LdnkgError
from ldnkg.records.tsv_reader import read_table
from support.merging import EXTRACTS, FEW_EXAMPLES, LABEL, NALOXONE, NALTREXONE, report_merge, write_file
from support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.merge.reference import ReferenceIndex

BASE = "ni:///sha-256;base"


def read_rows(path: Path, *columns: str) -> list[tuple[str, ...]]:
    table, errors = read_table(path, columns)
    assert errors == []
    return [tuple(row.cells.values()) for row in table.rows]


# The forms of our identifiers, and with an empty second cell the forms that name something else.
FORMS = read_rows(EXTRACTS / "identifier_forms.tsv", "form", "ours", "remark")
PREFIXES = read_rows(ROOT / "data" / "prefixes.tsv", "prefix", "bioregistry", "pattern", "exception")
REGISTERED = {row[0]: row[1] for row in PREFIXES}


def list_ours(reference: ReferenceIndex) -> list[tuple[str, str, str]]:
    """The prefix, the local part and the IRI of each identifier that joins or must not join."""
    evidence = reference.entities
    iris = {*evidence._identifiers, *evidence._lookalikes}
    shortened = ((reference.resolver.shorten(iri).partition(":"), iri) for iri in sorted(iris))
    return [(curie[0], curie[2], iri) for curie, iri in shortened if curie[0] in REGISTERED]


@pytest.mark.parametrize(("form", "ours"), [row[:2] for row in FORMS if row[1]])
def test_a_form_of_our_identifier_is_read(form: str, ours: str, reference: ReferenceIndex) -> None:
    expected = reference.graph.publication.inputs.context.expand(ours)
    assert reference.resolver.canonicalise(form) == expected
    assert reference.resolver.resolve(form, BASE).value == expected
    assert reference.entities.find_matches(form)


@pytest.mark.parametrize("form", [row[0] for row in FORMS if not row[1]])
def test_a_form_of_something_else_is_not_read(form: str, reference: ReferenceIndex) -> None:
    for iri in (form, reference.resolver.resolve(form, BASE).value):
        assert reference.entities.find_matches(iri) == []
        assert reference.entities.find_lookalikes(iri) == []


@pytest.mark.parametrize(
    "form", ["UNII:5\u017f6W795CQM", "CHEBI:\u0667465", "https://identifiers.org/chebi:7465" + "?" * 2_048]
)
def test_letters_that_only_look_equal_and_a_long_address_are_not_read(form: str, reference: ReferenceIndex) -> None:
    assert reference.resolver.canonicalise(form) == form
    assert reference.entities.find_matches(form) == []


def test_the_table_of_forms_is_large_enough() -> None:
    counts = Counter(row[1].partition(":")[0] for row in FORMS)
    assert len(FORMS) >= 150
    assert counts.pop("") >= 25
    assert len(counts) >= 20


def test_our_iris_are_canonical(reference: ReferenceIndex) -> None:
    assert [iri for _, _, iri in list_ours(reference) if reference.resolver.canonicalise(iri) != iri] == []


def test_every_address_in_bioregistry_is_read(reference: ReferenceIndex) -> None:
    """Except those that the supplement omits with a reason, and those that several prefixes share."""
    omitted = {row[0] for row in read_rows(OWN / "supplement.tsv", *Form._fields) if row[2] == OMIT}
    missed, count = [], 0
    for prefix, local, iri in list_ours(reference):
        resource = bioregistry.get_resource(REGISTERED[prefix]) if REGISTERED[prefix] else None
        for written in resource.get_uri_formats() if resource else ():
            if written.partition("://")[2].removeprefix("www.") not in omitted:
                count += 1
                address = written.replace("$1", local)
                missed += [address] if reference.resolver.canonicalise(address) != iri else []
    assert count > 3000
    assert missed == []


def test_every_prefix_in_bioregistry_and_biolink_is_read(reference: ReferenceIndex) -> None:
    text = resources("biolink_model").joinpath("schema/biolink_model.yaml").read_text("utf-8")
    biolink = yaml.safe_load(text)["prefixes"]
    for prefix, local, iri in list_ours(reference):
        resource = bioregistry.get_resource(REGISTERED[prefix]) if REGISTERED[prefix] else None
        names = {resource.prefix, *resource.get_synonyms()} if resource else set()
        assert {reference.resolver.resolve(f"{name}:{local}", BASE).value for name in names} <= {iri}
        start = biolink.get(prefix, reference.graph.prefixes[prefix])
        assert reference.resolver.canonicalise(start + local) == iri


def test_the_tables_are_current() -> None:
    kept = {name: (FOLDER / name).read_bytes() for name in make_tables()}
    assert make_tables() == kept, "Run `make identifiers`."


def test_a_form_of_two_prefixes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("identifiers.tables.OWN", tmp_path)
    heads = {"supplement": Form._fields, "local_identifiers": ("prefix", "pattern", "replacement", "case")}
    for name, columns in heads.items():
        write_file(tmp_path, f"{name}.tsv", "\t".join(columns) + "\n")
    write_file(tmp_path, "supplement.tsv", "\t".join(Form._fields) + "\nMSH\tCHEBI\tname\ta test\n")
    with pytest.raises(LdnkgError, match=r"'MSH' is a form of CHEBI and of MESH\. Omit one of them\."):
        make_tables()


@pytest.mark.parametrize(
    "form", [row[0] for row in FORMS if row[1] in {"MESH:D009270", "CHEBI:7459"} and "://" in row[0]]
)
def test_naloxone_is_refused_for_naltrexone_in_every_form(form: str, reference: ReferenceIndex, tmp_path: Path) -> None:
    text = f'<{form}> {LABEL} "Naltrexone" .\n<{form}> <http://e.org/p> <{NALTREXONE}> .\n'
    report = report_merge(reference, write_file(tmp_path, "a.nt", text))
    assert len(report["refused"]) == 1
    assert NALOXONE not in {row["our_entity"] for row in report["joined"]}


@FEW_EXAMPLES
@given(st.sampled_from(FORMS), st.text(max_size=9))
def test_a_canonical_iri_is_stable(reference: ReferenceIndex, form: tuple[str, ...], more: str) -> None:
    canonicalise = reference.resolver.canonicalise
    for text in (form[0], form[0] + more, more + form[0], more):
        assert canonicalise(canonicalise(text)) == canonicalise(text)
