"""Open the files of sources, gzipped or not, and make error messages that are safe to print."""

from __future__ import annotations

import gzip
import zlib
from contextlib import contextmanager
from io import BufferedReader
from typing import IO, TYPE_CHECKING, cast

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import MIB, display_path, escape_unprintable, open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAX_BYTES = 64 * MIB
MAX_SENTENCE = 300
GZIP = ".gz"
GZIP_START = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"


def get_extension(path: Path) -> str:
    """Return the extension that determines the format.

    >>> from pathlib import Path
    >>> get_extension(Path("a.ttl")), get_extension(Path("a.ttl.gz"))
    ('.ttl', '.ttl')
    """
    return path.with_suffix("").suffix if path.suffix == GZIP else path.suffix


@contextmanager
def open_source(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading; raise LdnkgError if it cannot be read, also later in the `with` block.

    A gzipped file is recognised by its first bytes, whatever its name.
    """
    try:
        with open_regular(path) as raw:
            start = raw.read(len(GZIP_START))
            raw.seek(0)
            if start == GZIP_START:
                yield cast("IO[bytes]", BufferedReader(gzip.GzipFile(fileobj=raw)))
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LdnkgError(f"{display_path(path)}: the file is not complete gzip: {error}. Compress it again.") from error
    except OSError as error:
        raise LdnkgError(f"{display_path(path)}: the file cannot be read: {describe_os_error(error)}.") from error


def read_source_bytes(path: Path, watch: Callable[[IO[bytes]], IO[bytes]] = lambda file: file) -> bytes:
    """Return the content of a file; raise LdnkgError if it is too large for a format that is parsed as a whole.

    `watch` may wrap the opened file.
    """
    with open_source(path) as file:
        content = watch(file).read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        limit = f"{MAX_BYTES // MIB} MiB, the maximum for this format"
        raise LdnkgError(f"{display_path(path)}: the file is larger than {limit}. Split it.")
    return content


def read_source_text(path: Path) -> str:
    """Return the text of a UTF-8 file; raise LdnkgError if it is too large or not UTF-8."""
    try:
        return read_source_bytes(path).removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise LdnkgError(f"{display_path(path)}: the file is not UTF-8 text. Save it as UTF-8.") from error


def make_error(path: Path, line: int, sentence: str) -> LdnkgError:
    """Return the error about a line, shortened and with unprintable characters escaped."""
    return LdnkgError(f"{display_path(path)}:{line}: {escape_unprintable(sentence[:MAX_SENTENCE])}")
