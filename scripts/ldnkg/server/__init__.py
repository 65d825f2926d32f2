"""Serve the built graph: SPARQL, Graph Store Protocol and dereferenceable addresses."""
