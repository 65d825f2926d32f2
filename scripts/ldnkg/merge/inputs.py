"""Find the files of the sources and read them, whatever their format."""

from __future__ import annotations

import gc
import re
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import MIB, display_path, escape_unprintable
from ldnkg.merge.readers.drugmechdb import read_paths
from ldnkg.merge.readers.files import BOM, get_extension, open_source
from ldnkg.merge.readers.kgx import EDGES, NODES, read_kgx
from ldnkg.merge.readers.kgx_files import MAPPINGS, is_kgx_json, make_json_tables, make_table, read_header
from ldnkg.merge.readers.rdf import FORMATS, read_rdf
from ldnkg.merge.readers.skipping import SkippedInput
from ldnkg.merge.readers.sniffing import JSON, JSON_LINES, JSONLD, RDF, TABLE, YAML, detect_syntax
from ldnkg.merge.readers.sssom import read_sssom
from ldnkg.merge.source import SourceGraph, SourcePart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ldnkg.merge.curie_resolver import CurieResolver
    from ldnkg.merge.quads import PooledQuad
    from ldnkg.merge.source import Skipped

YAML_EXTENSIONS = (".yaml", ".yml")
TABLES = (".tsv", ".jsonl", ".json")
EXTENSIONS = {*FORMATS, *YAML_EXTENSIONS, *TABLES}
MAX_RATIO = 100  # real graphs shrink to a tenth or less; a file of one repeated letter to a thousandth
_PAIR = re.compile(r"(.*?)(nodes|edges)([^/]*\.(?:tsv|jsonl)(?:\.gz)?)")


class FoundSource(NamedTuple):
    """The name of a source and its files."""

    name: str
    files: tuple[Path, ...]


class _Content(NamedTuple):
    parts: list[SourcePart]
    skipped: list[Skipped]


def read_sources(paths: Iterable[Path], resolver: CurieResolver) -> list[SourceGraph]:
    """Return each source once, with a unique name, sorted by name.

    A source that cannot be read has no parts. Raise LdnkgError if a path does not exist, or no source can be read.
    """
    found: dict[str, SourceGraph] = {}
    failures: list[LdnkgError] = []
    with _pause_collection():
        for source in _find_all(paths):
            read = _read_source(source, resolver, found, failures)
            if read:
                found[read.iri] = read
    sources = list(found.values())
    if failures and not any(source.parts for source in sources):
        raise _summarise(failures)
    return sorted(_make_names_unique(sources), key=lambda source: (source.name, source.iri))


@contextmanager
def _pause_collection() -> Iterator[None]:
    """Pause Python's garbage collector, which would look at each new quad several times: reading makes no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_source(
    source: FoundSource, resolver: CurieResolver, found: dict[str, SourceGraph], failures: list[LdnkgError]
) -> SourceGraph | None:
    """Return a source, without parts if it cannot be read, or None if it was read before."""
    make_iri = resolver.vocabulary.make_source_iri
    iri = make_iri(sha256(str(source).encode()).hexdigest())  # if the files cannot be read
    try:
        iri = make_iri(_compute_digest(source.files))
        if iri in found:
            return None
        parts, skipped = _read_parts(source.files, iri, resolver)
    except LdnkgError as error:
        failures.append(error)
        failed = SkippedInput(source.files[0])
        failed.add_document(error)
        return SourceGraph(source.name, iri, [], failed.found)
    return SourceGraph(source.name, iri, parts, skipped)


def _summarise(failures: Sequence[LdnkgError]) -> LdnkgError:
    more = f" {len(failures) - 1:,} more files cannot be read; --strict lists all." if len(failures) > 1 else ""
    return LdnkgError(f"{failures[0]}{more}")


def _make_names_unique(sources: list[SourceGraph]) -> Iterator[SourceGraph]:
    names = [escape_unprintable(source.name) for source in sources]
    for name, source in zip(names, sources, strict=True):
        unique = names.count(name) == 1
        yield source._replace(name=name if unique else f"{name} ({source.iri[-8:]})")


def list_files(paths: Iterable[Path]) -> set[Path]:
    """Return every file that `read_sources` reads for these paths."""
    return {file.resolve() for source in _find_all(paths) for file in source.files}


def _find_all(paths: Iterable[Path]) -> Iterable[FoundSource]:
    return dict.fromkeys(source for path in paths for source in _find_files(path))


def _find_files(path: Path) -> list[FoundSource]:
    try:
        return list(_find_graphs(path))
    except (OSError, ValueError) as error:
        reason = describe_os_error(error) if isinstance(error, OSError) else str(error)
        name = escape_unprintable(str(path)[:100])
        raise LdnkgError(f"{name}: the path cannot be accessed: {reason}. Check the name.") from error


def _find_graphs(path: Path) -> Iterator[FoundSource]:
    """Yield each source at the path."""
    if path.is_dir():
        yield from _find_in_folder(path)
        return
    if not path.exists():
        raise LdnkgError(f"{display_path(path)}: the file does not exist. Check the name.")
    if not path.is_file():
        raise LdnkgError(f"{display_path(path)}: this is not a regular file. Name a file or a folder.")
    yield _complete(path)


def _complete(path: Path) -> FoundSource:
    """Return the source of a file: KGX has a nodes file and an edges file, if both exist."""
    if not (pair := _PAIR.fullmatch(path.name)):
        return FoundSource(path.name, (path,))
    both = [path.with_name(f"{pair[1]}{kind}{pair[3]}") for kind in (NODES, EDGES)]
    files = tuple(file for file in both if file.is_file())
    return FoundSource(files[0].name, files)


def _find_in_folder(folder: Path) -> Iterator[FoundSource]:
    """Yield the sources of a folder: all paths in YAML are one source, and each other graph is one.

    Files with an unknown extension, and files whose name begins with a dot or an underscore, are not read.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.name[0] not in "._" and path.is_file())
    except OSError as error:
        raise LdnkgError(f"{display_path(folder)}: the folder cannot be read: {describe_os_error(error)}.") from error
    known = [path for path in files if get_extension(path) in EXTENSIONS]
    if not known:
        sentence = "the folder has no file with a supported extension. Name the file itself."
        raise LdnkgError(f"{display_path(folder)}: {sentence}")
    paths = tuple(path for path in known if get_extension(path) in YAML_EXTENSIONS)
    if paths:
        yield FoundSource(folder.resolve().name if len(paths) > 1 else paths[0].name, paths)
    yield from dict.fromkeys(_complete(path) for path in known if get_extension(path) not in YAML_EXTENSIONS)


def _compute_digest(files: Iterable[Path]) -> str:
    digest = sha256()
    for path in files:
        size, most = 0, MAX_RATIO * max(path.stat().st_size, MIB)
        with open_source(path) as file:
            while piece := file.read(MIB):
                digest.update(piece)
                size += len(piece)
                if size > most:
                    what = f"the file expands to more than {MAX_RATIO} times its size, the maximum"
                    raise LdnkgError(f"{display_path(path)}: {what}. Expand it first and check what it contains.")
        digest.update(get_extension(path).encode() + b"\0")
    return urlsafe_b64encode(digest.digest()).decode().rstrip("=")


def _read_parts(files: tuple[Path, ...], iri: str, resolver: CurieResolver) -> _Content:
    if len(files) > 1 and get_extension(files[0]) not in YAML_EXTENSIONS:
        return _read_tables(files, iri, resolver)
    syntax = YAML if len(files) > 1 else detect_syntax(files[0])
    if syntax == YAML:
        return _read_yaml(files, iri, resolver)
    path = files[0]
    if syntax in {TABLE, JSON_LINES}:
        return _read_tables(files, iri, resolver)
    if syntax == JSON and is_kgx_json(path):
        return _make_part(files, iri, *read_kgx(make_json_tables(path), iri, resolver))
    if syntax == JSON:
        syntax = JSONLD
    if syntax in RDF:
        return _make_part(files, iri, *read_rdf(path, FORMATS[RDF[syntax]], iri))
    known = ", ".join([*FORMATS, *YAML_EXTENSIONS, *TABLES])
    raise LdnkgError(
        f"{display_path(path)}: the file extension is not supported. Use one of {known}; each may end in .gz."
    )


def _make_part(files: Sequence[Path], iri: str, quads: list[PooledQuad], skipped: list[Skipped]) -> _Content:
    names = tuple(display_path(file) for file in files)
    return _Content([SourcePart(files[0].name, iri, names, quads)] if quads else [], skipped)


def _read_yaml(files: tuple[Path, ...], iri: str, resolver: CurieResolver) -> _Content:
    paths, skipped = read_paths(files, iri, resolver)
    parts = [
        SourcePart(
            path.file.name, path.quads[0].graph if len(paths) > 1 else iri, (display_path(path.file),), path.quads
        )
        for path in paths
        if path.quads
    ]
    return _Content(parts, skipped)


def _read_tables(files: tuple[Path, ...], iri: str, resolver: CurieResolver) -> _Content:
    """Read KGX, or SSSOM if the columns of a single table are those of SSSOM."""
    several = resolver.vocabulary.get_format("kgx")["several"]
    tables = []
    for path in files:
        is_json = _is_json(path)
        if len(files) == 1 and not is_json and read_header(path) >= MAPPINGS:
            return _make_part(files, iri, *read_sssom(path, iri, resolver))
        pair = _PAIR.fullmatch(path.name)
        tables.append(make_table(path, pair[2] if pair else "", several, is_json=is_json))
    return _make_part(files, iri, *read_kgx(tables, iri, resolver))


def _is_json(path: Path) -> bool:
    """Return whether a table is JSON Lines, by its first character, or by its name if it has no columns."""
    with open_source(path) as file:
        start = file.read(1 << 16).removeprefix(BOM).lstrip()
    columns = b"\t" in start.partition(b"\n")[0]
    return start[:1] in (b"{", b"[") or (not columns and get_extension(path) == ".jsonl")
