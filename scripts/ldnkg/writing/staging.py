"""Write one file into a folder that nobody uses yet."""

from __future__ import annotations

import os
import shutil
from errno import EISDIR, ELOOP, ENOTDIR
from pathlib import Path
from typing import IO, TypeAlias

Content: TypeAlias = bytes | Path  # the content of a file, or a file with the content
BUILDING = ".building-"  # a part of the name of each temporary folder


def stage_file(folder: Path, name: str, content: Content, like: Path | None = None) -> None:
    """Write a file into the folder and wait until the disk has it; the content may be a file, which is copied.

    A file that it replaces keeps its mode and is not written to, because it may have another name; `like` is that file
    if it is in another folder. Raise OSError if a folder on the way is a link, which may lead elsewhere.
    """
    path, replaced = folder / name, like or folder / name
    refuse_links(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    new = path.with_name(f"{path.name[:100]}{BUILDING}new")
    with new.open("wb") as file:
        _write(content, file)
        file.flush()
        os.fsync(file.fileno())
    if replaced.is_file() and not replaced.is_symlink():
        shutil.copymode(replaced, new)
    new.replace(path)


def _write(content: Content, file: IO[bytes]) -> None:
    if isinstance(content, bytes):
        file.write(content)
    else:
        with content.open("rb") as source:
            shutil.copyfileobj(source, file)


def refuse_links(folder: Path, name: str) -> None:
    """Raise OSError if a folder on the way from the folder to the file is a link or not a folder."""
    for up in [folder / part for part in Path(name).parents][::-1]:
        if up != folder and up.is_symlink():
            raise OSError(ELOOP, "it is a link, so remove it or choose another folder", str(up))
        if up.exists() and not up.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(up))


def find_obstacle(error: OSError, folder: Path) -> Path:
    """Return the path that could not be written, the file that blocks it, or the folder if the path is temporary."""
    named = [Path(name) for name in (error.filename2, error.filename) if isinstance(name, str)]
    path = next((name for name in named if BUILDING not in str(name)), folder)
    if not isinstance(error, NotADirectoryError):
        return path
    return next((up for up in (path, *path.parents) if up.exists() and not up.is_dir()), path)
