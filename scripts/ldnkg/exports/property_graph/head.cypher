// LDN-KG as a property graph, in Cypher that Neo4j and FalkorDB understand. Each statement ends with a semicolon at the
// end of a line. It may be run again. A claim is a node with its certainty; a relation stands between two entities as a
// relationship of its own only where the article states it flatly, and then it carries its claim.

// What an earlier version stated flatly goes first: a claim may have become less sure since.
MATCH (:LdnKg)-[stated]->(:LdnKg) WHERE stated.claim IS NOT NULL DELETE stated;
