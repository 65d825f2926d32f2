// Import the Turtle of LDN-KG into an empty Neo4j 5 database with neosemantics (n10s). Pass the address of ldn-kg.ttl as the
// parameter `turtle`. Without `handleMultival`, n10s keeps only one value per property. The prefix of Dublin Core terms is dct
// because n10s reserves it; n10s also reserves the prefixes owl, rdf, rdfs and skos.
CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (resource:Resource) REQUIRE resource.uri IS UNIQUE;

CALL n10s.graphconfig.init({
  handleVocabUris: 'SHORTEN',
  handleMultival: 'ARRAY',
  multivalPropList: [
    'http://prismstandard.org/namespaces/basic/2.0/issn',
    'http://purl.org/dc/terms/creator',
    'http://www.w3.org/2004/02/skos/core#altLabel',
    'http://www.w3.org/2004/02/skos/core#note',
    'http://www.w3.org/ns/dcat#keyword',
    'https://w3id.org/ldn-kg/ontology#hedgingWord',
    'https://w3id.org/ldn-kg/ontology#seenIn'
  ],
  handleRDFTypes: 'LABELS',
  keepLangTag: false
});

CALL n10s.nsprefixes.add('cito', 'http://purl.org/spar/cito/');
CALL n10s.nsprefixes.add('dcat', 'http://www.w3.org/ns/dcat#');
CALL n10s.nsprefixes.add('fabio', 'http://purl.org/spar/fabio/');
CALL n10s.nsprefixes.add('foaf', 'http://xmlns.com/foaf/0.1/');
CALL n10s.nsprefixes.add('ldn', 'https://w3id.org/ldn-kg/ontology#');
CALL n10s.nsprefixes.add('prism', 'http://prismstandard.org/namespaces/basic/2.0/');
CALL n10s.nsprefixes.add('prov', 'http://www.w3.org/ns/prov#');
CALL n10s.nsprefixes.add('sssom', 'https://w3id.org/sssom/');
CALL n10s.nsprefixes.add('vann', 'http://purl.org/vocab/vann/');
CALL n10s.nsprefixes.add('void', 'http://rdfs.org/ns/void#');

CALL n10s.rdf.import.fetch($turtle, 'Turtle');
