"""Compare the aspects of an object that statements change, such as its activity and its abundance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.merge.resource_tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COLUMNS = ("aspect", "broader", "amount")


class AspectTree:
    """The aspects in `aspects.tsv`, each with its broader aspect and its effect on the amount of the object."""

    def __init__(self, folder: Path) -> None:
        rows = read_rows(folder / "aspects.tsv", COLUMNS)
        self._broader = {cells["aspect"]: cells["broader"] for cells in rows}
        self._amounts = {cells["aspect"]: int(cells["amount"]) for cells in rows if cells["amount"]}

    def are_comparable(self, one: str, other: str) -> bool:
        """Return whether two aspects are equal, one contains the other, or one is empty, that is, unspecified."""
        one, other = _normalise(one), _normalise(other)
        return not one or not other or one in self._list_containing(other) or other in self._list_containing(one)

    def compare_signs(self, one: str, other: str) -> int:
        """Return -1 if an increase of one aspect decreases the other, else 1.

        This is so for degradation and an unspecified aspect: more degradation leaves less of the object.
        """
        one, other = _normalise(one), _normalise(other)
        return 1 if one and other else self._amounts.get(one or other, 1)

    def _list_containing(self, aspect: str) -> Iterator[str]:
        while aspect:
            yield aspect
            aspect = self._broader.get(aspect, "")


def _normalise(aspect: str) -> str:
    return aspect.strip().replace(" ", "_")
