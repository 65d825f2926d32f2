"""The formats of answers: rows in the SPARQL results formats, and graphs in the RDF formats.

Each name stands for a format of pyoxigraph, which knows its media type and its file extension.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pyoxigraph as ox

# Names of the command line with the constants of pyoxigraph, which is imported only if a format is used.
ROW_FORMATS = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "xml": "XML"}
GRAPH_FORMATS = {"turtle": "TURTLE", "jsonld": "JSON_LD", "ntriples": "N_TRIPLES", "rdfxml": "RDF_XML"}
# File extensions that are accepted for a name.
ALIASES = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml"}


def get_row_format(name: str) -> ox.QueryResultsFormat:
    """Return the format of rows with this name.

    >>> get_row_format("json").media_type
    'application/sparql-results+json'
    """
    import pyoxigraph as ox

    found: ox.QueryResultsFormat = getattr(ox.QueryResultsFormat, ROW_FORMATS[name])
    return found


def get_graph_format(name: str) -> ox.RdfFormat:
    """Return the format of graphs with this name or file extension.

    >>> get_graph_format("nt").media_type, get_graph_format("jsonld").file_extension
    ('application/n-triples', 'jsonld')
    """
    import pyoxigraph as ox

    found: ox.RdfFormat = getattr(ox.RdfFormat, GRAPH_FORMATS[ALIASES.get(name, name)])
    return found
