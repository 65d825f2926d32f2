"""Resolve the paths below the base IRI: built files, redirects and the entities of the graph."""

from __future__ import annotations

import asyncio
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import read_text
from ldnkg.paths import GRAPH
from ldnkg.records.tsv_reader import read_table
from ldnkg.server.config import RESOURCES, ROUTES, find_documents
from ldnkg.server.content_negotiation import GRAPH_FORMATS, HTML, JSON, require_media_type
from ldnkg.server.messages import HttpError
from ldnkg.server.published_names import list_names
from ldnkg.server.suggestions import Suggestions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ldnkg.server.messages import WorkerAnswer
    from ldnkg.server.worker_pool import WorkerPool

COLUMNS = ["address", "form", "target"]
INDEX = "index.html"
TURTLE = "text/turtle"


class RedirectRule(NamedTuple):
    """A redirect for one media type, of every path that matches a pattern."""

    path: re.Pattern[str]
    media_type: str
    target: str

    @property
    def has_one_path(self) -> bool:
        """Whether the pattern matches a single path."""
        return not re.search(r"[^\\][.*+?()\[{]", self.path.pattern)


class AddressBook:
    """Resolves paths below the base IRI of the publication.

    `entities` has the label of each entity of the graph by its path, such as `claim/naltrexone-is-taken-orally`, and
    `named` the labels of the other paths that the published documents name. Other paths are built files.
    """

    def __init__(
        self, files: Mapping[str, bytes], base: str, entities: Mapping[str, str], named: Mapping[str, str]
    ) -> None:
        self._files, self.base, self._named = files, base, named
        self._is_linked = lru_cache(10_000)(self.exists)
        self._documents = frozenset(find_documents(files))
        rows = read_table(RESOURCES / "redirects.tsv", COLUMNS)[0].rows
        cells = (row.cells for row in rows)
        self._rules = [RedirectRule(re.compile(cell["address"]), cell["form"], cell["target"]) for cell in cells]
        self.entities = {path: label for path, label in entities.items() if self._match_rules(path).keys() <= {HTML}}
        # Statistics and nanopublications have no labels, and nobody types their paths.
        others = {
            path: label for path, label in named.items() if (label or "/" not in path) and self._match_rules(path)
        }
        self._suggestions = Suggestions({**dict.fromkeys(ROUTES, ""), **others, **self.entities})

    def resolve(self, iri: str) -> str:
        """Return the IRI, which may be relative to the base; raise HttpError if it is invalid."""
        try:
            return urljoin(self.base, iri)
        except ValueError as error:
            raise HttpError(400, f"{iri} is not a valid IRI.") from error

    def find_file(self, path: str) -> bytes | None:
        """Return the content of the built file with this path, or None if there is none."""
        return self._files.get(path)

    def find_document(self, path: str) -> tuple[str, str] | None:
        """Return the Turtle file and the media type if the path is a Turtle file in another format."""
        stem, _, extension = path.rpartition(".")
        media_type = _find_media_type(extension)
        return (f"{stem}.ttl", media_type) if media_type and f"{stem}.ttl" in self._documents else None

    def find_description(self, path: str) -> tuple[str, str] | None:
        """Return the IRI of the entity and the media type if the path is a description, such as `claim/a.ttl`."""
        entity, _, extension = path.rpartition(".")
        media_type = _find_media_type(extension)
        return (self.base + entity, media_type) if media_type and entity in self.entities else None

    def find_redirect(self, path: str, accept: str) -> str:
        """Return the target of the path; raise HttpError if the path is unknown or no media type is acceptable."""
        if targets := self._find_targets(path):
            return targets[require_media_type(accept, list(targets))]
        raise self._suggestions.make_error(path)

    def find_link(self, home: str, url: str) -> str:
        """Return the URL on this server of an IRI below the base, or an empty string if no request is answered there.

        `home` is the URL of this server. All other URLs are returned as they are.
        """
        if not url.startswith(self.base):
            return url
        below = url.removeprefix(self.base)
        return home + below if self._is_linked(unquote(below.partition("#")[0])) else ""

    def exists(self, path: str) -> bool:
        """Return whether a request for the path is answered."""
        known = path in self.entities or path in ROUTES
        return known or path in self._files or bool(self._find_targets(path) or self._is_converted(path))

    def _is_converted(self, path: str) -> bool:
        return bool(self.find_description(path) or self.find_document(path))

    def _find_targets(self, path: str) -> dict[str, str]:
        """Return the existing targets of the path by media type."""
        found = {TURTLE: f"{path}.ttl"} if path in self.entities else {}
        found |= self._match_rules(path)
        if path in self.entities:
            found.setdefault(HTML, f"{INDEX}#{path}")
        stem = found.get(TURTLE, "").removesuffix(".ttl")
        converted = {name: f"{stem}.{form.file_extension}" for name, form in GRAPH_FORMATS.items()} if stem else {}
        return {name: target for name, target in {**found, **converted, **found}.items() if self._has_target(target)}

    def _has_target(self, target: str) -> bool:
        path = target.partition("#")[0]
        return path in self._files or self._is_converted(path)

    def _match_rules(self, path: str) -> dict[str, str]:
        """Return the target of the path by media type, from the rules that match.

        A rule for many paths applies only to those that a published document names.
        """
        rules = [rule for rule in self._rules if path in self._named or rule.has_one_path]
        matches = ((rule, rule.path.fullmatch(path)) for rule in rules)
        return {rule.media_type: match.expand(rule.target) for rule, match in matches if match}


def _find_media_type(extension: str) -> str:
    """Return the media type of the RDF format with this extension, or an empty string."""
    return next((name for name, form in GRAPH_FORMATS.items() if form.file_extension == extension), "")


async def read_addresses(pool: WorkerPool, files: Mapping[str, bytes]) -> AddressBook:
    """Return the address book of the served graph; a query selects its entities."""
    query = read_text(RESOURCES / "entities.rq")
    answer = await pool.ask(query=query, base=None, default=[], named=[], media_types=[JSON, ""])
    rows = json.loads(answer.content)["results"]["bindings"] if answer.status == 200 else []
    if not rows:
        raise LdnkgError(f"{GRAPH}: the graph has no entities. Run `ldnkg build` again.")
    base = rows[0]["base"]["value"]
    entities = {row["entity"]["value"].removeprefix(base): row["label"]["value"] for row in rows}
    # A reload must not stop the event loop, which answers from the former files meanwhile.
    return await asyncio.to_thread(lambda: AddressBook(files, base, entities, list_names(files, base)))


async def describe_entity(pool: WorkerPool, iri: str, media_type: str) -> WorkerAnswer:
    """Return the description of an entity: its record, the statements about it, and the labels of the terms in both."""
    context = read_text(RESOURCES / "entity.rq").replace("<>", str(ox.NamedNode(iri)))
    return await pool.ask(entity=iri, context=context, media_types=["", media_type])
