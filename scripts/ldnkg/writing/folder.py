"""Write files into a folder, all of them or none, however the process ends.

The files are written to a folder beside the target, together with links to the files that stay. Then the two folders
are exchanged in one step. A killed process leaves at most the folder beside the target, which the next run removes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from filecmp import cmp
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ldnkg.errors import LdnkgError, describe_os_error
from ldnkg.files import display_path
from ldnkg.writing.exchange import exchange
from ldnkg.writing.files import write_in_place
from ldnkg.writing.lock import lock_folder
from ldnkg.writing.staging import BUILDING, find_obstacle, stage_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ldnkg.writing.staging import Content

    Files = Mapping[str, Content]

F = TypeVar("F", bound="Files")


def write_files(files: Files, folder: Path) -> None:
    """Write the files into the folder, all or none; the other files of the folder stay.

    Raise LdnkgError (exit status 1) if the folder cannot be written.

    A content that is a path is a file that is copied, so that large files need no memory.
    Example: `write_files({"tables/claims.csv": b"..."}, Path("out"))`.
    """
    complete_and_write(lambda: files, folder, lambda _: None)


def complete_and_write(complete: Callable[[], F], folder: Path, announce: Callable[[str], None]) -> F:
    """Lock the folder, write the files of `complete`, which may read the folder, and return them.

    `announce` gets a sentence if another process has locked the folder.
    """
    with _open_for_writing(folder, announce) as target:
        files = complete()
        if not _has_all(target, files):
            _write(files, target)
    return files


def replace_files(files: Files, folder: Path) -> None:
    """Replace the files where they are; raise LdnkgError (exit status 1) if a file cannot be written.

    The folder is not exchanged, so this is for a few files in a folder that other programs use.
    """
    with _open_for_writing(folder, lambda _: None) as target:
        write_in_place(files, target)


@contextmanager
def _open_for_writing(folder: Path, announce: Callable[[str], None]) -> Iterator[Path]:
    """Lock the folder and yield its path without links; turn an OSError into an LdnkgError."""
    try:
        target = folder.resolve()
        with lock_folder(target, announce) as locked:
            if locked:
                _remove_leftovers(target)
            yield target
    except OSError as error:
        where = display_path(find_obstacle(error, folder))
        raise LdnkgError(
            f"{where}: cannot be written, {describe_os_error(error)}. Nothing there was changed.", 1
        ) from error


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary folders of killed processes; the lock excludes processes that still write."""
    for left in [*folder.parent.glob(f".{escape(folder.name)}{BUILDING}*"), *folder.glob(f"{BUILDING}*")]:
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _has_all(folder: Path, files: Files) -> bool:
    """Return whether the folder has the files already, so that programs that use it are not disturbed."""
    return all(_has(folder / name, content) for name, content in files.items())


def _has(path: Path, content: Content) -> bool:
    if not path.is_file() or path.is_symlink():
        return False
    return path.read_bytes() == content if isinstance(content, bytes) else cmp(path, content, shallow=False)


def _write(files: Files, folder: Path) -> None:
    """Exchange the folder for one with the files; if the folder cannot be exchanged, replace its files one by one."""
    copy = None if _is_in_use(folder) else _link_files(folder)
    if copy is None:
        write_in_place(files, folder)
        return
    try:
        _stage_files(files, copy, folder)
        try:
            exchange(copy, folder)
        except OSError:
            write_in_place(files, folder)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _stage_files(files: Files, copy: Path, folder: Path) -> None:
    """Write the files into the copy of the folder; an error names the path in the folder."""
    try:
        for name, content in files.items():
            stage_file(copy, name, content)
    except OSError as error:
        if isinstance(error.filename, str):
            error.filename = error.filename.replace(str(copy), str(folder))
        raise


def _is_in_use(folder: Path) -> bool:
    """Return whether the folder is the working folder or above it: its shell would stay in the old folder."""
    return Path.cwd().is_relative_to(folder)


def _link_files(folder: Path) -> Path | None:
    """Return a new folder beside the folder with hard links to its files, or None if the system refuses."""
    copy: Path | None = None
    try:
        copy = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}{BUILDING}"))
        shutil.copytree(folder, copy, symlinks=True, copy_function=_link, dirs_exist_ok=True)
    except OSError:
        if copy:
            shutil.rmtree(copy, ignore_errors=True)
        return None
    return copy


def _link(source: str, target: str) -> None:
    os.link(source, target, follow_symlinks=False)
