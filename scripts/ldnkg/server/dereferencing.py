"""Knows the addresses of the publication: which are documents, which are things, and where each thing is described."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import suggest
from ldnkg.files import read_text
from ldnkg.records.tsv_reader import read_table
from ldnkg.server.config import ROUTES
from ldnkg.server.content_negotiation import GRAPHS, HTML, chosen
from ldnkg.server.worker_pool import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.server.config import Site
    from ldnkg.server.worker_pool import Answer, Pool

COLUMNS = ["address", "form", "target"]
PAGE = "index.html"
LONG = 200


class Rule(NamedTuple):
    """What the addresses of a pattern are redirected to, for who wants this form of it."""

    address: re.Pattern[str]
    form: str
    target: str


class Things:
    """The things that have an address of their own below `base`, by their paths, and the rules for other addresses."""

    def __init__(self, site: Site, base: str, paths: frozenset[str]) -> None:
        self._site, self.base = site, base
        rows = read_table(site.folder / "documents.tsv", COLUMNS)[0].rows
        self._rules = [Rule(re.compile(row.cells["address"]), row.cells["form"], row.cells["target"]) for row in rows]
        self.paths = frozenset(path for path in paths if self._ruled(path).keys() <= {HTML})

    def file(self, path: str) -> Path | None:
        """Return the built file of this path, if it is one."""
        try:
            found = (self._site.files / path).resolve()
            inside = found.is_relative_to(self._site.files.resolve())
            return found if inside and found.is_file() and not found.name.startswith(".") else None
        except (OSError, ValueError):  # no name of a file on this system
            return None

    def _ruled(self, path: str) -> dict[str, str]:
        """Return what the rules redirect the address to, by the form."""
        found = ((rule, rule.address.fullmatch(path)) for rule in self._rules)
        return {rule.form: match.expand(rule.target) for rule, match in found if match}

    def target(self, path: str, accept: str) -> str:
        """Return where to go from the address; raise Unacceptable, or Refused where it is no address of ours."""
        fitting = self._ruled(path)
        if path in self.paths:
            form = chosen(accept, [*GRAPHS, HTML])
            page = fitting.get(HTML, f"{PAGE}#{path}")
            return page if form == HTML else f"{path}.{GRAPHS[form].file_extension}"
        if not fitting:
            raise Refused(404, f"There is nothing at /{path}. {self._hint(path.strip('/'))}".strip())
        return fitting[chosen(accept, list(fitting))]

    def _hint(self, path: str) -> str:
        """Return what somebody who asked for the path may have meant: things of its kind, where it names one."""
        kind = path.partition("/")[0]
        of_kind = sorted(one for one in self.paths if one.startswith(f"{kind}/"))
        if of_kind and path == kind:
            return f"Below it are {len(of_kind)}, such as /{of_kind[0]}."
        return suggest(path, of_kind or {*self.paths, *ROUTES}) if len(path) < LONG else ""

    def described(self, path: str) -> tuple[str, str] | None:
        """Return the IRI of the thing whose description in RDF has this path, and the media type of the form."""
        stem, _, ending = path.rpartition(".")
        found = [media for media, form in GRAPHS.items() if form.file_extension == ending]
        return (self.base + stem, found[0]) if stem in self.paths and found else None


async def read_things(pool: Pool, site: Site) -> Things:
    """Ask the graph which things have an address below that of the publication."""
    answer = await pool.ask(query=read_text(site.folder / "things.rq"), default=[], named=[], wanted=[JSON, ""])
    rows = json.loads(answer.content)["results"]["bindings"]
    base = rows[0]["base"]["value"]
    return Things(site, base, frozenset(row["thing"]["value"].removeprefix(base) for row in rows))


async def description(pool: Pool, site: Site, iri: str, media: str) -> Answer:
    """Return what the graph says of a thing, in this form: its record, and what the query finds beside it."""
    beside = read_text(site.folder / "thing.rq").replace("<>", str(ox.NamedNode(iri)))
    return await pool.ask(thing=iri, beside=beside, wanted=["", media])


JSON = "application/sparql-results+json"
