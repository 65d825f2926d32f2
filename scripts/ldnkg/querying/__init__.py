"""Query the built graph: the library of questions, parameters, results and their provenance."""
