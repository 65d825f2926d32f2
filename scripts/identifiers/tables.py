"""Make the tables of identifier forms from Bioregistry, the publication's prefixes and the hand-written tables here."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import bioregistry

from ldnkg.errors import LdnkgError
from ldnkg.merge.local_identifiers import simplify_name
from ldnkg.merge.reference import RESOURCES
from ldnkg.merge.resource_tables import read_rows
from ldnkg.paths import Home, find_bundled
from ldnkg.records.jsonld_context import read_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bioregistry import Resource

FOLDER = RESOURCES
OWN = Path(__file__).parent
NAME, IRI, PAGE, RESOLVER, OMIT = "name", "iri", "page", "resolver", "omit"
COLUMNS = ("written", "prefix", "kind", "source")
RULES = ("prefix", "pattern", "replacement", "case")
NOTE = "# `make identifiers` generates this table from Bioregistry {} (CC0) and scripts/identifiers/{}.\n"
# The registries whose prefixes occur in CURIEs.
REGISTRIES = ("biocontext", "bioportal", "go.resource", "miriam", "n2t", "ncbi.resource", "ols", "prefixcommons")
LINKED_DATA = ("data.", "id.", "purl.", "rdf.")  # the starts of hosts whose addresses are IRIs of entities


class Form(NamedTuple):
    """A written form of an identifier, our prefix, the kind of the form, and its documentation."""

    written: str
    prefix: str
    kind: str
    source: str

    @property
    def key(self) -> str:
        """The form without the differences that a merge ignores."""
        return simplify_name(self.written) if self.kind == NAME else self.written.lower().rstrip("/")


def make_tables() -> dict[str, bytes]:
    """Return each table by the name of its file."""
    prefixes = _read_rows(Home(find_bundled()).data / "prefixes.tsv", ("prefix", "bioregistry", "pattern", "exception"))
    return {
        "aliases.tsv": _write(make_forms(prefixes), COLUMNS, "supplement.tsv"),
        "local_identifiers.tsv": _write(_make_rules(prefixes), RULES, "local_identifiers.tsv"),
    }


def make_forms(prefixes: Sequence[Sequence[str]]) -> list[Form]:
    """Return the sorted forms of the prefixes; a form of the supplement replaces the same form of Bioregistry.

    Raise LdnkgError if one form has two prefixes.
    """
    supplement = [Form(*row) for row in _read_rows(OWN / "supplement.tsv", COLUMNS)]
    generated = [form for row in prefixes for form in _list_forms(row[0], row[1])]
    forms: dict[tuple[bool, str], Form] = {}
    for form in [*supplement, *sorted(generated)]:
        known = forms.setdefault((form.kind == NAME, form.key), form)
        if known.prefix != form.prefix and known.kind != OMIT:
            raise LdnkgError(f"'{form.written}' is a form of {known.prefix} and of {form.prefix}. Omit one of them.")
    return sorted(form for form in forms.values() if form.kind != OMIT)


def _list_forms(prefix: str, registered: str) -> Iterator[Form]:
    """Yield the forms of a prefix with its name in Bioregistry, or none if Bioregistry does not have it."""
    if _has_own_form(namespace := _read_namespaces()[prefix]):
        yield Form(f"{_shorten(namespace)}$1", prefix, IRI, "ontology/context.jsonld")
    resource = bioregistry.get_resource(registered) if registered else None
    if resource is None:
        return
    source = f"Bioregistry: {registered}"
    for name in _list_names(resource):
        yield Form(name, prefix, NAME, source)
    for written in resource.get_uri_formats():
        if _has_own_form(written):
            form = _shorten(written)
            yield Form(form, prefix, IRI if form.startswith(LINKED_DATA) else PAGE, source)
    if acronym := resource.get_mappings().get("bioportal"):
        yield Form(f"purl.bioontology.org/ontology/{acronym}/$1", prefix, IRI, source)


@cache
def _read_namespaces() -> dict[str, str]:
    return read_context(Home(find_bundled()).ontology / "context.jsonld").prefixes


def _list_names(resource: Resource) -> set[str]:
    """Return the names of a prefix; of several spellings that a merge takes for the same, the first."""
    mappings = resource.get_mappings()
    names = {resource.prefix, resource.get_preferred_prefix() or resource.prefix, *resource.get_synonyms()}
    names |= {mappings[registry] for registry in REGISTRIES if registry in mappings}
    allowed = {name for name in names if (bioregistry.normalize_prefix(name) or resource.prefix) == resource.prefix}
    return set({simplify_name(name): name for name in sorted(allowed, reverse=True)}.values())


def _has_own_form(written: str) -> bool:
    """Return whether a form needs a row of its own; resolvers and addresses with an IRI have one for all prefixes."""
    resolvers = ("bio2rdf.org", "bioregistry.io", "identifiers.org", "n2t.net")
    return not _shorten(written).startswith(resolvers) and written.count("//") == 1


def _shorten(written: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", written)


def _make_rules(prefixes: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the hand-written rules, and then for each other prefix its pattern in Bioregistry."""
    rules = _read_rows(OWN / "local_identifiers.tsv", RULES)
    known = {row[0] for row in rules if row[2] == r"\g<0>"}
    generated = [[row[0], row[2].removeprefix("^").removesuffix("$"), r"\g<0>", "upper"] for row in prefixes]
    return [*rules, *(row for row in generated if row[0] not in known)]


def _read_rows(path: Path, columns: Sequence[str]) -> list[list[str]]:
    return [[row[column] for column in columns] for row in read_rows(path, columns)]


def _write(rows: Iterable[Sequence[str]], columns: Sequence[str], own: str) -> bytes:
    note = NOTE.format(version("bioregistry"), own)
    return (note + "".join("\t".join(row) + "\n" for row in [columns, *rows])).encode()
