"""Make every file that `ldnkg build` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports.checksums import BUILT, checksums
from ldnkg.exports.html.writer import pages
from ldnkg.exports.json_schemas.writer import record_schemas
from ldnkg.exports.metadata.writer import DESCRIPTIONS
from ldnkg.exports.query_library.writer import Library
from ldnkg.exports.rdf.writer import BUILT as RDF
from ldnkg.exports.rdf.writer import ENDINGS, FORMATS, STEM
from ldnkg.exports.vocabulary import documents
from ldnkg.publication.combined import CombinedGraph, TurtleFiles, find_alignments, read_turtle_files

if TYPE_CHECKING:
    from ldnkg.publication.graph import Publication


def export(publication: Publication) -> dict[str, bytes]:
    """Return every file of the publication by its name."""
    home = publication.home
    library = Library(home)
    files = {f"{STEM}.{ENDINGS[name]}": FORMATS[name](publication) for name in RDF}
    files |= {name: make(publication) for name, make in DESCRIPTIONS.items()}
    files |= documents(home, publication.inputs.context.prefixes)
    combined = _combine_for_pages(publication, library)
    files |= record_schemas(combined)
    files |= library.files()
    files |= pages(combined, files, files["schema.jsonld"])
    return {**files, BUILT: checksums(files)}


def _combine_for_pages(publication: Publication, library: Library) -> CombinedGraph:
    """Return the publication with everything that a page shows: alignments, shapes and questions."""
    home = publication.home
    read = read_turtle_files([*find_alignments(home), *sorted(home.shapes.glob("*.ttl"))])
    return CombinedGraph(publication, TurtleFiles([*library.quads, *read.quads], read.prefixes))
