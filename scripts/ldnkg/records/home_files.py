"""Refuse what a home must not contain: links that leave it, and names that a terminal or another system cannot show."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ldnkg.paths import Home


def refuse_unsafe_paths(home: Home, *folders: Path) -> None:
    """Raise LdnkgError at the first link in the folders that leaves the home, and at the first unprintable name.

    A folder itself may be a link, because a user who links a whole folder knows what is in it. Hidden files are left
    out, because nothing reads them. The installed package is left out, because package managers may link its files to a
    cache.
    """
    if home.installed:
        return
    for folder in folders:
        roots = [os.path.realpath(home.root), os.path.realpath(folder)]
        for path in _walk(folder):
            _refuse_unsafe(path, roots)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files and folders below the folder, without hidden ones; links are not followed."""
    for place, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        yield from (Path(place, name) for name in sorted([*names, *files]) if not name.startswith("."))


def _refuse_unsafe(path: Path, roots: list[str]) -> None:
    if not path.name.isprintable():
        raise LdnkgError(
            f"{display_path(path)}: the name has characters that cannot be shown, or is not UTF-8. Rename the file."
        )
    # Not Path.resolve, which fails if links point to each other.
    if path.is_symlink() and not any(os.path.commonpath([root, os.path.realpath(path)]) == root for root in roots):
        raise LdnkgError(
            f"{display_path(path)}: is a link that leaves the publication. Replace it by the file that it points to."
        )
