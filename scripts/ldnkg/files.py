"""Reads files from the disk; what cannot be read raises LdnkgError with the file and the line."""

from __future__ import annotations

import os
import stat
from errno import EISDIR
from pathlib import Path

import pyoxigraph as ox

from ldnkg.errors import LdnkgError, describe_os_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

MIB = 1024 * 1024
MAX_BYTES = 256 * MIB


def display_path(path: Path) -> str:
    """Return a path as a user would type it: relative if it is below the working folder.

    Characters that a terminal might obey are escaped.
    """
    here = Path.cwd()
    return escape_unprintable(path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path))


def escape_unprintable(text: str) -> str:
    r"""Return the text with each unprintable character as an escape sequence.

    >>> escape_unprintable("a\tb")
    'a\\tb'
    """
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; raise OSError if it is anything else, such as a named pipe or a device.

    The opened file is examined, not its name, so that nobody can exchange it in between. Opening a pipe does not wait.
    """
    options = ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY")
    descriptor = os.open(path, sum(getattr(os, name, 0) for name in options) | os.O_RDONLY)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    raise OSError(0, "it is not a regular file", str(path))


def read_limited(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the content of a regular file; raise OSError if it cannot be read or has more than `most` bytes."""
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(0, f"it has more than {most:,} bytes, the maximum", str(path))
    return content


def read_bytes(path: Path) -> bytes:
    """Return the content of the file; raise LdnkgError if it cannot be read, or is not a regular file."""
    try:
        return read_limited(path)
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
