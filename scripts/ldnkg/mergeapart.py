"""Keeps apart what must not be joined: graphs that bear a name of ours, and identifiers that name something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.mergeours import Lookalike, Ours, plain
from ldnkg.naming import local
from ldnkg.rdf import graph_of, value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ldnkg.others import Other


class Part(NamedTuple):
    """Quads of a source that are judged together, and the IRI below which their own things are known."""

    source: str
    base: str
    quads: list[ox.Quad]


class Refusal(NamedTuple):
    """An identifier that was refused: as what it was named, what it is, and under which IRI it is kept."""

    part: Part
    iri: str
    label: str
    lookalike: Lookalike
    kept: str


def parts(others: Sequence[Other], taken: Iterable[str]) -> tuple[list[Part], dict[str, str]]:
    """Return the parts, and the old name of each graph that had a name of ours or of several: it has one of its own."""
    named = [(other, {graph_of(quad) for part in other.parts for quad in part}) for other in others]
    count = Counter(graph for _, graphs in named for graph in graphs)
    held = {*taken, *(other.iri for other in others)}
    found: list[Part] = []
    old: dict[str, str] = {}
    for other, graphs in named:
        clash = {g: local(other.iri, f"graph={g}") for g in graphs if g != other.iri and (count[g] > 1 or g in held)}
        old |= {new.value: graph for graph, new in clash.items()}
        for part in other.parts:
            base = graph_of(part[0]) if part and len(other.parts) > 1 else other.iri
            found.append(Part(other.name, base, [_moved(quad, clash) for quad in part]))
    return found, old


def _moved(quad: ox.Quad, names: Mapping[str, ox.NamedNode]) -> ox.Quad:
    new = names.get(graph_of(quad))
    return ox.Quad(quad.subject, quad.predicate, quad.object, new) if new else quad


def labels(part: Part, ours: Ours, *, english: bool = True) -> dict[str, set[str]]:
    """Return what each thing of the part is called, in English or in no language, or in any."""
    wanted = set(ours.naming.words["labels"])
    found = defaultdict(set)
    for quad in part.quads:
        label = quad.object
        if quad.predicate.value in wanted and isinstance(label, ox.Literal) and (not english or _english(label)):
            found[value(quad.subject)].add(label.value)
    return dict(found)


def _english(label: ox.Literal) -> bool:
    return (label.language or "en").split("-")[0].lower() == "en"


def refusals(part: Part, ours: Ours) -> list[Refusal]:
    """Return each identifier of the part that is refused, by what it is called there."""
    named = labels(part, ours, english=False)
    found = []
    for iri in sorted(terms(part)):
        for lookalike in ours.lookalikes.get(ours.naming.canonical(iri), []):
            called = sorted(named.get(iri, ())) or [""]
            label = next((label for label in called if _mistaken(label, lookalike, ours)), None)
            if label is not None:
                kept = local(part.base, ours.naming.curie(ours.naming.canonical(iri))).value
                found.append(Refusal(part, iri, label, lookalike, kept))
    return found


def _mistaken(label: str, lookalike: Lookalike, ours: Ours) -> bool:
    """Say whether the label takes the identifier for the entity that it is not of, or the identifier is for nothing.

    Where the right label holds the name of the entity, as that of a salt holds that of its base, the bare name alone is
    a mistake.
    """
    if not lookalike.entity:
        return True
    said, right = f" {plain(label)} ", f" {plain(lookalike.label)} "
    names = [f" {form} " for form in ours.labels(lookalike.entity)]
    if any(name in right for name in names):
        return said in names and said != right
    return said != right and any(name in said for name in names)


def apart(part: Part, refused: Collection[Refusal]) -> Part:
    """Return the part with each refused identifier under the IRI by which it is kept."""
    new = {refusal.iri: ox.NamedNode(refusal.kept) for refusal in refused}
    return part._replace(quads=[_renamed(quad, new) for quad in part.quads]) if new else part


def _renamed(quad: ox.Quad, new: Mapping[str, ox.NamedNode]) -> ox.Quad:
    return ox.Quad(_term(quad.subject, new), quad.predicate, _term(quad.object, new), quad.graph_name)


def _term(term: Any, new: Mapping[str, ox.NamedNode]) -> Any:  # noqa: ANN401
    if isinstance(term, ox.NamedNode):
        return new.get(term.value, term)
    if isinstance(term, ox.Triple):
        return ox.Triple(_term(term.subject, new), term.predicate, _term(term.object, new))
    return term


def terms(part: Part) -> set[str]:
    """Return the IRI of each thing that the part speaks of."""
    ends = (end for quad in part.quads for end in (quad.subject, quad.object))
    return {end.value for end in ends if isinstance(end, ox.NamedNode)}
