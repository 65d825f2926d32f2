"""Turns records into RDF through the JSON-LD context alone, and adds what can be derived from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.files import broken, read_text, shown
from ldnkg.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ldnkg.context import Context
    from ldnkg.records import Record

DEFAULT = ox.DefaultGraph()
VALUED = (ox.NamedNode, ox.Literal)
_XMLNS = rb' xmlns:[^ =]+="[^"]*"'


def value(term: object) -> str:
    """Return the IRI of a node, or the text of a literal; nothing here is a blank node or a triple term."""
    assert isinstance(term, VALUED), term  # noqa: S101
    return term.value


def graph_of(quad: ox.Quad) -> str:
    """Return the IRI of the quad's named graph, or nothing for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def record_quads(records: Sequence[Record], context: Context) -> list[ox.Quad]:
    """Return the quads of the records: a term's in the default graph, another record's in the graph of its id.

    What two records say, each from its side, stands once: in the graph of the one that it is about.
    """
    import json

    nodes: list[object] = [
        record.value if record.slug else {"id": record.id, "@graph": [record.value]} for record in records
    ]
    document = json.dumps({"@context": context.entries, "@graph": nodes}, ensure_ascii=False)
    found: dict[ox.Triple, ox.Quad] = {}
    for quad in ox.parse(document.encode(), format=ox.RdfFormat.JSON_LD):
        triple = quad.triple
        if triple not in found or triple.subject == quad.graph_name:
            found[triple] = quad
    return list(found.values())


def derived_quads(store: ox.Store, queries: Iterable[Path]) -> list[ox.Quad]:
    """Run each derivation, in the order of their names, over the store, and add to it what each gave."""
    derived: list[ox.Quad] = []
    for query in sorted(queries):
        found = query_quads(store, query)
        store.extend(_distinct(quad for quad in found if not _holds(store, quad)))
        derived += found
    return derived


def loaded(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store that holds every triple of the quads once, in the graph that is the last to state it."""
    store = ox.Store()
    store.extend(_distinct(quads))
    return store


def _distinct(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    return {quad.triple: quad for quad in quads}.values()


def _holds(store: ox.Store, quad: ox.Quad) -> bool:
    return any(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None))


def query_quads(store: ox.Store, query: Path) -> list[ox.Quad]:
    """Return the quads that the rows of the query stand for, in order."""
    return sorted((_quad(row) for row in query_rows(store, query, ("subject", "predicate", "object"))), key=str)


def _quad(row: ox.QuerySolution) -> ox.Quad:
    return ox.Quad(row["subject"], row["predicate"], row["object"], row["record"] or DEFAULT)


def query_rows(store: ox.Store, query: Path, needed: Sequence[str], *, union: bool = True) -> list[ox.QuerySolution]:
    """Return the rows of the query over all graphs of the store, or by what graph each is, in its order.

    A triple is seen as often as there are graphs that hold it: see `loaded`. Raise Problem where one of the needed
    variables has no value.
    """
    rows = list(query_solutions(store, query, needed, union=union))
    for name in needed:
        _refuse_gaps((row[name] for row in rows), name, query)
    return rows


def query_tuples(store: ox.Store, query: Path, needed: Sequence[str]) -> list[tuple[Any, ...]]:
    """Return the same rows over all graphs as plain tuples: of many rows, that is a third of the time.

    The query selects what is needed and nothing else, in that order.
    """
    rows = [tuple(row) for row in query_solutions(store, query, needed)]
    if not all(map(all, rows)):
        for place, name in enumerate(needed):
            _refuse_gaps((row[place] for row in rows), name, query)
    return rows


def query_solutions(store: ox.Store, query: Path, needed: Sequence[str], *, union: bool = True) -> ox.QuerySolutions:
    """Return the rows of the query one at a time; raise Problem where it selects too little."""
    try:
        answer = store.query(read_text(query), use_default_graph_as_union=union)
    except SyntaxError as error:
        raise broken(query, error) from error
    if not isinstance(answer, ox.QuerySolutions):
        raise Problem(f"{shown(query)}: must be a SELECT query. Let it select {_listed(needed)}.")
    named = [variable.value for variable in answer.variables]
    if missing := [name for name in needed if name not in named]:
        raise Problem(f"{shown(query)}: does not select {_listed(missing)}. Add it to the SELECT.")
    return answer


def _refuse_gaps(column: Iterable[object], name: str, query: Path) -> None:
    if number := next((number for number, held in enumerate(column, 1) if held is None), 0):
        raise Problem(f"{shown(query)}: leaves ?{name} without a value in row {number}. Bind it.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"?{name}" for name in names)


def serialise(items: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Serialise; pyoxigraph writes the prefixes in another order each time, so they are sorted."""
    return arranged(ox.serialize(items, format=form, prefixes=dict(prefixes)) or b"", form)


def arranged(content: bytes, form: ox.RdfFormat) -> bytes:
    """Return what was serialised with its prefixes sorted."""
    if form == ox.RdfFormat.RDF_XML:
        return re.sub(
            b"(?<=<rdf:RDF)(%s)+" % _XMLNS, lambda root: b"".join(sorted(re.findall(_XMLNS, root[0]))), content, count=1
        )
    head = re.match(rb"(?:@prefix [^\n]*\n)*", content)
    assert head  # noqa: S101
    return b"".join(sorted(head[0].splitlines(keepends=True))) + content[head.end() :]


def flat(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    """Yield each triple once, in the default graph."""
    return dict.fromkeys(ox.Quad(q.subject, q.predicate, q.object, DEFAULT) for q in quads)
