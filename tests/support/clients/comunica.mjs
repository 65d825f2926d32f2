// Comunica answers SPARQL queries about a Turtle file or a URL. Each input line is a query as JSON, each output line its answer as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const need = createRequire(`${process.env.LDNKG_NODE}/`);
const { QueryEngine } = need("@comunica/query-sparql-file");
const { Parser, Store } = need("n3");

const place = process.argv[2];
const source = place.startsWith("http") ? { type: "file", value: place } : new Store(new Parser().parse(readFileSync(place, "utf8")));
const engine = new QueryEngine();
const row = (bindings, names) => names.map((name) => bindings.get(name)?.value ?? null);

async function answer(query) {
  const found = await engine.query(query, { sources: [source] });
  if (found.resultType === "boolean") return { names: ["answer"], rows: [[String(await found.execute())]] };
  if (found.resultType === "quads") {
    // CONSTRUCT returns a graph, so a triple occurs once even if several solutions give it.
    const quads = new Store(await (await found.execute()).toArray()).getQuads();
    return { names: ["subject", "predicate", "object"], rows: quads.map((q) => [q.subject, q.predicate, q.object].map((t) => t.value)) };
  }
  const names = (await found.metadata()).variables.map((one) => one.value);
  return { names, rows: (await (await found.execute()).toArray()).map((bindings) => row(bindings, names)) };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
