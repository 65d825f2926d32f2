"""The pages for people: each query of `ontology/pages/` says what a page shows, and the template how it looks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import jinja2
import pyoxigraph as ox
from markupsafe import Markup

from ldnkg.curie import Shortener
from ldnkg.files import shown
from ldnkg.problem import Problem
from ldnkg.rdf import query_tuples, value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ldnkg.beside import Beside
    from ldnkg.context import Context

TEMPLATE = "page.html"


class Row(NamedTuple):
    """One row of the query of a page: the terms for one line that is said of something."""

    section: object
    id: object
    subject: object
    label: object
    key: object
    value: object


@dataclass(frozen=True)
class Text:
    """What stands in a line of a page, and what it leads to, if anything."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Node:
    """One thing of a page: its anchor, what it is called, and what is said of it, key by key.

    `part` is what the address of a part has behind its #, where no other of the page has the same.
    """

    id: str
    part: str
    here: str
    iri: str
    label: str
    rows: list[tuple[str, list[Text]]]


@dataclass(frozen=True)
class Section:
    """A part of a page."""

    title: str
    nodes: list[Node]


@dataclass(frozen=True)
class Page:
    """A page: the name of its file, its title, and its parts."""

    name: str
    title: str
    sections: list[Section]


@dataclass(frozen=True)
class Words:
    """What a node or a key is called, and where on the pages it is."""

    context: Context
    shorten: Shortener
    places: Mapping[str, Text]

    def text(self, term: object) -> Text:
        """Return a value as it is shown, with a link where it is a node."""
        said = value(term)
        plain = Text(said) if isinstance(term, ox.Literal) else Text(self.shorten(said), said)
        return self.places.get(said, plain)

    def key(self, term: object) -> str:
        """Return the words for a key: the words that the query gave, or the name of the property."""
        said = value(term)
        plain = said if isinstance(term, ox.Literal) else self.shorten(self.context.short(said))
        return self.places[said].text if said in self.places else plain


def pages(beside: Beside, files: Mapping[str, bytes], embedded: bytes) -> dict[str, bytes]:
    """Return each page by the name of its file; `files` lie beside it, `embedded` is JSON-LD for search engines."""
    folder = beside.publication.home.ontology / "pages"
    asked = {f"{query.stem}.html": _rows(beside.store, query) for query in sorted(folder.glob("*.rq"))}
    rows = {name: found for name, found in asked.items() if found}
    places = {value(row.subject): _place(name, row) for name, found in rows.items() for row in found}
    words = Words(beside.publication.reading.context, Shortener(beside.prefixes), places)
    made = [_page(name, found, words) for name, found in rows.items()]
    given = {"pages": made, "files": frozenset(files), "embedded": _in_script(embedded)}
    environment = _environment(folder)
    return {page.name: _render(environment, folder, page, given) for page in made}


def _rows(store: ox.Store, query: Path) -> list[Row]:
    return [Row(*found) for found in query_tuples(store, query, Row._fields)]


def _place(name: str, row: Row) -> Text:
    return Text(value(row.label), f"{name}#{quote(value(row.id), safe=':/')}")


def _page(name: str, rows: Sequence[Row], words: Words) -> Page:
    names = Counter(_behind(one) for one in {value(row.id) for row in rows})
    sections = [
        Section(title, [_node(list(said), words, names) for _, said in groupby(part, key=lambda row: value(row.id))])
        for title, part in groupby(rows, key=lambda row: value(row.section))
    ]
    return Page(name, sections[0].nodes[0].label, sections)


def _behind(anchor: str) -> str:
    """Return what stands behind the # of an anchor that is the address of a part, else nothing."""
    whole, _, part = anchor.partition("#")
    return part if whole else ""


def _node(rows: Sequence[Row], words: Words, names: Counter[str]) -> Node:
    iri = value(rows[0].subject)
    lines = [
        (words.key(key), [words.text(row.value) for row in said])
        for key, said in groupby(rows, key=lambda row: row.key)
    ]
    place, anchor = words.places[iri], value(rows[0].id)
    part = _behind(anchor) if names[_behind(anchor)] == 1 else ""
    return Node(anchor, part, place.href, iri, place.text, lines)


def _in_script(data: bytes) -> Markup:
    """Return JSON as it may stand in a script element: no tag can begin in it."""
    return Markup(data.decode().replace("<", "\\u003c"))  # noqa: S704


def _environment(folder: Path) -> jinja2.Environment:
    """Return the environment for all pages, which compiles the template once."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


def _render(environment: jinja2.Environment, folder: Path, page: Page, given: Mapping[str, object]) -> bytes:
    try:
        return environment.get_template(TEMPLATE).render(**vars(page), **given).encode()
    except jinja2.TemplateSyntaxError as error:
        raise Problem(f"{shown(folder / TEMPLATE)}:{error.lineno}: is no template, {error.message}.") from error
    except jinja2.TemplateError as error:
        raise Problem(f"{shown(folder / TEMPLATE)}: cannot be filled, {error.message}.") from error
