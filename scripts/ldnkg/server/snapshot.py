"""Read the built files once, so that the server answers from one state of them until it reloads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import display_path, read_bytes
from ldnkg.paths import GRAPH
from ldnkg.server.config import DESCRIPTIONS, RECORDS

if TYPE_CHECKING:
    from pathlib import Path

    # The folder and each file with what identifies its state: inode, size and time of change in nanoseconds.
    State: TypeAlias = dict[str, tuple[int, int, int]]

Snapshot: TypeAlias = "dict[str, bytes]"
ATTEMPTS, PAUSE_SECONDS = 5, 0.2


def read_snapshot(folder: Path) -> Snapshot:
    """Return the content of each file in the folder by name, all of one state.

    Hidden files and links that lead out of the folder are left out. If a build replaces the files meanwhile, they are
    read again. Raise LdnkgError if a file is missing or cannot be read, or if the files do not stop changing.
    """
    require_built_files(folder)
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE_SECONDS if attempt else 0)
        before = _list_files(folder)
        try:
            files = {name: read_bytes(folder / name) for name in before if name}
        except LdnkgError:
            if _list_files(folder) == before:
                raise
            continue
        if _list_files(folder) == before:
            return files
    raise LdnkgError(f"{display_path(folder)}: the files change all the time. Wait until the build has finished.")


def _list_files(folder: Path) -> State:
    """Return the state of the folder, under an empty name, and of each file."""
    try:
        root = folder.resolve()
        found = {"": _read_state(root)}
        for path in folder.rglob("*"):
            real = path.resolve()
            if path.is_file() and real.is_relative_to(root) and not _is_hidden(path, folder) | _is_hidden(real, root):
                found[path.relative_to(folder).as_posix()] = _read_state(path)
    except OSError as error:
        raise LdnkgError(f"{display_path(folder)}: cannot be read, {describe_os_error(error)}.") from error
    return found


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _read_state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def require_built_files(folder: Path) -> None:
    """Raise LdnkgError if the folder has no build, before all of its files are listed."""
    if not folder.is_dir():
        raise LdnkgError(f"{display_path(folder)}: there are no built files. Run `ldnkg build` first.")
    for name in (GRAPH, RECORDS, *DESCRIPTIONS):
        if not (folder / name).is_file():
            path = display_path(folder / name)
            raise LdnkgError(f"{path}: the built file does not exist. Run `ldnkg build` first.")
