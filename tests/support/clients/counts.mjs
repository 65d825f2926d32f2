// Count the TriG in the store of N3.js and print one line per count: a name of tests/data/answers/invariants.tsv, a tab and a number.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Parser, Store } = createRequire(`${process.env.LDNKG_NODE}/`)("n3");

const LDN = "https://w3id.org/ldn-kg/ontology#";
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const [LABEL, DERIVED] = ["http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/ns/prov#wasDerivedFrom"];
const QUALIFIERS = "agency basis comparator exceptFor inTreatmentOf manner population presentedAs purpose via".split(" ");

const store = new Store(new Parser({ format: "TriG" }).parse(readFileSync(0, "utf8")));
const of = (kind) => store.getSubjects(`${RDF}type`, kind, null);
const all = (node, key) => store.getObjects(node, key, null);
const local = (term) => term.value.replace(/^.*[#/]/, "");
const counts = new Map();
const count = (name, number = 1) => number && counts.set(name, (counts.get(name) ?? 0) + number);

const claims = of(`${LDN}Claim`);
count("claims", claims.length);
for (const claim of claims) {
  const [subject, relation, object] = ["subject", "predicate", "object"].map((key) => all(claim, RDF + key)[0]);
  const kinds = all(subject, `${RDF}type`).map(local);
  for (const level of all(claim, `${LDN}certainty`)) count(`certainty ${local(level)}`);
  count("stated as fact", store.countQuads(subject, relation, object, null) > 0 ? 1 : 0);
  count(`relation ${local(relation)}`);
  if (kinds.includes("Drug") || kinds.includes("Regimen")) count(`about ${all(subject, LABEL)[0].value}`);
  count("spans", all(claim, DERIVED).length);
  count("hedged claims", all(claim, `${LDN}hedge`).length > 0 ? 1 : 0);
  for (const key of QUALIFIERS) count(`qualifier ${key}`, all(claim, LDN + key).length);
}

const identified = store.getSubjects("http://purl.org/dc/terms/identifier", null, null);
const own = ["Concept", "Regimen", "Mechanism"].flatMap((kind) => of(LDN + kind));
const entities = new Map([...identified, ...own].map((node) => [node.value, node]));
for (const entity of entities.values())
  for (const kind of all(entity, `${RDF}type`).map(local)) if (kind !== "Concept") count(`kind ${kind}`);
count("concepts", of(`${LDN}Concept`).length);
count("works", of(`${LDN}Article`).length + of(`${LDN}CitedWork`).length);
count("steps", of(`${LDN}MechanismStep`).length);
count("hedges", of(`${LDN}Hedge`).length);
for (const regimen of of(`${LDN}Regimen`))
  if (["doseMinimum", "doseMaximum", "doseUnit"].every((key) => all(regimen, LDN + key).length)) count("regimens with dose");
for (const sentence of of(`${LDN}Sentence`)) {
  count("sentences");
  count(`sentences ${store.getSubjects(DERIVED, sentence, null).length ? "with" : "without"} claims`);
}
for (const mapping of of("https://w3id.org/sssom/Mapping"))
  for (const match of all(mapping, "http://www.w3.org/2002/07/owl#annotatedProperty")) count(`match ${local(match)}`);

for (const [name, number] of counts) console.log(`${name}\t${number}`);
