"""Read other graphs: KGX, DrugMechDB and RDF."""
