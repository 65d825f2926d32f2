"""Read the rules of a publication: their text, their messages, and the nodes that they check."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_text, read_turtle
from ldnkg.rdf.guards import guard_file, is_unsafe
from ldnkg.rdf.sparql import load_store, select_rows, select_tuples
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Mapping

READING = "reading.ttl"
MESSAGES, TARGETS, MEMBERS, QUERY_TEXTS = (
    Path(__file__).with_name(f"{name}.rq") for name in ("messages", "targets", "members", "query_texts")
)


class Rules:
    """The rules in a folder: reading rules, and rules about the graph."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def paths(self) -> list[Path]:
        """The files of the rules about the graph; raise LdnkgError if there are none."""
        found = sorted(path for path in self.folder.glob("*.ttl") if path.name != READING)
        if not found:
            raise LdnkgError(
                f"{display_path(self.folder)}: there are no shapes here, so nothing can be checked. Restore them."
            )
        return found

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The rules about the graph."""
        return [quad for path in self.paths for quad in _read_guarded(path)]

    @cached_property
    def text(self) -> str:
        """The rules about the graph, as Turtle."""
        return "\n".join(read_text(path) for path in self.paths)

    @cached_property
    def store(self) -> ox.Store:
        """The rules about the graph, in a store."""
        return load_store(self.quads)

    @cached_property
    def of_reading(self) -> dict[str, str]:
        """The message of each reading rule, by its name."""
        return _key_by_name(self._select_messages(load_store(read_turtle(self.folder / READING))))

    @cached_property
    def of_graph(self) -> dict[str, str]:
        """The message of each rule about the graph, by its IRI."""
        return self._select_messages(self.store)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """The message of every rule, by its name."""
        return self.of_reading | _key_by_name(self.of_graph)

    @property
    def namespace(self) -> str:
        """The namespace of the IRIs of the rules."""
        return min(self.of_graph).partition("#")[0] + "#"

    def _select_messages(self, store: ox.Store) -> dict[str, str]:
        rows = select_rows(store, MESSAGES, ("rule", "message"))
        return {get_value(row["rule"]): get_value(row["message"]) for row in rows}

    def evaluations(self, store: ox.Store) -> set[tuple[str, str]]:
        """Return each rule about the graph with each node that it checks in the store."""
        members = select_tuples(store, MEMBERS, ("kind", "member"))
        pairs = ((kind.value, get_value(member)) for kind, member in members if kind.value in self._by_target)
        return {(rule, node) for target, node in pairs for rule in self._by_target[target]}

    @cached_property
    def _by_target(self) -> dict[str, list[str]]:
        """The rules that check a kind of node, by its IRI."""
        rules: dict[str, list[str]] = {}
        for row in select_rows(self.store, TARGETS, ("rule", "target")):
            rules.setdefault(get_value(row["target"]), []).append(get_value(row["rule"]))
        return rules


def _read_guarded(path: Path) -> list[ox.Quad]:
    """Return the triples of a file of rules; raise LdnkgError if a query in it calls an endpoint or is too deep."""
    quads = read_turtle(path)
    if any(is_unsafe(quad.object.value) for quad in quads if isinstance(quad.object, ox.Literal)):
        for (text,) in select_tuples(load_store(quads), QUERY_TEXTS, ("text",)):
            guard_file(get_value(text), path, read_text(path))
    return quads


def _key_by_name(messages: Mapping[str, str]) -> dict[str, str]:
    return {rule.partition("#")[2]: message for rule, message in messages.items()}
