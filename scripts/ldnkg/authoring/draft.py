"""Keep the answers of an unfinished claim in a file, so that no input is lost.

The file is `.drafts/<slug>.json` in the top folder of the clone. Neither the check nor git reads this folder.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_json
from ldnkg.writing.folder import write_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeGuard

    from ldnkg.paths import Home

FOLDER = ".drafts"
IGNORED = {".gitignore": b"*\n"}


class DraftFile:
    """The file of the answers to the questions of one claim."""

    def __init__(self, home: Home, slug: str) -> None:
        self.folder = home.root / FOLDER
        self.path = self.folder / f"{slug}.json"

    def read(self) -> dict[str, list[str]]:
        """Return the answers by key, none if there is no draft; raise LdnkgError if the file is damaged."""
        self._refuse_foreign()
        if not self.path.exists():
            return {}
        try:
            found = read_json(self.path)
        except LdnkgError as error:
            raise LdnkgError(f"{error} Delete the file to start anew.") from error
        if not _is_answers(found):
            raise LdnkgError(f"{display_path(self.path)}: is no draft of a claim. Delete the file to start anew.")
        return found

    def write(self, answers: Mapping[str, Sequence[str]]) -> None:
        """Write the answers, all or nothing; raise LdnkgError if the disk refuses."""
        self._refuse_foreign()
        text = json.dumps(answers, ensure_ascii=False, indent=1) + "\n"
        write_files({**IGNORED, self.path.name: text.encode()}, self.folder)

    def _refuse_foreign(self) -> None:
        """Raise LdnkgError for a link, a pipe or a device: this program writes only a folder with regular files."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise LdnkgError(f"{display_path(self.folder)}: must be a folder and no link. Delete it to start anew.")
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_file()):
            raise LdnkgError(f"{display_path(self.path)}: must be a regular file. Delete it to start anew.")

    def delete(self) -> None:
        """Delete the file if there is one."""
        self.path.unlink(missing_ok=True)


def _is_answers(value: object) -> TypeGuard[dict[str, list[str]]]:
    """Return whether the value has only lists of texts that a terminal can show: a dialogue accepts no others."""
    if not isinstance(value, dict) or not all(isinstance(names, list) for names in value.values()):
        return False
    return all(isinstance(name, str) and name.isprintable() for name in chain(value, *value.values()))
