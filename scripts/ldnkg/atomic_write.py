"""Write files into a folder, all of them or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError, describe_os_error

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUILDING = ".building-"


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files to a temporary folder inside the folder, then replace each old file by its new one.

    Temporary folders of processes that were killed are removed first. If anything fails, restore the folder and raise
    LdnkgError (exit status 1).
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(folder)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f"{_BUILDING}{os.getpid()}-") as place:
            _stage(files, Path(place, "new"))
            _exchange(list(files), folder, Path(place))
    except OSError as error:
        where = _in_the_way(error, folder)
        raise LdnkgError(
            f"{where}: cannot be written, {describe_os_error(error)}. Nothing there was changed.", 1
        ) from error


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary folders whose process, which their name contains, does not run any more."""
    for left in folder.glob(f"{_BUILDING}*"):
        number = left.name.removeprefix(_BUILDING).partition("-")[0]
        if left.is_dir() and not left.is_symlink() and not (number.isdecimal() and _is_running(int(number))):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    """Return whether a process with this number runs; on a system that cannot say, it counts as running."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _in_the_way(error: OSError, folder: Path) -> Path:
    """Return the path that could not be written, the file that blocks it, or the folder if the path is temporary."""
    named = [Path(name) for name in (error.filename2, error.filename) if isinstance(name, str)]
    path = next((name for name in named if _BUILDING not in str(name)), folder)
    if not isinstance(error, NotADirectoryError):
        return path
    return next((up for up in path.parents if up.exists() and not up.is_dir()), path)


def _stage(files: Mapping[str, bytes], new: Path) -> None:
    for name, content in files.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        with (new / name).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _exchange(names: list[str], folder: Path, place: Path) -> None:
    old = place / "old"
    done: list[str] = []
    made: list[Path] = []
    try:
        for name in names:
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            made += _make_folders((folder / name).parent)
            if (folder / name).is_file():
                shutil.copy2(folder / name, old / name)
            done.append(name)
            (place / "new" / name).replace(folder / name)
    except OSError:
        _restore(done, folder, old)
        for empty in reversed(made):
            empty.rmdir()
        raise


def _make_folders(wanted: Path) -> list[Path]:
    """Create the folder and its missing parents, and return those created, parents first."""
    missing = [path for path in (wanted, *wanted.parents) if not path.exists()][::-1]
    for path in missing:
        path.mkdir()
    return missing


def _restore(names: list[str], folder: Path, old: Path) -> None:
    for name in names:
        if (old / name).is_file():
            (old / name).replace(folder / name)
        elif (folder / name).is_file():
            (folder / name).unlink()
