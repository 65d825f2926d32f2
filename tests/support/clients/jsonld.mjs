// jsonld.js reads JSON-LD and prints it as N-Quads. In safe mode, a key that would otherwise be dropped is an error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const jsonld = createRequire(`${process.env.LDNKG_NODE}/`)("jsonld");

const document = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(await jsonld.toRDF(document, { format: "application/n-quads", safe: true }));
