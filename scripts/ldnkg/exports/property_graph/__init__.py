"""A property graph in CSV, Cypher, GraphML and CX2."""
