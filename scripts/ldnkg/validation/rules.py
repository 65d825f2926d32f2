"""The rules of a publication: their text, their sentences, and at how many nodes they look."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_text, read_turtle
from ldnkg.rdf.sparql import load_store, select_rows, select_tuples
from ldnkg.rdf.terms import get_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyoxigraph as ox

READING = "reading.ttl"
MESSAGES, TARGETS, MEMBERS = (Path(__file__).with_name(f"{name}.rq") for name in ("messages", "targets", "members"))


class Rules:
    """The rules in a folder: those of reading, and those that look at the graph."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def paths(self) -> list[Path]:
        """The files of the rules that look at the graph; raise LdnkgError where there are none."""
        found = sorted(path for path in self.folder.glob("*.ttl") if path.name != READING)
        if not found:
            raise LdnkgError(f"{display_path(self.folder)}: there are no shapes here, so nothing can be checked.")
        return found

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """The rules that look at the graph."""
        return [quad for path in self.paths for quad in read_turtle(path)]

    @cached_property
    def text(self) -> str:
        """The rules that look at the graph, as Turtle."""
        return "\n".join(read_text(path) for path in self.paths)

    @cached_property
    def store(self) -> ox.Store:
        """The rules that look at the graph, in a store."""
        return load_store(self.quads)

    @cached_property
    def of_reading(self) -> dict[str, str]:
        """The sentence of each rule of reading, by its name."""
        return _key_by_name(self._said(load_store(read_turtle(self.folder / READING))))

    @cached_property
    def of_graph(self) -> dict[str, str]:
        """The sentence of each rule that looks at the graph, by its IRI."""
        return self._said(self.store)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """The sentence of every rule, by its name."""
        return self.of_reading | _key_by_name(self.of_graph)

    @property
    def namespace(self) -> str:
        """What the IRI of every rule begins with."""
        return min(self.of_graph).partition("#")[0] + "#"

    def _said(self, store: ox.Store) -> dict[str, str]:
        rows = select_rows(store, MESSAGES, ("rule", "message"))
        return {get_value(row["rule"]): get_value(row["message"]) for row in rows}

    def evaluations(self, store: ox.Store) -> set[tuple[str, str]]:
        """Return each rule that looks at the graph with each node that it looks at, by a store that holds the graph."""
        members = select_tuples(store, MEMBERS, ("kind", "member"))
        pairs = ((kind.value, get_value(member)) for kind, member in members if kind.value in self._by_target)
        return {(rule, node) for target, node in pairs for rule in self._by_target[target]}

    @cached_property
    def _by_target(self) -> dict[str, list[str]]:
        """The rules that look at a kind of node, by its IRI."""
        rules: dict[str, list[str]] = {}
        for row in select_rows(self.store, TARGETS, ("rule", "target")):
            rules.setdefault(get_value(row["target"]), []).append(get_value(row["rule"]))
        return rules


def _key_by_name(sentences: Mapping[str, str]) -> dict[str, str]:
    return {rule.partition("#")[2]: sentence for rule, sentence in sentences.items()}
