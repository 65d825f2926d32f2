"""The registry of media types: the type of each file that LDN-KG publishes, by its name or the ending of its name."""

from __future__ import annotations

from mimetypes import MimeTypes

# Files whose type is more specific than their ending.
_BY_NAME = {
    "SHA256SUMS": "text/plain",
    "SHA256SUMS.export": "text/plain",
    "csv-metadata.json": "application/csvm+json",
    "ro-crate-metadata.json": "application/ld+json",
}
_BY_ENDING = {
    "csv": "text/csv",
    "cx2": "application/json",
    "cypher": "text/plain",
    "graphml": "application/xml",
    "html": "text/html",
    "json": "application/json",
    "jsonl": "text/plain",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "owl": "application/rdf+xml",
    "parquet": "application/vnd.apache.parquet",
    "rdf": "application/rdf+xml",
    "rq": "application/sparql-query",
    "svg": "image/svg+xml",
    "trig": "application/trig",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "yaml": "application/yaml",
}
_COMPRESSED = {"bzip2": "application/x-bzip2", "gzip": "application/gzip", "xz": "application/x-xz"}
UNKNOWN = "application/octet-stream"


def get_media_type(path: str) -> str:
    """Return the media type of a file, without parameters.

    Files that are not in the registry get the type that Python knows for their ending, whatever the system is, or else
    that of arbitrary bytes.

    >>> get_media_type("ontology.owl"), get_media_type("kgx/ldn-kg_nodes.tsv"), get_media_type("dump.ttl.gz")
    ('application/rdf+xml', 'text/tab-separated-values', 'application/gzip')
    """
    name = path.rpartition("/")[2]
    known = _BY_NAME.get(name) or _BY_ENDING.get(name.rpartition(".")[2].lower())
    return known or _guess(name)


def _guess(name: str) -> str:
    media_type, encoding = MimeTypes().guess_type(f"file:{name}")
    return _COMPRESSED.get(encoding, UNKNOWN) if encoding else media_type or UNKNOWN
