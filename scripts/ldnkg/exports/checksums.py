"""List the SHA-256 of each file as `sha256sum -c` reads it: one list for a build, one for the exports in a folder."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from ldnkg.files import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BUILD_CHECKSUMS, EXPORT_CHECKSUMS = "SHA256SUMS", "SHA256SUMS.export"
_LINE = re.compile(r"^[0-9a-f]{64} [ *](.+)\n?", re.MULTILINE)


def format_checksums(files: Mapping[str, bytes]) -> bytes:
    """Return a line for each file, sorted by name.

    >>> print(format_checksums({"empty.txt": b""}).decode(), end="")
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty.txt
    """
    return "".join(sorted((_format_line(name, content) for name, content in files.items()), key=_get_name)).encode()


def update_checksums(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return the files, and each checksum list of the folder that contains them, if it changes."""
    old = {name: _read_list(folder / name) for name in (BUILD_CHECKSUMS, EXPORT_CHECKSUMS) if name not in files}
    new = {name: _update_lines(text, files) for name, text in old.items()}
    return {**files, **{name: text.encode() for name, text in new.items() if text != old[name]}}


def add_export_checksums(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return the files, the checksum list of all exports in the folder, and that of the build if it changes.

    The list of exports keeps the lines of earlier exports whose files still exist.
    """
    old = _LINE.finditer(_read_list(folder / EXPORT_CHECKSUMS))
    kept = [line[0] for line in old if line[1] not in files and (folder / line[1]).is_file()]
    lines = sorted([*kept, *(_format_line(name, content) for name, content in files.items())], key=_get_name)
    return update_checksums({**files, EXPORT_CHECKSUMS: "".join(lines).encode()}, folder)


def _read_list(path: Path) -> str:
    """Return the text of a list, or nothing if it cannot be read; the later write to that folder reports the reason."""
    with suppress(OSError):
        return read_text(path) if path.is_file() else ""
    return ""


def _update_lines(text: str, files: Mapping[str, bytes]) -> str:
    return _LINE.sub(lambda line: _format_line(line[1], files[line[1]]) if line[1] in files else line[0], text)


def _format_line(name: str, content: bytes) -> str:
    return f"{sha256(content).hexdigest()}  {name}\n"


def _get_name(line: str) -> str:
    return line[66:]
