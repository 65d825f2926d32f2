"""RDF terms, SPARQL over pyoxigraph, serialisation and the bridge to rdflib. Independent of LDN-KG."""
