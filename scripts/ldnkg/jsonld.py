"""The publication as one JSON-LD document: the records as they are, their context, and all else beside them."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.rdf import graph_of, value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.context import Context
    from ldnkg.publication import Publication


def document(publication: Publication) -> str:
    """Return the JSON-LD text; claims come first, so that a new one moves nothing else."""
    reading = publication.reading
    context = reading.context
    derived = {name: list(quads) for name, quads in groupby(sorted(publication.derived, key=graph_of), key=graph_of)}
    nodes: list[Any] = []
    for record in sorted(reading.records, key=lambda record: (bool(record.slug), record.id)):
        nodes.append(record.value)
        nodes += node_objects(derived.pop(context.expand(record.id), []), context)
    nodes += node_objects([*reading.fixed, *(quad for rest in derived.values() for quad in rest)], context)
    return json.dumps({"@context": context.entries, "@graph": nodes}, ensure_ascii=False, indent=1) + "\n"


def node_objects(quads: Iterable[ox.Quad], context: Context) -> list[dict[str, Any]]:
    """Return one node object for each subject, in order, with CURIEs for keys."""
    nodes: list[dict[str, Any]] = []
    for subject, about in groupby(sorted(quads, key=str), key=lambda quad: quad.subject):
        node: dict[str, Any] = {"id": context.curie(value(subject))}
        for predicate, same in groupby(about, key=lambda quad: quad.predicate):
            values = [_value(quad.object, context) for quad in same]
            node[context.curie(predicate.value)] = values if len(values) > 1 else values[0]
        nodes.append(node)
    return nodes


def _value(term: object, context: Context) -> dict[str, str] | str:
    if isinstance(term, ox.NamedNode):
        return {"id": context.curie(term.value)}
    assert isinstance(term, ox.Literal), term  # noqa: S101
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term == ox.Literal(term.value):
        return term.value
    return {"@value": term.value, "type": context.curie(term.datatype.value)}
