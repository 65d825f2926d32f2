"""Write a report as one HTML page that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2

from ldnkg.files import read_text
from ldnkg.merge.reference import RESOURCES
from ldnkg.merge.report_view import make_sections, summarise

if TYPE_CHECKING:
    from ldnkg.merge.report import Report

MAX_ROWS = 1_000  # in each group: a browser shows larger tables slowly


def format_html(report: Report) -> str:
    """Return the report as an HTML page."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(read_text(RESOURCES / "report.html"))
    sections = list(make_sections(report))
    names = [row["source"] for row in report["sources"]]
    return template.render(sources=names, summary=summarise(report), sections=sections, most=MAX_ROWS)
