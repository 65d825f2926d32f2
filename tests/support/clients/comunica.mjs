// Comunica answers SPARQL queries over a Turtle file, or over what an address describes: a JSON list of queries comes in, a list of what it gave goes out.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

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
    // What is constructed is a graph, and holds a triple once, however many solutions give it.
    const quads = new Store(await (await found.execute()).toArray()).getQuads();
    return { names: ["subject", "predicate", "object"], rows: quads.map((q) => [q.subject, q.predicate, q.object].map((t) => t.value)) };
  }
  const names = (await found.metadata()).variables.map((one) => one.value);
  return { names, rows: (await (await found.execute()).toArray()).map((bindings) => row(bindings, names)) };
}

const answers = [];
for (const query of JSON.parse(readFileSync(0, "utf8"))) answers.push(await answer(query));
process.stdout.write(JSON.stringify(answers));
