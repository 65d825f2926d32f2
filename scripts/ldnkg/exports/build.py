"""Make every file that `ldnkg build` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ldnkg.exports import vocabulary
from ldnkg.exports.checksums import BUILD_CHECKSUMS, format_checksums
from ldnkg.exports.html.writer import make_pages
from ldnkg.exports.json_schemas.writer import make_schemas
from ldnkg.exports.mechanism_map import writer as mechanism_map
from ldnkg.exports.metadata import writer as metadata
from ldnkg.exports.published_shapes.writer import RULES
from ldnkg.exports.query_library.writer import QueryLibrary
from ldnkg.exports.rdf import writer as rdf
from ldnkg.publication.combined import CombinedGraph, TurtleFiles, find_alignments, find_shapes, read_turtle_files

if TYPE_CHECKING:
    from ldnkg.publication.graph import Publication


def export(publication: Publication) -> dict[str, bytes]:
    """Return every file of a build by its name."""
    library = QueryLibrary(publication.home)
    combined = combine_for_pages(publication, library)
    files: dict[str, bytes] = {}
    for name in rdf.IN_BUILD:
        files |= rdf.make_files(name, combined)
    files |= metadata.make_files(combined)
    files |= vocabulary.make_files(combined)
    files |= make_schemas(combined)
    files |= library.make_files()
    files |= mechanism_map.make_files(combined)
    files |= make_pages(combined, {*files, metadata.VOID}, files["schema.jsonld"])
    files[metadata.VOID] = metadata.describe_void(publication, files)
    return {**files, BUILD_CHECKSUMS: format_checksums(files)}


def combine_for_pages(publication: Publication, library: QueryLibrary) -> CombinedGraph:
    """Return the publication with everything that a page shows: alignments, shapes and questions."""
    home = publication.home
    read = read_turtle_files([*find_alignments(home), *find_shapes(home), RULES])
    return CombinedGraph(publication, TurtleFiles([*library.quads, *read.quads], read.prefixes))
