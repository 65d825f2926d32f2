"""RDF terms, SPARQL over pyoxigraph, serialisation and the bridge to rdflib. Nothing here knows LDN-KG."""
