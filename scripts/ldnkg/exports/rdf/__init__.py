"""RDF 1.1 and RDF 1.2."""
