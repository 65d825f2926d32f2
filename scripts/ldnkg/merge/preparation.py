"""Prepare sources for comparison: resolve and order their quads, quarantine identifiers, and remove refused links."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.link_checks import LinkChecker, RefusedLink
from ldnkg.merge.links import SourceLinks, read_links, remove_links
from ldnkg.merge.quads import list_graphs, order_quads
from ldnkg.merge.quarantine import QuarantinedIdentifier, find_wrong_identifiers, rename_identifiers, split_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.reference import ReferenceIndex
    from ldnkg.merge.source import SourceGraph, SourcePart


class PreparedSources(NamedTuple):
    """The parts of the sources without wrong identifiers and refused links, and the changes.

    `graphs` has the source of each named graph, and `old_names` the old name of each renamed graph.
    """

    parts: list[SourcePart]
    links: SourceLinks
    quarantined: list[QuarantinedIdentifier]
    refused_links: list[RefusedLink]
    graphs: Mapping[str, str]
    old_names: Mapping[str, str]


def prepare_sources(reference: ReferenceIndex, sources: Sequence[SourceGraph], taken: Iterable[str]) -> PreparedSources:
    """Return the prepared sources; a graph is renamed if its name is in `taken` or several sources use it."""
    split, old_names = split_sources(sources, taken)
    read = (resolve_literals(part, reference) for part in split)
    ordered = [part._replace(quads=order_quads(part.quads)) for part in read]
    wrong = [find_wrong_identifiers(part, reference.entities, reference.vocabulary) for part in ordered]
    renamed = [rename_identifiers(part, found) for part, found in zip(ordered, wrong, strict=True)]
    links = read_links(renamed, reference.notations, reference.vocabulary)
    quarantined = [identifier for found in wrong for identifier in found]
    checker = LinkChecker(reference.entities, reference.vocabulary, quarantined)
    refused = checker.check(links.exact)
    denied = [link for link in links.negated if checker.equates(link)]
    near = checker.check_near(links.near)
    stated = {quad for link in refused for quad in links.exact[link].quads}
    parts = remove_links(renamed, stated, [*refused, *denied], reference.vocabulary)
    found = [refusal._replace(place=links.exact[link].place) for link, refusal in refused.items()]
    found += [refusal._replace(place=links.near[link]) for link, refusal in near.items()]
    return PreparedSources(
        parts=parts,
        links=SourceLinks(
            exact={link: stated for link, stated in links.exact.items() if link not in refused},
            near={link: place for link, place in links.near.items() if link not in near},
            negated=links.negated,
        ),
        quarantined=quarantined,
        refused_links=sorted({*found, *checker.check_cross_references(parts)}),
        graphs={graph: part.source for part in renamed for graph in list_graphs(part.quads)},
        old_names=old_names,
    )


def resolve_literals(part: SourcePart, reference: ReferenceIndex) -> SourcePart:
    """Return the part in which an IRI replaces each literal that names an end of a statement, such as "CHEBI:7465"."""
    vocabulary, resolver = reference.vocabulary, reference.resolver
    wanted = {quad.predicate for quad in part.quads} & {
        *reference.notations.roles, *vocabulary.links, *vocabulary.near_links
    }  # fmt: skip
    if not wanted:
        return part

    def resolve(quad: PooledQuad) -> PooledQuad:
        term = quad.object
        if quad.predicate not in wanted or not isinstance(term, ox.Literal) or not resolver.is_global(term.value):
            return quad
        try:
            return quad._replace(object=resolver.resolve(term.value, part.base))
        except ValueError:  # It is a text that begins like an identifier.
            return quad

    return part._replace(quads=list(map(resolve, part.quads)))
