"""Finds the graphs of others that a merge is given, whatever their format, and reads them."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import display_path
from ldnkg.merge.readers import drugmechdb as read_paths
from ldnkg.merge.readers import kgx as read_kgx
from ldnkg.merge.readers import rdf as read_rdf
from ldnkg.merge.readers.lines import visible
from ldnkg.merge.readers.opened import ending, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ldnkg.merge.identifiers import Naming
    from ldnkg.merge.quads import Fact

_PAIR = re.compile(r"(.*?)(nodes|edges)(\.(?:tsv|jsonl)(?:\.gz)?)")
_YAML = (".yaml", ".yml")


class Other(NamedTuple):
    """A graph of others: its name, the IRI that its bytes give it, and its quads, in parts that stand alone."""

    name: str
    iri: str
    parts: list[list[Fact]]


def read_others(given: Iterable[Path], naming: Naming) -> list[Other]:
    """Return each graph once, in order, under a name of its own; raise Problem where a file is bad."""
    found: dict[str, Other] = {}
    for files in dict.fromkeys(files for path in given for files in _there(path)):
        iri = naming.words["source"].format(_digest(files))
        if iri not in found:
            found[iri] = Other(files[0].name, iri, _parts(files, iri, naming))
    names = [other.name for other in found.values()]
    told = [
        other._replace(name=f"{other.name} ({other.iri[-8:]})") if names.count(other.name) > 1 else other
        for other in found.values()
    ]
    return sorted(told, key=lambda other: (other.name, other.iri))


def files_of(given: Iterable[Path]) -> set[Path]:
    """Return every file that is read for what is given."""
    return {file.resolve() for path in given for files in _there(path) for file in files}


def _there(path: Path) -> list[tuple[Path, ...]]:
    try:
        return list(_found(path))
    except (OSError, ValueError) as error:
        why = describe_os_error(error) if isinstance(error, OSError) else str(error)
        raise LdnkgError(f"{visible(str(path)[:100])}: cannot be looked up, {why}. Check its name.") from error


def _found(path: Path) -> Iterator[tuple[Path, ...]]:
    """Yield the files of each graph that stands at the path."""
    if path.is_dir():
        yield from _folder(path)
        return
    if not path.exists():
        raise LdnkgError(f"{display_path(path)}: there is no such file. Check its name.")
    if not path.is_file():
        raise LdnkgError(f"{display_path(path)}: is no plain file. Give a file or a folder.")
    if pair := _PAIR.fullmatch(path.name):
        yield _both(path, pair)
    elif ending(path) in {*read_rdf.FORMATS, *_YAML}:
        yield (path,)
    else:
        known = ", ".join([*read_rdf.FORMATS, *_YAML, "nodes.tsv", "edges.tsv", "nodes.jsonl", "edges.jsonl"])
        raise LdnkgError(
            f"{display_path(path)}: is of no known format by its ending. Known endings: {known}; each with .gz, too."
        )


def _folder(folder: Path) -> Iterator[tuple[Path, ...]]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise LdnkgError(f"{display_path(folder)}: cannot be read, {describe_os_error(error)}.") from error
    pairs = [_both(path, pair) for path in files if (pair := _PAIR.fullmatch(path.name))]
    if not pairs:
        raise LdnkgError(
            f"{display_path(folder)}: is a folder without nodes.tsv and edges.tsv, or .jsonl. Give the file itself."
        )
    yield from dict.fromkeys(pairs)


def _both(path: Path, pair: re.Match[str]) -> tuple[Path, Path]:
    nodes, edges = (path.with_name(f"{pair[1]}{kind}{pair[3]}") for kind in ("nodes", "edges"))
    for file in (nodes, edges):
        if not file.is_file():
            raise LdnkgError(f"{display_path(file)}: is missing beside {path.name}, and KGX wants both. Put it there.")
    return nodes, edges


def _digest(files: Iterable[Path]) -> str:
    digest = sha256()
    for path in files:
        with opened(path) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        digest.update(ending(path).encode() + b"\0")
    return urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _parts(files: tuple[Path, ...], iri: str, naming: Naming) -> list[list[Fact]]:
    if len(files) > 1:
        return [read_kgx.facts(files[0], files[1], iri, naming)]
    if ending(files[0]) in _YAML:
        parts = read_paths.paths(files[0], iri, naming)
        if not parts:
            raise LdnkgError(f"{display_path(files[0])}: is empty, for it holds no path. Give a file that holds some.")
        return parts
    return [read_rdf.facts(files[0], iri)]
