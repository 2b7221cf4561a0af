// Runs the script of the static search on an export, for TestScriptSearchesAsServer.
// Arguments: the script, the folder of the export. In: queries as JSON; out: what the
// script finds for each.
import { readFileSync, existsSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const [script, dir] = process.argv.slice(2);
const { open } = await import(script);
const get = async (name) => {
  if (!existsSync(`${dir}/${name}`)) return new Uint8Array();
  const b = readFileSync(`${dir}/${name}`);
  return new Uint8Array(b[0] == 31 && b[1] == 139 ? gunzipSync(b) : b);
};
const engine = await open(get), queries = JSON.parse(readFileSync(0));
const answers = [];
for (const q of queries) {
  const r = await engine.search(q);
  answers.push({ first: r.hits.map((h) => h.url), corrected: r.corrected, total: r.total });
}
console.log(JSON.stringify(answers));
