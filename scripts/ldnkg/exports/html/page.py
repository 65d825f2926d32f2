"""Arrange the rows of a query as a page: sections, their entries, and the values of each entry."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from ldnkg.rdf.terms import Shortener, get_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ldnkg.publication.combined import CombinedGraph
    from ldnkg.records.jsonld_context import Context

    Rows = Sequence["Row"]


class Row(NamedTuple):
    """One row of the query of a page, with one value of an entry. Each cell is an RDF term."""

    section: object
    id: object
    subject: object
    label: object
    key: object
    value: object


@dataclass(frozen=True)
class Link:
    """A text of a page and the target of its link, which is empty if the text has no link."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Entry:
    """One subject of a page: its anchor, its address on the pages, its IRI, its label, and its values by key.

    `part` is the fragment of the anchor if no other anchor of the page has the same fragment.
    """

    id: str
    part: str
    here: str
    iri: str
    label: str
    rows: list[tuple[str, list[Link]]]


@dataclass(frozen=True)
class Section:
    """A section of a page."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Page:
    """A page: the name of its file, its title, and its sections."""

    name: str
    title: str
    sections: list[Section]


@dataclass(frozen=True)
class Labels:
    """The labels of terms: `links` has those of the subjects of all pages; other terms are shown as CURIEs."""

    context: Context
    shorten: Shortener
    links: Mapping[str, Link]

    def make_link(self, term: object) -> Link:
        """Return the text of a value, with a link unless the value is a literal."""
        value = get_value(term)
        plain = Link(value) if isinstance(term, ox.Literal) else Link(self.shorten(value), value)
        return self.links.get(value, plain)

    def format_key(self, term: object) -> str:
        """Return the label of a key: the literal from the query, or else the label of the property."""
        value = get_value(term)
        plain = value if isinstance(term, ox.Literal) else self.shorten(self.context.short(value))
        return self.links[value].text if value in self.links else plain


def arrange_pages(rows: Mapping[str, Rows], combined: CombinedGraph) -> list[Page]:
    """Return a page for each file name that has rows. The rows of a section, and of an entry, must be adjacent."""
    subjects = {get_value(row.subject): (name, row) for name, found in rows.items() for row in found}
    links = {iri: _link_to(*where) for iri, where in subjects.items()}
    labels = Labels(combined.publication.inputs.context, Shortener(combined.prefixes), links)
    return [_arrange_page(name, found, labels) for name, found in rows.items() if found]


def _link_to(name: str, row: Row) -> Link:
    return Link(get_value(row.label), f"{name}#{quote(get_value(row.id), safe=':/')}")


def _arrange_page(name: str, rows: Rows, labels: Labels) -> Page:
    fragments = Counter(_get_fragment(anchor) for anchor in {get_value(row.id) for row in rows})
    sections = []
    for title, group in groupby(rows, key=lambda row: get_value(row.section)):
        entries = groupby(group, key=lambda row: get_value(row.id))
        sections.append(Section(title, [_arrange_entry(list(entry), labels, fragments) for _, entry in entries]))
    return Page(name, sections[0].entries[0].label, sections)


def _get_fragment(anchor: str) -> str:
    """Return the text after the # of an anchor, or nothing if the # is missing or comes first."""
    whole, _, fragment = anchor.partition("#")
    return fragment if whole else ""


def _arrange_entry(rows: Rows, labels: Labels, fragments: Counter[str]) -> Entry:
    iri, anchor = get_value(rows[0].subject), get_value(rows[0].id)
    lines = [
        (labels.format_key(key), [labels.make_link(row.value) for row in group])
        for key, group in groupby(rows, key=lambda row: row.key)
    ]
    fragment, link = _get_fragment(anchor), labels.links[iri]
    return Entry(anchor, fragment if fragments[fragment] == 1 else "", link.href, iri, link.text, lines)
