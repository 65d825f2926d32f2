"""Open files of sources, gzipped or not, and make errors about them that are safe to print."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import display_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 64 * 1024 * 1024
LONGEST_SENTENCE = 300
ZIPPED = ".gz"


def get_extension(path: Path) -> str:
    """Return the extension that names the format: `.ttl` for `a.ttl` and for `a.ttl.gz`."""
    return path.with_suffix("").suffix if path.suffix == ZIPPED else path.suffix


@contextmanager
def open_source(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading; raise LdnkgError if the file, or a part of it, cannot be read."""
    try:
        with gzip.open(path, "rb") if path.suffix == ZIPPED else path.open("rb") as file:
            yield cast("IO[bytes]", file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LdnkgError(f"{display_path(path)}: is no whole gzip file, {error}. Make it anew.") from error
    except OSError as error:
        raise LdnkgError(f"{display_path(path)}: cannot be read, {describe_os_error(error)}.") from error


def refuse_large(path: Path) -> None:
    """Raise LdnkgError if the file is too large for a format that has to be in memory as a whole."""
    size = 0
    with open_source(path) as file:
        while size <= LARGEST and (piece := file.read(1 << 20)):
            size += len(piece)
    if size > LARGEST:
        raise LdnkgError(
            f"{display_path(path)}: is larger than {LARGEST:,} bytes, too much for its format. Give it in parts."
        )


def read_source_text(path: Path) -> str:
    """Return the text of a UTF-8 file; raise LdnkgError if it is too large, or not UTF-8."""
    refuse_large(path)
    try:
        with open_source(path) as file:
            return file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise LdnkgError(f"{display_path(path)}: is not UTF-8 text. Save it as UTF-8.") from error


def make_error(path: Path, line: int, sentence: str) -> LdnkgError:
    """Return the error of a line, shortened and with unprintable characters escaped."""
    return LdnkgError(f"{display_path(path)}:{line}: {escape_unprintable(sentence[:LONGEST_SENTENCE])}")


def escape_unprintable(text: str) -> str:
    r"""Return the text with invisible characters and terminal sequences as escapes, such as `\x1b`."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
