"""Seals what is written: the SHA-256 of each file as `sha256sum -c` reads it, a list of a build and one of exports."""

from __future__ import annotations

import re
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from ldnkg.files import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

BUILT, EXPORTED = "SHA256SUMS", "SHA256SUMS.export"
_LINE = re.compile(r"^[0-9a-f]{64} [ *](.+)\n?", re.MULTILINE)


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the seal of the files."""
    return "".join(sorted((_line(name, content) for name, content in files.items()), key=_name)).encode()


def with_seals(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return the files with each seal of the folder that names one of them, renewed."""
    seals = {name: _renewed(_held(folder / name), files) for name in (BUILT, EXPORTED) if name not in files}
    return {**files, **{name: text.encode() for name, text in seals.items() if text != _held(folder / name)}}


def exported(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Return the files with the seal of all exports: of these files, and of those from before that are still there."""
    kept = [m[0] for m in _LINE.finditer(_held(folder / EXPORTED)) if m[1] not in files and (folder / m[1]).is_file()]
    lines = [*kept, *(_line(name, content) for name, content in files.items())]
    return with_seals({**files, EXPORTED: "".join(sorted(lines, key=_name)).encode()}, folder)


def _held(path: Path) -> str:
    """Return the text of a seal, or nothing where there can be none, which whoever writes there is told."""
    with suppress(OSError):
        return read_text(path) if path.is_file() else ""
    return ""


def _renewed(text: str, files: Mapping[str, bytes]) -> str:
    return _LINE.sub(lambda line: _line(line[1], files[line[1]]) if line[1] in files else line[0], text)


def _line(name: str, content: bytes) -> str:
    return f"{sha256(content).hexdigest()}  {name}\n"


def _name(line: str) -> str:
    return line[66:]
