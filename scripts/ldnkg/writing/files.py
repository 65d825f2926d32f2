"""Replace files where they are, and restore them if anything fails.

This is for a few files in a folder that is not replaced as a whole. Ctrl-C and SIGTERM wait until all are replaced.
Only SIGKILL and a power failure can leave a part of them.
"""

from __future__ import annotations

import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ldnkg.writing.staging import BUILDING, refuse_links, stage_file

_DEFERRED = (signal.SIGINT, signal.SIGTERM)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ldnkg.writing.staging import Content


def write_in_place(files: Mapping[str, Content], folder: Path) -> None:
    """Write the files to a temporary folder inside the folder, then replace each old file by its new one.

    If anything fails, restore the folder and raise the OSError.
    """
    with _defer_signals(), tempfile.TemporaryDirectory(dir=folder, prefix=BUILDING) as place:
        for name, content in files.items():
            refuse_links(folder, name)
            stage_file(Path(place, "new"), name, content, folder / name)
        _replace_files(list(files), folder, Path(place))


@contextmanager
def _defer_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait for the end of the block; only the main thread can change their handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _DEFERRED}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
        for number in came:
            signal.raise_signal(number)


def _replace_files(names: list[str], folder: Path, place: Path) -> None:
    old = place / "old"
    done: list[str] = []
    made: list[Path] = []
    try:
        for name in names:
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            made += _make_folders((folder / name).parent)
            if (folder / name).is_file():
                shutil.copy2(folder / name, old / name, follow_symlinks=False)
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
