"""Write the publication as one JSON-LD document with its context."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.rdf.terms import get_graph, get_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ldnkg.publication.graph import Publication
    from ldnkg.records.jsonld_context import Context


def write_jsonld(publication: Publication) -> bytes:
    """Return the records unchanged, each followed by the triples derived from it, then all other triples.

    Claims come first so that a new claim does not move other lines.
    """
    inputs = publication.inputs
    context = inputs.context
    derived = {name: list(quads) for name, quads in groupby(sorted(publication.derived, key=get_graph), key=get_graph)}
    nodes: list[Any] = []
    for record in sorted(inputs.records, key=lambda record: (bool(record.slug), record.id)):
        nodes.append(record.value)
        nodes += make_node_objects(derived.pop(context.expand(record.id), []), context)
    nodes += make_node_objects([*inputs.fixed, *(quad for rest in derived.values() for quad in rest)], context)
    return format_document(context.entries, nodes)


def format_document(context: object, nodes: list[Any]) -> bytes:
    """Return a JSON-LD document of these nodes, indented by one space.

    >>> print(format_document({}, []).decode(), end="")
    {
     "@context": {},
     "@graph": []
    }
    """
    return (json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=1) + "\n").encode()


def make_node_objects(quads: Iterable[ox.Quad], context: Context) -> list[dict[str, Any]]:
    """Return one node object per subject, sorted, with CURIEs as keys."""
    nodes: list[dict[str, Any]] = []
    for subject, properties in group_by_subject(quads):
        node: dict[str, Any] = {"id": context.curie(subject)}
        for predicate, terms in properties:
            node[context.curie(predicate)] = unwrap_single([_make_value(term, context) for term in terms])
        nodes.append(node)
    return nodes


def group_by_subject(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, Iterator[tuple[str, list[object]]]]]:
    """Yield each subject with its predicates, and each predicate with its objects, sorted."""
    for subject, group in groupby(sorted(quads, key=str), key=lambda quad: quad.subject):
        same = groupby(group, key=lambda quad: quad.predicate)
        yield get_value(subject), ((get_value(predicate), [quad.object for quad in found]) for predicate, found in same)


def unwrap_single(values: list[Any]) -> object:
    """Return the only value of a list, or a longer list unchanged.

    >>> unwrap_single(["a"]), unwrap_single(["a", "b"])
    ('a', ['a', 'b'])
    """
    return values if len(values) > 1 else values[0]


def _make_value(term: object, context: Context) -> dict[str, str] | str:
    if isinstance(term, ox.NamedNode):
        return {"id": context.curie(term.value)}
    assert isinstance(term, ox.Literal), term  # noqa: S101
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term == ox.Literal(term.value):
        return term.value
    return {"@value": term.value, "type": context.curie(term.datatype.value)}
