// LDN-KG as a property graph, in Cypher for Neo4j and FalkorDB. Each statement ends with a semicolon at the end of a line.
// You can run this file repeatedly. A claim is a node with its certainty. Two entities have a direct relationship only if the
// claim is established; the relationship then has the id of the claim.

// Delete the direct relationships of an earlier version, because the certainty of a claim can have decreased since.
MATCH (:LdnKg)-[stated]->(:LdnKg) WHERE stated.claim IS NOT NULL DELETE stated;
