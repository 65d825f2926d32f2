"""Resolve the paths below the base IRI: built files, redirects and the entities of the graph."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from ldnkg.errors import suggest
from ldnkg.files import read_text
from ldnkg.records.tsv_reader import read_table
from ldnkg.server.config import RESOURCES, ROUTES
from ldnkg.server.content_negotiation import GRAPH_FORMATS, HTML, JSON, require_media_type
from ldnkg.server.messages import HttpError

if TYPE_CHECKING:
    from pathlib import Path

    from ldnkg.server.messages import WorkerAnswer
    from ldnkg.server.worker_pool import WorkerPool

COLUMNS = ["address", "form", "target"]
INDEX = "index.html"
MAX_SUGGESTED = 200


class RedirectRule(NamedTuple):
    """A redirect for one media type, of every path that matches a pattern."""

    path: re.Pattern[str]
    media_type: str
    target: str


class AddressBook:
    """Resolves paths below the base IRI of the publication.

    `entities` has the paths of the entities of the graph, such as `claim/naltrexone-is-taken-orally`. Other paths are
    built files, or are redirected by the rules of `redirects.tsv`.
    """

    def __init__(self, files: Path, base: str, entities: frozenset[str]) -> None:
        self._files, self.base = files, base
        rows = read_table(RESOURCES / "redirects.tsv", COLUMNS)[0].rows
        cells = (row.cells for row in rows)
        self._rules = [RedirectRule(re.compile(cell["address"]), cell["form"], cell["target"]) for cell in cells]
        self.entities = frozenset(path for path in entities if self._match_rules(path).keys() <= {HTML})

    def find_file(self, path: str) -> Path | None:
        """Return the built file with this path, or None if there is none."""
        try:
            file = (self._files / path).resolve()
            inside = file.is_relative_to(self._files.resolve())
            return file if inside and file.is_file() and not file.name.startswith(".") else None
        except (OSError, ValueError):  # the path cannot be a file name on this system
            return None

    def _match_rules(self, path: str) -> dict[str, str]:
        """Return the target of the path by media type, from the rules that match."""
        matches = ((rule, rule.path.fullmatch(path)) for rule in self._rules)
        return {rule.media_type: match.expand(rule.target) for rule, match in matches if match}

    def find_redirect(self, path: str, accept: str) -> str:
        """Return the target of the path; raise HttpError if the path is unknown or no media type is acceptable."""
        targets = self._match_rules(path)
        if path in self.entities:
            media_type = require_media_type(accept, [*GRAPH_FORMATS, HTML])
            page = targets.get(HTML, f"{INDEX}#{path}")
            return page if media_type == HTML else f"{path}.{GRAPH_FORMATS[media_type].file_extension}"
        if not targets:
            raise HttpError(404, f"/{path} does not exist. {self._suggest(path.strip('/'))}".strip())
        return targets[require_media_type(accept, list(targets))]

    def _suggest(self, path: str) -> str:
        """Return a sentence that suggests an existing path, or an empty string."""
        kind = path.partition("/")[0]
        siblings = sorted(entity for entity in self.entities if entity.startswith(f"{kind}/"))
        if siblings and path == kind:
            return f"{len(siblings)} entities are below it, such as /{siblings[0]}."
        if len(path) >= MAX_SUGGESTED:
            return ""
        if not siblings:
            return suggest(path, {*self.entities, *ROUTES})
        near = get_close_matches(path.partition("/")[2].lower(), [entity.partition("/")[2] for entity in siblings], 1)
        return f"Did you mean '{kind}/{near[0]}'?" if near else f"{len(siblings)} entities are below /{kind}."

    def find_description(self, path: str) -> tuple[str, str] | None:
        """Return the IRI of the entity and the media type if the path is a description, such as `claim/a.ttl`."""
        entity, _, extension = path.rpartition(".")
        found = [media_type for media_type, form in GRAPH_FORMATS.items() if form.file_extension == extension]
        return (self.base + entity, found[0]) if entity in self.entities and found else None


async def read_addresses(pool: WorkerPool, files: Path) -> AddressBook:
    """Return the address book of the served graph; a query selects its entities."""
    query = read_text(RESOURCES / "entities.rq")
    answer = await pool.ask(query=query, default=[], named=[], media_types=[JSON, ""])
    rows = json.loads(answer.content)["results"]["bindings"]
    base = rows[0]["base"]["value"]
    return AddressBook(files, base, frozenset(row["entity"]["value"].removeprefix(base) for row in rows))


async def describe_entity(pool: WorkerPool, iri: str, media_type: str) -> WorkerAnswer:
    """Return the description of an entity: its record, the statements about it, and the labels of the terms in both."""
    context = read_text(RESOURCES / "entity.rq").replace("<>", str(ox.NamedNode(iri)))
    return await pool.ask(entity=iri, context=context, media_types=["", media_type])
