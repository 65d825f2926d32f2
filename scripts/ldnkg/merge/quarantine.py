"""Rename named graphs whose names clash, and quarantine identifiers that a source uses for the wrong entity."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyoxigraph as ox

from ldnkg.merge.curie_resolver import make_local_node
from ldnkg.merge.entity_index import normalise_label
from ldnkg.merge.quads import list_graphs, rename_ends
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ldnkg.merge.entity_index import EntityIndex, Lookalike
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import SourceGraph, SourcePart
    from ldnkg.merge.vocabulary import Vocabulary


Labels: TypeAlias = dict[str, set[str]]  # the labels of each IRI


class QuarantinedIdentifier(NamedTuple):
    """An identifier that a source uses for the wrong entity, its label in the source, and its replacement."""

    source: str
    iri: str
    label: str
    lookalike: Lookalike
    replacement: str


def split_sources(sources: Sequence[SourceGraph], taken: Iterable[str]) -> tuple[list[SourcePart], dict[str, str]]:
    """Return the parts of the sources, and the old name of each renamed graph by its new name.

    A graph is renamed if its name is in `taken`, or if several sources use it.
    """
    graphs = [set[str]().union(*(list_graphs(part.quads) for part in source.parts)) for source in sources]
    count = Counter(graph for names in graphs for graph in names)
    reserved = {*taken, *(source.iri for source in sources)}
    parts: list[SourcePart] = []
    old_names: dict[str, str] = {}
    for source, names in zip(sources, graphs, strict=True):
        clashing = {name for name in names if name != source.iri and (count[name] > 1 or name in reserved)}
        new_names = {name: make_local_node(source.iri, f"graph={name}") for name in clashing}
        old_names |= {new.value: name for name, new in new_names.items()}
        parts += _split_source(source, new_names)
    return parts, old_names


def _split_source(source: SourceGraph, new_names: Mapping[str, ox.NamedNode]) -> Iterator[SourcePart]:
    for part in source.parts:
        quads = [_rename_graph(quad, new_names) for quad in part.quads] if new_names else part.quads
        yield part._replace(source=source.name, quads=quads)


def _rename_graph(quad: PooledQuad, new_names: Mapping[str, ox.NamedNode]) -> PooledQuad:
    new = new_names.get(quad.graph)
    return quad._replace(graph_name=new) if new else quad


def find_labels(part: SourcePart, vocabulary: Vocabulary, *, any_language: bool = False) -> Labels:
    """Return the labels of each entity: those in English or without a language tag, or all with `any_language`."""
    found = defaultdict(set)
    for quad in part.quads:
        label = quad.object
        if quad.predicate not in vocabulary.labels or not isinstance(label, ox.Literal):
            continue
        if any_language or _is_english(label):
            found[get_value(quad.subject)].add(label.value)
    for iri, name in find_head_labels(part, vocabulary.name_properties):
        found[iri].add(name)
    return dict(found)


def find_head_labels(part: SourcePart, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each identifier in the head of a DrugMechDB path with the name that the head gives it."""
    known = {ox.NamedNode(name) for name in (*names, *names.values())}
    values = {(quad.subject, quad.predicate.value): quad.object for quad in part.quads if quad.predicate in known}
    for (head, key), identifier in values.items():
        label = values.get((head, names.get(key, "")))
        if isinstance(label, ox.Literal) and isinstance(identifier, ox.NamedNode):
            yield identifier.value, label.value


def _is_english(label: ox.Literal) -> bool:
    return (label.language or "en").split("-")[0].lower() == "en"


def find_wrong_identifiers(
    part: SourcePart, entities: EntityIndex, vocabulary: Vocabulary
) -> list[QuarantinedIdentifier]:
    """Return the identifiers whose labels in the part show that they are used for the wrong entity.

    A label of one form of an identifier also counts for the other forms.
    """
    known = sorted(iri for iri in find_entities(part, vocabulary) if entities.find_lookalikes(iri))
    labels = find_labels(part, vocabulary, any_language=True) if known else {}
    resolver = entities.resolver
    forms = defaultdict(list)
    for iri in known:
        forms[resolver.canonicalise(iri)].append(iri)
    found = []
    for iri in known:
        canonical = resolver.canonicalise(iri)
        names = sorted({label for form in forms[canonical] for label in labels.get(form, ())}) or [""]
        for lookalike in entities.find_lookalikes(iri):
            wrong = (label for label in names if _is_wrong(label, lookalike, entities))
            if (label := next(wrong, None)) is not None:
                replacement = make_local_node(part.base, resolver.shorten(canonical)).value
                found.append(QuarantinedIdentifier(part.source, iri, label, lookalike, replacement))
    return found


def _is_wrong(label: str, lookalike: Lookalike, entities: EntityIndex) -> bool:
    """Return whether a label names the entity that the identifier is mistaken for.

    If the correct label contains the name of that entity, as the name of a salt does, only the bare name is wrong.
    """
    if not lookalike.entity:
        return True
    used, right = f" {normalise_label(label)} ", f" {normalise_label(lookalike.label)} "
    names = [f" {form} " for form in entities.find_labels(lookalike.entity)]
    if any(name in right for name in names):
        return used in names and used != right
    return used != right and any(name in used for name in names)


def rename_identifiers(part: SourcePart, wrong: Collection[QuarantinedIdentifier]) -> SourcePart:
    """Return the part in which each wrong identifier is replaced."""
    new: dict[Any, Any] = {ox.NamedNode(found.iri): ox.NamedNode(found.replacement) for found in wrong}
    if not new:
        return part
    return part._replace(quads=[rename_ends(quad, lambda term: new.get(term, term)) for quad in part.quads])


def find_entities(part: SourcePart, vocabulary: Vocabulary) -> set[str]:
    """Return the IRIs of the subjects and objects of the part and its triple terms, except cross-references."""
    quads, references = part.quads, vocabulary.cross_references
    objects = {
        quad.object for quad in quads if not isinstance(quad.object, ox.Literal) and quad.predicate not in references
    }
    terms = [term for term in objects if isinstance(term, ox.Triple)]
    nodes = {quad.subject for quad in quads}.union(term for term in objects if isinstance(term, ox.NamedNode))
    return {node.value for node in nodes}.union(*map(_find_ends, terms))


def _find_ends(term: ox.Triple) -> set[str]:
    """Return the IRIs of the ends of a triple term, and of the triple terms in it."""
    ends = (term.subject, term.object)
    found = {end.value for end in ends if isinstance(end, ox.NamedNode)}
    return found.union(*(_find_ends(end) for end in ends if isinstance(end, ox.Triple)))
