"""Serve the built graph: SPARQL Protocol, Graph Store Protocol and dereferenceable IRIs."""
