"""Find out the syntax of a file from its content; the extension decides only if the content does not."""

from __future__ import annotations

import re
from itertools import dropwhile
from typing import TYPE_CHECKING

from ldnkg.errors import LdnkgError
from ldnkg.files import display_path
from ldnkg.merge.readers.files import BOM, get_extension, open_source
from ldnkg.merge.readers.rows import simplify_key

if TYPE_CHECKING:
    from pathlib import Path

START_BYTES = 1 << 16
TURTLE, TRIG, TRIPLES, QUADS, XML, JSONLD = "Turtle", "TriG", "N-Triples", "N-Quads", "RDF/XML", "JSON-LD"
JSON, JSON_LINES, YAML, TABLE = "JSON", "JSON Lines", "YAML", "a table"
RDF = {TURTLE: ".ttl", TRIG: ".trig", TRIPLES: ".nt", QUADS: ".nq", XML: ".rdf", JSONLD: ".jsonld"}
EXTENSIONS = {
    **dict.fromkeys((".yaml", ".yml"), YAML),
    **dict.fromkeys((".tsv",), TABLE),
    ".json": JSON,
    ".jsonl": JSON_LINES,
    ".jsonld": JSONLD,
    **{extension: name for name, extension in RDF.items()},
    ".owl": XML,
    ".xml": XML,
}
# What is recognised, but not read, and what to do.
UNREAD = {
    "OWL functional syntax": r"(?:Prefix|Ontology)\(",
    "OWL Manchester syntax": r"(?:Prefix|Ontology):\s",
    "OBO": r"(?:format-version|ontology|\[Term\]):?[ \n]",
    "OWL/XML": r"(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)?(?:<!--.*?-->\s*)*<Ontology\b",
    "HTML": r"(?i:<!DOCTYPE html|<html)\b",
}
_TERM = r"(?:<[^<>\n]*>|_:[^\s<>\"]+)"
_LITERAL = r'"(?:[^"\\\n]|\\.)*"(?:\^\^<[^<>\n]*>|@[\w-]+)?'
_STATEMENT = re.compile(
    rf"[ \t]*{_TERM}[ \t]*<[^<>\n]*>[ \t]*(?:{_TERM}|{_LITERAL}|<<\(.*\)>>)[ \t]*({_TERM})?[ \t]*\.\s*(?:#.*)?"
)
_DIRECTIVE = re.compile(r"(?:@(?:prefix|base)\b|(?i:PREFIX|BASE)\s+(?:[\w.-]*:\s*)?<)")
_XML = re.compile(r"<\?xml\b|<!DOCTYPE\b|<!--|<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?\s[^<>]*\bxmlns\b|<(?:rdf:)?RDF\b")
_JSON = re.compile(r"\{\s*(?:\"|\}\s*$)|\[\s*(?:\{\s*[\"}]|\"|\]\s*$)")
_PATHS = re.compile(r"^(?:- | {0,2})(?:graph|links|nodes|directed|multigraph|comment):(?:\s|$)", re.MULTILINE)
_TURTLE_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>"\n]*>|#[^\n]*|\{\||\|\}', re.DOTALL
)
_CONTINUED = re.compile(r"[;,\[(]\s*$", re.MULTILINE)
_STATEMENT_START = re.compile(r"(?:<[^<>\n]*>|_:\S+|[\w.-]*:\S+|\[)\s")


def detect_syntax(path: Path) -> str:
    """Return the name of the syntax of a file, or an empty string if neither content nor extension tells it.

    Raise LdnkgError if it cannot be read, or has a syntax that is not supported.
    """
    with open_source(path) as file:
        start = file.read(START_BYTES)
    text, extension = _decode(start), get_extension(path)
    for name, pattern in UNREAD.items():
        if re.compile(rf"(?:#[^\n]*\n|\s)*{pattern}", re.DOTALL).match(text) and extension not in {".yaml", ".yml"}:
            sentence = f"the file has {name}, which is not read. Convert it to Turtle, for example with ROBOT."
            raise LdnkgError(f"{display_path(path)}: {sentence}")
    known = EXTENSIONS.get(extension, "")
    return _detect(text, known) or known


def _decode(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "replace")
    return start.removeprefix(BOM).decode("utf-8", "replace")


def _detect(text: str, known: str) -> str:
    """Return the syntax that the beginning of a file shows; `known` is the syntax of its extension."""
    body = _drop_comments(text)
    if _XML.match(body):
        return XML
    if _JSON.match(body) and known not in {YAML, TABLE}:
        return _detect_json(body, known)
    if _DIRECTIVE.match(body):
        return TRIG if known == TRIG or _has_graphs(body) else TURTLE
    first = body.partition("\n")[0]
    if "\t" in first and _is_header(first):
        return TABLE
    if statements := _find_statements(body):
        return _name_statements(statements, known)
    if known in {TABLE, JSON_LINES} and _JSON.match(body):
        return _detect_json(body, known)
    if known not in {TURTLE, TRIG} and _PATHS.search(text):
        return YAML
    if known in {XML, ""} and _STATEMENT_START.match(body):
        return (TRIG if _has_graphs(body) else TURTLE) if known else ""
    if known in {TRIPLES, QUADS}:
        return TURTLE if _CONTINUED.search(_TURTLE_TOKENS.sub(" ", body)) else ""
    return TRIG if known == TURTLE and _has_graphs(body) else ""


def _drop_comments(text: str) -> str:
    """Return the text from its first line on that is neither blank nor a comment."""
    lines = dropwhile(lambda line: not line.strip() or line.lstrip().startswith("#"), text.splitlines(keepends=True))
    return "".join(lines).lstrip()


def _detect_json(body: str, known: str) -> str:
    """Return JSON Lines if each of the first two lines is an object, else JSON-LD or JSON."""
    lines = [line.strip() for line in body.split("\n")[:2]]
    several = len(lines) == 2 and all(line[:1] == "{" and line[-1:] == "}" for line in lines)
    if several or (known == JSON_LINES and "\n" not in body.strip()):
        return JSON_LINES
    return known if known in {JSON_LINES, JSONLD} else JSON


def _is_header(line: str) -> bool:
    columns = {simplify_key(cell.strip()) for cell in line.split("\t")}
    return columns >= {"subject", "object"} or "id" in columns or columns >= {"subject_id", "object_id"}


def _find_statements(body: str) -> list[re.Match[str]]:
    """Return the matches of the first lines, if each is a statement of N-Triples or N-Quads."""
    lines = [line for line in body.split("\n")[:50] if line.strip() and not line.lstrip().startswith("#")]
    found = [match for line in lines if (match := _STATEMENT.fullmatch(line.rstrip("\r")))]
    return found if found and len(found) * 2 > len(lines) else []


def _name_statements(statements: list[re.Match[str]], known: str) -> str:
    if any(match[1] for match in statements):
        return QUADS
    return known if known in {TURTLE, TRIG, QUADS} else TRIPLES


def _has_graphs(body: str) -> bool:
    return "{" in _TURTLE_TOKENS.sub(" ", body)
