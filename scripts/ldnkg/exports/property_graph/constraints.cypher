// Run this before load.cypher in Neo4j 5 or later: each id belongs to one node. Other stores use other syntax for this.
CREATE CONSTRAINT ldnkg_id IF NOT EXISTS FOR (node:LdnKg) REQUIRE node.id IS UNIQUE;
