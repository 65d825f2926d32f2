"""The forms of the publication: each is a folder of `ontology/exports/` and a module that fills it, or plain RDF."""

from __future__ import annotations

from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from ldnkg.alignments import alignments, read_beside
from ldnkg.curie import Shortener
from ldnkg.files import read_json, shown
from ldnkg.problem import Problem, did_you_mean, reason
from ldnkg.rdf import loaded, value
from ldnkg.sheets import Sheet, sheet
from ldnkg.sidebyside import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ldnkg.alignments import Beside
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
        self._names: dict[str, str] = {}

    @cached_property
    def _beside(self) -> Beside:
        return read_beside(alignments(self.publication.home))

    @cached_property
    def store(self) -> ox.Store:
        """Every triple of both."""
        return loaded([*self.publication.quads, *self._beside.quads])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Every prefix of both; a namespace that the publication names keeps its name alone."""
        own = self.publication.reading.context.prefixes
        held = set(own.values())
        return own | {name: iri for name, iri in self._beside.prefixes.items() if iri not in held}

    def prepare(self) -> None:
        """Make at once what is else made when it is first asked for."""
        self.store, self._shorten  # noqa: B018

    def said(self, term: object) -> str:
        """Return a term as it stands in a cell: a CURIE for a node, the bare name for a term of ours, else the text."""
        if not isinstance(term, ox.NamedNode):
            return value(term)
        iri = term.value
        if iri not in self._names:
            self._names[iri] = self._name(iri)
        return self._names[iri]

    def _name(self, iri: str) -> str:
        vocabulary = self.publication.reading.context.vocabulary
        return iri[len(vocabulary) :] if iri.startswith(vocabulary) else self._shorten(iri)

    @cached_property
    def _shorten(self) -> Shortener:
        return Shortener(self.prefixes)

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


def files(wanted: Sequence[Format], aligned: Aligned) -> dict[str, bytes]:
    """Return the files of these formats, which stand on nothing of each other, in their order."""
    if any(form.name not in PLAIN for form in wanted):
        aligned.prepare()
    kin: dict[Path, list[Format]] = {}
    for form in wanted:
        kin.setdefault(source(form.folder), []).append(form)
    made = side_by_side([partial(_together, forms, aligned) for forms in kin.values()])
    by_name = {name: files for each in made for name, files in each.items()}
    return {path: content for form in wanted for path, content in by_name[form.name].items()}


def _together(forms: Sequence[Format], aligned: Aligned) -> dict[str, dict[str, bytes]]:
    """Return the files of formats that are of the same tables, which are thus made once."""
    return {form.name: form.files(aligned) for form in forms}


def source(folder: Path) -> Path:
    """Return the folder of the tables that a format is of: its own, or that which its own points to."""
    pointer = folder / "same-as.json"
    if not pointer.is_file():
        return folder
    found = read_json(pointer)
    name = found.get("tables") if isinstance(found, dict) else None
    if not isinstance(name, str):
        raise Problem(f"{shown(pointer)}: does not name the folder of the tables under 'tables'. Name it.")
    return folder.parent / name


def described(folder: Path) -> Any:  # noqa: ANN401
    """Return the description of the tables of a folder."""
    path = folder / "csv-metadata.json"
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("tables"), list):
        raise Problem(f"{shown(path)}: describes no tables. Let it be as CSV on the Web has it.")
    return found
