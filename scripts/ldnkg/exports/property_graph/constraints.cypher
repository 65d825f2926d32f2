// For Neo4j 5 and later, before load.cypher: each node by its id, once. Other stores have other words for this.
CREATE CONSTRAINT ldnkg_id IF NOT EXISTS FOR (node:LdnKg) REQUIRE node.id IS UNIQUE;
