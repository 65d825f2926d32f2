"""Suggest existing paths instead of one that does not exist."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ldnkg.server.messages import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_LENGTH = 200
MAX_SUGGESTIONS = 5
_ENDING = re.compile(r"\.[a-z]{2,6}$")
_OTHER = re.compile(r"[^a-z0-9]+")


class Suggestions:
    """Finds the paths that are similar to a path that does not exist, by their spelling or by the label.

    `labels` has the label of each path, or an empty string.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._names: dict[str, str] = {}
        for path in sorted(labels):
            for name in (path, path.partition("/")[2], labels[path]):
                self._names.setdefault(_simplify(name), path)

    def make_error(self, path: str) -> HttpError:
        """Return the error 404 for a path, which suggests existing paths if it can."""
        kind, _, name = path.strip("/").partition("/")
        siblings = sorted(known for known in self._labels if known.startswith(f"{kind}/"))
        near = self._find_near(path.strip("/"), siblings)
        if siblings and not name:
            more = f"{len(siblings)} entities are below it, such as /{siblings[0]}."
            near = siblings[:MAX_SUGGESTIONS]
        elif near:
            more = f"Did you mean '{near[0]}'?"
        else:
            more = f"{len(siblings)} entities are below /{kind}." if siblings else ""
        return HttpError(404, f"/{path} does not exist. {more}".strip(), links=[(at, self._labels[at]) for at in near])

    def _find_near(self, path: str, siblings: Iterable[str]) -> list[str]:
        """Return the paths with similar names: those below the same kind first."""
        if len(path) >= MAX_LENGTH:
            return []
        whole, name = _simplify(path), _simplify(path.partition("/")[2] or path)
        below = {_simplify(text): at for at in siblings for text in (at.partition("/")[2], self._labels[at])}
        found = [below[text] for text in get_close_matches(name, below, MAX_SUGGESTIONS)]
        if not found:
            matches = (get_close_matches(text, self._names, MAX_SUGGESTIONS) for text in dict.fromkeys((name, whole)))
            found = [self._names[text] for texts in matches for text in texts]
        return list(dict.fromkeys(found))[:MAX_SUGGESTIONS]


def _simplify(name: str) -> str:
    """Return the letters and digits of a name in lower case, without a file ending.

    >>> _simplify("Low_Dose naltrexone.ttl")
    'low-dose-naltrexone'
    """
    return _OTHER.sub("-", _ENDING.sub("", name.lower())).strip("-")
