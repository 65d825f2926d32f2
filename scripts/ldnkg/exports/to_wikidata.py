"""Commands that would tell Wikidata what is established, as a proposal, and a table by which to review it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports.delimited import as_tsv, tabbed
from ldnkg.exports.forms import described

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.exports.aligned import Aligned
    from ldnkg.exports.sheets import Sheet

STATEMENT = ("item", "property", "value")


def files(aligned: Aligned, folder: Path) -> dict[str, bytes]:
    """Return the commands in the first version of the language of QuickStatements, and the table of every claim."""
    (review,) = aligned.sheets(folder, described(folder))
    commands = [_command(review, row) for row in review.rows if "proposed_because" in row]
    return {
        "wikidata/quickstatements.tsv": "".join(commands).encode(),
        "wikidata/review.tsv": as_tsv(review),
    }


def _command(review: Sheet, row: dict[str, list[str]]) -> str:
    """Return the statement, and each part of its reference behind the name of its column."""
    names = [column.name for column in review.columns]
    parts = [(name, value) for name in names[names.index(STATEMENT[-1]) + 1 :] for value in row[name]]
    said = f"{review.name}: {row[names[0]][0]}"
    return tabbed([*(row[name][0] for name in STATEMENT), *(cell for part in parts for cell in part)], said)
