"""Turns records into RDF through the JSON-LD context alone, and adds what can be derived from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.files import broken, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ldnkg.context import Context
    from ldnkg.records import Record

DEFAULT = ox.DefaultGraph()


def value(term: object) -> str:
    """Return the IRI of a node, or the text of a literal; nothing here is a blank node or a triple term."""
    assert isinstance(term, ox.NamedNode | ox.Literal), term  # noqa: S101
    return term.value


def graph_of(quad: ox.Quad) -> str:
    """Return the IRI of the quad's named graph, or nothing for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def record_quads(records: Sequence[Record], context: Context) -> list[ox.Quad]:
    """Return the quads of the records: a term's in the default graph, another record's in the graph of its id.

    What two records say, each from its side, stands in the graph of the one that it is about.
    """
    nodes: list[object] = [
        record.value if record.slug else {"id": record.id, "@graph": [record.value]} for record in records
    ]
    document = json.dumps({"@context": context.entries, "@graph": nodes}, ensure_ascii=False)
    quads = dict.fromkeys(ox.parse(document.encode(), format=ox.RdfFormat.JSON_LD))
    own = {quad.triple for quad in quads if quad.subject == quad.graph_name}
    return [quad for quad in quads if quad.subject == quad.graph_name or quad.triple not in own]


def derived_quads(quads: Iterable[ox.Quad], queries: Iterable[Path]) -> list[ox.Quad]:
    """Run each derivation, in the order of their names, over the quads and what those before it gave."""
    store = loaded(quads)
    derived: list[ox.Quad] = []
    for query in sorted(queries):
        found = query_quads(store, query)
        store.extend(flat(found))
        derived += found
    return derived


def loaded(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store that holds every triple of the quads, in the default graph."""
    store = ox.Store()
    store.bulk_extend(flat(quads))
    return store


def query_quads(store: ox.Store, query: Path) -> list[ox.Quad]:
    """Return the quads that the rows of the query stand for, in order."""
    try:
        answer = store.query(read_text(query))
    except SyntaxError as error:
        raise broken(query, error) from error
    assert isinstance(answer, ox.QuerySolutions), query  # noqa: S101
    return sorted((_quad(row) for row in answer), key=str)


def _quad(row: ox.QuerySolution) -> ox.Quad:
    return ox.Quad(row["subject"], row["predicate"], row["object"], row["record"] or DEFAULT)


def serialise(items: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Serialise; pyoxigraph writes the prefixes in another order each time, so they are sorted."""
    lines = (ox.serialize(items, format=form, prefixes=dict(prefixes)) or b"").splitlines(keepends=True)
    head = [line for line in lines if line.startswith(b"@prefix ")]
    return b"".join([*sorted(head), *lines[len(head) :]])


def flat(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    """Yield each triple once, in the default graph."""
    return dict.fromkeys(ox.Quad(q.subject, q.predicate, q.object, DEFAULT) for q in quads)
