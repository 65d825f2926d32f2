"""Suggest existing paths instead of one that does not exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ldnkg.server.messages import HttpError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 200
MAX_SUGGESTIONS = 5
# The share of common trigrams from which two names are similar.
_SIMILAR = 0.4
_ENDING = re.compile(r"\.[a-z]{2,6}$")
_OTHER = re.compile(r"[^a-z0-9]+")


class Suggestions:
    """Finds the paths that are similar to a path that does not exist, by their spelling or by the label.

    `labels` has the label of each path, or an empty string. Names are compared by their trigrams, because comparing
    them letter by letter takes a second for a long path.
    """

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        names = ((path, name) for path in sorted(labels) for name in (path, path.partition("/")[2], labels[path]))
        self._names = [(path, _list_trigrams(name)) for path, name in names if name]

    def make_error(self, path: str) -> HttpError:
        """Return the error 404 for a path, which suggests existing paths if it can."""
        kind, _, name = path.strip("/").partition("/")
        siblings = sorted(known for known in self._labels if known.startswith(f"{kind}/"))
        if siblings and not name:
            near, more = siblings[:MAX_SUGGESTIONS], f"{len(siblings)} entities are below it, such as /{siblings[0]}."
        elif near := self._find_near(path.strip("/"), f"{kind}/") if len(path) < MAX_LENGTH else []:
            more = f"Did you mean '{near[0]}'?"
        else:
            more = f"{len(siblings)} entities are below /{kind}." if siblings else ""
        return HttpError(404, f"/{path} does not exist. {more}".strip(), links=[(at, self._labels[at]) for at in near])

    def _find_near(self, path: str, kind: str) -> list[str]:
        """Return the paths with similar names, the most similar first; those below the same kind take precedence."""
        asked = [_list_trigrams(text) for text in {path, path.partition("/")[2] or path}]
        scores: dict[str, float] = {}
        for known, trigrams in self._names:
            scores[known] = max(scores.get(known, 0), *(_compare(own, trigrams) for own in asked))
        near = [known for known, score in sorted(scores.items(), key=lambda pair: -pair[1]) if score >= _SIMILAR]
        return ([known for known in near if known.startswith(kind)] or near)[:MAX_SUGGESTIONS]


def _compare(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _list_trigrams(name: str) -> frozenset[str]:
    """Return the trigrams of the letters and digits of a name in lower case, without a file ending."""
    text = f"  {_OTHER.sub('-', _ENDING.sub('', name.lower())).strip('-')} "
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))
