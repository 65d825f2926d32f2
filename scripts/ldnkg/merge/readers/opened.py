"""Opens the files of others, gzipped or not."""

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
ZIPPED = ".gz"


def ending(path: Path) -> str:
    """Return the ending that says the format, without that of gzip."""
    return path.with_suffix("").suffix if path.suffix == ZIPPED else path.suffix


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to be read; raise Problem where it, or a part of it, cannot be."""
    try:
        with gzip.open(path, "rb") if path.suffix == ZIPPED else path.open("rb") as file:
            yield cast("IO[bytes]", file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LdnkgError(f"{display_path(path)}: is no whole gzip file, {error}. Make it anew.") from error
    except OSError as error:
        raise LdnkgError(f"{display_path(path)}: cannot be read, {describe_os_error(error)}.") from error


def refuse_large(path: Path) -> None:
    """Raise Problem where the file is too large to be held as a whole, which its format asks for."""
    size = 0
    with opened(path) as file:
        while size <= LARGEST and (piece := file.read(1 << 20)):
            size += len(piece)
    if size > LARGEST:
        raise LdnkgError(
            f"{display_path(path)}: is larger than {LARGEST:,} bytes, too much for its format. Give it in parts."
        )


def text_of(path: Path) -> str:
    """Return the text that the file holds, in UTF-8."""
    refuse_large(path)
    try:
        with opened(path) as file:
            return file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise LdnkgError(f"{display_path(path)}: is not UTF-8 text. Save it as UTF-8.") from error
