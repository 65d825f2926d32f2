"""Build the graph of a publication: records through the JSON-LD context, then the inference queries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.rdf.sparql import deduplicate, load_store, select_quads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TypeAlias

    from ldnkg.paths import Home
    from ldnkg.records.jsonld_context import Context
    from ldnkg.records.loader import LoadedRecords
    from ldnkg.records.reader import Record

    Convert: TypeAlias = Callable[[Iterable[Record], Context], Iterable[ox.Quad]]


class Publication(NamedTuple):
    """The graph of a publication: `stated` comes from records, `derived` from these and the ontology.

    `store` contains every triple once, in one of its graphs. Do not change it.
    """

    inputs: LoadedRecords
    stated: list[ox.Quad]
    derived: list[ox.Quad]
    home: Home
    store: ox.Store

    @property
    def quads(self) -> list[ox.Quad]:
        """Every quad: those of a record in the graph of its id, all others in the default graph."""
        return [*self.inputs.fixed, *self.stated, *self.derived]

    def __repr__(self) -> str:
        """Return one line, because there are thousands of quads."""
        return f"<Publication: {len(self.store)} triples, {self.home.root}>"


def convert_records(records: Iterable[Record], context: Context) -> Iterable[ox.Quad]:
    """Return the quads of the records: of a term in the default graph, of any other record in the graph of its id."""
    nodes: list[object] = [
        record.value if record.slug else {"id": record.id, "@graph": [record.value]} for record in records
    ]
    document = json.dumps({"@context": context.entries, "@graph": nodes}, ensure_ascii=False)
    return ox.parse(document.encode(), format=ox.RdfFormat.JSON_LD)


def join_statements(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return each triple once: if two records state it, in the graph of its subject."""
    found: dict[ox.Triple, ox.Quad] = {}
    for quad in quads:
        triple = quad.triple
        if triple not in found or triple.subject == quad.graph_name:
            found[triple] = quad
    return list(found.values())


def infer_quads(store: ox.Store, queries: Iterable[Path]) -> list[ox.Quad]:
    """Run the inference queries in the order of their names, add their quads to the store, and return the quads."""
    derived: list[ox.Quad] = []
    for query in sorted(queries):
        found = select_quads(store, query)
        store.extend(deduplicate(quad for quad in found if not _contains(store, quad)))
        derived += found
    return derived


def _contains(store: ox.Store, quad: ox.Quad) -> bool:
    return any(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None))


def build_publication(home: Home, inputs: LoadedRecords, convert: Convert = convert_records) -> Publication:
    """Build the graph of the records; `convert` turns the records into quads.

    Raise LdnkgError if the JSON-LD context is invalid, which includes one that names another context.
    """
    try:
        stated = join_statements(convert(inputs.records, inputs.context))
    except SyntaxError as error:
        place = display_path(home.ontology / "context.jsonld")
        do = "Write the whole context in this file, because no other one is fetched."
        raise LdnkgError(f"{place}: is no valid JSON-LD context, {error.msg}. {do}") from error
    store = load_store([*inputs.fixed, *stated])
    derived = infer_quads(store, (home.ontology / "inference").glob("*.rq"))
    return Publication(inputs, stated, derived, home, store)
