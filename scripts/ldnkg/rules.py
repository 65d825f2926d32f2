"""The rules of a publication: their text, their sentences, and at how many nodes they look."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ldnkg.files import read_text, read_turtle, shown
from ldnkg.problem import Problem
from ldnkg.rdf import loaded, query_rows, value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyoxigraph as ox

READING = "reading.ttl"


class Rules:
    """The rules in a folder: those of reading, and those that look at the graph."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def paths(self) -> list[Path]:
        """The files of the rules that look at the graph; raise Problem where there are none."""
        found = sorted(path for path in self.folder.glob("*.ttl") if path.name != READING)
        if not found:
            raise Problem(f"{shown(self.folder)}: there are no shapes here, so nothing can be checked.")
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
        return loaded(self.quads)

    @cached_property
    def of_reading(self) -> dict[str, str]:
        """The sentence of each rule of reading, by its name."""
        return _by_name(self._said(loaded(read_turtle(self.folder / READING))))

    @cached_property
    def of_graph(self) -> dict[str, str]:
        """The sentence of each rule that looks at the graph, by its IRI."""
        return self._said(self.store)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """The sentence of every rule, by its name."""
        return self.of_reading | _by_name(self.of_graph)

    @property
    def namespace(self) -> str:
        """What the IRI of every rule begins with."""
        return min(self.of_graph).partition("#")[0] + "#"

    def _said(self, store: ox.Store) -> dict[str, str]:
        rows = query_rows(store, self.folder / "messages.rq", ("rule", "message"))
        return {value(row["rule"]): value(row["message"]) for row in rows}

    def evaluations(self, store: ox.Store) -> set[tuple[str, str]]:
        """Return each rule that looks at the graph with each node that it looks at, by a store that holds the graph."""
        targets = query_rows(self.store, self.folder / "targets.rq", ("rule", "target"))
        looking: dict[str, list[str]] = {}
        for row in targets:
            looking.setdefault(value(row["target"]), []).append(value(row["rule"]))
        nodes = query_rows(store, self.folder / "members.rq", ("kind", "member"))
        pairs = ((value(row["kind"]), value(row["member"])) for row in nodes)
        return {(rule, node) for target, node in pairs for rule in looking.get(target, ())}


def _by_name(sentences: Mapping[str, str]) -> dict[str, str]:
    return {rule.partition("#")[2]: sentence for rule, sentence in sentences.items()}
