"""Write the library of questions as RDF: SHACL SPARQL executables, which SPARQL editors read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path, read_json
from ldnkg.querying.library import load_questions
from ldnkg.rdf.serialization import serialise
from ldnkg.records.tsv_reader import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ldnkg.paths import Home
    from ldnkg.querying.library import Question

FOLDER = Path(__file__).parent
PREFIX = re.compile(r"^PREFIX (\w+): <([^>]+)>$", re.MULTILINE)
COLUMNS = ["group", "title", "description"]
_KIND = re.compile(r"^(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE)


class QueryLibrary:
    """The questions and their prefixes: `document` is JSON-LD, and `quads` are its quads, sorted."""

    def __init__(self, home: Home) -> None:
        self.document = _make_document(home)
        text = json.dumps(self.document).encode()
        self.quads = sorted(ox.parse(text, format=ox.RdfFormat.JSON_LD), key=str)

    def make_files(self) -> dict[str, bytes]:
        """Return the library as JSON-LD and as Turtle, by file name."""
        prefixes = {name: iri for name, iri in self.document["@context"].items() if str(iri).startswith("http")}
        return {
            "queries.jsonld": f"{json.dumps(self.document, ensure_ascii=False, indent=1)}\n".encode(),
            "queries.ttl": serialise((quad.triple for quad in self.quads), ox.RdfFormat.TURTLE, prefixes),
        }


def _make_document(home: Home) -> dict[str, Any]:
    head = read_json(FOLDER / "context.jsonld")
    known = load_questions(home).values()
    nodes = [*_make_groups(home, known), *(_make_node(question, head) for question in known)]
    return {"@context": head["@context"], "@graph": [*nodes, *_declare_prefixes(known, head["prefixes"])]}


def _make_groups(home: Home, known: Iterable[Question]) -> list[dict[str, str]]:
    """Return a node per group of these questions; raise LdnkgError if `queries/groups.tsv` has no row for a group."""
    path = home.queries / "groups.tsv"
    rows = {row.cells["group"]: row.cells for row in read_table(path, COLUMNS)[0].rows}
    groups = {question.group: question for question in known}
    for group, question in groups.items():
        if group not in rows:
            add = f"Add one with the columns {', '.join(COLUMNS)}, separated by tabs"
            raise LdnkgError(
                f"{display_path(path)}: has no row for the folder of {display_path(question.path)}. {add}."
            )
    return [_make_group(rows[name]) for name in groups]


def _make_group(row: dict[str, str]) -> dict[str, str]:
    node = {"id": f"query:{row['group']}", "type": "Group"}
    return {**node, "label": row["title"], "description": row["description"]}


def _make_node(question: Question, head: dict[str, Any]) -> dict[str, Any]:
    found = _KIND.search(question.text)
    kind = found[1] if found else "SELECT"
    name = f"query:{question.name}"
    optional = {"federates": question.federates, "parameters": _list_parameters(question, name)}
    return {
        "id": name,
        "type": ["Question", kind.capitalize()],
        "group": f"query:{question.group}",
        **{key: question.said(key) for key in ("title", "question", "teaches")},
        "keywords": question.keywords,
        **{key: value for key, value in optional.items() if value},
        "target": head["target"],
        "prefixes": head["prefixes"],
        kind.lower(): question.sparql,
    }


def _list_parameters(question: Question, name: str) -> list[dict[str, str]]:
    return [
        {"id": f"{name}#{own}", "type": "Parameter", "name": own, "meaning": words, "default": question.default(own)}
        for own, words in question.parameters.items()
    ]


def _declare_prefixes(known: Iterable[Question], name: str) -> list[dict[str, Any]]:
    used = dict(sorted({pair for question in known for pair in PREFIX.findall(question.text)}))
    declared = [{"id": f"{name}#{short}", "prefix": short, "namespace": iri} for short, iri in used.items()]
    return [{"id": name, "declare": [prefix["id"] for prefix in declared]}, *declared]
