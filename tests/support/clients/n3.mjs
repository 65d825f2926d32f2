// N3.js reads RDF in the format named on the command line, and prints it as N-Quads.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser, Writer } = createRequire(`${process.env.LDNKG_NODE}/`)("n3");

const quads = new Parser({ format: process.argv[2] }).parse(readFileSync(0, "utf8"));
process.stdout.write(new Writer({ format: "N-Quads" }).quadsToString(quads));
