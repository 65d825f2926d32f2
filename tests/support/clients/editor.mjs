// Use the pages of `ldnkg serve` in Chromium as a person does, and print as JSON the observations of each step.
// Standard input has the address and the questions: {url, asked: [{id, given: {name: words}}], slow, pages: {light, dark}, patience}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.env.LDNKG_NODE}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const { url, asked, slow, pages, patience } = JSON.parse(readFileSync(0, "utf8"));

const seen = { requests: [], console: [], broken: {} };
const browser = await chromium.launch({
  executablePath: process.env.LDNKG_CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu"],
});

async function opened(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(patience);
  context.on("request", request => seen.requests.push(request.url()));
  const page = await context.newPage();
  page.on("console", said => ["error", "warning"].includes(said.type()) && seen.console.push(said.text()));
  page.on("pageerror", error => seen.console.push(String(error)));
  await page.goto(url + path);
  return page;
}

async function editor(options, hash = "") {
  const page = await opened(`sparql${hash}`, options);
  await page.waitForFunction(() => document.querySelector("#query").value && !document.querySelector("#said").textContent);
  return page;
}

async function step(name, look) {
  try { seen[name] = await look(); } catch (error) { seen.broken[name] = error.message; }
}

const words = (page, id) => page.locator(id).innerText();
const ended = page => page.waitForFunction(() =>
  / ms\)\.$/.test(document.querySelector("#said").textContent) || document.querySelector("#wrong").textContent).catch(() => {});

async function ask(page, query) {
  await page.fill("#query", query);
  await page.click("#run");
  await ended(page);
}

function answer(page) {
  return page.evaluate(() => {
    const text = id => document.querySelector(id).textContent;
    const cells = [...document.querySelectorAll("#answer tbody tr")].map(row => [...row.cells]);
    return {
      said: text("#said"), wrong: text("#wrong"), certainty: text("#certainty"), graph: document.querySelector("#answer pre")?.textContent,
      names: [...document.querySelectorAll("#answer th")].map(cell => cell.textContent),
      rows: cells.map(row => row.map(cell => cell.querySelector("a")?.title ?? cell.textContent)),
    };
  });
}

const page = await editor();

await step("library", async () => {
  const titles = () => page.locator("#library option").allInnerTexts();
  const all = await titles(), groups = await page.locator("#library optgroup").count();
  const held = await page.locator("#library optgroup").evaluateAll(found => found.map(group => [group.label, [...group.children].map(option => option.text)]));
  await page.fill("#search", "Duration naloxone");
  const found = await titles(), count = await words(page, "#count");
  await page.fill("#search", "nosuchword");
  const none = await words(page, "#count");
  await page.fill("#search", "");
  return { all, groups, held, found, count, none };
});

seen.answers = [];
await step("asked", async () => {
  for (const { id, given } of asked) {
    await page.selectOption("#library", id);
    for (const [name, said] of Object.entries(given)) await page.fill(`#given-${name}`, said);
    const question = await words(page, "#question"), query = await page.inputValue("#query");
    await page.click("#run");
    await ended(page);
    seen.answers.push({ question, query, ...await answer(page) });
  }
});

await step("fields", async () => {
  await page.selectOption("#library", "query:claims-about");
  const usual = await page.inputValue("#given-condition");
  await page.waitForFunction(() => document.querySelector("#things-condition").options.length);
  const offered = await page.locator("#things-condition").evaluate(list => [...list.options].map(one => [one.value, one.label]));
  const line = async () => (await page.inputValue("#query")).match(/VALUES.*/)[0];
  await page.fill("#given-condition", "Fibromyalgia");
  const named = await line();
  await page.fill("#query", (await page.inputValue("#query")).replace(/\{ \S+ \}/, "{ MONDO:0005301 }"));
  const followed = await page.inputValue("#given-condition");
  await page.selectOption("#library", "query:find-by-label");
  const word = await page.inputValue("#given-word");
  await page.fill("#given-word", 'say "ah"');
  return { usual, offered, named, followed, word, quoted: await line() };
});

await step("link", async () => {
  await page.selectOption("#library", "query:claims-at-least");
  await page.fill("#given-level", "ldn:established");
  const query = await page.inputValue("#query"), other = await editor({}, new URL(await page.locator("#link").evaluate(link => link.href)).hash);
  return { query, opened: await other.inputValue("#query"), level: await other.inputValue("#given-level"), question: await words(other, "#question") };
});

await step("empty", async () => { await ask(page, "SELECT ?s WHERE { ?s a <x:nothing> }"); return answer(page); });

await step("unsure", async () => { await ask(page, "SELECT ?claim WHERE { ?claim a ldn:Claim } LIMIT 1"); return answer(page); });

await step("long", async () => {
  await ask(page, "SELECT * WHERE { ?s ?p ?o } LIMIT 600");
  const first = await answer(page);
  if (await page.isVisible("#more")) await page.click("#more");
  return { said: first.said, first: first.rows.length, all: (await answer(page)).rows.length };
});

await step("text", async () => {
  const said = "<script>window.bad = 1</script><img src='x' onerror='window.bad = 1'>";
  await ask(page, `SELECT ("${said}" AS ?x) WHERE {}`);
  return { said, shown: (await answer(page)).rows, ran: await page.evaluate(() => window.bad ?? 0), elements: await page.locator("#answer img").count() };
});

await step("places", async () => {
  const found = [];
  for (const path of ["claim/naltrexone-is-taken-orally", "source/naltrexone-to-treat-pain#s10", "ontology#antagonises"]) {
    await ask(page, `SELECT ?x WHERE { VALUES ?x { ${`<https://w3id.org/ldn-kg/${path}> `.repeat(2)}} }`);
    const other = await page.context().newPage();
    await other.goto(await page.locator("#answer a").first().evaluate(link => link.href)).catch(() => {});
    found.push({ path, address: other.url(), shown: (await other.locator(":target").allInnerTexts().catch(() => [])).join() });
    await other.close();
    await page.bringToFront();
  }
  return found;
});

await step("hostile", async () => {
  await ask(page, `SELECT ?x WHERE { VALUES ?x { <https://w3id.org/ldn-kg/javascript:alert(1)> <https://w3id.org/ldn-kg///x.example/> <javascript:alert(1)> } }`);
  return page.locator("#answer a").evaluateAll(links => links.map(link => link.href));
});

async function saved(id) {
  await page.selectOption("#library", id);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#csv")]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}
await step("csv", () => saved("query:certainty-levels"));
await step("turtle", () => saved("query:edges-of-facts"));

await step("last", async () => {
  const late = route => setTimeout(() => route.fulfill({ status: 504, body: "late" }).catch(() => {}), 300);
  await page.route("**/sparql", late, { times: 1 });
  await page.click("#run");
  await ask(page, "SELECT (2 AS ?x) WHERE {}");
  await page.waitForTimeout(500);
  return answer(page);
});

await step("keyboard", async () => {
  const other = await editor(), order = [];
  const press = async (...keys) => { for (const key of keys) await other.keyboard.press(key); };
  const at = () => other.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("href"));
  while (order.length < 5) { await press("Tab"); order.push(await at()); }
  await other.keyboard.type("Claims at or above a certainty level");
  const chosen = await words(other, "#question");
  while (order.at(-1) !== "link" && order.length < 20) { await press("Tab"); order.push(await at()); }
  await press("Shift+Tab", "Shift+Tab", "Shift+Tab", "Control+Enter");
  await ended(other);
  const { rows } = await answer(other);
  await press("Tab", "Tab", "Tab", "Tab");
  return { order, chosen, rows: rows.length, last: await at() };
});

seen.quiet = seen.console.length;

await step("wrong", async () => {
  await ask(page, "SELECT ?a\nWHERE { ?a ?b }");
  const alert = page.locator("[role=alert]"), invalid = await page.getAttribute("#query", "aria-invalid");
  const colour = await alert.evaluate(one => getComputedStyle(one).color), caret = await page.locator("#query").evaluate(one => one.selectionStart);
  return { said: await alert.innerText(), colour, invalid, caret };
});

await step("slow", async () => { await ask(page, slow); return answer(page); });

await step("gone", async () => {
  await page.route("**/sparql", route => route.abort());
  await page.click("#run");
  await ended(page);
  return answer(page);
});

seen.widths = {};
seen.violations = {};
for (const [colorScheme, paths] of Object.entries(pages)) {
  for (const path of paths) {
    await step(`${path} ${colorScheme}`, async () => {
      const asks = path === "sparql", options = { colorScheme, viewport: { width: 360, height: 800 } };
      const other = asks ? await editor(options) : await opened(path, options);
      if (asks) { await other.selectOption("#library", "query:claims-at-least"); await other.click("#run"); await ended(other); }
      seen.widths[`${path} ${colorScheme}`] = await other.evaluate(() => document.documentElement.scrollWidth);
      await other.evaluate(axe);
      const found = await other.evaluate(() => axe.run({ resultTypes: ["violations"] }));
      seen.violations[`${path} ${colorScheme}`] = found.violations.map(one => `${one.id}: ${one.nodes[0].target} (${one.nodes.length})`);
      return other.evaluate(() => [document.body, document.querySelector("h1")].map(one => getComputedStyle(one)).map((style, number) => number ? style.color : style.backgroundColor));
    });
  }
}

await browser.close();
process.stdout.write(JSON.stringify(seen));
