"""Lock a folder, so that only one process at a time writes to it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ldnkg.files import display_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def lock_folder(folder: Path, announce: Callable[[str], None]) -> Iterator[bool]:
    """Create the folder if needed, lock it, and yield whether it is locked.

    If another process has locked it, `announce` gets a sentence and the function waits. The lock ends with the process,
    however that ends. It is on the folder itself, so it needs no file. Systems without such locks, such as Windows and
    some network file systems, yield False. A new folder that is still empty at the end is removed.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        descriptor, locked = _open_locked(folder, announce)
        try:
            yield locked
        finally:
            os.close(descriptor)
    finally:
        for path in missing:
            with suppress(OSError):
                path.rmdir()


def _open_locked(folder: Path, announce: Callable[[str], None]) -> tuple[int, bool]:
    """Return a descriptor of the folder and whether it is locked."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                locked = _lock(descriptor, folder, announce)
                if not locked or _is_same(descriptor, folder):
                    return descriptor, locked
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)


def _lock(descriptor: int, folder: Path, announce: Callable[[str], None]) -> bool:
    """Lock the open folder, waiting if necessary; return False if the system has no such locks."""
    try:
        import fcntl
    except ModuleNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        announce(f"Another process is writing to {display_path(folder)}. Waiting until it has finished.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _is_same(descriptor: int, folder: Path) -> bool:
    """Return whether the descriptor is of the folder that has this name now: the other process has replaced it."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    return False
