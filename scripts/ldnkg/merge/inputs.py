"""Find the files of the sources and read them, whatever their format."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import MIB, display_path, escape_unprintable
from ldnkg.merge.readers.drugmechdb import read_paths
from ldnkg.merge.readers.files import GZIP, get_extension, open_source
from ldnkg.merge.readers.kgx import read_kgx
from ldnkg.merge.readers.rdf import FORMATS, read_rdf
from ldnkg.merge.source import SourceGraph, SourcePart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver

YAML = (".yaml", ".yml")
MAX_RATIO = 100  # real graphs shrink to a tenth or less; a file of one repeated letter to a thousandth
_PAIR = re.compile(r"(.*?)(nodes|edges)(\.(?:tsv|jsonl)(?:\.gz)?)")


def read_sources(paths: Iterable[Path], resolver: CurieResolver) -> list[SourceGraph]:
    """Return each source once, with a unique name, sorted by name; raise LdnkgError if a file cannot be read."""
    found: dict[str, SourceGraph] = {}
    for files in dict.fromkeys(files for path in paths for files in _find_files(path)):
        iri = resolver.vocabulary.make_source_iri(_compute_digest(files))
        if iri not in found:
            found[iri] = SourceGraph(files[0].name, iri, _read_parts(files, iri, resolver), [])
    return sorted(_make_names_unique(list(found.values())), key=lambda source: (source.name, source.iri))


def _make_names_unique(sources: list[SourceGraph]) -> Iterator[SourceGraph]:
    names = [source.name for source in sources]
    for source in sources:
        unique = names.count(source.name) == 1
        yield source if unique else source._replace(name=f"{source.name} ({source.iri[-8:]})")


def list_files(paths: Iterable[Path]) -> set[Path]:
    """Return every file that `read_sources` reads for these paths."""
    return {file.resolve() for path in paths for files in _find_files(path) for file in files}


def _find_files(path: Path) -> list[tuple[Path, ...]]:
    try:
        return list(_find_graphs(path))
    except (OSError, ValueError) as error:
        reason = describe_os_error(error) if isinstance(error, OSError) else str(error)
        name = escape_unprintable(str(path)[:100])
        raise LdnkgError(f"{name}: the path cannot be accessed: {reason}. Check the name.") from error


def _find_graphs(path: Path) -> Iterator[tuple[Path, ...]]:
    """Yield the files of each source at the path."""
    if path.is_dir():
        yield from _find_pairs(path)
        return
    if not path.exists():
        raise LdnkgError(f"{display_path(path)}: the file does not exist. Check the name.")
    if not path.is_file():
        raise LdnkgError(f"{display_path(path)}: this is not a regular file. Name a file or a folder.")
    if pair := _PAIR.fullmatch(path.name):
        yield _complete_pair(path, pair)
    elif get_extension(path) in {*FORMATS, *YAML}:
        yield (path,)
    else:
        known = ", ".join([*FORMATS, *YAML, "nodes.tsv", "edges.tsv", "nodes.jsonl", "edges.jsonl"])
        raise LdnkgError(
            f"{display_path(path)}: the file extension is not supported. Use one of {known}; each may end in .gz."
        )


def _find_pairs(folder: Path) -> Iterator[tuple[Path, ...]]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise LdnkgError(f"{display_path(folder)}: the folder cannot be read: {describe_os_error(error)}.") from error
    pairs = [_complete_pair(path, pair) for path in files if (pair := _PAIR.fullmatch(path.name))]
    if not pairs:
        raise LdnkgError(
            f"{display_path(folder)}: the folder has no nodes.tsv and edges.tsv (or .jsonl). Name the file itself."
        )
    yield from dict.fromkeys(pairs)


def _complete_pair(path: Path, pair: re.Match[str]) -> tuple[Path, Path]:
    nodes, edges = (path.with_name(f"{pair[1]}{kind}{pair[3]}") for kind in ("nodes", "edges"))
    for file in (nodes, edges):
        if not file.is_file():
            raise LdnkgError(f"{display_path(file)}: the file is missing. KGX requires it together with {path.name}.")
    return nodes, edges


def _compute_digest(files: Iterable[Path]) -> str:
    digest = sha256()
    for path in files:
        size, most = 0, MAX_RATIO * max(path.stat().st_size, MIB)
        with open_source(path) as file:
            while piece := file.read(MIB):
                digest.update(piece)
                size += len(piece)
                if path.suffix == GZIP and size > most:
                    what = f"the file expands to more than {MAX_RATIO} times its size, the maximum"
                    raise LdnkgError(f"{display_path(path)}: {what}. Expand it first and check what it contains.")
        digest.update(get_extension(path).encode() + b"\0")
    return urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _read_parts(files: tuple[Path, ...], iri: str, resolver: CurieResolver) -> list[SourcePart]:
    names = tuple(display_path(file) for file in files)
    if len(files) > 1:
        return [SourcePart(files[0].name, iri, names, read_kgx(files[0], files[1], iri, resolver))]
    if get_extension(files[0]) not in YAML:
        return [SourcePart(files[0].name, iri, names, read_rdf(files[0], iri))]
    parts = read_paths(files[0], iri, resolver)
    if not parts:
        raise LdnkgError(f"{display_path(files[0])}: the file has no paths. Give a file with at least one.")
    return [SourcePart(files[0].name, quads[0].graph if len(parts) > 1 else iri, names, quads) for quads in parts]
