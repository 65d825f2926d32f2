"""Read the property graph from each of its files, with the usual reader of that format, into one data structure.

Semicolons separate several values in one text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from support.facts import QUALIFIERS, Facts, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Properties = dict[str, Any]
SURE = "established"


class Graph(NamedTuple):
    """Nodes by id, each with its labels and properties, and relationships as start, type, end and properties."""

    nodes: dict[str, tuple[frozenset[str], Properties]]
    relationships: list[tuple[str, str, str, Properties]]


def read_csv(files: Mapping[str, bytes]) -> Graph:
    """Read the CSV as neo4j-admin does: with the types in the header, and no property for an empty cell."""
    nodes, ties = (rows(files, name) for name in ("nodes", "relationships"))
    return Graph(
        {row.pop("id:ID"): (frozenset(row.pop(":LABEL").split(";")), typed(row)) for row in nodes},
        [(row.pop(":START_ID"), row.pop(":TYPE"), row.pop(":END_ID"), typed(row)) for row in ties],
    )


def rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"property-graph/{name}.csv"].decode(), newline="")))


TYPES: dict[str, Callable[[str], Any]] = {
    "": str,
    "long": int,
    "double": float,
    "string[]": lambda text: text.split(";"),
}


def typed(row: dict[str, str]) -> Properties:
    heads = {head: head.partition(":") for head in row}
    return {heads[head][0]: TYPES[heads[head][2]](cell) for head, cell in row.items() if cell}


def read_graphml(files: Mapping[str, bytes]) -> Graph:
    """Read the GraphML with networkx, as a multigraph."""
    import networkx as nx

    read = nx.read_graphml(io.BytesIO(files["property-graph/ldn-kg.graphml"]), force_multigraph=True)
    return Graph(
        {
            name: (frozenset(properties.pop("labels").split(";")), properties)
            for name, properties in read.nodes(data=True)
        },
        [(start, properties.pop("type"), end, properties) for start, end, properties in read.edges(data=True)],
    )


def read_cx2(files: Mapping[str, bytes]) -> Graph:
    """Read the CX2 as documented: aspects by name, the attributes of an element under `v`, its number under `id`."""
    parts = {
        name: elements for part in json.loads(files["property-graph/ldn-kg.cx2"]) for name, elements in part.items()
    }
    names = {one["id"]: one["v"].pop("represents") for one in parts["nodes"]}
    return Graph(
        {names[one["id"]]: (frozenset(one["v"].pop("labels")), one["v"]) for one in parts["nodes"]},
        [(names[one["s"]], one["v"].pop("interaction"), names[one["t"]], one["v"]) for one in parts["edges"]],
    )


def statements(content: bytes) -> list[str]:
    """Return the statements of a Cypher file, without semicolons and comments."""
    lines = [line for line in content.decode().split("\n") if not line.startswith("//")]
    parts = [part.strip() for part in re.split(r";$", "\n".join(lines), flags=re.MULTILINE)]
    return [part for part in parts if part]


def read_store(ask: Callable[[str], Iterable[list[Any]]]) -> Graph:
    """Read the graph from a Cypher store, with one query for nodes and one for relationships."""
    nodes = ask("MATCH (n:LdnKg) RETURN n.id, labels(n), properties(n)")
    ties = ask("MATCH (a:LdnKg)-[r]->(b:LdnKg) RETURN a.id, type(r), b.id, properties(r)")
    return Graph(
        {
            name: (frozenset(labels), {k: v for k, v in properties.items() if k != "id"})
            for name, labels, properties in nodes
        },
        [(start, kind, end, dict(properties)) for start, kind, end, properties in ties],
    )


def of_type(graph: Graph, kind: str) -> list[tuple[str, str, Properties]]:
    return [(start, end, properties) for start, one, end, properties in graph.relationships if one == kind]


def claims(graph: Graph) -> dict[str, Properties]:
    return {name: properties for name, (labels, properties) in graph.nodes.items() if "Claim" in labels}


def kind_of(key: str) -> str:
    """Return a property name as a relationship type: EXCEPT_FOR for exceptFor."""
    return re.sub("([A-Z])", r"_\1", key).upper()


def graph_facts(graph: Graph) -> Facts:
    nodes = {name: properties for name, (_, properties) in graph.nodes.items()}
    ties = {key: of_type(graph, kind_of(key)) for key in QUALIFIERS}
    return {
        "certainty": {(name, properties["certainty"]) for name, properties in claims(graph).items()},
        "hedge": {(start, end) for start, end, _ in of_type(graph, "HEDGE")},
        "dose": {
            (name, f"{properties['dose_minimum']:g}", f"{properties['dose_maximum']:g}", properties["dose_unit"])
            for name, properties in nodes.items()
            if "dose_minimum" in properties
        },
        "span": {
            (start, end, nodes[end]["span_start"], nodes[end]["span_end"])
            for start, end, _ in of_type(graph, "WAS_DERIVED_FROM")
        },
        "order": {(start, properties["position"], end) for start, end, properties in of_type(graph, "STEP")},
        "citation": {(start, end) for start, end, _ in of_type(graph, "CITES")},
        "qualifiers": {(start, key, end) for key in QUALIFIERS for start, end, _ in ties[key]}
        | {
            (name, "manner", word)
            for name, properties in claims(graph).items()
            for word in several(properties.get("manner", []))
        },
    }


def several(value: str | list[str]) -> list[str]:
    return value.split(";") if isinstance(value, str) else value


def graph_stated(graph: Graph) -> dict[str, tuple[str, str, str]]:
    subjects = {start: end for start, end, _ in of_type(graph, "SUBJECT")}
    objects = {start: end for start, end, _ in of_type(graph, "OBJECT")}
    return {name: (subjects[name], properties["relation"], objects[name]) for name, properties in claims(graph).items()}


# Relationships that define an entity or name its source; no claim states them.
DEFINING = {
    *("INGREDIENT", "INCLUDES", "CO_TREATMENT", "BROADER", "RESPONSE_TO", "POPULATION_TAKES", "POPULATION_CONDITION"),
    *("SOURCE", "DOSE_UNIT", "RELATED_MATCH"),
}
TEXT = {"Claim", "Dataset", "Hedge", "Sentence"}


def graph_taken_for_fact(graph: Graph) -> set[str]:
    """Return the facts that relationships, and properties that name an entity, state without a lower certainty.

    Each fact is named by its claim, or as "start TYPE end" without a claim. The claims in `claim` properties count too.
    """
    stated = {
        name: (one, kind_of(key.rpartition(":")[2]), other) for name, (one, key, other) in graph_stated(graph).items()
    }
    claims = {triple: name for name, triple in stated.items()}
    entities = {name for name, (labels, _) in graph.nodes.items() if not labels & TEXT}
    flat = {
        (one, kind, other)
        for one, kind, other, properties in graph.relationships
        if properties.get("certainty", SURE) == SURE
    }
    flat |= {(name, kind_of(key), value) for name in entities for key, value in named(graph.nodes[name][1], entities)}
    plain = {triple for triple in flat if {triple[0], triple[2]} <= entities and triple[1] not in DEFINING}
    by_itself = {claims.get(one, " ".join(one)) for one in plain | {triple for triple in flat if triple in claims}}
    return by_itself | {properties["claim"] for *_, properties in graph.relationships if "claim" in properties}


def named(properties: Properties, entities: set[str]) -> set[tuple[str, str]]:
    """Return the other entities that properties name, unless the certainty is below established."""
    if properties.get("certainty", SURE) != SURE:
        return set()
    texts = {(key, one) for key, value in properties.items() if isinstance(value, str | list) for one in several(value)}
    return {(key, one) for key, one in texts if one in entities}


def facts(files: Mapping[str, bytes]) -> Facts:
    return graph_facts(read_csv(files))


def taken_for_fact(files: Mapping[str, bytes]) -> set[str]:
    return graph_taken_for_fact(read_csv(files))


def stated(files: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    return graph_stated(read_csv(files))


def counts(files: Mapping[str, bytes]) -> Counter[str]:
    return graph_counts(read_csv(files))


def graph_counts(graph: Graph) -> Counter[str]:
    """Return the counts. Every node has the label of its kind and more general labels."""
    kinds = {name: labels - {"LdnKg", "Entity", "Concept"} for name, (labels, _) in graph.nodes.items()}
    entities = {name for name, (labels, _) in graph.nodes.items() if labels & {"Entity", "Mechanism"}}
    treatments = {name: graph.nodes[name][1]["name"] for name in entities if kinds[name] & {"Drug", "Regimen"}}
    counts = counted(graph_facts(graph), graph_stated(graph), graph_taken_for_fact(graph), treatments)
    counts.update(f"kind {kind}" for name in entities for kind in kinds[name])
    counts.update(
        f"match {way}Match"
        for name in entities
        for way in ("exact", "close", "broad", "narrow", "related")
        for _ in several(graph.nodes[name][1].get(f"{way}_match", []))
    )
    of = Counter(label for labels, _ in graph.nodes.values() for label in labels)
    counts["concepts"], counts["works"], counts["sentences"] = of["Concept"], of["Work"], of["Sentence"]
    counts["sentences without claims"] = sum("reason" in properties for _, properties in graph.nodes.values())
    return counts
