"""Write a report as one table for review in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ldnkg.files import escape_unprintable
from ldnkg.merge.report import TABLES

if TYPE_CHECKING:
    from ldnkg.merge.report import Report

DECISION = "decision"
COLUMNS = (
    *("table", "kind", DECISION, "source", "file", "line", "record"),
    *("source_says", "stated_as", "we_say", "difference", "compared_as", "source_name", "our_name", "joined_by"),
    *("identifier", "called", "reason", "instead", "source_label", "our_label", "label_of", "is_not", "count"),
    *("statement", "level", "claim", "claims", "our_value", "source_value", "source_entity", "our_entity"),
    *("match", "matched_by", "node", "kept_as"),
)
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def format_tsv(report: Report) -> str:
    """Return one row for each finding, with an empty cell for the decision of a reviewer."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", extrasaction="ignore", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    for name in TABLES:
        for row in report[name]:
            writer.writerow({key: protect_cell(cell) for key, cell in {"table": name, **row}.items()})
    return text.getvalue()


def protect_cell(text: str) -> str:
    r"""Return the text with escaped tabs, line ends and backslashes, and with an apostrophe before a formula.

    >>> protect_cell("=1+1"), protect_cell("a\tb"), protect_cell("CHEBI:7465")
    ("'=1+1", 'a\\tb', 'CHEBI:7465')
    """
    escaped = escape_unprintable(text.replace("\\", r"\\"))
    return f"'{escaped}" if escaped.lstrip().startswith(FORMULA_SIGNS) else escaped
