"""Serve the built graph with the SPARQL Protocol, the Graph Store Protocol and dereferenceable IRIs."""
