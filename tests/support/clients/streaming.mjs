// A streaming parser reads JSON-LD or RDF/XML, as named on the command line, and N3.js prints it as N-Quads.
import { createRequire } from "node:module";

const require = createRequire(`${process.env.LDNKG_NODE}/`);
const { Writer } = require("n3");

const parsers = {
  jsonld: () => new (require("jsonld-streaming-parser").JsonLdParser)(),
  rdfxml: () => new (require("rdfxml-streaming-parser").RdfXmlParser)(),
};
const quads = [];
for await (const quad of process.stdin.pipe(parsers[process.argv[2]]())) quads.push(quad);
process.stdout.write(new Writer({ format: "N-Quads" }).quadsToString(quads));
