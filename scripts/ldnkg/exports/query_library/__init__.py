"""The library of questions as RDF."""
