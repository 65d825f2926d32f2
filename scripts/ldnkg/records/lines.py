"""Find the line of a part of a record."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Place: TypeAlias = tuple[str, str, str]


class Lines:
    """The line (from 1) of each node, key and value, by node id, key and value; a part that does not apply is empty.

    `make_places` computes the lines when the first one is looked up.
    """

    def __init__(self, make_places: Callable[[], dict[Place, int]] = dict) -> None:
        self._make_places = make_places

    @cached_property
    def places(self) -> dict[Place, int]:
        """Each line by its place."""
        return self._make_places()

    def find(self, node: str, key: str = "", value: str = "") -> int:
        """Return the line of the value, or else of the key, or else of the node, or else 1."""
        places = ((node, key, value), (node, key, ""), (node, "", ""))
        return next((self.places[place] for place in places if place in self.places), 1)
