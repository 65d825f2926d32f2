"""Reads files from the disk; what cannot be read raises LdnkgError with the file and the line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError, describe_os_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def display_path(path: Path) -> str:
    """Return a path as a user would type it: relative if it is below the working folder."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def read_bytes(path: Path) -> bytes:
    """Return the content of the file; raise LdnkgError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise LdnkgError(f"{display_path(path)}: cannot be read, {describe_os_error(error)}.") from error


def read_text(path: Path) -> str:
    """Return the text of the file; raise LdnkgError if it is not UTF-8."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise LdnkgError(f"{display_path(path)}: is not UTF-8 text. Save it as UTF-8.") from error


def read_json(path: Path) -> Any:  # noqa: ANN401
    """Return the value in a JSON file; raise LdnkgError if it is not JSON."""
    import json

    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise LdnkgError(f"{display_path(path)}:{error.lineno}: is not JSON, {error.msg}.") from error
    except RecursionError as error:
        raise LdnkgError(f"{display_path(path)}:1: is nested too deeply for JSON that people write.") from error


def read_turtle(path: Path) -> list[ox.Quad]:
    """Return the triples of a Turtle file, as quads of the default graph."""
    return read_turtle_with_prefixes(path)[0]


def read_turtle_with_prefixes(
    path: Path, form: ox.RdfFormat = ox.RdfFormat.TURTLE
) -> tuple[list[ox.Quad], dict[str, str]]:
    """Return the quads of a Turtle or TriG file, in the default graph unless it names another, and its prefixes."""
    return parse_with_prefixes(path, read_bytes(path), form)


def parse_with_prefixes(
    path: Path, content: bytes, form: ox.RdfFormat = ox.RdfFormat.TURTLE
) -> tuple[list[ox.Quad], dict[str, str]]:
    """Return the quads and the prefixes of the content of a Turtle or TriG file."""
    parser = ox.parse(content, format=form)
    try:
        return list(parser), parser.prefixes
    except SyntaxError as error:
        raise make_syntax_error(path, error) from error


def make_syntax_error(path: Path, error: SyntaxError) -> LdnkgError:
    """Return the LdnkgError for a syntax error in a Turtle or SPARQL file."""
    text = str(error.msg or error)
    line = error.lineno or (text.partition("at ")[2].partition(":")[0] if "error at " in text else 1)
    return LdnkgError(f"{display_path(path)}:{line}: cannot be understood, {text.splitlines()[0]}.")
