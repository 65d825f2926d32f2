"""Says in a graph of its own what a merge did: whose each graph is, what joined, and what was kept apart."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.identifiers import local
from ldnkg.merge.quads import Fact, as_quads
from ldnkg.merge.reference import EXACT
from ldnkg.rdf.serialization import serialise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ldnkg.merge.inputs import Other
    from ldnkg.merge.link_checks import Refused
    from ldnkg.merge.quarantine import Refusal
    from ldnkg.merge.reference import Ours


class Join(NamedTuple):
    """A thing of theirs that is one of ours, or is near to one: how near, and by which mapping or by its identifier."""

    source: str
    iri: str
    entity: str
    match: str
    by: str


def whose(ours: Ours, others: Iterable[Other], sources: Mapping[str, str], old: Mapping[str, str]) -> Iterator[Fact]:
    """Yield whose each graph is."""
    naming, graph = ours.naming, ox.NamedNode(ours.naming.words["merged"])
    iris = {other.name: ox.NamedNode(other.iri) for other in others}
    for name, iri in iris.items():
        yield Fact(iri, naming.word("label"), ox.Literal(name), graph)
    for named, source in sorted(sources.items()):
        if named != iris[source].value:
            yield Fact(ox.NamedNode(named), naming.word("part"), iris[source], graph)
    for new, name in old.items():
        yield Fact(ox.NamedNode(new), naming.word("identifier"), ox.Literal(name), graph)


def joined(ours: Ours, joins: Iterable[Join]) -> Iterator[Fact]:
    """Yield that a thing is one of ours, where it is not by its very identifier."""
    graph = ox.NamedNode(ours.naming.words["merged"])
    for join in joins:
        if join.match in EXACT and join.iri != join.entity:
            yield Fact(ox.NamedNode(join.iri), ours.naming.word("same"), ox.NamedNode(join.entity), graph)


def kept_apart(ours: Ours, refusals: Iterable[Refusal]) -> Iterator[Fact]:
    """Yield of what is kept apart which identifier it had, and why it was refused."""
    naming, graph = ours.naming, ox.NamedNode(ours.naming.words["merged"])
    for one in refusals:
        kept = ox.NamedNode(one.kept)
        yield Fact(kept, naming.word("identifier"), ox.Literal(one.iri), graph)
        yield Fact(kept, naming.word("remark"), ox.Literal(one.lookalike.reason), graph)


def refused_links(ours: Ours, links: Iterable[Refused]) -> Iterator[Fact]:
    """Yield of each refused link, as a statement and not as a link, where it was said and why it was refused."""
    naming, graph = ours.naming, ox.NamedNode(ours.naming.words["merged"])
    for link in links:
        said = (link.subject, link.predicate, link.object)
        node = local(link.graph, f"refused-{sha256(' '.join(said).encode()).hexdigest()[:32]}")
        yield Fact(node, naming.word("type"), naming.word("statement"), graph)
        for name, iri in zip(("subject", "predicate", "object", "part"), (*said, link.graph), strict=True):
            yield Fact(node, naming.word(name), ox.NamedNode(iri), graph)
        yield Fact(node, naming.word("remark"), ox.Literal(f"refused: {link.reason}"), graph)


def files(facts: Iterable[Fact], prefixes: Mapping[str, str]) -> dict[str, bytes]:
    """Return the merged graph as N-Quads and as TriG, the same bytes each time."""
    ordered = sorted(facts, key=lambda fact: str(ox.Quad(*fact)))
    lines = ox.serialize(as_quads(ordered), format=ox.RdfFormat.N_QUADS) or b""
    ordered.sort(key=lambda fact: fact.graph)
    return {"merged.nq": lines, "merged.trig": serialise(as_quads(ordered), ox.RdfFormat.TRIG, prefixes)}
