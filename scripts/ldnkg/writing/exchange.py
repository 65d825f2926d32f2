"""Exchange two folders in one step of the file system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctypes import CDLL
    from pathlib import Path

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
_WORKING_FOLDER = -100  # AT_FDCWD of Linux: relative to the working folder


def exchange(one: Path, other: Path) -> None:
    """Give each folder the name of the other, in one step; raise OSError if the system cannot do this.

    Python has no function for `renameat2` of Linux (see its manual page renameat2(2)) and `renamex_np` of macOS.
    """
    from ctypes import CDLL, get_errno

    library = CDLL(None, use_errno=True) if os.name == "posix" else None
    if _rename(library, os.fsencode(one), os.fsencode(other)):
        raise OSError(get_errno(), os.strerror(get_errno()), str(other))


def _rename(library: CDLL | None, one: bytes, other: bytes) -> int:
    """Return 0 if the folders were exchanged."""
    if library and hasattr(library, "renameat2"):
        return int(library.renameat2(_WORKING_FOLDER, one, _WORKING_FOLDER, other, _EXCHANGE))
    if library and hasattr(library, "renamex_np"):
        return int(library.renamex_np(one, other, _EXCHANGE))
    raise OSError(f"{os.name} cannot exchange folders")
