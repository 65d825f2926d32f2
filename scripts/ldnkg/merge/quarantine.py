"""Keeps apart what must not be joined: graphs that bear a name of ours, and identifiers that name something else."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.merge.identifiers import local
from ldnkg.merge.quads import Fact, renamed
from ldnkg.merge.reference import Lookalike, Ours, plain
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.inputs import Other


class Part(NamedTuple):
    """Quads of a source that are judged together, and the IRI below which their own things are known."""

    source: str
    base: str
    facts: list[Fact]


class Refusal(NamedTuple):
    """An identifier that was refused: as what it was named, what it is, and under which IRI it is kept."""

    source: str
    iri: str
    label: str
    lookalike: Lookalike
    kept: str


def parts(others: Sequence[Other], taken: Iterable[str]) -> tuple[list[Part], dict[str, str]]:
    """Return the parts, and the old name of each graph that had a name of ours or of several: it has one of its own."""
    named = [(other, {fact.graph for part in other.parts for fact in part}) for other in others]
    count = Counter(graph for _, graphs in named for graph in graphs)
    held = {*taken, *(other.iri for other in others)}
    found: list[Part] = []
    old: dict[str, str] = {}
    for other, graphs in named:
        clash = {g: local(other.iri, f"graph={g}") for g in graphs if g != other.iri and (count[g] > 1 or g in held)}
        old |= {new.value: graph for graph, new in clash.items()}
        for part in other.parts:
            base = part[0].graph if part and len(other.parts) > 1 else other.iri
            found.append(Part(other.name, base, [_moved(fact, clash) for fact in part] if clash else part))
    return found, old


def _moved(fact: Fact, names: Mapping[str, ox.NamedNode]) -> Fact:
    new = names.get(fact.graph)
    return fact._replace(graph_name=new) if new else fact


def labels(part: Part, ours: Ours, *, english: bool = True) -> dict[str, set[str]]:
    """Return what each thing of the part is called, in English or in no language, or in any."""
    wanted = {ox.NamedNode(iri) for iri in ours.naming.words["labels"]}
    found = defaultdict(set)
    for fact in part.facts:
        label = fact.object
        if fact.predicate in wanted and isinstance(label, ox.Literal) and (not english or _english(label)):
            found[get_value(fact.subject)].add(label.value)
    for iri, name in _heads(part, ours):
        found[iri].add(name)
    return dict(found)


def _heads(part: Part, ours: Ours) -> Iterator[tuple[str, str]]:
    """Yield what the head of a path calls that of which it gives the identifier."""
    heads = {key: name for name, keys in ours.naming.words["heads"].items() for key in keys}
    known = {*heads, *heads.values()}
    said = {(fact.subject, fact.predicate.value): fact.object for fact in part.facts if fact.predicate.value in known}
    for (head, key), identifier in said.items():
        label = said.get((head, heads.get(key, "")))
        if isinstance(label, ox.Literal) and isinstance(identifier, ox.NamedNode):
            yield identifier.value, label.value


def _english(label: ox.Literal) -> bool:
    return (label.language or "en").split("-")[0].lower() == "en"


def refusals(part: Part, ours: Ours) -> list[Refusal]:
    """Return each identifier of the part that is refused, by what it is called there."""
    named = labels(part, ours, english=False)
    found = []
    for iri in sorted(terms(part, ours)):
        for lookalike in ours.lookalikes.get(ours.naming.canonical(iri), []):
            called = sorted(named.get(iri, ())) or [""]
            label = next((label for label in called if _mistaken(label, lookalike, ours)), None)
            if label is not None:
                kept = local(part.base, ours.naming.curie(ours.naming.canonical(iri))).value
                found.append(Refusal(part.source, iri, label, lookalike, kept))
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
    new: dict[Any, Any] = {ox.NamedNode(refusal.iri): ox.NamedNode(refusal.kept) for refusal in refused}
    return (
        part._replace(facts=[renamed(fact, lambda term: new.get(term, term)) for fact in part.facts]) if new else part
    )


def terms(part: Part, ours: Ours) -> set[str]:
    """Return the IRI of each thing that the part speaks of, and does not only refer to."""
    weak = {ox.NamedNode(iri) for iri in ours.naming.words["mentions"]}
    ends = {fact.subject for fact in part.facts}
    ends |= {end for fact in part.facts if isinstance(end := fact.object, ox.NamedNode) and fact.predicate not in weak}
    return {end.value for end in ends}
