"""The forms of the publication: each is a folder of `ontology/exports/` and a module that fills it, or plain RDF."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from ldnkg.files import read_json, shown
from ldnkg.formats import STEM
from ldnkg.problem import Problem, did_you_mean, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned
    from ldnkg.paths import Home


# Plain RDF is made by no query, so it has no folder: what a build writes, with the ending of each file, and N-Quads.
BUILT = {"jsonld": "jsonld", "ntriples": "nt", "rdfxml": "rdf", "trig": "trig", "turtle": "ttl"}
PLAIN = {**BUILT, "nquads": "nq"}


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
            return import_module(f"ldnkg.exports.to_{own}")
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("ldnkg.exports.to_"):
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


def unwritten(folder: Path) -> list[str]:
    """Return the names of the forms of a build that are not in the folder."""
    return [name for name, ending in BUILT.items() if not (folder / f"{STEM}.{ending}").is_file()]


def files(wanted: Sequence[Format], aligned: Aligned) -> dict[str, bytes]:
    """Return the files of these formats, which stand on nothing of each other, in their order."""
    return {path: content for form in wanted for path, content in form.files(aligned).items()}


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
