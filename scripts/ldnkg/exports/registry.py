"""List every format with the function that makes its files and its optional dependency."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError, suggest
from ldnkg.exports.kgx import writer as kgx
from ldnkg.exports.nanopubs import writer as nanopubs
from ldnkg.exports.property_graph import writer as property_graph
from ldnkg.exports.rdf import writer as rdf
from ldnkg.exports.tables import writer as tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph

    Files = dict[str, bytes]


class Format(NamedTuple):
    """A format: its name, the function that makes its files, its optional module, and whether a build writes it."""

    name: str
    make_files: Callable[[CombinedGraph], Files]
    needs: str = ""
    in_build: bool = False

    @property
    def extra(self) -> str:
        """The extra to install if the format needs an optional dependency, such as `ldnkg[parquet]`."""
        return f"ldnkg[{self.name}]"

    def is_installed(self) -> bool:
        """Return whether the optional module of the format is installed, or not needed."""
        return not self.needs or find_spec(self.needs) is not None


def _make_parquet(combined: CombinedGraph) -> Files:
    from ldnkg.exports.tables import parquet

    return parquet.make_files(combined)


def _list_formats() -> list[Format]:
    plain = [Format(name, partial(rdf.make_files, name), in_build=name in rdf.IN_BUILD) for name in rdf.ENDINGS]
    return [
        *plain,
        Format("rdf12", rdf.make_rdf12),
        Format("kgx", kgx.make_files),
        Format("nanopubs", nanopubs.make_files),
        Format("parquet", _make_parquet, needs="pyarrow"),
        Format("property-graph", property_graph.make_files),
        Format("tables", tables.make_files),
    ]


FORMATS = {form.name: form for form in sorted(_list_formats(), key=lambda form: form.name)}


def choose_formats(only: Iterable[str] = ()) -> list[Format]:
    """Return the formats with these names, or by default all that a build does not write.

    Raise LdnkgError if a name is unknown.

    >>> [form.name for form in choose_formats(["turtle", "kgx"])]
    ['turtle', 'kgx']
    """
    for name in only:
        if name not in FORMATS:
            raise LdnkgError(f"There is no format '{name}'. {suggest(name, FORMATS)}Formats: {', '.join(FORMATS)}.")
    return [FORMATS[name] for name in dict.fromkeys(only)] or [form for form in FORMATS.values() if not form.in_build]


def find_unwritten(folder: Path) -> list[str]:
    """Return the names of the formats of a build whose file is missing from the folder."""
    return [name for name in rdf.IN_BUILD if not (folder / f"{rdf.STEM}.{rdf.ENDINGS[name]}").is_file()]


def make_all_files(wanted: Sequence[Format], combined: CombinedGraph) -> Files:
    """Return the files of these formats, in this order."""
    return {path: content for form in wanted for path, content in form.make_files(combined).items()}
