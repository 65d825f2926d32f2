"""The server: SPARQL and Graph Store Protocol over the built graph, and an answer under each address of it."""
