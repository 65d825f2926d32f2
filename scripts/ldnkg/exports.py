"""The forms of the publication: each is a folder of `ontology/exports/` and a module that fills it, or plain RDF."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.curie import Shortener
from ldnkg.files import read_json, read_turtle_named, shown
from ldnkg.problem import Problem, did_you_mean, reason
from ldnkg.rdf import loaded, value
from ldnkg.sheets import Sheet, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ldnkg.paths import Home
    from ldnkg.publication import Publication


# Plain RDF is made by no query, so it has no folder: what a build writes, with the ending of each file, and N-Quads.
BUILT = {"jsonld": "jsonld", "ntriples": "nt", "rdfxml": "rdf", "trig": "trig", "turtle": "ttl"}
PLAIN = {**BUILT, "nquads": "nq"}


class Aligned:
    """A publication with the alignments of its terms beside it, for those who say it in the terms of others."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self._sheets: dict[Path, list[Sheet]] = {}

    @cached_property
    def _read(self) -> tuple[list[ox.Quad], dict[str, str]]:
        quads: list[ox.Quad] = []
        prefixes: dict[str, str] = {}
        for path in sorted((self.publication.home.ontology / "alignments").glob("*.ttl")):
            found, named = read_turtle_named(path)
            quads += found
            prefixes |= named
        own = self.publication.reading.context.prefixes
        held = set(own.values())
        return quads, own | {name: iri for name, iri in prefixes.items() if iri not in held}

    @cached_property
    def store(self) -> ox.Store:
        """Every triple of both."""
        return loaded([*self.publication.quads, *self._read[0]])

    @property
    def prefixes(self) -> dict[str, str]:
        """Every prefix of both."""
        return self._read[1]

    def said(self, term: object) -> str:
        """Return a term as it stands in a cell: a CURIE for a node, the bare name for a term of ours, else the text."""
        return self._name(term.value) if isinstance(term, ox.NamedNode) else value(term)

    @cached_property
    def _name(self) -> Callable[[str], str]:
        vocabulary, shorten = self.publication.reading.context.vocabulary, Shortener(self.prefixes)
        return lambda iri: iri[len(vocabulary) :] if iri.startswith(vocabulary) else shorten(iri)

    def sheets(self, folder: Path, described: Mapping[str, Any]) -> list[Sheet]:
        """Return each table that the description in CSV on the Web names, by the query of that name in the folder.

        They are made once, for two forms may be of the same tables.
        """
        if folder not in self._sheets:
            self._sheets[folder] = self._made(folder, described)
        return self._sheets[folder]

    def _made(self, folder: Path, described: Mapping[str, Any]) -> list[Sheet]:
        tables = [(one, folder / f"{one['url'].partition('.')[0]}.rq") for one in described["tables"]]
        return [sheet(self.store, query, one, self.said) for one, query in tables]


class Missing(Problem):
    """Says what a format wants that is not installed."""


class Format(NamedTuple):
    """A format: its name, and the folder of what it is made by."""

    name: str
    folder: Path

    def module(self) -> Any:  # noqa: ANN401
        """Return the module that makes it; raise Missing where a library that it wants is not installed."""
        own = "rdf" if self.name in PLAIN else self.name.replace("-", "_")
        try:
            return import_module(f"ldnkg.export_{own}")
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("ldnkg.export_"):
                raise Problem(f"{shown(self.folder)}: no module makes this format. Take the folder out.") from error
            if (error.name or "").startswith("ldnkg"):
                raise
            raise Missing(f"The format '{self.name}' wants more. Run `pip install '{self.extra}'`.") from error

    @property
    def extra(self) -> str:
        """What is to be installed for it, where it wants more than the package does."""
        return f"ldnkg[{self.name}]"

    def files(self, aligned: Aligned) -> dict[str, bytes]:
        """Return its files by their paths below the folder that is written to."""
        made: dict[str, bytes] = self.module().files(aligned, self.folder)
        return made


def known(home: Home) -> dict[str, Format]:
    """Return every format by its name, in their order."""
    folder = home.ontology / "exports"
    try:
        names = {*PLAIN, *(path.name for path in folder.iterdir() if path.is_dir())}
    except OSError as error:
        raise Problem(f"{shown(folder)}: cannot be read, {reason(error)}.") from error
    return {name: Format(name, folder / name) for name in sorted(names)}


def formats(home: Home, only: Iterable[str] = ()) -> list[Format]:
    """Return the formats of these names, else all that no build writes; raise Problem where there is none of a name."""
    every = known(home)
    for name in only:
        if name not in every:
            raise Problem(f"There is no format '{name}'. {did_you_mean(name, every)}Formats: {', '.join(every)}.")
    return [every[name] for name in dict.fromkeys(only)] or [one for one in every.values() if one.name not in BUILT]


def described(folder: Path) -> Any:  # noqa: ANN401
    """Return the description of the tables of a folder."""
    path = folder / "csv-metadata.json"
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("tables"), list):
        raise Problem(f"{shown(path)}: describes no tables. Let it be as CSV on the Web has it.")
    return found
