"""Prepare sources for comparison: order their quads, quarantine wrong identifiers, and remove refused links."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.links import LinkChecker, RefusedLink, SourceLinks, read_links, remove_quads
from ldnkg.merge.quads import order_quads
from ldnkg.merge.quarantine import QuarantinedIdentifier, find_wrong_identifiers, rename_identifiers, split_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    ordered = [part._replace(quads=order_quads(part.quads)) for part in split]
    wrong = [find_wrong_identifiers(part, reference.entities, reference.vocabulary) for part in ordered]
    renamed = [rename_identifiers(part, found) for part, found in zip(ordered, wrong, strict=True)]
    links = read_links(renamed, reference.notations, reference.vocabulary)
    checker = LinkChecker(reference.entities, reference.vocabulary)
    refused = checker.check(links.exact)
    parts = remove_quads(renamed, {quad for link in refused for quad in links.exact[link].quads})
    found = [refusal._replace(place=links.exact[link].place) for link, refusal in refused.items()]
    return PreparedSources(
        parts=parts,
        links=links._replace(exact={link: stated for link, stated in links.exact.items() if link not in refused}),
        quarantined=[identifier for found in wrong for identifier in found],
        refused_links=sorted({*found, *checker.check_cross_references(parts)}),
        graphs={quad.graph: part.source for part in renamed for quad in part.quads},
        old_names=old_names,
    )
